/// @file
/// A calendar date, as labels and patients have it.
#pragma once

#include <compare>
#include <optional>
#include <string>

namespace carina::product {

/// A day of the Gregorian calendar.
struct Date {
  int year = 0;   ///< 1000 to 9999
  int month = 1;  ///< 1 to 12
  int day = 1;    ///< 1 to the length of the month

  /// By time.
  auto operator<=>(const Date&) const = default;
};

/// `2018-05-01`.
std::string date_text(const Date& date);

/// Reads `2018-05-01`; nothing when it is no day of the calendar.
std::optional<Date> parse_date(const std::string& text);

}  // namespace carina::product
