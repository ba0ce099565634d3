/// @file
/// Work load A: cellular kinetics of tisagenlecleucel after Stein et al. 2019 (CPT Pharmacometrics Syst Pharmacol
/// 8:285-295): expansion up to Tmax, then contraction in two phases, with tocilizumab multiplying the expansion rate.
/// Time in days, levels in transgene copies per microgram of DNA. Typical values are published; the random effects are
/// entered as variances of the logarithms. It draws its patients from patients.h and integrates nothing.
#pragma once

#include <cstdint>

namespace carina::bench::stein {

/// One patient.
struct Patient {
  double fold;   ///< level at the peak without comedication over the level at day 0
  double cmax;   ///< level at the peak without comedication, copies/ug
  double rho;    ///< expansion rate without comedication, 1/day
  double tmax;   ///< end of expansion, day
  double r0;     ///< level at day 0, copies/ug
  double alpha;  ///< fast contraction, 1/day
  double beta;   ///< slow decline, 1/day
  double fb;     ///< fraction that enters the slow phase
  double toci;   ///< day from which tocilizumab acts; beyond `tmax` it does nothing
};

/// Factor of tocilizumab on the expansion rate.
inline constexpr double toci_factor = 1.2;

/// Day at which tocilizumab starts in the patients who receive it.
inline constexpr double toci_day = 5.7;

/// Whether patient `id` receives tocilizumab: 9 of each 25 do.
constexpr bool receives_toci(std::uint64_t id) { return id % 25 < 9; }

/// Patient `id`; random effects in the order fold expansion, Tmax, Cmax, alpha, FB, beta.
Patient patient(std::uint64_t id);

/// The level E + M at day `t`, by the closed form.
double level(const Patient& p, double t);

}  // namespace carina::bench::stein
