#include "stats/intervals.h"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "stats/distributions.h"

namespace carina::stats {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Interval around(double centre, double width) { return {math::exp(centre - width), math::exp(centre + width)}; }

}  // namespace

Interval probability_interval(double p, double relative_se, const Confidence& confidence) {
  if (p >= 1) return {1, 1};
  if (!(p > 0)) return {nan, nan};
  const double z = normal_width(confidence.level);
  const double log_p = math::log(p);
  switch (confidence.scale) {
    case Scale::Plain: {
      const double width = z * relative_se * p;
      return {std::max(p - width, 0.0), std::min(p + width, 1.0)};
    }
    case Scale::Log: {
      const Interval interval = around(log_p, z * relative_se);
      return {interval.low, std::min(interval.high, 1.0)};
    }
    case Scale::LogLog: break;
  }
  const double width = z * relative_se / -log_p;
  return {math::exp(log_p * math::exp(width)), math::exp(log_p * math::exp(-width))};
}

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

Interval wilson_proportion(std::uint64_t events, std::uint64_t n, double level) {
  CARINA_CHECK(events <= n);
  const double z = normal_width(level);
  if (n == 0) return {0, 1};
  const auto total = static_cast<double>(n);
  const auto k = static_cast<double>(events);
  const double middle = k + z * z / 2;
  const double width = z * math::sqrt(k * (total - k) / total + z * z / 4);
  Interval interval{0, 1};
  if (events > 0) interval.low = (middle - width) / (total + z * z);
  if (events < n) interval.high = (middle + width) / (total + z * z);
  return interval;
}

ProportionDifference proportion_difference(const Proportion& first, const Proportion& second, double level) {
  CARINA_CHECK(first.n > 0 && second.n > 0);
  const double p = static_cast<double>(first.events) / static_cast<double>(first.n);
  const double q = static_cast<double>(second.events) / static_cast<double>(second.n);
  const Interval of_p = wilson_proportion(first.events, first.n, level);
  const Interval of_q = wilson_proportion(second.events, second.n, level);
  const auto length = [](double a, double b) { return math::sqrt(a * a + b * b); };
  return {p - q, {p - q - length(p - of_p.low, of_q.high - q), p - q + length(of_p.high - p, q - of_q.low)}};
}

Interval geometric_mean_interval(const GeometricMoments& values, double level) {
  const Moments& logs = values.logs();
  if (logs.count() < 2) return {nan, nan};
  const auto n = static_cast<double>(logs.count());
  return around(logs.mean(), t_width(level, n - 1) * math::sqrt(logs.variance() / n));
}

GeometricRatio geometric_ratio(const GeometricMoments& first, const GeometricMoments& second, Variances variances,
                               double level) {
  const Moments& a = first.logs();
  const Moments& b = second.logs();
  GeometricRatio result{nan, nan, {nan, nan}};
  if (a.count() == 0 || b.count() == 0) return result;
  const auto n = static_cast<double>(a.count());
  const auto m = static_cast<double>(b.count());
  const double difference = a.mean() - b.mean();
  result.ratio = math::exp(difference);
  double variance = 0;  // of the difference
  if (variances == Variances::Equal) {
    result.df = n + m - 2;
    variance = (a.squares() + b.squares()) / result.df * (1 / n + 1 / m);
  } else {
    const double of_a = a.variance() / n;
    const double of_b = b.variance() / m;
    variance = of_a + of_b;
    result.df = variance * variance / (of_a * of_a / (n - 1) + of_b * of_b / (m - 1));
  }
  if (result.df > 0) result.interval = around(difference, t_width(level, result.df) * math::sqrt(variance));
  return result;
}

}  // namespace carina::stats
