/// @file
/// Cumulative incidence with competing events: the estimate of Aalen and Johansen (Scand J Stat 1978) for individuals that
/// all start in one state and leave it by the first of several causes. What a cause takes is never more than what the others
/// left, so that the shares of all causes and of those without an event sum to 1. Standard errors are the infinitesimal
/// jackknife's, as in R's package survival (docs/estimators.md); with one cause and nobody entering between events that is
/// Greenwood's.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "stats/intervals.h"
#include "stats/survival.h"

namespace carina::stats {

/// One individual's time, and what happened then.
struct Outcome {
  double time = 0;          ///< time of event or of censoring, in the caller's unit; not NaN
  std::uint32_t cause = 0;  ///< 0: censored; 1, 2, ...: the cause that came first
  /// Time from which on it was under observation: at risk at t when entry < t <= time. Below `time`.
  double entry = -std::numeric_limits<double>::infinity();
  std::uint64_t individuals = 1;  ///< number of equal individuals that this stands for; at least 1
};

/// One cause at one time.
struct CauseIncidence {
  std::uint64_t events = 0;  ///< events of this cause at the time
  double incidence = 0;      ///< estimated share that has had it, from this time on
  double se = 0;             ///< its standard error
  Interval interval;         ///< of the share; [0, 0] before the first event of this cause
};

/// The estimate after one distinct time.
struct IncidenceStep {
  double time = 0;                     ///< a time of an event or censoring
  std::uint64_t at_risk = 0;           ///< individuals under observation just before it
  std::uint64_t censored = 0;          ///< censored at it, after the events
  double survival = 1;                 ///< share without any event from this time on: Kaplan and Meier's
  double se = 0;                       ///< its standard error; 0 when nobody is left
  std::vector<CauseIncidence> causes;  ///< cause 1 first
};

/// Estimated cumulative incidences.
struct Incidence {
  std::vector<IncidenceStep> steps;  ///< one for each distinct time, rising
  std::vector<Entered> entered;      ///< one for each distinct time of entry, rising
  std::uint32_t causes = 0;          ///< number of causes
  std::uint64_t individuals = 0;     ///< number that entered

  /// The estimate at `time`, with `at_risk` just before it and `events` and `censored` up to and at it.
  IncidenceStep at(double time) const;
  /// Number under observation just before `time`.
  std::uint64_t at_risk(double time) const;
};

/// The estimate for causes 1 to `causes` from any number of individuals, in any order. Takes time in proportion to distinct
/// times of events x distinct stretches between them in which somebody entered.
Incidence cumulative_incidence(std::span<const Outcome> individuals, std::uint32_t causes,
                               const Confidence& confidence = {});

}  // namespace carina::stats
