#include "therapy/treatment.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace carina::therapy {
namespace {

/// Hours between days are multiples of 1/24: a dose due after 8 h is due although 1/3 day falls short of it by rounding.
constexpr double rounding_hours = 1e-6;

double hours_between(double from, double to) { return (to - from) * 24 + rounding_hours; }

std::uint8_t value_of(std::uint8_t grade) { return grade; }
std::uint8_t value_of(IcansGrade grade) { return grade.value; }

/// Grades over time, asked about the past.
template <class Number>
class Grades {
 public:
  Grades(std::span<const double> days, std::span<const Number> grades) : days_(days), grades_(grades) {
    CARINA_CHECK(!days.empty() && days.size() == grades.size());
  }
  double now() const { return days_.back(); }
  std::uint8_t current() const { return value_of(grades_.back()); }
  /// The grade that was known on a day.
  std::uint8_t at(double day) const {
    const auto after = std::upper_bound(days_.begin(), days_.end(), day) - days_.begin();
    return after == 0 ? std::uint8_t{0} : value_of(grades_[static_cast<std::size_t>(after - 1)]);
  }
  /// Hours for which the grade has been `grade` or more without a break, up to now.
  double held_hours(std::uint8_t grade) const {
    std::size_t since = days_.size();
    while (since > 0 && value_of(grades_[since - 1]) >= grade) --since;
    return since == days_.size() ? 0 : hours_between(days_[since], now());
  }
  bool improved_since(double day) const { return current() < at(day); }

 private:
  std::span<const double> days_;
  std::span<const Number> grades_;
};

/// Strength of a corticosteroid.
enum class Level : std::uint8_t { None, Usual, Pulse };

/// What the orders so far amount to.
struct Tally {
  int tocilizumab = 0;           // doses
  int in_24_hours = 0;           // of them
  double first_tocilizumab = 0;  // days
  double last_tocilizumab = 0;
  Level level = Level::None;  // of the corticosteroid that is running
  double level_since = 0;     // day
  std::uint8_t per_day = 0;   // of it
  bool tapered = false;       // a corticosteroid was given and stopped
  double tapered_on = 0;
};

Tally sum_up(std::span<const Given> given, double now, double pulse_mg) {
  Tally tally;
  for (const Given& order : given) {
    if (order.drug == Drug::Tocilizumab) {
      if (tally.tocilizumab++ == 0) tally.first_tocilizumab = order.day;
      tally.last_tocilizumab = order.day;
      tally.in_24_hours += hours_between(order.day, now) < 24 ? 1 : 0;
      continue;
    }
    const bool pulse = order.drug == Drug::Methylprednisolone && order.mg >= pulse_mg;
    const Level level = order.mg <= 0 ? Level::None : pulse ? Level::Pulse : Level::Usual;
    if (level == Level::None && tally.level != Level::None) {
      tally.tapered = true;
      tally.tapered_on = order.day;
    }
    if (level != tally.level) tally.level_since = order.day;
    tally.level = level;
    tally.per_day = order.per_day;
  }
  return tally;
}

Given infusion(double now, double mg) { return {now, Drug::Tocilizumab, mg, 1}; }
Given taper(double now) { return {now, Drug::Methylprednisolone, 0, 0}; }

/// What the two algorithms have in common about the high dose.
struct Pulse {
  double mg;
  std::uint8_t per_day;
  double days;
  std::uint8_t per_day_more;
};

/// The high dose where it is due; nothing when it runs as it should.
template <class Number>
std::optional<Given> pulse_order(const Pulse& pulse, const Tally& tally, const Grades<Number>& grades) {
  const double now = grades.now();
  if (tally.level != Level::Pulse) return Given{now, Drug::Methylprednisolone, pulse.mg, pulse.per_day};
  const bool over = hours_between(tally.level_since, now) >= pulse.days * 24;
  if (over && !grades.improved_since(tally.level_since) && tally.per_day < pulse.per_day_more) {
    return Given{now, Drug::Methylprednisolone, pulse.mg, pulse.per_day_more};
  }
  return std::nullopt;
}

bool tocilizumab_due(const CrsTreatment& rule, const Tally& tally, const Grades<std::uint8_t>& grades, std::uint8_t grade) {
  if (grade < rule.tocilizumab_from) return false;
  if (tally.tocilizumab == 0) {
    return grade >= rule.tocilizumab_at_once || grades.held_hours(rule.tocilizumab_from) >= rule.tocilizumab_after_hours;
  }
  return tally.tocilizumab < rule.tocilizumab.max_total && tally.in_24_hours < rule.tocilizumab.max_in_24_hours &&
         hours_between(tally.last_tocilizumab, grades.now()) >= rule.tocilizumab.every_hours &&
         !grades.improved_since(tally.last_tocilizumab);
}

bool usual_steroid_due(const CrsTreatment& rule, const Tally& tally, const Grades<std::uint8_t>& grades,
                       std::uint8_t grade) {
  if (grade < rule.tocilizumab_from || tally.tocilizumab == 0) return false;
  // a steroid that was tapered comes back only for a worse grade, or taper and start would alternate
  if (tally.tapered) return grades.current() > grades.at(tally.tapered_on);
  if (rule.steroid_when_worse && grades.current() > grades.at(tally.first_tocilizumab)) return true;
  return hours_between(tally.first_tocilizumab, grades.now()) >= rule.steroid_after_hours &&
         !grades.improved_since(tally.first_tocilizumab);
}

std::optional<Given> steroid_order(const CrsTreatment& rule, const CrsSoFar& so_far, const Tally& tally,
                                   const Grades<std::uint8_t>& grades, std::uint8_t grade) {
  const bool in_vain = tally.level == Level::Usual && rule.pulse_without_improvement > 0 &&
                       grade >= rule.pulse_without_improvement && !grades.improved_since(tally.level_since) &&
                       hours_between(tally.level_since, grades.now()) >= rule.steroid_after_hours;
  if ((rule.pulse_from > 0 && grade >= rule.pulse_from) || in_vain) {
    return pulse_order(Pulse{rule.pulse_mg, rule.pulse_per_day, rule.pulse_days, rule.pulse_per_day_more}, tally, grades);
  }
  if (tally.level == Level::None) {
    if (!usual_steroid_due(rule, tally, grades, grade)) return std::nullopt;
    return Given{grades.now(), Drug::Methylprednisolone, rule.steroid_mg_per_kg_day * so_far.weight_kg, 1};
  }
  const bool enough = tally.level == Level::Pulse ? grade <= 1 : !so_far.on_vasopressor_or_oxygen;
  if (enough && !so_far.keep_steroid) return taper(grades.now());
  return std::nullopt;
}

constexpr std::string_view first_label_source =
    "Kymriah US label of 2018, section 2.4, Table 1, in a reprint; the steroid's dose and taper recalled";

CrsTreatment first_label() {
  CrsTreatment rule;
  rule.name = "Kymriah label 2017-2018";
  rule.in_force_from = "2017-08-30";
  rule.source = first_label_source;
  rule.tocilizumab_from = 3;
  rule.steroid_after_hours = 18;
  rule.steroid_when_worse = true;
  return rule;
}

CrsTreatment current_label() {
  CrsTreatment rule;
  rule.name = "Kymriah label 6/2025";
  rule.in_force_from = "2025-06-01";
  rule.source = "Kymriah US label 6/2025, section 2.4, Table 1";
  rule.fever_days = 3;
  rule.pulse_from = 4;
  rule.pulse_without_improvement = 3;
  return rule;
}

}  // namespace

double tocilizumab_mg(const TocilizumabRule& rule, double weight_kg) {
  CARINA_CHECK(weight_kg > 0);
  if (weight_kg < rule.heavy_from_kg) return rule.light_mg_per_kg * weight_kg;
  return std::min(rule.mg_per_kg * weight_kg, rule.max_mg);
}

std::span<const CrsTreatment> kymriah_crs_treatments() {
  static const std::array<CrsTreatment, 2> versions = {first_label(), current_label()};
  return versions;
}

const CrsTreatment* kymriah_crs_treatment(std::string_view date) {
  const CrsTreatment* in_force = nullptr;
  for (const CrsTreatment& version : kymriah_crs_treatments()) {
    if (version.in_force_from <= date) in_force = &version;
  }
  return in_force;
}

CrsTreatment eliana_declared_treatment(std::uint8_t from_grade, double after_hours) {
  CARINA_CHECK(from_grade >= 1 && from_grade <= 4 && after_hours >= 0);
  CrsTreatment rule = first_label();
  rule.name = "ELIANA, declared";
  rule.in_force_from = "2015-01-01";
  rule.source = "none: the protocol was not read; to be calibrated to the reported use";
  rule.evidence = Evidence::Declared;
  rule.scale = CrsScale::Penn;
  rule.tocilizumab_from = from_grade;
  rule.tocilizumab_after_hours = after_hours;
  rule.tocilizumab_at_once = 4;
  return rule;
}

Orders decide(const CrsTreatment& treatment, const CrsSoFar& so_far) {
  const Grades<std::uint8_t> grades(so_far.days, so_far.grades);
  const Tally tally = sum_up(so_far.given, grades.now(), treatment.pulse_mg);
  Orders orders;
  std::uint8_t grade = grades.current();
  if (grade >= 5) return orders;
  if (grade == 1 && grades.now() - so_far.fever_since > treatment.fever_days) grade = 2;

  if (tocilizumab_due(treatment, tally, grades, grade)) {
    orders.tocilizumab = infusion(grades.now(), tocilizumab_mg(treatment.tocilizumab, so_far.weight_kg));
  }
  orders.steroid = steroid_order(treatment, so_far, tally, grades, grade);
  const bool no_more = tally.tocilizumab >= treatment.tocilizumab.max_total;
  const bool steroid_in_vain = tally.level != Level::None && !grades.improved_since(tally.level_since) &&
                               hours_between(tally.level_since, grades.now()) >= treatment.steroid_after_hours;
  orders.alternative = grade >= 3 && (no_more || steroid_in_vain);
  return orders;
}

const IcansTreatment& kymriah_icans_treatment() {
  static const IcansTreatment rule = [] {
    IcansTreatment label;
    label.name = "Kymriah label 6/2025";
    label.in_force_from = "2025-06-01";
    label.source = "Kymriah US label 6/2025, section 2.4, Table 2";
    return label;
  }();
  return rule;
}

namespace {

/// Whether ICANS wants dexamethasone or its like.
bool dexamethasone_due(const IcansTreatment& rule, const IcansSoFar& so_far, const Tally& tally,
                       const Grades<IcansGrade>& grades) {
  if (grades.current() >= rule.give_from) return true;
  if (grades.current() < rule.consider_from) return false;
  if (!so_far.crs) return rule.give_considered;
  // beside CRS only when tocilizumab has had its time and did not help
  return tally.tocilizumab > 0 && hours_between(tally.first_tocilizumab, grades.now()) >= rule.tocilizumab.every_hours &&
         !grades.improved_since(tally.first_tocilizumab);
}

}  // namespace

Orders decide(const IcansTreatment& treatment, const IcansSoFar& so_far) {
  const Grades<IcansGrade> grades(so_far.days, so_far.grades);
  const Tally tally = sum_up(so_far.given, grades.now(), treatment.pulse_mg);
  Orders orders;
  const std::uint8_t grade = grades.current();
  if (grade >= 5) return orders;
  if (grade > 0 && so_far.crs && tally.tocilizumab == 0) {
    orders.tocilizumab = infusion(grades.now(), tocilizumab_mg(treatment.tocilizumab, so_far.weight_kg));
  }

  const bool in_vain = tally.level == Level::Usual && !grades.improved_since(tally.level_since) &&
                       hours_between(tally.level_since, grades.now()) >= treatment.pulse_after_hours;
  if (grade >= treatment.pulse_from || (grade >= 3 && in_vain)) {
    const Pulse pulse = {treatment.pulse_mg, treatment.pulse_per_day, treatment.pulse_days, treatment.pulse_per_day_more};
    orders.steroid = pulse_order(pulse, tally, grades);
    const bool over = hours_between(tally.level_since, grades.now()) >= treatment.pulse_days * 24;
    orders.alternative = tally.level == Level::Pulse && over && !grades.improved_since(tally.level_since);
  } else if (tally.level == Level::None && dexamethasone_due(treatment, so_far, tally, grades)) {
    orders.steroid = Given{grades.now(), Drug::Dexamethasone, treatment.dexamethasone_mg, treatment.dexamethasone_per_day};
  } else if (tally.level != Level::None && grade <= 1 && !so_far.keep_steroid) {
    orders.steroid = taper(grades.now());
  }
  return orders;
}

}  // namespace carina::therapy
