#include "expr/quantity.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace carina::expr {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

std::optional<Quantity> parse_quantity(const std::string& text, std::string& why) {
  const std::string body = trimmed(text);
  const std::size_t begin = body.size() > 1 && body[0] == '+' ? 1 : 0;
  Quantity quantity;
  const char* limit = body.data() + body.size();
  const auto result = std::from_chars(body.data() + begin, limit, quantity.value);
  if (result.ec != std::errc() || std::isnan(quantity.value)) {
    why = "a quantity is a number and a unit, as in 7 day";
    return std::nullopt;
  }
  const std::string unit = trimmed(std::string(result.ptr, limit));
  if (unit.empty()) return quantity;
  quantity.unit = Unit::parse(unit);
  if (quantity.unit) return quantity;
  const std::string hint = Unit::advice(unit);
  why = "\"" + unit + "\" is not a unit" + (hint.empty() ? "" : "; " + hint);
  return std::nullopt;
}

std::optional<std::vector<Quantity>> parse_quantities(const std::string& text, std::string& why) {
  std::vector<Quantity> list;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const auto quantity = parse_quantity(text.substr(at, comma - at), why);
    if (!quantity) return std::nullopt;
    list.push_back(*quantity);
    at = comma + 1;
  }
  for (std::size_t i = list.size(); i-- > 1;) {
    if (!list[i - 1].unit) list[i - 1].unit = list[i].unit;
  }
  return list;
}

}  // namespace carina::expr
