#include "base/quantity.h"

#include <charconv>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/names.h"

namespace carina {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::optional<std::pair<double, std::string>> leading_number(const std::string& text) {
  const std::string all = trimmed(text);
  const char* begin = all.data();
  const char* end = all.data() + all.size();
  if (begin != end && *begin == '+') ++begin;
  double value = 0;
  const auto [rest, error] = std::from_chars(begin, end, value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  return std::pair(value, trimmed(std::string(rest, end)));
}

KnownUnit known_unit(const std::string& text) {
  const std::optional<Unit> unit = Unit::parse(text.empty() ? "1" : text);
  CARINA_CHECK(unit.has_value());
  return {*unit, text.empty() ? "1" : text};
}

std::string with_unit(double value, const std::string& unit) {
  return unit.empty() || unit == "1" ? number_text(value) : number_text(value) + " " + unit;
}

std::optional<double> parse_quantity(const std::string& text, const KnownUnit& wanted, Refusal& refusal) {
  const auto number = leading_number(text);
  if (!number) {
    refusal = {"must be a number with a unit, such as " + with_unit(1, wanted.text), ""};
    return std::nullopt;
  }
  if (number->second.empty()) return number->first;
  const std::optional<Unit> unit = Unit::parse(number->second);
  if (!unit) {
    const std::string advice = Unit::advice(number->second);
    static const std::vector<std::string> usual = {"day", "hour", "minute", "week", "month", "year", "cell", "copies",
                                                   "kg",  "mg",   "ug",     "mL",   "uL",    "nM",   "IU"};
    refusal = {"\"" + number->second + "\" is not a unit", advice.empty() ? did_you_mean(number->second, usual) : advice};
    return std::nullopt;
  }
  if (!unit->convertible(wanted.unit)) {
    refusal = {"has unit " + number->second + ", but must have unit " + wanted.text, ""};
    return std::nullopt;
  }
  return number->first * unit->factor_to(wanted.unit);
}

}  // namespace carina
