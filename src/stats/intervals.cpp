#include "stats/intervals.h"

#include <boost/math/special_functions/beta.hpp>

#include "base/check.h"

namespace carina::stats {

Interval exact_proportion(std::uint64_t events, std::uint64_t n, double level) {
  CARINA_CHECK(events <= n && level > 0 && level < 1);
  const double tail = (1 - level) / 2;
  const auto k = static_cast<double>(events);
  const auto rest = static_cast<double>(n - events);
  Interval interval{0, 1};
  if (events > 0) interval.low = boost::math::ibeta_inv(k, rest + 1, tail);
  if (events < n) interval.high = boost::math::ibetac_inv(k + 1, rest, tail);
  return interval;
}

}  // namespace carina::stats
