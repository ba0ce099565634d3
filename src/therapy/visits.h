/// @file
/// When a patient is looked at, and with what: nothing is seen between visits, nor without the assay, nor below its limit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "therapy/response.h"

namespace carina::therapy {

/// What can be done at a visit; sets of them by `|`.
enum class Assays : std::uint16_t {
  None = 0,           ///< the patient did not come
  Examination = 1,    ///< extramedullary disease in leukaemia, new lesions and plasmacytomas in myeloma
  Counts = 2,         ///< platelets, neutrophils, circulating blasts
  Marrow = 4,         ///< blasts or plasma cells by morphology
  MarrowMrd = 8,      ///< minimal residual disease in marrow
  Ct = 16,            ///< lesions and spleen
  Pet = 32,           ///< uptake, Deauville score, new foci
  Protein = 64,       ///< M-protein in serum and urine
  LightChains = 128,  ///< free light chains in serum
  BCells = 256,       ///< B cells in blood
  Antigen = 512,      ///< the tumour's target antigen
  All = 1023,         ///< everything
};

/// Union.
constexpr Assays operator|(Assays a, Assays b) {
  return static_cast<Assays>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
/// True when `done` holds all of `wanted`.
constexpr bool has(Assays done, Assays wanted) {
  return (static_cast<std::uint16_t>(done) & static_cast<std::uint16_t>(wanted)) == static_cast<std::uint16_t>(wanted);
}

/// One visit of a plan, or one that took place.
struct Visit {
  double day = 0;               ///< days after infusion
  Assays assays = Assays::All;  ///< what is done; None for a visit that was missed
};

/// Visits at `days`, then every `step` days up to and with `until`; all with `assays`. `days` rises; step > 0.
std::vector<Visit> visit_schedule(std::span<const double> days, double step, double until, Assays assays = Assays::All);

/// When something that began between visits came to light.
struct Detection {
  double last_clear = 0;  ///< day of the last visit that could have seen it and did not; `from` when there was none
  double found = never;   ///< day of the visit that saw it; never when none did
};

/// The first visit with `needed` at or after `onset`. Visits rise in time; those before `from` do not count.
Detection detect(std::span<const Visit> visits, double onset, Assays needed, double from = 0);

}  // namespace carina::therapy
