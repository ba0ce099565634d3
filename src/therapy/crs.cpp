#include "therapy/crs.h"

#include <algorithm>

#include "base/check.h"

namespace carina::therapy {
namespace {

/// Lee's limit of oxygen: 40 %.
constexpr float high_oxygen = 0.4F;

bool any_vasopressor(const Signs& s) { return s.vasopressors > 0 || s.is(sign::vasopressin); }

bool any_hypotension(const Signs& s) { return s.hypotension != Hypotension::None || any_vasopressor(s); }

/// Something that a scale without need of fever calls grade 1 when it is attributed to CRS.
bool any_sign(const Signs& s) {
  constexpr std::uint16_t telling =
      sign::symptoms | sign::dialysis | sign::plasma | sign::iv_therapy | sign::hospital | sign::icu;
  return s.temperature >= fever_from || any_hypotension(s) || s.oxygen != Oxygen::None || s.is(telling) ||
         (s.creatinine | s.transaminases | s.other_organ) != 0;
}

std::uint8_t penn(const Signs& s) {
  if (s.is(sign::death)) return 5;
  if (!s.is(sign::attributed)) return 0;
  if ((any_vasopressor(s) && s.is(sign::high_dose)) || s.oxygen == Oxygen::Ventilator) return 4;
  const bool in_hospital = s.is(sign::hospital | sign::icu);
  const bool organ_failure = s.transaminases >= 4 || s.creatinine >= 3 || s.is(sign::dialysis);
  if (s.hypotension == Hypotension::FluidBoluses || any_vasopressor(s) || s.oxygen != Oxygen::None || s.is(sign::plasma) ||
      (in_hospital && organ_failure)) {
    return 3;
  }
  if (in_hospital || s.is(sign::iv_therapy) || organ_failure || s.creatinine >= 2 || s.transaminases >= 3) return 2;
  return any_sign(s) ? 1 : 0;
}

std::uint8_t lee(const Signs& s) {
  if (s.is(sign::death)) return 5;
  if (!s.is(sign::attributed)) return 0;
  const int organ = std::max({s.creatinine, s.other_organ, s.is(sign::dialysis) ? std::uint8_t{4} : std::uint8_t{0}});
  if (s.oxygen == Oxygen::Ventilator || organ >= 4) return 4;
  const int pressors = s.vasopressors + (s.is(sign::vasopressin) ? 1 : 0);
  const bool oxygen = s.oxygen != Oxygen::None;
  if ((oxygen && s.fio2 >= high_oxygen) || pressors > 1 || (pressors == 1 && s.is(sign::high_dose)) || organ == 3 ||
      s.transaminases >= 3) {
    return 3;
  }
  if (oxygen || any_hypotension(s) || organ == 2 || s.transaminases == 2) return 2;
  return any_sign(s) ? 1 : 0;
}

std::uint8_t astct(const Signs& s) {
  if (s.is(sign::death)) return 5;
  const bool fever = s.temperature >= fever_from;
  if (!s.is(sign::attributed) || !(fever || s.is(sign::fever_masked))) return 0;
  std::uint8_t grade = fever ? 1 : 0;
  if (any_hypotension(s)) grade = 2;
  if (any_vasopressor(s)) grade = 3;
  if (s.vasopressors > 1) grade = 4;
  switch (s.oxygen) {
    case Oxygen::None: return grade;
    case Oxygen::LowFlow: return std::max(grade, std::uint8_t{2});
    case Oxygen::HighFlow: return std::max(grade, std::uint8_t{3});
    case Oxygen::PositivePressure:
    case Oxygen::Ventilator: return 4;
  }
  return grade;
}

std::uint16_t interventions(const Signs& s) {
  std::uint16_t bits = 0;
  const auto mark = [&bits](bool on, std::uint16_t bit) { bits = static_cast<std::uint16_t>(bits | (on ? bit : 0)); };
  mark(s.hypotension >= Hypotension::FluidBolus, used::fluid);
  mark(any_vasopressor(s), used::vasopressor);
  mark(s.vasopressors > 1, used::vasopressors);
  mark(any_vasopressor(s) && s.is(sign::high_dose), used::high_dose_vasopressor);
  mark(s.oxygen != Oxygen::None, used::oxygen);
  mark(s.oxygen >= Oxygen::HighFlow, used::high_flow);
  mark(s.oxygen >= Oxygen::PositivePressure, used::positive_pressure);
  mark(s.oxygen == Oxygen::Ventilator, used::ventilator);
  mark(s.is(sign::dialysis), used::dialysis);
  mark(s.is(sign::plasma), used::plasma);
  mark(s.is(sign::steroid), used::steroid);
  mark(s.is(sign::hospital | sign::icu), used::hospital);
  return bits;
}

/// Builds an episode point by point.
class EpisodeWriter {
 public:
  EpisodeWriter(CrsScale scale, double gap_days) : gap_days_(gap_days) { episode_.scale = scale; }

  /// One point that stands for `lasts` days.
  void add(double day, double lasts, std::uint8_t grade, const Signs& signs) {
    if (grade > 0) {
      begin(day);
      quiet_since_ = never;
      if (episode_.episodes == 1) climb(day, grade);
    } else if (open_) {
      if (quiet_since_ == never) quiet_since_ = day;
      if (day + lasts - quiet_since_ >= gap_days_) close(quiet_since_, true);
    }
    if (open_ && episode_.episodes == 1 && signs.is(sign::attributed) && signs.temperature >= fever_from) {
      episode_.fever_days += lasts;
    }
    care(day, lasts, signs);
  }

  /// The episode when no point is left; `last_day` is the last point's.
  CrsEpisode finish(double last_day) {
    if (open_) {
      const bool quiet = quiet_since_ != never;
      close(quiet ? quiet_since_ : last_day, quiet);
    }
    return episode_;
  }

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();

  void begin(double day) {
    if (open_) return;
    open_ = true;
    if (++episode_.episodes == 1) episode_.onset = day;
  }
  void climb(double day, std::uint8_t grade) {
    if (grade > episode_.highest) {
      if (episode_.highest < 3 && grade >= 3) episode_.onset_to_grade_3 = day - episode_.onset;
      if (episode_.highest < 4 && grade >= 4) episode_.onset_to_grade_4 = day - episode_.onset;
      episode_.highest = grade;
      episode_.highest_at = day;
    }
  }
  void close(double day, bool resolved) {
    open_ = false;
    quiet_since_ = never;
    if (episode_.episodes != 1) return;
    episode_.end = day;
    episode_.resolved = resolved;
  }
  void care(double day, double lasts, const Signs& signs) {
    episode_.tocilizumab_doses += signs.tocilizumab;
    if (signs.is(sign::icu)) {
      if (!(episode_.icu_at <= day)) episode_.icu_at = day;
      episode_.icu_days += lasts;
    }
    if (signs.is(sign::attributed)) episode_.used = static_cast<std::uint16_t>(episode_.used | interventions(signs));
  }

  CrsEpisode episode_;
  double gap_days_;
  double quiet_since_ = never;
  bool open_ = false;
};

template <std::uint8_t (*grade)(const Signs&)>
CrsEpisode episode_of(CrsScale scale, const SignsCourse& course, double gap_days) {
  EpisodeWriter writer(scale, gap_days);
  double last_day = 0;
  for (std::size_t i = 0; i < course.count; ++i) {
    const Signs signs = course.at(i);
    last_day = course.day(i);
    writer.add(last_day, signs.is(sign::death) ? 0 : course.lasts(i), grade(signs), signs);
    if (signs.is(sign::death)) break;
  }
  return writer.finish(last_day);
}

template <std::uint8_t (*grade)(const Signs&)>
void grades_of(const SignsCourse& course, std::span<std::uint8_t> grades) {
  for (std::size_t i = 0; i < course.count; ++i) grades[i] = grade(course.at(i));
}

void check_inside(const SignsCourse& course) {
  CARINA_CHECK(course.count == 0 || course.columns != nullptr);
  CARINA_CHECK(course.count == 0 || course.first + course.count <= course.columns->size());
}

}  // namespace

std::string_view name(CrsScale scale) {
  switch (scale) {
    case CrsScale::Penn: return "Penn";
    case CrsScale::Lee: return "Lee 2014";
    case CrsScale::Astct: return "ASTCT";
  }
  CARINA_CHECK(!"a scale without a name");
}

PennGrade penn_grade(const Signs& signs) { return {penn(signs)}; }
LeeGrade lee_grade(const Signs& signs) { return {lee(signs)}; }
AstctGrade astct_grade(const Signs& signs) { return {astct(signs)}; }

void crs_grades(CrsScale scale, const SignsCourse& course, std::span<std::uint8_t> grades) {
  check_inside(course);
  CARINA_CHECK(grades.size() == course.count);
  switch (scale) {
    case CrsScale::Penn: return grades_of<penn>(course, grades);
    case CrsScale::Lee: return grades_of<lee>(course, grades);
    case CrsScale::Astct: return grades_of<astct>(course, grades);
  }
}

CrsEpisode crs_episode(CrsScale scale, const SignsCourse& course, const CrsEpisodeRule& rule) {
  check_inside(course);
  CARINA_CHECK(rule.gap_days > 0);
  switch (scale) {
    case CrsScale::Penn: return episode_of<penn>(scale, course, rule.gap_days);
    case CrsScale::Lee: return episode_of<lee>(scale, course, rule.gap_days);
    case CrsScale::Astct: return episode_of<astct>(scale, course, rule.gap_days);
  }
  CARINA_CHECK(!"a scale without grades");
}

}  // namespace carina::therapy
