/// @file
/// Texts that stand for numbers with units: `450e6 cell`, `0, 1, 3 day, then every 30 day`, `lognormal(39 kg, 0.5)`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "ensemble/population.h"
#include "scenario/impl/section.h"
#include "scenario/scenario.h"

namespace carina::scenario::impl {

/// A unit with the text that a user knows it by.
struct KnownUnit {
  Unit unit;
  std::string text;
};

/// The unit of a thing in a model that was read; the text is known to be one.
KnownUnit known_unit(const std::string& text);

/// `3.5` and `unit`, as a person writes it; no unit for `1`.
std::string with_unit(double value, const std::string& unit);

/// True when `text` is a number followed by nothing or by a unit, rather than a formula.
bool is_plain(const std::string& text);

/// Reads `text`, a number with or without unit, as a value in `wanted`. Empty, with `rule` and `hint` filled, when it is
/// none or its unit does not fit. `needs_unit` refuses a bare number where the unit is not 1.
struct Refusal {
  std::string rule, hint;
};
std::optional<double> parse_quantity(const std::string& text, const KnownUnit& wanted, Refusal& refusal);

/// The value at `key` as a quantity: a bare number has the unit wanted. Nothing when absent or, with a problem, wrong.
std::optional<Written> quantity(Section& section, std::string_view key, const KnownUnit& wanted);
/// The same for a node that is at hand.
std::optional<Written> quantity(Reading& reading, const toml::node& node, const std::string& path, const KnownUnit& wanted);

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
