/// @file
/// Kaplan and Meier's estimate of survival (J Am Stat Assoc 1958) with Greenwood's variance: the curve, numbers at risk,
/// quantiles, landmarks and the restricted mean, each with its interval, by the conventions of R's package survival
/// (docs/estimators.md). Individuals may come under observation late. Competing events are stats/incidence.h.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "stats/intervals.h"

namespace carina::stats {

/// One individual's time, and whether the event was seen then or follow-up ended. Times are in the caller's unit, and tie
/// when they are equal to the last bit.
struct Observed {
  double time = 0;     ///< time of event or of censoring, in the caller's unit; not NaN
  bool event = false;  ///< true: event; false: censored
  /// Time from which on it was under observation (delayed entry, left truncation): at risk at t when entry < t <= time.
  /// Below `time`; -infinity: from the start.
  double entry = -std::numeric_limits<double>::infinity();
  std::uint64_t individuals = 1;  ///< number of equal individuals that this stands for; at least 1
};

/// Individuals that came under observation up to a time.
struct Entered {
  double time = 0;                ///< a time of entry; -infinity: from the start
  std::uint64_t individuals = 0;  ///< all that entered up to and at it
};

/// The curve after one distinct time.
struct SurvivalStep {
  double time = 0;             ///< a time of an event or censoring
  std::uint64_t at_risk = 0;   ///< individuals under observation just before it
  std::uint64_t events = 0;    ///< events at it
  std::uint64_t censored = 0;  ///< censored at it, after the events
  double survival = 1;         ///< estimate from this time on
  double se = 0;               ///< standard error of survival by Greenwood; NaN when survival is 0
  Interval interval;           ///< of survival; [1, 1] before the first event, NaN ends when survival is 0
};

/// What a curve says at one time.
struct Landmark {
  double time = 0;            ///< the time asked for
  std::uint64_t at_risk = 0;  ///< individuals under observation just before it
  std::uint64_t events = 0;   ///< events up to and at it
  double survival = 1;        ///< estimate at it
  double se = 0;              ///< its standard error; NaN when survival is 0
  Interval interval;          ///< of survival
  bool beyond = false;        ///< it lies after the last time of the data, whose estimate is carried on (R's `extend`)
};

/// A mean of times that are cut at a horizon, with its interval.
struct RestrictedMean {
  double mean = 0;    ///< in the unit of time
  double se = 0;      ///< standard error
  Interval interval;  ///< mean and normal width; not cut
};

/// An estimated curve.
struct SurvivalCurve {
  std::vector<SurvivalStep> steps;  ///< one for each distinct time, rising
  std::vector<Entered> entered;     ///< one for each distinct time of entry, rising
  std::uint64_t individuals = 0;    ///< number that entered
  Confidence confidence;            ///< of all intervals

  /// Survival at `time`; 1 before the first step.
  double at(double time) const;
  /// Number under observation just before `time`.
  std::uint64_t at_risk(double time) const;
  /// Survival at `time` with all that belongs to it.
  Landmark landmark(double time) const;
  /// Smallest time with survival at or below 1 - p (p = 0.5: the median; 0 < p <= 1); where survival equals 1 - p over a
  /// stretch, the middle of it, which ends with the last time at the latest; NaN when not reached.
  double quantile(double p) const;
  /// The times at which the interval's ends cross 1 - p; NaN where not reached.
  Interval quantile_interval(double p) const;
  /// Of the median.
  Interval median_interval() const { return quantile_interval(0.5); }
  /// Mean of min(time, until): the area under the curve up to `until`, which is not before the first step. After the last
  /// step the curve is carried on.
  RestrictedMean restricted_mean(double until) const;
};

/// The estimate from any number of individuals, in any order.
SurvivalCurve kaplan_meier(std::span<const Observed> individuals, const Confidence& confidence = {});

/// The curve of follow-up had nobody had the event ("reverse" Kaplan-Meier; Schemper and Smith, Control Clin Trials 1996):
/// end of follow-up is the event and an event censors it. Its median is the median follow-up.
SurvivalCurve potential_follow_up(std::span<const Observed> individuals, const Confidence& confidence = {});

}  // namespace carina::stats
