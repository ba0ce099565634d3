/// @file
/// Numbers with units as a person writes them where the unit is known: `38 kg`, `450e6 cell`, `1.2 1/week` for a rate per day.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/units.h"

namespace carina {

/// A unit with the text that a user knows it by.
struct KnownUnit {
  Unit unit;         ///< the unit
  std::string text;  ///< as it is written
};

/// A value with the text that gave it.
struct Written {
  std::string text;  ///< with unit
  double value = 0;  ///< in the unit of what it is for
};

/// Why a text is no such quantity.
struct Refusal {
  std::string rule;  ///< the rule that it breaks
  std::string hint;  ///< what to do; may be empty
};

/// `text` without white space at its ends.
std::string trimmed(const std::string& text);

/// The number that a text begins with, and the rest. TOML's 10_000 is not a number here.
std::optional<std::pair<double, std::string>> leading_number(const std::string& text);

/// The unit of a text that is known to be one; empty is 1.
KnownUnit known_unit(const std::string& text);

/// `3.5` and `unit`, as a person writes it; no unit for `1`.
std::string with_unit(double value, const std::string& unit);

/// Reads `text`, a number with or without unit, as a value in `wanted`. Empty, with `refusal` filled, when it is none or its
/// unit does not fit.
std::optional<double> parse_quantity(const std::string& text, const KnownUnit& wanted, Refusal& refusal);

}  // namespace carina
