#include "therapy/crs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.h"

using namespace carina;
using namespace carina::therapy;

namespace {

constexpr auto attributed = sign::attributed;

std::uint16_t bits(int sum) { return static_cast<std::uint16_t>(sum); }

/// One row of a table: signs, and the grade on each scale.
struct Row {
  const char* what;
  Signs signs;
  int penn, lee, astct;
};

Signs fever(int flags = 0) { return {.temperature = 38.5F, .flags = bits(attributed | flags)}; }

Signs with(Signs signs, Hypotension hypotension, int vasopressors = 0, int flags = 0) {
  signs.hypotension = hypotension;
  signs.vasopressors = static_cast<std::uint8_t>(vasopressors);
  signs.flags = bits(signs.flags | flags);
  return signs;
}

Signs with(Signs signs, Oxygen oxygen, float fio2) {
  signs.oxygen = oxygen;
  signs.fio2 = fio2;
  return signs;
}

Signs organs(Signs signs, int creatinine, int transaminases, int other, int flags = 0) {
  signs.creatinine = static_cast<std::uint8_t>(creatinine);
  signs.transaminases = static_cast<std::uint8_t>(transaminases);
  signs.other_organ = static_cast<std::uint8_t>(other);
  signs.flags = bits(signs.flags | flags);
  return signs;
}

std::array<int, 3> grades(const Signs& signs) {
  return {penn_grade(signs).value, lee_grade(signs).value, astct_grade(signs).value};
}

template <std::size_t n>
void check(const std::array<Row, n>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(penn_grade(row.signs).value == row.penn);
    CHECK(lee_grade(row.signs).value == row.lee);
    CHECK(astct_grade(row.signs).value == row.astct);
  }
}

/// One day after the other.
SignColumns course(const std::vector<Signs>& points) {
  SignColumns columns;
  columns.resize(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) columns.set(i, static_cast<double>(i), points[i]);
  return columns;
}

Signs random_signs(std::uint64_t number) {
  const auto part = [number](std::uint32_t i, std::uint64_t n) {
    return random::words(1, random::Domain::Trial, {.individual = number, .index = i})[0] % n;
  };
  Signs s;
  s.temperature = 36.0F + 0.25F * static_cast<float>(part(0, 20));
  s.fio2 = 0.21F + 0.05F * static_cast<float>(part(1, 15));
  s.hypotension = static_cast<Hypotension>(part(2, 4));
  s.vasopressors = static_cast<std::uint8_t>(part(3, 4));
  s.oxygen = static_cast<Oxygen>(part(4, 5));
  s.creatinine = static_cast<std::uint8_t>(part(5, 5));
  s.transaminases = static_cast<std::uint8_t>(part(6, 5));
  s.other_organ = static_cast<std::uint8_t>(part(7, 5));
  s.flags = static_cast<std::uint16_t>(part(8, 4096));
  return s;
}

}  // namespace

TEST_CASE("CRS: every cell of hypotension is graded as each scale prints it") {
  check(std::array<Row, 13>{{
      {"fever alone", fever(), 1, 1, 1},
      {"low pressure, untreated", with(fever(), Hypotension::Untreated), 1, 2, 2},
      {"one fluid bolus", with(fever(), Hypotension::FluidBolus), 1, 2, 2},
      {"one fluid bolus in hospital", with(fever(), Hypotension::FluidBolus, 0, sign::hospital), 2, 2, 2},
      {"several fluid boluses", with(fever(), Hypotension::FluidBoluses), 3, 2, 2},
      {"one vasopressor, low dose", with(fever(), Hypotension::FluidBoluses, 1), 3, 2, 3},
      {"one vasopressor, no fluid noted", with(fever(), Hypotension::None, 1), 3, 2, 3},
      {"vasopressin alone", with(fever(), Hypotension::None, 0, sign::vasopressin), 3, 2, 3},
      {"one and vasopressin", with(fever(), Hypotension::None, 1, sign::vasopressin), 3, 3, 3},
      {"one, high dose", with(fever(), Hypotension::None, 1, sign::high_dose), 4, 3, 3},
      {"vasopressin, high dose", with(fever(), Hypotension::None, 0, sign::vasopressin | sign::high_dose), 4, 3, 3},
      {"two, low dose", with(fever(), Hypotension::None, 2), 3, 3, 4},
      {"two, high dose", with(fever(), Hypotension::None, 2, sign::high_dose), 4, 3, 4},
  }});
}

TEST_CASE("CRS: every cell of hypoxia is graded as each scale prints it, Lee's by FiO2 from 40 % on") {
  check(std::array<Row, 8>{{
      {"low flow, 39 %", with(fever(), Oxygen::LowFlow, 0.39F), 3, 2, 2},
      {"low flow, 40 %", with(fever(), Oxygen::LowFlow, 0.40F), 3, 3, 2},
      {"high flow, 39 %", with(fever(), Oxygen::HighFlow, 0.39F), 3, 2, 3},
      {"high flow, 40 %", with(fever(), Oxygen::HighFlow, 0.40F), 3, 3, 3},
      {"CPAP, 30 %", with(fever(), Oxygen::PositivePressure, 0.30F), 3, 2, 4},
      {"CPAP, 60 %", with(fever(), Oxygen::PositivePressure, 0.60F), 3, 3, 4},
      {"ventilator, 30 %", with(fever(), Oxygen::Ventilator, 0.30F), 4, 4, 4},
      {"room air with a high FiO2 written down is no hypoxia", with(fever(), Oxygen::None, 0.9F), 1, 1, 1},
  }});
}

TEST_CASE("CRS: organ toxicity counts under Penn and Lee and never under ASTCT") {
  check(std::array<Row, 17>{{
      {"creatinine 1", organs(fever(), 1, 0, 0), 1, 1, 1},
      {"creatinine 2", organs(fever(), 2, 0, 0), 2, 2, 1},
      {"creatinine 3, not in hospital", organs(fever(), 3, 0, 0), 2, 3, 1},
      {"creatinine 3, in hospital", organs(fever(), 3, 0, 0, sign::hospital), 3, 3, 1},
      {"creatinine 4, in intensive care", organs(fever(), 4, 0, 0, sign::icu), 3, 4, 1},
      {"transaminases 1", organs(fever(), 0, 1, 0), 1, 1, 1},
      {"transaminases 2", organs(fever(), 0, 2, 0), 1, 2, 1},
      {"transaminases 3", organs(fever(), 0, 3, 0), 2, 3, 1},
      {"transaminases 3, in hospital", organs(fever(), 0, 3, 0, sign::hospital), 2, 3, 1},
      {"transaminases 4, not in hospital", organs(fever(), 0, 4, 0), 2, 3, 1},
      {"transaminases 4, in hospital", organs(fever(), 0, 4, 0, sign::hospital), 3, 3, 1},
      {"another organ 2", organs(fever(), 0, 0, 2), 1, 2, 1},
      {"another organ 3", organs(fever(), 0, 0, 3), 1, 3, 1},
      {"another organ 4", organs(fever(), 0, 0, 4), 1, 4, 1},
      {"dialysis, in hospital", organs(fever(), 0, 0, 0, sign::dialysis | sign::hospital), 3, 4, 1},
      {"dialysis, not in hospital", organs(fever(), 0, 0, 0, sign::dialysis), 2, 4, 1},
      {"plasma for coagulopathy", organs(fever(), 0, 0, 0, sign::plasma), 3, 1, 1},
  }});
}

TEST_CASE("CRS: hospital, intravenous therapy and mere symptoms count as each scale says") {
  check(std::array<Row, 9>{{
      {"fever in hospital", fever(sign::hospital), 2, 1, 1},
      {"fever in intensive care", fever(sign::icu), 2, 1, 1},
      {"antibiotics for fever with neutropenia", fever(sign::iv_therapy), 2, 1, 1},
      {"in intensive care, no fever yet", {.temperature = 37, .flags = bits(attributed | sign::icu)}, 2, 1, 0},
      {"a dose without a vasopressor", fever(sign::high_dose), 1, 1, 1},
      {"symptoms without fever", {.temperature = 37.9F, .flags = bits(attributed | sign::symptoms)}, 1, 1, 0},
      {"37.9 degC alone", {.temperature = 37.9F, .flags = attributed}, 0, 0, 0},
      {"38.0 degC", {.temperature = 38.0F, .flags = attributed}, 1, 1, 1},
      {"death", {.temperature = 37, .flags = bits(attributed | sign::death)}, 5, 5, 5},
  }});
}

TEST_CASE("CRS: a new fever, or worse, that is not attributed to CRS is none on any scale") {
  Signs septic = with(with(fever(sign::icu | sign::high_dose), Hypotension::FluidBoluses, 3), Oxygen::Ventilator, 1);
  septic = organs(septic, 4, 4, 4);
  CHECK(grades(septic) == std::array{4, 4, 4});
  septic.flags = bits(septic.flags & ~attributed);
  CHECK(grades(septic) == std::array{0, 0, 0});
}

TEST_CASE("CRS: ASTCT needs fever until a drug masks it, and goes then by pressure and oxygen alone") {
  Signs cool = with({.temperature = 37, .flags = attributed}, Hypotension::FluidBolus);
  CHECK(astct_grade(cool).value == 0);
  cool.flags |= sign::fever_masked;
  CHECK(astct_grade(cool).value == 2);
  CHECK(astct_grade({.temperature = 37, .flags = bits(attributed | sign::fever_masked)}).value == 0);
  CHECK(astct_grade({.temperature = 38, .flags = bits(attributed | sign::fever_masked)}).value == 1);
}

TEST_CASE("CRS: worse signs never lower a grade, on any scale") {
  for (std::uint64_t number = 0; number < 20000; ++number) {
    const Signs base = random_signs(number);
    const auto before = grades(base);
    const auto not_lower = [&](const Signs& worse) {
      const auto after = grades(worse);
      CHECK_MESSAGE((after[0] >= before[0] && after[1] >= before[1] && after[2] >= before[2]), "signs number ", number);
    };
    Signs worse = base;
    worse.temperature += 1;
    not_lower(worse);
    worse = base;
    worse.fio2 += 0.2F;
    not_lower(worse);
    worse = base;
    ++worse.vasopressors;
    not_lower(worse);
    for (std::uint8_t Signs::*organ : {&Signs::creatinine, &Signs::transaminases, &Signs::other_organ}) {
      worse = base;
      if (worse.*organ < 4) ++(worse.*organ);
      not_lower(worse);
    }
    if (base.hypotension < Hypotension::FluidBoluses) {
      worse = base;
      worse.hypotension = static_cast<Hypotension>(static_cast<int>(base.hypotension) + 1);
      not_lower(worse);
    }
    if (base.oxygen < Oxygen::Ventilator) {
      worse = base;
      worse.oxygen = static_cast<Oxygen>(static_cast<int>(base.oxygen) + 1);
      not_lower(worse);
    }
    for (int flag = 1; flag <= sign::death; flag *= 2) {
      worse = base;
      worse.flags = bits(base.flags | flag);
      not_lower(worse);
    }
  }
}

TEST_CASE("CRS: fluids alone are severe under Penn and not under ASTCT, so that rates differ in the same patients") {
  // ten patients whose worst point is fluid boluses, ten with one vasopressor at a low dose, ten with fever alone
  int severe_penn = 0, severe_lee = 0, severe_astct = 0;
  for (int patient = 0; patient < 30; ++patient) {
    Signs worst = fever(sign::hospital);
    if (patient < 20) worst = with(worst, Hypotension::FluidBoluses, patient < 10 ? 1 : 0);
    severe_penn += penn_grade(worst) >= PennGrade{3};
    severe_lee += lee_grade(worst) >= LeeGrade{3};
    severe_astct += astct_grade(worst) >= AstctGrade{3};
  }
  CHECK(severe_penn == 20);
  CHECK(severe_lee == 0);
  CHECK(severe_astct == 10);
}

template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};

TEST_CASE("CRS: grades of different scales cannot be compared") {
  CHECK(Comparable<PennGrade, PennGrade>);
  CHECK(!Comparable<PennGrade, AstctGrade>);
  CHECK(!Comparable<LeeGrade, AstctGrade>);
  CHECK(PennGrade{2} < PennGrade{3});
  CHECK(name(CrsScale::Penn) == "Penn");
  CHECK(name(CrsScale::Lee) == "Lee 2014");
  CHECK(name(CrsScale::Astct) == "ASTCT");
}

TEST_CASE("CRS: a course walked through by hand gives the same episode as by hand on all three scales") {
  Signs toci = with(with(fever(sign::hospital | sign::icu), Hypotension::FluidBoluses, 1), Oxygen::LowFlow, 0.3F);
  toci.tocilizumab = 1;
  Signs after = with(with(fever(sign::hospital | sign::icu), Hypotension::None, 1, sign::high_dose), Oxygen::HighFlow, 0.5F);
  after.temperature = 37;
  Signs weaning = with(Signs{.flags = bits(attributed | sign::hospital)}, Oxygen::LowFlow, 0.3F);
  SignColumns columns = course({
      {},                                                      // day 0: well
      fever(),                                                 // day 1: 1, 1, 1
      with(fever(sign::hospital), Hypotension::FluidBolus),    // day 2: 2, 2, 2
      with(fever(sign::hospital), Hypotension::FluidBoluses),  // day 3: 3, 2, 2
      toci,                                                    // day 4: 3, 2, 3
      after,                                                   // day 5: 4, 3, 3 without fever
      weaning,                                                 // day 6: 3, 2, 2
      {.flags = bits(attributed)},                             // day 7: 0
      {},                                                      // day 8
      {},                                                      // day 9
      {.temperature = 39},                                     // day 10: fever of something else
      {},                                                      // day 11
  });
  mask_fever(columns, 0, columns.size());
  const SignsCourse patient = whole_course(columns);

  std::vector<std::uint8_t> grades(columns.size());
  crs_grades(CrsScale::Penn, patient, grades);
  CHECK(grades == std::vector<std::uint8_t>{0, 1, 2, 3, 3, 4, 3, 0, 0, 0, 0, 0});
  crs_grades(CrsScale::Lee, patient, grades);
  CHECK(grades == std::vector<std::uint8_t>{0, 1, 2, 2, 2, 3, 2, 0, 0, 0, 0, 0});
  crs_grades(CrsScale::Astct, patient, grades);
  CHECK(grades == std::vector<std::uint8_t>{0, 1, 2, 2, 3, 3, 2, 0, 0, 0, 0, 0});

  const CrsEpisode penn = crs_episode(CrsScale::Penn, patient);
  CHECK(penn.scale == CrsScale::Penn);
  CHECK(penn.highest == 4);
  CHECK(penn.onset == 1);
  CHECK(penn.highest_at == 5);
  CHECK(penn.onset_to_grade_3 == 2);
  CHECK(penn.onset_to_grade_4 == 4);
  CHECK(penn.end == 7);
  CHECK(penn.duration() == 6);
  CHECK(penn.resolved);
  CHECK(penn.fever_days == 4);
  CHECK(penn.icu_at == 4);
  CHECK(penn.icu_days == 2);
  CHECK(penn.tocilizumab_doses == 1);
  CHECK(penn.episodes == 1);
  CHECK(penn.used ==
        (used::fluid | used::vasopressor | used::high_dose_vasopressor | used::oxygen | used::high_flow | used::hospital));

  const CrsEpisode astct = crs_episode(CrsScale::Astct, patient);
  CHECK(astct.highest == 3);
  CHECK(astct.highest_at == 4);
  CHECK(astct.onset_to_grade_3 == 3);
  CHECK(std::isnan(astct.onset_to_grade_4));
  CHECK(astct.end == 7);

  const CrsEpisode lee = crs_episode(CrsScale::Lee, patient);
  CHECK(lee.highest == 3);
  CHECK(lee.highest_at == 5);
}

TEST_CASE("CRS: without the mask of tocilizumab ASTCT would lose the days without fever") {
  Signs toci = fever();
  toci.tocilizumab = 1;
  const Signs cool = with({.temperature = 37, .flags = attributed}, Hypotension::None, 1);
  SignColumns columns = course({fever(), toci, cool, cool, {}});
  CHECK(crs_episode(CrsScale::Astct, whole_course(columns), {.gap_days = 1}).highest == 1);
  mask_fever(columns, 0, columns.size());
  CHECK(crs_episode(CrsScale::Astct, whole_course(columns), {.gap_days = 1}).highest == 3);
}

TEST_CASE("CRS: a pause shorter than the gap belongs to the episode, a longer one ends it") {
  const Signs ill = fever(), well;
  SignColumns columns = course({ill, well, ill, well, well, with(ill, Hypotension::None, 2), well, well});
  const CrsEpisode two = crs_episode(CrsScale::Astct, whole_course(columns), {.gap_days = 2});
  CHECK(two.episodes == 2);
  CHECK(two.end == 3);
  CHECK(two.onset == 0);
  CHECK(two.highest == 1);
  CHECK(two.fever_days == 2);
  const CrsEpisode one = crs_episode(CrsScale::Astct, whole_course(columns), {.gap_days = 2.5});
  CHECK(one.episodes == 1);
  CHECK(one.end == 6);
  CHECK(one.highest == 4);
  const CrsEpisode three = crs_episode(CrsScale::Astct, whole_course(columns), {.gap_days = 1});
  CHECK(three.episodes == 3);
  CHECK(three.end == 1);
}

TEST_CASE("CRS: a course that ends in CRS, or in death of it, is not resolved") {
  SignColumns columns = course({{}, fever(), with(fever(), Hypotension::None, 1)});
  const CrsEpisode open = crs_episode(CrsScale::Astct, whole_course(columns));
  CHECK(!open.resolved);
  CHECK(open.end == 2);
  CHECK(open.duration() == 1);

  columns = course({fever(), with(fever(sign::death), Hypotension::None, 1), fever(), {}, {}, {}});
  for (const CrsScale scale : {CrsScale::Penn, CrsScale::Lee, CrsScale::Astct}) {
    const CrsEpisode dead = crs_episode(scale, whole_course(columns));
    CHECK(dead.highest == 5);
    CHECK(!dead.resolved);
    CHECK(dead.end == 1);
    CHECK(dead.fever_days == 1);
    CHECK(dead.onset_to_grade_4 == 1);
  }
}

TEST_CASE("CRS: a course without attributed signs has no episode, whatever was given") {
  Signs other{.temperature = 39.5F, .tocilizumab = 1};
  SignColumns columns = course({other, with(other, Hypotension::None, 2), other});
  const CrsEpisode none = crs_episode(CrsScale::Penn, whole_course(columns));
  CHECK(none.highest == 0);
  CHECK(none.episodes == 0);
  CHECK(std::isnan(none.onset));
  CHECK(std::isnan(none.duration()));
  CHECK(none.fever_days == 0);
  CHECK(none.used == 0);
  CHECK(none.tocilizumab_doses == 3);
  CHECK(crs_episode(CrsScale::Penn, SignsCourse{}).episodes == 0);
}

TEST_CASE("CRS: patients in the same columns are graded apart") {
  SignColumns columns = course({fever(), {}, {}, {}, with(fever(), Hypotension::None, 2), {}, {}});
  const CrsEpisode first = crs_episode(CrsScale::Astct, {&columns, 0, 3});
  const CrsEpisode second = crs_episode(CrsScale::Astct, {&columns, 3, 4});
  CHECK(first.highest == 1);
  CHECK(first.onset == 0);
  CHECK(second.highest == 4);
  CHECK(second.onset == 4);
}

TEST_CASE("CRS: every intervention leaves its mark") {
  const auto used_by = [](const Signs& signs) {
    SignColumns columns = course({signs});
    return crs_episode(CrsScale::Astct, whole_course(columns)).used;
  };
  CHECK(used_by(with(fever(), Hypotension::Untreated)) == 0);
  CHECK(used_by(with(fever(), Hypotension::FluidBolus)) == used::fluid);
  CHECK(used_by(with(fever(), Hypotension::None, 2)) == (used::vasopressor | used::vasopressors));
  CHECK(used_by(fever(sign::high_dose)) == 0);
  CHECK(used_by(with(fever(), Oxygen::Ventilator, 0.5F)) ==
        (used::oxygen | used::high_flow | used::positive_pressure | used::ventilator));
  CHECK(used_by(fever(sign::dialysis | sign::plasma | sign::steroid | sign::icu)) ==
        (used::dialysis | used::plasma | used::steroid | used::hospital));
}

TEST_CASE("CRS: an episode agrees with the grades of its points in any course") {
  constexpr std::size_t points = 40;
  SignColumns columns;
  columns.resize(points);
  std::vector<std::uint8_t> grades(points);
  for (std::uint64_t patient = 0; patient < 500; ++patient) {
    for (std::size_t i = 0; i < points; ++i) {
      const bool ill = random::uniform(2, random::Domain::Trial, {.individual = patient, .index = std::uint32_t(i)}) < 0.3;
      columns.set(i, 0.5 * static_cast<double>(i), ill ? random_signs(patient * points + i) : Signs{});
    }
    for (const CrsScale scale : {CrsScale::Penn, CrsScale::Lee, CrsScale::Astct}) {
      crs_grades(scale, whole_course(columns), grades);
      const auto first = std::find_if(grades.begin(), grades.end(), [](int grade) { return grade > 0; }) - grades.begin();
      // no pause is as long as 100 days: all of the course is one episode
      const CrsEpisode all = crs_episode(scale, whole_course(columns), {.gap_days = 100});
      CHECK(all.highest == *std::max_element(grades.begin(), grades.end()));
      CHECK(all.episodes == (all.highest > 0));
      // a pause of one point ends it: the episode is the first unbroken run of grades
      const CrsEpisode run = crs_episode(scale, whole_course(columns), {.gap_days = 0.5});
      if (all.highest == 0) continue;
      CHECK(all.onset == 0.5 * static_cast<double>(first));
      CHECK(run.onset == all.onset);
      const auto last = std::find(grades.begin() + first, grades.end(), 0) - grades.begin();
      CHECK(run.highest == *std::max_element(grades.begin() + first, grades.begin() + last));
      CHECK(run.end == 0.5 * static_cast<double>(std::min<std::ptrdiff_t>(last, points - 1)));
      CHECK(run.fever_days <= run.duration() + 0.5);
    }
  }
}
