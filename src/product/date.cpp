#include "product/date.h"

#include <fmt/format.h>

#include <chrono>

namespace carina::product {

std::string date_text(const Date& date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

std::optional<Date> parse_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) value = c < '0' || c > '9' ? -100'000 : value * 10 + (c - '0');
    return value;
  };
  const Date date{number(0, 4), number(5, 2), number(8, 2)};
  if (date.year < 1000 || date.month < 1 || date.day < 1) return std::nullopt;
  using namespace std::chrono;
  const year_month_day calendar(std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)),
                                std::chrono::day(static_cast<unsigned>(date.day)));
  if (!calendar.ok()) return std::nullopt;
  return date;
}

}  // namespace carina::product
