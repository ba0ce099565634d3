// Cohorts like those of two trials, for tests alone. Sources as in docs/pathway.md; what is assumed is marked.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "therapy/pathway.h"
#include "therapy/published.h"

namespace cohort {

using carina::therapy::Diagnosis;
using carina::therapy::Journey;
using carina::therapy::Patient;

inline double normal(std::uint64_t seed, std::uint64_t number, std::uint32_t what) {
  return carina::random::normal(seed, carina::random::Domain::Covariates, {.individual = number, .purpose = what});
}

// B-ALL: age 11 (3 to 23) years; blasts 74 % (5 to 99) of 1e12 marrow cells (recalled); growth 6.9 % a day, SD 7.3, -1.2 to 27.3
// (Br J Haematol 1997;98:999). Weight by age and lymphocytes are assumed.
inline Patient leukaemia(std::uint64_t seed, std::uint64_t number) {
  using namespace carina::therapy;
  Patient patient;
  patient.number = number;
  patient.age = std::clamp(lognormal_from({3, 11, 23, 75}).at(normal(seed, number, 1)), 3.0, 23.0);
  patient.weight = std::min(70.0, 5 + 3 * patient.age) * Lognormal{0, 1, 0.15}.at(normal(seed, number, 2));
  patient.diagnosis = Diagnosis::BAll;
  patient.prior_lines = 3;
  patient.lymphocytes = Lognormal{0, 1000, 0.6}.at(normal(seed, number, 3));
  patient.burden = 1e12 * logit_normal_from({0.05, 0.74, 0.99, 75}).at(normal(seed, number, 4));
  patient.growth = std::clamp(0.069 + 0.073 * normal(seed, number, 5), -0.012, 0.273);
  return patient;
}

// Lymphoma: age 56 (22 to 74) years; burden 147.5 mL (median, read) of 1e9 cells (recalled); doubling in 35 days (recalled).
// Spreads, weight, lymphocytes and the share with bendamustine are assumed.
inline Patient lymphoma(std::uint64_t seed, std::uint64_t number) {
  using namespace carina::therapy;
  Patient patient;
  patient.number = number;
  patient.age = std::clamp(56 + 12 * normal(seed, number, 1), 22.0, 74.0);
  patient.weight = std::max(40.0, 75 + 15 * normal(seed, number, 2));
  patient.diagnosis = Diagnosis::Lbcl;
  patient.prior_lines = 3;
  patient.prior_bendamustine = normal(seed, number, 6) > 0.84;  // a fifth
  patient.lymphocytes = 300 + Lognormal{0, 500, 0.6}.at(normal(seed, number, 3));
  patient.burden = Lognormal{0, 147.5e9, 1.2}.at(normal(seed, number, 4));
  patient.growth = Lognormal{0, 0.02, 0.5}.at(normal(seed, number, 5));
  return patient;
}

inline std::vector<Patient> many(Patient (*one)(std::uint64_t, std::uint64_t), std::uint64_t count, std::uint64_t seed,
                                 std::uint64_t first = 0) {
  std::vector<Patient> patients(count);
  for (std::uint64_t i = 0; i < count; ++i) patients[i] = one(seed, first + i);
  return patients;
}

inline std::string hash(std::span<const Journey> journeys) {
  carina::Hash hash;
  for (const Journey& journey : journeys) {
    hash.number(journey.number);
    hash.number(static_cast<std::uint64_t>(journey.end));
    for (const auto& event : journey.events) {
      hash.doubles({&event.day, 1});
      hash.number(static_cast<std::uint64_t>(event.step));
    }
    const auto& product = journey.product;
    const double values[] = {journey.ended,        journey.burden,  product.cells, product.viability,
                             product.car_fraction, product.cd4_cd8, product.memory};
    hash.doubles(values);
  }
  return hash.hex();
}

}  // namespace cohort
