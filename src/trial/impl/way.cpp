#include "trial/impl/way.h"

#include <algorithm>
#include <array>

#include "therapy/published.h"

namespace carina::trial::impl {
namespace {

using therapy::DropOut;

// A figure that is only predicted never steers a simulation.
const Figure* figure_of(const Trial& trial, std::string_view measure) {
  for (const Figure& figure : trial.figures) {
    if (figure.role != Role::Calibrate) continue;
    if (figure.measure == measure && figure.value && figure.group == "all") return &figure;
  }
  return nullptr;
}

const therapy::Published* published(const Trial& trial) {
  return trial.design.pathway ? therapy::published(trial.design.pathway->name) : nullptr;
}

// Patients with it as a share of the enrolled; 0 where there is no figure.
double share_of(const Trial& trial, std::string_view measure) {
  const Figure* figure = figure_of(trial, measure);
  if (figure == nullptr) return 0;
  if (figure->statistic == Statistic::Count) return *figure->value / static_cast<double>(figure->n.value_or(1));
  return figure->unit == "%" ? *figure->value / 100 : *figure->value;
}

double median_wait(const Trial& trial) {
  if (trial.design.vein_to_vein) return trial.design.vein_to_vein->value.value;
  const Figure* figure = figure_of(trial, "collection_to_infusion");
  return figure != nullptr ? *figure->value : therapy::eliana_wait.median;
}

// A maker of one dose makes more than it gives: four of five patients get all of it. Assumed.
constexpr double planned_of_target = 2;
// A dose may fall short of its target by a fifth and still be given as such. Assumed.
constexpr double least_of_target = 0.8;

therapy::DoseBand band_of(const GivenDose& dose) {
  therapy::DoseBand band;
  band.per_kg = dose.per == "kg";
  band.low = dose.low ? dose.low->value : least_of_target * dose.median.value;
  band.high = dose.high ? dose.high->value : dose.median.value;
  if (dose.cap) band.cap = dose.cap->value;
  return band;
}

void prepare(const Trial& trial, therapy::Preparation& preparation) {
  if (trial.protocol.lymphodepletion.empty()) return;
  preparation.days = depletion_days(trial);
  if (trial.protocol.lymphodepleted) preparation.share = trial.protocol.lymphodepleted->value.value;
  double first = 0;
  for (const Drug& drug : trial.protocol.lymphodepletion) {
    if (drug.first_day) first = std::min(first, drug.first_day->value);
  }
  if (first < 0) preparation.rest = {-first - preparation.days, 0, 0};
}

// The wait from the last session of leukapheresis on, less what comes after acceptance beside waiting.
therapy::Lognormal waiting(double median, const therapy::Pathway& pathway) {
  therapy::Lognormal wait = therapy::shifted_lognormal_from(therapy::eliana_wait);
  const double stretch = median / therapy::eliana_wait.median;
  wait.shift = wait.shift * stretch - pathway.acceptance;
  wait.median *= stretch;
  therapy::Lognormal preparation = pathway.preparation.rest;
  preparation.shift += pathway.preparation.days;
  const std::array<therapy::Lognormal, 3> parts{pathway.process.shipping, pathway.process.throughput, preparation};
  double mean = 0, variance = 0;
  for (const therapy::Lognormal& part : parts) mean += part.mean(), variance += part.variance();
  if (mean >= wait.mean() || variance >= wait.variance()) return {0, 0, 0};
  return therapy::remainder(wait, parts);
}

}  // namespace

// Strength 1 is fludarabine 30 mg/m2 on four days and cyclophosphamide 500 mg/m2 on two (Kymriah label), each a half of it; that
// others count by their sum in mg/m2 is assumed.
double strength_of(const Trial& trial) {
  double strength = 0;
  for (const Drug& drug : trial.protocol.lymphodepletion) {
    const double given = drug.dose.value * static_cast<double>(drug.days);
    if (drug.name == "fludarabine") strength += given / 120 / 2;
    if (drug.name == "cyclophosphamide") strength += given / 1000 / 2;
  }
  return strength > 0 ? strength : 1;
}

double depletion_days(const Trial& trial) {
  std::uint64_t days = 0;
  for (const Drug& drug : trial.protocol.lymphodepletion) days = std::max(days, drug.days);
  return days > 0 ? static_cast<double>(days) : 4;
}

std::vector<DoseLevel> levels_of(const Trial& trial) {
  std::vector<DoseLevel> levels;
  double all = 0;
  for (const GivenDose& dose : trial.protocol.doses) {
    if (dose.low || dose.high) continue;  // what was given, not what was planned
    const double n = static_cast<double>(dose.n.value_or(1));
    DoseLevel level{dose.median.value, n, {band_of(dose)}};
    if (dose.second) level.second = dose.second->value;
    if (dose.blasts_above) level.blasts_above = dose.blasts_above->value;
    if (dose.blasts_through) level.blasts_through = dose.blasts_through->value;
    levels.push_back(std::move(level));
    all += n;
  }
  for (DoseLevel& level : levels) level.share /= all;
  if (levels.size() == 1 && levels.front().second == 0) levels.clear();
  return levels;
}

therapy::Attrition losses_of(const Trial& trial) {
  if (const therapy::Published* way = published(trial)) return way->attrition();
  therapy::Attrition losses;
  losses.not_made = share_of(trial, "manufacturing_failure");
  double lost = share_of(trial, "made_not_infused");
  if (figure_of(trial, "made_not_infused") == nullptr) {
    lost = std::max(0.0, share_of(trial, "not_infused") - losses.not_made);
  }
  losses.dropped[static_cast<std::size_t>(DropOut::Death)] = lost / 2;
  losses.dropped[static_cast<std::size_t>(DropOut::Progression)] = lost / 2;
  losses.infused = 1 - losses.not_made - lost;
  return losses;
}

therapy::Pathway way_of(const Trial& trial, double growth) {
  if (const therapy::Published* way = published(trial)) return way->pathway();
  therapy::Pathway pathway;
  pathway.enrolment = therapy::EnrolmentAt::Collected;
  pathway.process.release_viability = 0.7;          // trials; Pasquini 2020 (read, of tisagenlecleucel)
  pathway.process.use_out_of_specification = true;  // assumed: what was published as not made is all that is lost
  pathway.hazards = therapy::eliana_pathway().hazards;
  const double wait = median_wait(trial);
  const double faster = std::min(1.0, wait / therapy::eliana_wait.median);
  pathway.process.throughput.shift *= faster;
  pathway.process.throughput.median *= faster;
  if (trial.protocol.bridged) pathway.bridging = {trial.protocol.bridged->value.value, 3, {0, growth, 0.5}};
  prepare(trial, pathway.preparation);
  pathway.production_wait = waiting(wait, pathway);
  if (!trial.protocol.doses.empty()) {
    const GivenDose& dose = trial.protocol.doses.front();
    pathway.process.dose = {band_of(dose)};
    pathway.process.planned = dose.high ? dose.median.value / dose.high->value : planned_of_target;
  }
  return pathway;
}

}  // namespace carina::trial::impl
