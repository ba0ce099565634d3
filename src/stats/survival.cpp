#include "stats/survival.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/math.h"
#include "stats/distributions.h"
#include "stats/impl/entered.h"

namespace carina::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Steps of a curve are products of fractions: equality with 1 - p is meant up to their rounding. R's tolerance.
constexpr double rounding = 1.490116119384766e-8;

/// The time at which the values of `of` reach `level`, or the middle of the stretch on which they equal it.
template <class Of>
double crossing(const std::vector<SurvivalStep>& steps, double level, Of of) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double value = of(steps[i]);
    if (!(value <= level + rounding)) continue;
    if (value <= level - rounding) return steps[i].time;
    for (std::size_t next = i + 1; next < steps.size(); ++next) {
      if (of(steps[next]) <= level - rounding) return (steps[i].time + steps[next].time) / 2;
    }
    const double end = of(steps.back());
    return end == end ? (steps[i].time + steps.back().time) / 2 : nan;
  }
  return nan;
}

/// Greenwood's term of one step; 0 where nobody is left, after which the curve has no variance.
double greenwood(const SurvivalStep& step) {
  const auto n = static_cast<double>(step.at_risk);
  const auto d = static_cast<double>(step.events);
  return step.events == 0 || step.events == step.at_risk ? 0 : d / (n * (n - d));
}

}  // namespace

SurvivalCurve kaplan_meier(std::span<const Observed> individuals, const Confidence& confidence) {
  std::vector<Observed> ordered(individuals.begin(), individuals.end());
  std::sort(ordered.begin(), ordered.end(), [](const Observed& a, const Observed& b) { return a.time < b.time; });

  SurvivalCurve curve;
  curve.confidence = confidence;
  curve.entered = impl::entered(individuals);
  if (!curve.entered.empty()) curve.individuals = curve.entered.back().individuals;
  double survival = 1;
  double variance = 0;  // of the logarithm of survival
  std::uint64_t gone = 0;
  for (std::size_t i = 0; i < ordered.size();) {
    SurvivalStep step;
    step.time = ordered[i].time;
    CARINA_CHECK(step.time == step.time);
    step.at_risk = impl::entered_before(curve.entered, step.time) - gone;
    for (; i < ordered.size() && ordered[i].time == step.time; ++i) {
      CARINA_CHECK(ordered[i].entry < step.time && ordered[i].individuals > 0);
      (ordered[i].event ? step.events : step.censored) += ordered[i].individuals;
    }
    gone += step.events + step.censored;
    const auto n = static_cast<double>(step.at_risk);
    survival *= (n - static_cast<double>(step.events)) / n;
    variance += greenwood(step);
    const double relative_se = math::sqrt(variance);
    step.survival = survival;
    step.se = survival > 0 ? survival * relative_se : nan;
    step.interval = probability_interval(survival, relative_se, confidence);
    curve.steps.push_back(step);
  }
  return curve;
}

SurvivalCurve potential_follow_up(std::span<const Observed> individuals, const Confidence& confidence) {
  std::vector<Observed> reversed(individuals.begin(), individuals.end());
  for (Observed& individual : reversed) individual.event = !individual.event;
  return kaplan_meier(reversed, confidence);
}

double SurvivalCurve::at(double time) const {
  const SurvivalStep* step = impl::step_at(steps, time);
  return step == nullptr ? 1 : step->survival;
}

std::uint64_t SurvivalCurve::at_risk(double time) const { return impl::at_risk(*this, time); }

Landmark SurvivalCurve::landmark(double time) const {
  Landmark landmark{time, at_risk(time), 0, 1, 0, {1, 1}, steps.empty() || time > steps.back().time};
  const SurvivalStep* last = impl::step_at(steps, time);
  if (last == nullptr) return landmark;
  for (const SurvivalStep* step = steps.data(); step <= last; ++step) landmark.events += step->events;
  landmark.survival = last->survival;
  landmark.se = last->se;
  landmark.interval = last->interval;
  return landmark;
}

double SurvivalCurve::quantile(double p) const {
  CARINA_CHECK(p > 0 && p <= 1);
  return crossing(steps, 1 - p, [](const SurvivalStep& step) { return step.survival; });
}

Interval SurvivalCurve::quantile_interval(double p) const {
  CARINA_CHECK(p > 0 && p <= 1);
  return {crossing(steps, 1 - p, [](const SurvivalStep& step) { return step.interval.low; }),
          crossing(steps, 1 - p, [](const SurvivalStep& step) { return step.interval.high; })};
}

RestrictedMean SurvivalCurve::restricted_mean(double until) const {
  CARINA_CHECK(steps.empty() || until >= steps.front().time);
  // from the horizon back: the area right of a step is what its events took a share of
  double area = 0;
  double variance = 0;
  double right = until;
  const SurvivalStep* last = impl::step_at(steps, until);
  for (std::size_t i = last == nullptr ? 0 : static_cast<std::size_t>(last - steps.data()) + 1; i-- > 0;) {
    area += (right - steps[i].time) * steps[i].survival;
    variance += area * area * greenwood(steps[i]);
    right = steps[i].time;
  }
  // times may be negative: the area before the first step is what min(time, until) has from there to 0
  const double mean = area + right;
  const double se = math::sqrt(variance);
  const double width = normal_width(confidence.level) * se;
  return {mean, se, {mean - width, mean + width}};
}

}  // namespace carina::stats
