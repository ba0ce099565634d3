#include "therapy/treatment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/random.h"

using namespace carina;
using namespace carina::therapy;
using doctest::Approx;

namespace {

constexpr double hour = 1.0 / 24;

/// A course that is walked through: each step is a grade at a time, the orders of each step are kept.
struct Walk {
  CrsTreatment rule = *kymriah_crs_treatment("2025-07-01");
  double weight_kg = 40;
  double fever_since = std::numeric_limits<double>::quiet_NaN();
  bool support = true;  // vasopressor or oxygen is needed
  bool keep_steroid = false;
  std::vector<double> days;
  std::vector<std::uint8_t> grades;
  std::vector<Given> given;
  bool alternative = false;

  /// The orders at `hours` with this grade, in short: T320 tocilizumab, M80x1 methylprednisolone, taper, - nothing.
  std::string at(double hours, int grade) {
    days.push_back(hours * hour);
    grades.push_back(static_cast<std::uint8_t>(grade));
    const Orders orders = decide(rule, {days, grades, given, weight_kg, fever_since, support, keep_steroid});
    alternative = orders.alternative;
    return note(orders);
  }
  std::string note(const Orders& orders) {
    std::string text;
    for (const auto& order : {orders.tocilizumab, orders.steroid}) {
      if (!order) continue;
      CHECK(order->day == days.back());
      given.push_back(*order);
      if (!text.empty()) text += ' ';
      if (order->mg <= 0) {
        text += "taper";
        continue;
      }
      text += "TMD"[static_cast<int>(order->drug)];
      text += std::to_string(std::lround(order->mg));
      if (order->drug != Drug::Tocilizumab) text += "x" + std::to_string(order->per_day);
    }
    return text.empty() ? "-" : text;
  }
};

/// The same for ICANS.
struct IcansWalk {
  IcansTreatment rule = kymriah_icans_treatment();
  bool crs = false;
  std::vector<IcansGrade> grades;
  Walk notes;

  std::string at(double hours, int grade) {
    notes.days.push_back(hours * hour);
    grades.push_back({static_cast<std::uint8_t>(grade)});
    const Orders orders = decide(rule, {notes.days, grades, notes.given, 40, crs, notes.keep_steroid});
    notes.alternative = orders.alternative;
    return notes.note(orders);
  }
};

}  // namespace

TEST_CASE("tocilizumab is 12 mg/kg below 30 kg, 8 mg/kg from 30 kg on, and never over 800 mg") {
  const TocilizumabRule rule;
  CHECK(tocilizumab_mg(rule, 10) == Approx(120));
  CHECK(tocilizumab_mg(rule, 29.9) == Approx(358.8));
  CHECK(tocilizumab_mg(rule, 30) == Approx(240));
  CHECK(tocilizumab_mg(rule, 99) == Approx(792));
  CHECK(tocilizumab_mg(rule, 100) == Approx(800));
  CHECK(tocilizumab_mg(rule, 130) == Approx(800));
}

TEST_CASE("the label in force is found by date") {
  CHECK(kymriah_crs_treatment("2017-08-29") == nullptr);
  CHECK(kymriah_crs_treatment("2017-08-30")->name == "Kymriah label 2017-2018");
  CHECK(kymriah_crs_treatment("2018-01-01")->name == "Kymriah label 2017-2018");
  CHECK(kymriah_crs_treatment("2025-05-31")->name == "Kymriah label 2017-2018");
  CHECK(kymriah_crs_treatment("2025-06-01")->name == "Kymriah label 6/2025");
  CHECK(kymriah_crs_treatment("2026-01-01")->scale == CrsScale::Lee);
  for (const CrsTreatment& version : kymriah_crs_treatments()) CHECK(!version.source.empty());
}

TEST_CASE("label 6/2025: grade 1 gets nothing, grade 2 tocilizumab every 8 hours, three in 24 hours and four in all") {
  Walk walk;
  CHECK(walk.at(0, 1) == "-");
  CHECK(walk.at(10, 2) == "T320");
  CHECK(walk.at(14, 2) == "-");
  CHECK(walk.at(17.9, 2) == "-");
  CHECK(walk.at(18, 2) == "T320");
  CHECK(walk.at(26, 2) == "T320");
  CHECK(walk.at(33, 2) == "-");
  CHECK(walk.at(34, 2) == "T320 M80x1");  // 24 h after the first: the fourth, and the steroid
  CHECK(walk.at(42, 2) == "-");           // no fifth
  CHECK(walk.at(60, 2) == "-");
  walk.support = false;
  CHECK(walk.at(61, 1) == "taper");
  CHECK(walk.at(70, 0) == "-");
}

TEST_CASE("label 6/2025: at most three doses of tocilizumab fall within 24 hours when they may be closer") {
  Walk walk;
  walk.rule.tocilizumab.every_hours = 6;
  CHECK(walk.at(0, 2) == "T320");
  CHECK(walk.at(6, 2) == "T320");
  CHECK(walk.at(12, 2) == "T320");
  CHECK(walk.at(18, 2) == "-");
  CHECK(walk.at(23.9, 2) == "-");
  CHECK(walk.at(24, 2) == "T320 M80x1");
}

TEST_CASE("label 6/2025: a patient who improves gets no second dose and no steroid") {
  Walk walk;
  CHECK(walk.at(0, 3) == "T320");
  CHECK(walk.at(8, 2) == "-");
  CHECK(walk.at(24, 2) == "-");
  CHECK(walk.at(30, 3) == "T320 M80x1");  // back at the grade of the dose
}

TEST_CASE("label 6/2025: fever for more than three days is managed as grade 2") {
  Walk walk;
  walk.fever_since = 1;
  CHECK(walk.at(2 * 24, 1) == "-");
  CHECK(walk.at(4 * 24, 1) == "-");
  CHECK(walk.at(4 * 24 + 1, 1) == "T320");
  Walk first_label;
  first_label.rule = *kymriah_crs_treatment("2018-01-01");
  first_label.fever_since = 1;
  CHECK(first_label.at(9 * 24, 1) == "-");
}

TEST_CASE("label 6/2025: grade 4 gets 1,000 mg of methylprednisolone at once, more after three days, until grade 1") {
  Walk walk;
  CHECK(walk.at(0, 4) == "T320 M1000x1");
  CHECK(walk.at(8, 4) == "T320");
  CHECK(walk.at(16, 4) == "T320");
  CHECK(!walk.alternative);
  CHECK(walk.at(24, 4) == "T320");
  CHECK(walk.alternative);
  CHECK(walk.at(71, 4) == "-");
  CHECK(walk.at(72, 4) == "M1000x2");
  CHECK(walk.at(96, 4) == "-");
  CHECK(walk.at(100, 3) == "-");
  CHECK(walk.at(110, 2) == "-");
  CHECK(walk.at(120, 1) == "taper");
  CHECK(walk.at(130, 0) == "-");
}

TEST_CASE("label 6/2025: grade 3 that steroids do not improve is managed as grade 4") {
  Walk walk;
  CHECK(walk.at(0, 3) == "T320");
  CHECK(walk.at(8, 3) == "T320");
  CHECK(walk.at(24, 3) == "T320 M80x1");
  CHECK(walk.at(47, 3) == "T320");
  CHECK(walk.at(48, 3) == "M1000x1");
  Walk moderate;
  moderate.at(0, 2);
  CHECK(moderate.at(24, 2) == "T320 M80x1");
  CHECK(moderate.at(48, 2) == "T320");
}

TEST_CASE("a steroid that another reason holds is not tapered, and after a taper only a worse grade brings it back") {
  Walk walk;
  walk.at(0, 2);
  CHECK(walk.at(24, 2) == "T320 M80x1");
  walk.support = false;
  walk.keep_steroid = true;
  CHECK(walk.at(30, 1) == "-");
  walk.keep_steroid = false;
  CHECK(walk.at(31, 2) == "taper");
  CHECK(walk.at(32, 2) == "T320");
  CHECK(walk.at(50, 2) == "T320");
  CHECK(walk.at(60, 3) == "M80x1");
}

TEST_CASE(
    "first label: tocilizumab from severe CRS on, a steroid after 18 hours without improvement or when it gets worse") {
  Walk walk;
  walk.rule = *kymriah_crs_treatment("2018-01-01");
  CHECK(walk.at(0, 2) == "-");
  CHECK(walk.at(12, 3) == "T320");
  CHECK(walk.at(20, 3) == "T320");
  CHECK(walk.at(29.9, 3) == "T320");
  CHECK(walk.at(30, 3) == "M80x1");
  Walk early = walk;
  early.rule.steroid_after_hours = 12;  // the other end of the label's 12 to 18 hours
  early.days.clear(), early.grades.clear(), early.given.clear();
  CHECK(early.at(0, 3) == "T320");
  CHECK(early.at(12, 3) == "T320 M80x1");
  Walk worse = walk;
  worse.days.clear(), worse.grades.clear(), worse.given.clear();
  CHECK(worse.at(0, 3) == "T320");
  CHECK(worse.at(3, 4) == "M80x1");  // no high dose in this label
}

TEST_CASE("ELIANA's rule is declared uncertain and moves with its threshold and its wait") {
  Walk walk;
  walk.rule = eliana_declared_treatment(3, 24);
  CHECK(walk.rule.evidence == Evidence::Declared);
  CHECK(walk.rule.scale == CrsScale::Penn);
  CHECK(walk.at(0, 3) == "-");
  CHECK(walk.at(12, 3) == "-");
  CHECK(walk.at(13, 2) == "-");
  CHECK(walk.at(14, 3) == "-");
  CHECK(walk.at(37, 3) == "-");
  CHECK(walk.at(38, 3) == "T320");

  Walk severe;
  severe.rule = eliana_declared_treatment(3, 24);
  CHECK(severe.at(0, 3) == "-");
  CHECK(severe.at(5, 4) == "T320");  // grade 4 does not wait

  Walk life_threatening;
  life_threatening.rule = eliana_declared_treatment(4, 0);
  CHECK(life_threatening.at(0, 3) == "-");
  CHECK(life_threatening.at(24, 4) == "T320");
}

TEST_CASE("nothing is ordered for the dead, and the weight sets every dose") {
  Walk walk;
  walk.weight_kg = 20;
  CHECK(walk.at(0, 4) == "T240 M1000x1");
  CHECK(walk.at(24, 5) == "-");
  Walk light;
  light.weight_kg = 20;
  light.at(0, 2);
  CHECK(light.at(24, 2) == "T240 M40x1");
}

TEST_CASE("a lower threshold treats no patient later") {
  for (int from = 2; from <= 4; ++from) {
    for (const double wait : {0.0, 12.0, 36.0}) {
      Walk strict, loose;
      strict.rule = eliana_declared_treatment(static_cast<std::uint8_t>(from), wait);
      loose.rule = eliana_declared_treatment(static_cast<std::uint8_t>(from - 1), wait);
      const int grades[] = {0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 3, 2, 1};
      double hours = 0;
      for (const int grade : grades) {
        strict.at(hours, grade);
        loose.at(hours, grade);
        hours += 6;
      }
      REQUIRE(!strict.given.empty());
      REQUIRE(!loose.given.empty());
      CHECK(loose.given.front().day <= strict.given.front().day);
    }
  }
}

TEST_CASE("ICANS alone: grade 1 support, grade 2 considered, grade 3 dexamethasone, grade 4 1,000 mg, taper at grade 1") {
  IcansWalk walk;
  CHECK(walk.at(0, 1) == "-");
  CHECK(walk.at(12, 2) == "D10x2");
  CHECK(walk.at(20, 3) == "-");
  CHECK(walk.at(30, 4) == "M1000x1");
  CHECK(walk.at(101, 4) == "-");
  CHECK(walk.at(102, 4) == "M1000x2");
  CHECK(walk.notes.alternative);
  CHECK(walk.at(110, 2) == "-");
  CHECK(walk.at(120, 1) == "taper");

  IcansWalk cautious;
  cautious.rule.give_considered = false;
  CHECK(cautious.at(0, 2) == "-");
  CHECK(cautious.at(1, 3) == "D10x2");
  CHECK(cautious.at(25, 3) == "M1000x1");  // not improved after 24 hours
}

TEST_CASE("ICANS with CRS: tocilizumab at any grade, dexamethasone at grade 2 only when that did not help") {
  IcansWalk walk;
  walk.crs = true;
  CHECK(walk.at(0, 1) == "T320");
  CHECK(walk.at(4, 2) == "-");
  CHECK(walk.at(8, 2) == "D10x2");
  IcansWalk severe;
  severe.crs = true;
  CHECK(severe.at(0, 3) == "T320 D10x2");
  severe.notes.keep_steroid = true;
  CHECK(severe.at(12, 1) == "-");
  severe.notes.keep_steroid = false;
  CHECK(severe.at(13, 1) == "taper");
  IcansWalk none;
  none.crs = true;
  CHECK(none.at(0, 0) == "-");
}

TEST_CASE("whatever the course, tocilizumab keeps to its threshold, its spacing and its limits") {
  std::vector<CrsTreatment> rules(kymriah_crs_treatments().begin(), kymriah_crs_treatments().end());
  rules.push_back(eliana_declared_treatment(3, 12));
  std::size_t doses = 0;
  for (const CrsTreatment& rule : rules) {
    for (std::uint64_t patient = 0; patient < 300; ++patient) {
      Walk walk;
      walk.rule = rule;
      int grade = 0;
      for (std::uint32_t step = 0; step < 120; ++step) {
        const double u = random::uniform(3, random::Domain::Trial, {.individual = patient, .index = step});
        grade = std::clamp(grade + (u < 0.2 ? -1 : 0) + (u > 0.78 ? 1 : 0), 0, 4);
        const std::size_t before = walk.given.size();
        walk.at(2.0 * step, grade);
        for (std::size_t i = before; i < walk.given.size(); ++i) {
          if (walk.given[i].drug == Drug::Tocilizumab) CHECK(grade >= rule.tocilizumab_from);
        }
      }
      std::vector<double> hours;
      for (const Given& order : walk.given) {
        if (order.drug == Drug::Tocilizumab) hours.push_back(order.day * 24);
      }
      doses += hours.size();
      CHECK(hours.size() <= rule.tocilizumab.max_total);
      for (std::size_t i = 1; i < hours.size(); ++i) CHECK(hours[i] - hours[i - 1] > rule.tocilizumab.every_hours - 1e-3);
      if (hours.size() == 4) CHECK(hours[3] - hours[0] > 24 - 1e-3);
    }
  }
  CHECK(doses > 1000);
}
