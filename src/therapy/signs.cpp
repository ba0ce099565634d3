#include "therapy/signs.h"

#include "base/check.h"

namespace carina::therapy {
namespace {

constexpr double no_limit = 1e300;

/// Number of the four limits that a value is above.
std::uint8_t limits_above(double value, double one, double two, double three, double four) {
  return static_cast<std::uint8_t>((value > one) + (value > two) + (value > three) + (value > four));
}

}  // namespace

void SignColumns::resize(std::size_t points) {
  const Signs well;
  day.resize(points);
  temperature.resize(points, well.temperature);
  fio2.resize(points, well.fio2);
  hypotension.resize(points, well.hypotension);
  vasopressors.resize(points);
  oxygen.resize(points, well.oxygen);
  creatinine.resize(points);
  transaminases.resize(points);
  other_organ.resize(points);
  tocilizumab.resize(points);
  flags.resize(points);
}

void SignColumns::set(std::size_t point, double at_day, const Signs& signs) {
  day[point] = at_day;
  temperature[point] = signs.temperature;
  fio2[point] = signs.fio2;
  hypotension[point] = signs.hypotension;
  vasopressors[point] = signs.vasopressors;
  oxygen[point] = signs.oxygen;
  creatinine[point] = signs.creatinine;
  transaminases[point] = signs.transaminases;
  other_organ[point] = signs.other_organ;
  tocilizumab[point] = signs.tocilizumab;
  flags[point] = signs.flags;
}

SignsCourse whole_course(const SignColumns& columns) { return {&columns, 0, columns.size()}; }

void mask_fever(SignColumns& columns, std::size_t first, std::size_t count) {
  CARINA_CHECK(first <= columns.size() && count <= columns.size() - first);
  bool fever = false;
  bool masked = false;
  for (std::size_t i = first; i < first + count; ++i) {
    const Signs signs = columns.at(i);
    fever |= signs.is(sign::attributed) && signs.temperature >= fever_from;
    masked |= fever && (signs.tocilizumab > 0 || signs.is(sign::antipyretic | sign::steroid));
    if (masked) columns.flags[i] = static_cast<std::uint16_t>(signs.flags | sign::fever_masked);
  }
}

bool high_dose_vasopressors(const VasopressorDoses& doses) {
  if (!(doses.hours >= 3)) return false;
  // the limits of noradrenaline and phenylephrine alone are those of the equivalent
  const bool alone = doses.adrenaline_ug_per_min >= 10 || doses.dopamine_ug_per_kg_per_min >= 10;
  const double equivalent = doses.noradrenaline_ug_per_min + doses.adrenaline_ug_per_min +
                            doses.dopamine_ug_per_kg_per_min / 2 + doses.phenylephrine_ug_per_min / 10;
  return alone || equivalent >= (doses.vasopressin ? 10 : 20);
}

std::uint8_t creatinine_grade(double times_upper_limit, double times_baseline) {
  const std::uint8_t by_limit = limits_above(times_upper_limit, 1, 1.5, 3, 6);
  // a rise over the own baseline counts from grade 2 on in CTCAE 5.0
  const bool risen = times_baseline > 1.5;
  const std::uint8_t by_baseline = risen ? limits_above(times_baseline, 1, 1.5, 3, no_limit) : std::uint8_t{0};
  return by_limit > by_baseline ? by_limit : by_baseline;
}

std::uint8_t transaminase_grade(double times_upper_limit) { return limits_above(times_upper_limit, 1, 3, 5, 20); }

}  // namespace carina::therapy
