/// @file
/// Texts that stand for more than one number with a unit: `0, 1, 3 day, then every 30 day`, `lognormal(39 kg, 0.5)`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/section.h"
#include "ensemble/population.h"
#include "scenario/scenario.h"

namespace carina::scenario::impl {

/// True when `text` is a number followed by nothing or by a unit, rather than a formula.
bool is_plain(const std::string& text);

/// A list of times: numbers with units and `every`; see docs/scenarios.md.
class Schedule {
 public:
  /// Reads the words; problems in `refusal`.
  static std::optional<Schedule> parse(const std::string& text, const KnownUnit& time, Refusal& refusal);
  /// True when some `every` has no end of its own.
  bool open() const;
  /// The latest time named; for an open schedule this is no end.
  double last_named() const;
  /// All times, ascending, up to `until` where the schedule is open. `from` is where an `every` that comes first starts.
  std::optional<std::vector<double>> times(double from, double until, Refusal& refusal) const;

 private:
  struct Item {
    bool every = false;
    double value = 0;          // time, or interval
    std::optional<double> to;  // end of an `every`
    std::string text;
  };
  std::vector<Item> items_;
};

/// A distribution such as `normal(70 kg, 12 kg)` with optional limits, or a plain quantity. Nothing with `refusal` filled.
std::optional<ensemble::Distribution> parse_distribution(const std::string& text, const KnownUnit& unit, Refusal& refusal);

}  // namespace carina::scenario::impl
