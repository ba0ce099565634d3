#include "scenes/stein.h"

#include "scenes/patients.h"

#include <algorithm>
#include <cmath>

namespace carina::bench::stein {

Patient patient(std::uint64_t id) {
  const auto draw = [id](double typical, double variance, std::uint64_t j) {
    return typical * std::exp(std::sqrt(variance) * normal_deviate(id, j));
  };
  const double fold = draw(3900.0, 2.4, 0), tmax = draw(9.3, 0.38, 1), cmax = draw(24000.0, 0.65, 2);
  Patient p{};
  p.fold = fold;
  p.cmax = cmax;
  p.rho = std::log(fold) / tmax;
  p.tmax = tmax;
  p.r0 = cmax / fold;
  p.alpha = draw(0.16, 0.91, 3);
  p.fb = draw(0.0079, 0.8, 4);
  p.beta = draw(0.0032, 0.86, 5);
  p.toci = receives_toci(id) ? toci_day : HUGE_VAL;
  return p;
}

double level(const Patient& p, double t) {
  const double growing = std::min(t, p.tmax);
  const double helped = std::max(0.0, growing - p.toci);
  const double peak = p.r0 * std::exp(p.rho * (growing + (toci_factor - 1.0) * helped));
  if (t <= p.tmax) return peak;
  const double since = t - p.tmax;
  return peak * ((1.0 - p.fb) * std::exp(-p.alpha * since) + p.fb * std::exp(-p.beta * since));
}

}  // namespace carina::bench::stein
