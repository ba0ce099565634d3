#include "base/random.h"

#include <Random123/philox.h>

#include "base/check.h"
#include "base/math.h"

namespace carina::random {
namespace {

using Coefficients = std::array<double, 8>;

/// A rational function of degree 7 over 7, coefficients from the constant term up.
double ratio(const Coefficients& numerator, const Coefficients& denominator, double x) {
  double above = numerator[7];
  double below = denominator[7];
  for (std::size_t i = 7; i-- > 0;) {
    above = above * x + numerator[i];
    below = below * x + denominator[i];
  }
  return above / below;
}

// The tables of AS 241: the middle (|p - 1/2| <= 0.425), the flanks, and the tails (p or 1 - p below exp(-25)).
constexpr Coefficients middle_above = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                       1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                       3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr Coefficients middle_below = {1.0,
                                       4.2313330701600911252e1,
                                       6.8718700749205790830e2,
                                       5.3941960214247511077e3,
                                       2.1213794301586595867e4,
                                       3.9307895800092710610e4,
                                       2.8729085735721942674e4,
                                       5.2264952788528545610e3};
constexpr Coefficients flank_above = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                      3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                      2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr Coefficients flank_below = {1.0,
                                      2.05319162663775882187e0,
                                      1.67638483018380384940e0,
                                      6.89767334985100004550e-1,
                                      1.48103976427480074590e-1,
                                      1.51986665636164571966e-2,
                                      5.47593808499534494600e-4,
                                      1.05075007164441684324e-9};
constexpr Coefficients tail_above = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                     2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr Coefficients tail_below = {1.0,
                                     5.99832206555887937690e-1,
                                     1.36929880922735805310e-1,
                                     1.48753612908506148525e-2,
                                     7.86869131145613259100e-4,
                                     1.84631831751005468180e-5,
                                     1.42151175831644588870e-7,
                                     2.04426310338993978564e-15};

}  // namespace

Words words(std::uint64_t seed, Domain domain, const Address& address) {
  const std::uint64_t last = std::uint64_t{address.purpose} << 32 | address.index;
  const auto out = r123::Philox4x64()({{address.individual, address.cell, address.occurrence, last}},
                                      {{seed, static_cast<std::uint64_t>(domain)}});
  return {out[0], out[1], out[2], out[3]};
}

double uniform(std::uint64_t seed, Domain domain, const Address& address) {
  return uniform(words(seed, domain, address)[0]);
}

double normal(std::uint64_t seed, Domain domain, const Address& address) {
  return normal_quantile(uniform(seed, domain, address));
}

double normal_quantile(double p) {
  CARINA_CHECK(p > 0 && p < 1);
  const double centred = p - 0.5;
  if (centred >= -0.425 && centred <= 0.425) {
    return centred * ratio(middle_above, middle_below, 0.180625 - centred * centred);
  }
  const double depth = math::sqrt(-math::log(centred < 0 ? p : 1 - p));
  const double size = depth <= 5 ? ratio(flank_above, flank_below, depth - 1.6) : ratio(tail_above, tail_below, depth - 5);
  return centred < 0 ? -size : size;
}

}  // namespace carina::random
