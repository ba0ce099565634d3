/// @file
/// Quantities as a person writes them in a file: `450e6 cell`, `1.73 1/day`, `0, 1, 3, 7 day`. A number, then a unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/units.h"

namespace carina::expr {

/// A number and its unit.
struct Quantity {
  double value = 0;          ///< in `unit`
  std::optional<Unit> unit;  ///< absent for a bare number
};

/// Reads one quantity; nothing when the text is none, and then `why` says why.
std::optional<Quantity> parse_quantity(const std::string& text, std::string& why);

/// Reads a list separated by commas. An entry without unit takes the unit of the next one that has one: `0, 1, 7 day`.
std::optional<std::vector<Quantity>> parse_quantities(const std::string& text, std::string& why);

}  // namespace carina::expr
