/// @file
/// The log-rank test of whether groups have the same hazard (Mantel 1966; Peto and Peto 1972), stratified if asked: R's
/// survdiff with rho = 0, and delayed entry besides.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "stats/distributions.h"
#include "stats/survival.h"

namespace carina::stats {

/// One group of a log-rank test.
struct LogRankGroup {
  std::uint64_t individuals = 0;  ///< that it has
  std::uint64_t observed = 0;     ///< events in it
  double expected = 0;            ///< events to be expected in it, had all groups the same hazard in each stratum
};

/// Result of a log-rank test.
struct LogRank {
  std::vector<LogRankGroup> groups;  ///< by number
  /// With one degree of freedom less than groups that expect events; with fewer than two of those, or where no event left a
  /// choice of group, there is nothing to compare.
  ChiSquareTest test;
};

/// The test. `groups` has the group of each individual, a number from 0; `strata` its stratum, or is empty: one stratum.
LogRank log_rank(std::span<const Observed> individuals, std::span<const std::uint32_t> groups,
                 std::span<const std::uint32_t> strata = {});

}  // namespace carina::stats
