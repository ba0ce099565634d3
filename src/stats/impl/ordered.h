// Individuals by stratum and time, for sums over those at risk at each event.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "base/check.h"
#include "stats/survival.h"

namespace carina::stats::impl {

// Places of the individuals by stratum, and within it by falling time of exit and of entry: going back in time, one comes to
// be at risk at its exit and is no longer at risk at its entry.
struct Ordered {
  std::vector<std::size_t> by_exit, by_entry;
  std::vector<std::size_t> strata;  // where each stratum begins in both, and their end
};

inline Ordered ordered(std::span<const Observed> individuals, std::span<const std::uint32_t> strata) {
  CARINA_CHECK(strata.empty() || strata.size() == individuals.size());
  const auto stratum = [&](std::size_t i) { return strata.empty() ? 0 : strata[i]; };
  Ordered list;
  list.by_exit.resize(individuals.size());
  std::iota(list.by_exit.begin(), list.by_exit.end(), std::size_t{0});
  list.by_entry = list.by_exit;
  const auto falling = [&](double Observed::*time) {
    return [&, time](std::size_t a, std::size_t b) {
      if (stratum(a) != stratum(b)) return stratum(a) < stratum(b);
      if (individuals[a].*time != individuals[b].*time) return individuals[a].*time > individuals[b].*time;
      return a < b;
    };
  };
  std::sort(list.by_exit.begin(), list.by_exit.end(), falling(&Observed::time));
  std::sort(list.by_entry.begin(), list.by_entry.end(), falling(&Observed::entry));
  for (std::size_t i = 0; i < individuals.size(); ++i) {
    const Observed& row = individuals[i];
    CARINA_CHECK(row.time == row.time && row.entry < row.time && row.individuals > 0);
    if (i == 0 || stratum(list.by_exit[i]) != stratum(list.by_exit[i - 1])) list.strata.push_back(i);
  }
  list.strata.push_back(individuals.size());
  return list;
}

// Calls `at(t, joining, leaving)` for each distinct time t of a stratum, the latest first: `joining` are the places of those
// whose exit is t, `leaving` of those who have not entered before t and did not leave earlier in this walk.
template <class At>
void walk_back(std::span<const Observed> individuals, const Ordered& list, std::size_t stratum, At at) {
  const std::size_t end = list.strata[stratum + 1];
  std::size_t exit = list.strata[stratum];
  std::size_t entry = exit;
  while (exit < end) {
    const double time = individuals[list.by_exit[exit]].time;
    const std::size_t first = exit;
    while (exit < end && individuals[list.by_exit[exit]].time == time) ++exit;
    const std::size_t left = entry;
    while (entry < end && individuals[list.by_entry[entry]].entry >= time) ++entry;
    at(time, std::span(list.by_exit).subspan(first, exit - first), std::span(list.by_entry).subspan(left, entry - left));
  }
}

}  // namespace carina::stats::impl
