// When individuals came under observation, for whoever counts those at risk.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "stats/survival.h"

namespace carina::stats::impl {

// Of rows with `entry` and `individuals`.
template <class Row>
std::vector<Entered> entered(std::span<const Row> rows) {
  std::vector<Entered> list;
  std::uint64_t from_the_start = 0;
  for (const Row& row : rows) {
    if (row.entry == -std::numeric_limits<double>::infinity())
      from_the_start += row.individuals;
    else
      list.push_back({row.entry, row.individuals});
  }
  if (from_the_start > 0) list.push_back({-std::numeric_limits<double>::infinity(), from_the_start});
  std::sort(list.begin(), list.end(), [](const Entered& a, const Entered& b) { return a.time < b.time; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < list.size(); ++i) {
    list[i].individuals += list[i - 1].individuals;
    if (list[i].time != list[kept].time) ++kept;
    list[kept] = list[i];
  }
  if (!list.empty()) list.resize(kept + 1);
  return list;
}

// Individuals that entered before `time`.
inline std::uint64_t entered_before(const std::vector<Entered>& list, double time) {
  const auto next = std::lower_bound(list.begin(), list.end(), time,
                                     [](const Entered& entered, double wanted) { return entered.time < wanted; });
  return next == list.begin() ? 0 : std::prev(next)->individuals;
}

// Individuals under observation just before `time`, from the steps of a curve: those at risk at the next step, without those
// who enter until then.
template <class Curve>
std::uint64_t at_risk(const Curve& curve, double time) {
  const auto next = std::lower_bound(curve.steps.begin(), curve.steps.end(), time,
                                     [](const auto& step, double wanted) { return step.time < wanted; });
  if (next == curve.steps.end()) return 0;
  return next->at_risk - (entered_before(curve.entered, next->time) - entered_before(curve.entered, time));
}

// The last step up to and at `time`, or nullptr before the first.
template <class Step>
const Step* step_at(const std::vector<Step>& steps, double time) {
  const auto after =
      std::upper_bound(steps.begin(), steps.end(), time, [](double wanted, const Step& step) { return wanted < step.time; });
  return after == steps.begin() ? nullptr : &*std::prev(after);
}

}  // namespace carina::stats::impl
