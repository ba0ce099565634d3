/// @file
/// Ticks of an axis, and numbers as a figure shows them.
#pragma once

#include <string>
#include <vector>

namespace carina::figures::impl {

/// Round numbers in [low, high], about `wanted` of them, ascending.
std::vector<double> linear_ticks(double low, double high, int wanted);

/// Powers of ten in [low, high], thinned to at most `most`; low > 0.
std::vector<double> log_ticks(double low, double high, int most);

/// Ends of a linear axis around values from `low` to `high`: round, with some room above.
struct Range {
  double low = 0, high = 1;
};
/// The range of a linear axis.
Range linear_range(double low, double high);
/// The range of a log axis, whole decades or halves.
Range log_range(double low, double high);

/// `34,700`, `0.0079`, `1.2e9`: `digits` significant digits.
std::string number(double value, int digits = 3);

/// A unit as print shows it: µg for ug, µL for uL, ² for ^2; empty for 1.
std::string unit_text(const std::string& unit);

/// `8 days`, `1 day`: a number of time units in words.
std::string plural(const std::string& unit, double count);

}  // namespace carina::figures::impl
