#include "trial/published.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "base/units.h"

namespace carina::trial {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Two-sided: the quantile that leaves (1 - level) / 2 above.
double normal_quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }
double two_sided(double level) { return normal_quantile(0.5 + level / 2); }
double student(double level, std::uint64_t n) {
  return boost::math::quantile(boost::math::students_t(static_cast<double>(n - 1)), 0.5 + level / 2);
}

Sampling unknown() { return {Basis::Nothing, Scale::Linear, nan, nan, {nan, nan}}; }

// How many of the figure's unit make the whole, e.g. 100 for %.
double whole_of(const Figure& f) {
  const auto unit = Unit::parse(f.unit);
  return unit ? 1 / unit->scale() : 1;
}

Sampling share(const Figure& f, double level) {
  if (!f.n) return unknown();
  const auto n = static_cast<double>(*f.n);
  const bool count = f.statistic == Statistic::Count;
  const double whole = count ? n : whole_of(f);
  const double events = std::clamp(std::round(*f.value / whole * n), 0.0, n);
  const double p = (events + 0.5) / (n + 1);
  Sampling s{Basis::Binomial, Scale::Linear, whole * math::sqrt(p * (1 - p) / n), 0, {}};
  s.error = s.scale_error;
  const stats::Interval exact = stats::exact_proportion(static_cast<std::uint64_t>(events), *f.n, level);
  s.interval = {whole * exact.low, whole * exact.high};
  return s;
}

// Survival S moves as S^exp(z e), e the error of log(-log S).
double moved(double survival, double by) { return math::exp(math::log(survival) * math::exp(by)); }

Sampling landmark(const Figure& f, double level) {
  const double whole = whole_of(f);
  const double at = *f.value / whole;
  if (!f.low || !f.high || f.interval != IntervalKind::Confidence95) {
    Figure plain = f;
    plain.statistic = Statistic::Share;
    Sampling s = share(plain, level);
    if (s.basis == Basis::Binomial) s.basis = Basis::BinomialUncensored;
    return s;
  }
  if (at <= 0 || at >= 1 || *f.low <= 0 || *f.high >= whole) return unknown();
  const auto log_log = [](double s) { return math::log(-math::log(s)); };
  const double error = (log_log(*f.low / whole) - log_log(*f.high / whole)) / (2 * two_sided(0.95));
  Sampling s{Basis::Interval, Scale::LogLog, error, -whole * at * math::log(at) * error, {*f.low, *f.high}};
  if (level != 0.95) {
    const double reach = two_sided(level) * error;
    s.interval = {whole * moved(at, reach), whole * moved(at, -reach)};
  }
  return s;
}

// A ratio or a time with a 95 % CI; an end that was not reached is infinite and the other one tells the error.
Sampling by_interval(const Figure& f, double level) {
  const double value = f.value.value_or(nan);
  const double low = f.low.value_or(0);
  const double high = f.high.value_or(infinity);
  double error = nan;
  if (low > 0 && std::isfinite(high)) {
    error = math::log(high / low) / (2 * two_sided(0.95));
  } else if (f.value && low > 0) {
    error = math::log(value / low) / two_sided(0.95);
  } else if (f.value && std::isfinite(high)) {
    error = math::log(high / value) / two_sided(0.95);
  }
  Sampling s{Basis::Interval, Scale::Log, error, value * error, {low, high}};
  if (level != 0.95) {
    const double stretch = math::exp(two_sided(level) * error);
    s.interval = {f.low ? value / stretch : 0, f.high ? value * stretch : infinity};
  }
  return s;
}

Sampling geometric(const Figure& f, double level) {
  if (!f.cv || !f.n || *f.n < 2) return unknown();
  const double cv = *f.cv / 100;
  const double error = math::sqrt(math::log(1 + cv * cv) / static_cast<double>(*f.n));
  const double stretch = math::exp(student(level, *f.n) * error);
  return {Basis::Spread, Scale::Log, error, *f.value * error, {*f.value / stretch, *f.value * stretch}};
}

Sampling mean(const Figure& f, double level) {
  if (!f.sd || !f.n || *f.n < 2) return unknown();
  const double error = *f.sd / math::sqrt(static_cast<double>(*f.n));
  const double reach = student(level, *f.n) * error;
  return {Basis::Spread, Scale::Linear, error, error, {*f.value - reach, *f.value + reach}};
}

// Largest rank k with P(fewer than k of n lie below the median) <= (1 - level) / 2; 0 when even the extremes are too narrow.
double rank_below(std::uint64_t n, double level) {
  const double tail = (1 - level) / 2;
  double log_term = -static_cast<double>(n) * math::log(2);
  double sum = 0;
  std::uint64_t k = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    sum += math::exp(log_term);
    if (sum > tail) break;
    k = i + 1;
    log_term += math::log(static_cast<double>(n - i)) - math::log(static_cast<double>(i + 1));
  }
  return static_cast<double>(k);
}

// Distance of the median from the middle of low and high, as a share of their distance.
double skew(double low, double value, double high) { return std::fabs((value - low) / (high - low) - 0.5); }

Sampling by_ranks(const Figure& f, double level) {
  if (!f.n || *f.n < 2 || !f.low || !f.high || !(*f.low < *f.high)) return unknown();
  const auto n = static_cast<double>(*f.n);
  const bool positive = *f.low > 0;
  const bool log =
      positive && skew(math::log(*f.low), math::log(*f.value), math::log(*f.high)) <= skew(*f.low, *f.value, *f.high);
  const double wide = log ? math::log(*f.high / *f.low) : *f.high - *f.low;
  // expected extreme of n standard normal numbers (Blom 1958), or the upper quartile
  const double reach =
      f.interval == IntervalKind::Quartiles ? normal_quantile(0.75) : normal_quantile((n - 0.375) / (n + 0.25));
  const double sd = wide / (2 * reach);
  const double pi = 3.14159265358979323846;
  const double error = sd * math::sqrt(pi / (2 * n));
  Sampling s{
      Basis::OrderStatistics, log ? Scale::Log : Scale::Linear, error, log ? *f.value * error : error, {*f.low, *f.high}};
  const double k = rank_below(*f.n, level);
  if (k < 1) return s;
  const double z = -normal_quantile(k / (n + 1)) * sd;
  s.interval =
      log ? stats::Interval{*f.value * math::exp(-z), *f.value * math::exp(z)} : stats::Interval{*f.value - z, *f.value + z};
  if (positive) s.interval.low = std::max(s.interval.low, 0.0);
  return s;
}

}  // namespace

std::string_view name(Basis basis) {
  switch (basis) {
    case Basis::Nothing: return "nothing";
    case Basis::Binomial: return "binomial";
    case Basis::BinomialUncensored: return "binomial_uncensored";
    case Basis::Interval: return "interval";
    case Basis::Spread: return "spread";
    case Basis::OrderStatistics: return "order_statistics";
  }
  return {};
}

Sampling sampling(const Figure& f, double level) {
  CARINA_CHECK(level > 0 && level < 1);
  const bool reported = f.interval == IntervalKind::Confidence95 && (f.low || f.high);
  if ((!f.value && !reported) || !f.bound.empty()) return unknown();
  switch (f.statistic) {
    case Statistic::Share:
    case Statistic::Count: return share(f, level);
    case Statistic::Survival:
    case Statistic::CumulativeIncidence: return landmark(f, level);
    case Statistic::GeometricMean: return geometric(f, level);
    case Statistic::Mean: return mean(f, level);
    case Statistic::Ratio:
    case Statistic::HazardRatio: return reported ? by_interval(f, level) : unknown();
    case Statistic::Median: return reported ? by_interval(f, level) : by_ranks(f, level);
    case Statistic::Maximum:
    case Statistic::Range:
    case Statistic::Excess:
    case Statistic::RSquared: break;
  }
  return unknown();
}

}  // namespace carina::trial
