/// @file
/// Names and numbers in messages: the known name nearest to a mistyped one, and the shortest text of a number.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace carina {

/// Number of single-letter changes (insert, remove, replace, swap neighbours) that turn one name into the other; a change
/// between upper and lower case counts as one.
std::size_t edit_distance(std::string_view from, std::string_view to);

/// The known name nearest to `name`, whatever its case: the first of those within a third of its length, at least one
/// change. Empty when none is near.
std::string nearest_name(std::string_view name, std::span<const std::string> known);

/// `did you mean "Tmax"?`, or empty when no known name is near. Fits Problem::hint.
std::string did_you_mean(std::string_view name, std::span<const std::string> known);

/// Shortest text that reads back to the same bits, as a person writes it: 0.1, 450, 1e6, 1e-9, nan, inf, -inf.
std::string number_text(double value);

}  // namespace carina
