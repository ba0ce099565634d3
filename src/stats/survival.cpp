#include "stats/survival.h"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <iterator>
#include <limits>

#include "base/check.h"
#include "base/math.h"

namespace carina::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double root_two = 1.41421356237309504880;
/// Steps of a curve are products of fractions: equality with 1 - p is meant up to their rounding.
constexpr double rounding = 1e-9;

/// The interval of log(-log(S)), turned back; `greenwood` is the sum of d / (n (n - d)).
Interval log_log(double survival, double greenwood, double z) {
  if (survival >= 1) return {1, 1};
  if (survival <= 0) return {nan, nan};
  const double log_survival = math::log(survival);
  const double width = z * math::sqrt(greenwood) / -log_survival;
  return {math::exp(log_survival * math::exp(width)), math::exp(log_survival * math::exp(-width))};
}

/// The time at which the values of `of` reach `level`, or the middle of the stretch on which they equal it.
template <class Of>
double crossing(const std::vector<SurvivalStep>& steps, double level, Of of) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double value = of(steps[i]);
    if (!(value <= level + rounding)) continue;
    if (value < level - rounding) return steps[i].time;
    for (std::size_t next = i + 1; next < steps.size(); ++next) {
      if (of(steps[next]) < level - rounding) return (steps[i].time + steps[next].time) / 2;
    }
    return steps[i].time;
  }
  return nan;
}

}  // namespace

SurvivalCurve kaplan_meier(std::span<const Observed> individuals, double level) {
  CARINA_CHECK(level > 0 && level < 1);
  std::vector<Observed> ordered(individuals.begin(), individuals.end());
  std::sort(ordered.begin(), ordered.end(), [](const Observed& a, const Observed& b) { return a.time < b.time; });
  // the usual level is written down: curves are recorded, and no library's logarithm may enter what is recorded
  const double z = level == 0.95 ? 1.959963984540054 : root_two * boost::math::erf_inv(level);

  SurvivalCurve curve;
  curve.individuals = ordered.size();
  double survival = 1;
  double greenwood = 0;
  for (std::size_t i = 0; i < ordered.size();) {
    SurvivalStep step;
    step.time = ordered[i].time;
    CARINA_CHECK(step.time == step.time);
    step.at_risk = ordered.size() - i;
    for (; i < ordered.size() && ordered[i].time == step.time; ++i) ++(ordered[i].event ? step.events : step.censored);
    const auto n = static_cast<double>(step.at_risk);
    const auto d = static_cast<double>(step.events);
    survival *= (n - d) / n;
    if (step.events > 0) greenwood += d / (n * (n - d));
    step.survival = survival;
    step.se = survival > 0 ? survival * math::sqrt(greenwood) : nan;
    step.interval = log_log(survival, greenwood, z);
    curve.steps.push_back(step);
  }
  return curve;
}

double SurvivalCurve::at(double time) const {
  const auto after = std::upper_bound(steps.begin(), steps.end(), time,
                                      [](double wanted, const SurvivalStep& step) { return wanted < step.time; });
  return after == steps.begin() ? 1 : std::prev(after)->survival;
}

std::uint64_t SurvivalCurve::at_risk(double time) const {
  const auto next = std::lower_bound(steps.begin(), steps.end(), time,
                                     [](const SurvivalStep& step, double wanted) { return step.time < wanted; });
  return next == steps.end() ? 0 : next->at_risk;
}

double SurvivalCurve::quantile(double p) const {
  return crossing(steps, 1 - p, [](const SurvivalStep& step) { return step.survival; });
}

Interval SurvivalCurve::median_interval() const {
  return {crossing(steps, 0.5, [](const SurvivalStep& step) { return step.interval.low; }),
          crossing(steps, 0.5, [](const SurvivalStep& step) { return step.interval.high; })};
}

}  // namespace carina::stats
