#include "stats/distributions.h"

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace carina::stats {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double root_two = 1.41421356237309504880;
}  // namespace

ChiSquareTest chi_square_test(double statistic, unsigned df) {
  if (df == 0 || std::isnan(statistic)) return {statistic, df, nan};
  // rounding may leave a form that is 0 slightly below
  const double x = statistic > 0 ? statistic : 0;
  const double p = std::isinf(x) ? 0 : boost::math::gamma_q(df / 2.0, x / 2);
  return {x, df, p};
}

double normal_width(double level) {
  CARINA_CHECK(level > 0 && level < 1);
  if (level == 0.9) return 1.6448536269514722;
  if (level == 0.95) return 1.959963984540054;
  if (level == 0.99) return 2.5758293035489004;
  return root_two * boost::math::erf_inv(level);
}

double t_width(double level, double df) {
  CARINA_CHECK(level > 0 && level < 1 && df > 0);
  // P(|T| > t) = I(x; df / 2, 1 / 2) with x = df / (df + t^2); y = 1 - x keeps its digits where t is small
  double y = 0;
  const double x = boost::math::ibeta_inv(df / 2, 0.5, 1 - level, &y);
  return std::sqrt(df * y / x);
}

}  // namespace carina::stats
