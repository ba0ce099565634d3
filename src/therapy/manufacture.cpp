#include "therapy/manufacture.h"

#include <algorithm>

#include "base/check.h"
#include "base/math.h"

namespace carina::therapy {
namespace {
constexpr double microlitres = 1e3;  // in a millilitre
}

CellRange dose_range(std::span<const DoseBand> bands, double weight) {
  for (const DoseBand& band : bands) {
    if (band.weight_through > 0 && weight > band.weight_through) continue;
    const double each = band.per_kg ? weight : 1;
    CellRange range{band.low * each, band.high * each};
    if (band.cap > 0) range.high = std::min(range.high, band.cap);
    range.low = std::min(range.low, range.high);
    return range;
  }
  CARINA_CHECK(false);  // no band fits
  return {};
}

Apheresis collect(const Patient& patient, const Collection& collection, const Luck& luck) {
  const std::size_t grown = patient.age < collection.young ? 0 : 1;
  const double t_cells = patient.lymphocytes * collection.t_share[grown];  // in a microlitre
  const double volume = collection.blood_volume[grown] * patient.weight * collection.volumes * microlitres;
  Apheresis got;
  while (!got.enough && got.sessions < collection.sessions) {
    const double z = luck.normal(Purpose::CollectionEfficiency, static_cast<std::uint64_t>(got.sessions));
    got.t_cells += t_cells * volume * collection.efficiency.at(z);
    got.nucleated = got.t_cells / collection.t_of_nucleated;
    got.enough = got.nucleated >= collection.least;
    ++got.sessions;
  }
  return got;
}

std::string specification_text(std::uint32_t out_of_specification) {
  struct Reason {
    std::uint32_t bit;
    const char* text;
  };
  static constexpr Reason reasons[] = {{few_collected, "few cells collected"},
                                       {low_viability, "low viability"},
                                       {below_dose, "below the lowest dose"},
                                       {many_copies, "many vector copies"}};
  std::string text;
  for (const Reason& reason : reasons) {
    if (!(out_of_specification & reason.bit)) continue;
    if (!text.empty()) text += ", ";
    text += reason.text;
  }
  return text;
}

double copies_of(double car_fraction) { return -math::log(1 - car_fraction); }

double failure_chance(const Process& process, bool prior_bendamustine, int attempt) {
  if (attempt > 0) return 1 - process.rescue;
  if (!prior_bendamustine) return process.failure;
  return process.failure * process.bendamustine_odds / (1 + process.failure * (process.bendamustine_odds - 1));
}

double failure_for(double mean, double prior, double odds) {
  CARINA_CHECK(mean >= 0 && mean < 1 && prior >= 0 && prior <= 1 && odds > 0);
  // (1 - prior) f + prior odds f / (1 + (odds - 1) f) = mean is a f^2 + b f - mean = 0
  const double a = (1 - prior) * (odds - 1), b = 1 + prior * (odds - 1) - mean * (odds - 1);
  return 2 * mean / (b + math::sqrt(b * b + 4 * a * mean));
}

Batch manufacture(const Patient& patient, const Process& process, const Apheresis& apheresis, const Luck& luck,
                  int attempt) {
  const auto occurrence = static_cast<std::uint64_t>(attempt);
  const CellRange dose = dose_range(process.dose, patient.weight);
  Batch batch;
  batch.made = !(luck.uniform(Purpose::Failure, occurrence) < failure_chance(process, patient.prior_bendamustine, attempt));
  batch.throughput = process.throughput.at(luck.normal(Purpose::Throughput, occurrence));

  // the maker seeds what an ordinary batch needs for the planned share of the highest dose
  const double ordinary = process.car.median * process.viability.median * process.fold.at(0);
  batch.seeded = std::min(apheresis.t_cells * process.selection, process.planned * dose.high / ordinary);
  batch.harvested = batch.seeded * process.fold.at(luck.normal(Purpose::Expansion, occurrence));

  CellProduct& product = batch.product;
  product.viability = process.viability.at(luck.normal(Purpose::Viability, occurrence));
  product.car_fraction = process.car.at(luck.normal(Purpose::CarFraction, occurrence));
  product.copies = copies_of(product.car_fraction);
  product.cd4_cd8 = process.cd4_cd8.at(luck.normal(Purpose::Subsets, occurrence));
  product.memory = process.memory.at(luck.normal(Purpose::Memory, occurrence));
  const double cells = batch.harvested * product.viability * product.car_fraction;
  product.cells = std::min(cells, dose.high);

  if (!apheresis.enough) product.out_of_specification |= few_collected;
  if (product.viability < process.release_viability) product.out_of_specification |= low_viability;
  if (cells < dose.low) product.out_of_specification |= below_dose;
  if (product.copies > process.most_copies) product.out_of_specification |= many_copies;
  return batch;
}

bool usable(const Process& process, const Batch& batch) {
  return batch.made && (process.use_out_of_specification || batch.product.out_of_specification == 0);
}

}  // namespace carina::therapy
