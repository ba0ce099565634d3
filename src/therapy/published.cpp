#include "therapy/published.h"

#include <array>

namespace carina::therapy {
namespace {

Hazards published_exponents() {
  Hazards hazards;
  hazards[static_cast<std::size_t>(DropOut::Death)].exponent = doubling_by_tenfold;
  hazards[static_cast<std::size_t>(DropOut::Progression)].exponent = doubling_by_tenfold;
  return hazards;
}

// What acceptance to infusion takes beside waiting for production: shipping, throughput, preparation.
Lognormal production_wait(const Lognormal& wait, const Pathway& pathway) {
  Lognormal preparation = pathway.preparation.rest;
  preparation.shift += pathway.preparation.days;
  const std::array<Lognormal, 3> parts{pathway.process.shipping, pathway.process.throughput, preparation};
  return remainder(wait, parts);
}

}  // namespace

Pathway eliana_pathway() {
  Pathway pathway;
  pathway.screening.least_age = 3;                  // at screening; label text and Maude 2018 (read)
  pathway.screening.other_failure = 15.0 / 107;     // 107 screened, 92 enrolled; read
  pathway.process.planned = 3.1 / 5;                // median 3.1e6/kg of 5e6/kg, n = 75; Maude 2018 (read)
  pathway.process.release_viability = 0.7;          // trials; read
  pathway.process.use_out_of_specification = true;  // assumed: a dose of 5.4e6/kg was given where 5.0e6 is the highest
  pathway.bridging.share = 0.87;                    // read
  pathway.bridging.effect = {0, 0.069, 0.5};        // holds a leukaemia that grows by the mean of 6.9 % a day; assumed
  pathway.preparation.share = 0.96;                 // read
  pathway.hazards = published_exponents();
  pathway.production_wait = production_wait(shifted_lognormal_from(eliana_wait), pathway);
  return pathway;
}

Attrition eliana_attrition() { return {.infused = 75, .not_made = 7, .dropped = {7, 0, 3, 0}}; }

Pathway juliet_pathway() {
  Pathway pathway;
  pathway.screening.least_age = 18;
  pathway.screening.least_lines = 2;                                // label (read)
  pathway.screening.least_lymphocytes = 300;                        // exclusion (read)
  pathway.screening.transplant_allowed = false;                     // prior allogeneic transplant was an exclusion (read)
  pathway.process.dose = {{false, 0.6e8, 6e8, 0, 0}};               // Kymriah label, DLBCL (read)
  pathway.process.viability = logit_normal_from(0.838, 0.8, 0.31);  // NHL, commercial (read)
  pathway.process.release_viability = 0.7;
  pathway.process.use_out_of_specification = true;  // assumed, as in ELIANA
  pathway.bridging.share = 0.9;                     // read
  pathway.bridging.effect = {0, 0.02, 0.5};         // holds a lymphoma that doubles in 35 days; assumed
  pathway.preparation.days = 3;                     // 3 days of fludarabine and cyclophosphamide; label (read)
  pathway.preparation.most_rest = 11;               // label (read)
  pathway.hazards = published_exponents();
  Lognormal wait = shifted_lognormal_from(eliana_wait);
  const double stretch = 54 / eliana_wait.median;
  wait.shift *= stretch;
  wait.median *= stretch;
  pathway.production_wait = production_wait(wait, pathway);
  return pathway;
}

Attrition juliet_attrition() { return {.infused = 115, .not_made = 12, .dropped = {16, 16, 3, 3}}; }

std::span<const Published> published() {
  static constexpr std::array<Published, 2> all = {
      {{"eliana", eliana_pathway, eliana_attrition}, {"juliet", juliet_pathway, juliet_attrition}}};
  return all;
}

const Published* published(std::string_view name) {
  for (const Published& one : published()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace carina::therapy
