#include "therapy/spread.h"

#include "base/check.h"
#include "base/math.h"
#include "base/random.h"

namespace carina::therapy {
namespace {
double logit(double p) { return math::log(p / (1 - p)); }
}  // namespace

double Lognormal::at(double z) const { return sd == 0 ? shift + median : shift + median * math::exp(sd * z); }

double Lognormal::mean() const { return shift + median * math::exp(0.5 * sd * sd); }

double Lognormal::variance() const {
  const double above = mean() - shift;
  return above * above * (math::exp(sd * sd) - 1);
}

double LogitNormal::at(double z) const {
  const double odds = median / (1 - median) * math::exp(sd * z);
  return odds / (1 + odds);
}

double LogitNormal::z(double value) const {
  CARINA_CHECK(sd > 0);
  return (logit(value) - logit(median)) / sd;
}

double expected_extreme(double n) {
  CARINA_CHECK(n >= 2);
  return random::normal_quantile((n - 0.375) / (n + 0.25));
}

Lognormal lognormal_from(const Range& range) {
  CARINA_CHECK(0 < range.low && range.low < range.median && range.median < range.high);
  return {0, range.median, math::log(range.high / range.low) / (2 * expected_extreme(range.n))};
}

Lognormal shifted_lognormal_from(const Range& range) {
  const auto [low, median, high, n] = range;
  CARINA_CHECK(low < median && high - median > median - low);
  const double shift = (median * median - low * high) / (2 * median - low - high);
  return {shift, median - shift, math::log((high - shift) / (median - shift)) / expected_extreme(n)};
}

Lognormal lognormal_with(double shift, double mean, double variance) {
  const double above = mean - shift;
  CARINA_CHECK(above > 0 && variance >= 0);
  const double log_variance = math::log(1 + variance / (above * above));
  return {shift, above * math::exp(-0.5 * log_variance), math::sqrt(log_variance)};
}

Lognormal remainder(const Lognormal& total, std::span<const Lognormal> parts) {
  double mean = total.mean(), variance = total.variance();
  for (const Lognormal& part : parts) {
    mean -= part.mean();
    variance -= part.variance();
  }
  CARINA_CHECK(mean > 0 && variance >= 0);
  return lognormal_with(0, mean, variance);
}

LogitNormal logit_normal_from(const Range& range) {
  CARINA_CHECK(0 < range.low && range.low < range.median && range.median < range.high && range.high < 1);
  return {range.median, (logit(range.high) - logit(range.low)) / (2 * expected_extreme(range.n))};
}

LogitNormal logit_normal_from(double median, double limit, double share) {
  const double sd = (logit(limit) - logit(median)) / random::normal_quantile(share);
  CARINA_CHECK(sd > 0);
  return {median, sd};
}

}  // namespace carina::therapy
