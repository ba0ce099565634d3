/// @file
/// Kaplan and Meier's estimate of survival, with numbers at risk, Greenwood's variance and intervals on the log-log scale.
/// No delayed entry, no competing events, no weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stats/intervals.h"

namespace carina::stats {

/// One individual's time, and whether the event was seen then or follow-up ended.
struct Observed {
  double time = 0;     ///< time of event or of censoring, in the caller's unit; not NaN
  bool event = false;  ///< true: event; false: censored
};

/// The curve after one distinct time.
struct SurvivalStep {
  double time = 0;             ///< a time of an event or censoring
  std::uint64_t at_risk = 0;   ///< individuals under observation just before it
  std::uint64_t events = 0;    ///< events at it
  std::uint64_t censored = 0;  ///< censored at it, after the events
  double survival = 1;         ///< estimate from this time on
  double se = 0;               ///< standard error of survival by Greenwood; NaN when survival is 0
  Interval interval;           ///< on the log-log scale; [1, 1] before the first event, NaN ends when survival is 0
};

/// An estimated curve.
struct SurvivalCurve {
  std::vector<SurvivalStep> steps;  ///< one for each distinct time, rising
  std::uint64_t individuals = 0;    ///< number that entered

  /// Survival at `time`; 1 before the first step.
  double at(double time) const;
  /// Number under observation just before `time`.
  std::uint64_t at_risk(double time) const;
  /// Smallest time with survival at or below 1 - p (p = 0.5: the median); where survival equals 1 - p over an interval, its
  /// middle, as R's survival does; NaN when not reached.
  double quantile(double p) const;
  /// Median with the times where the interval's ends cross a half; NaN where not reached.
  Interval median_interval() const;
};

/// The estimate from any number of individuals, in any order. `level` is the intervals' confidence.
SurvivalCurve kaplan_meier(std::span<const Observed> individuals, double level = 0.95);

}  // namespace carina::stats
