#include "scenario/impl/quantity.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "base/names.h"

namespace carina::scenario::impl {
namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t depth = 0;
  std::string part;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    if (c == at && depth == 0) {
      parts.push_back(trimmed(part));
      part.clear();
    } else {
      part += c;
    }
  }
  parts.push_back(trimmed(part));
  return parts;
}

bool take_word(std::string& text, const std::string& word) {
  if (text.rfind(word, 0) != 0) return false;
  if (text.size() > word.size() && std::isspace(static_cast<unsigned char>(text[word.size()])) == 0) return false;
  text = trimmed(text.substr(word.size()));
  return true;
}

}  // namespace

bool is_plain(const std::string& text) {
  const auto number = leading_number(text);
  if (!number) return false;
  const std::string& rest = number->second;
  if (rest.empty()) return true;
  const char c = rest.front();
  if (rest.find('\'') != std::string::npos) return false;
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '%' || c == '(' || static_cast<unsigned char>(c) > 127;
}

std::optional<Schedule> Schedule::parse(const std::string& text, const KnownUnit& time, Refusal& refusal) {
  Schedule schedule;
  std::vector<std::string> parts = split(text, ',');
  // a number without a unit takes that of the next one that has one: 0, 1, 3 day
  std::string unit;
  for (std::size_t i = parts.size(); i-- > 0;) {
    std::string part = parts[i];
    Item item;
    item.text = part;
    take_word(part, "then");
    item.every = take_word(part, "every");
    std::string end;
    if (const std::size_t to = part.find(" to "); item.every && to != std::string::npos) {
      end = trimmed(part.substr(to + 4));
      part = trimmed(part.substr(0, to));
    }
    const auto number = leading_number(part);
    if (!number) {
      refusal = {"\"" + item.text + "\" is no time", "write 0, 1, 3 day, then every 7 day to 28 day"};
      return std::nullopt;
    }
    if (item.every) unit.clear();
    if (number->second.empty() && !unit.empty()) part += " " + unit;
    if (!number->second.empty()) unit = number->second;
    const auto value = parse_quantity(part, time, refusal);
    if (!value) return std::nullopt;
    item.value = *value;
    if (!end.empty()) {
      const auto last = parse_quantity(end, time, refusal);
      if (!last) return std::nullopt;
      item.to = *last;
    }
    if (item.every && item.value <= 0) {
      refusal = {"\"" + item.text + "\": an interval must be > 0", ""};
      return std::nullopt;
    }
    if (item.every) unit.clear();
    schedule.items_.push_back(std::move(item));
  }
  std::reverse(schedule.items_.begin(), schedule.items_.end());
  return schedule;
}

bool Schedule::open() const {
  return std::any_of(items_.begin(), items_.end(), [](const Item& item) { return item.every && !item.to; });
}

double Schedule::last_named() const {
  double last = -std::numeric_limits<double>::infinity();
  for (const Item& item : items_) last = std::max(last, item.every ? item.to.value_or(last) : item.value);
  return last;
}

std::optional<std::vector<double>> Schedule::times(double from, double until, Refusal& refusal) const {
  constexpr double most = 1e6;
  std::vector<double> times;
  for (const Item& item : items_) {
    if (!item.every) {
      if (!times.empty() && item.value <= times.back()) {
        refusal = {"times must rise: \"" + item.text + "\" does not lie after what comes before it", ""};
        return std::nullopt;
      }
      times.push_back(item.value);
      continue;
    }
    if (times.empty()) times.push_back(from);
    const double first = times.back();
    const double end = item.to.value_or(until);
    // an end that a whole number of intervals reaches is meant to be reached, whatever the rounding
    const double steps = std::floor((end - first) / item.value * (1 + 1e-12) + 1e-9);
    if (steps + static_cast<double>(times.size()) > most) {
      refusal = {"\"" + item.text + "\" makes more than a million times", ""};
      return std::nullopt;
    }
    for (std::uint64_t k = 1; static_cast<double>(k) <= steps; ++k) {
      times.push_back(std::min(end, first + static_cast<double>(k) * item.value));
    }
  }
  return times;
}

std::optional<ensemble::Distribution> parse_distribution(const std::string& text, const KnownUnit& unit, Refusal& refusal) {
  using Kind = ensemble::Distribution::Kind;
  ensemble::Distribution d;
  const std::size_t open = text.find('(');
  if (open == std::string::npos || leading_number(text)) {
    const auto value = parse_quantity(text, unit, refusal);
    if (!value) return std::nullopt;
    d.a = *value;
    return d;
  }
  const std::string name = trimmed(text.substr(0, open));
  const std::string rest = trimmed(text.substr(open + 1));
  static const std::vector<std::string> names = {"normal", "lognormal", "uniform", "bernoulli"};
  if (std::find(names.begin(), names.end(), name) == names.end() || rest.empty() || rest.back() != ')') {
    refusal = {
        "must be a quantity, normal(mean, sd), lognormal(median, sd of the logarithm), uniform(low, high) or "
        "bernoulli(probability)",
        did_you_mean(name, names)};
    return std::nullopt;
  }
  const std::vector<std::string> arguments = split(rest.substr(0, rest.size() - 1), ',');
  const bool limits = (name == "normal" || name == "lognormal") && arguments.size() == 4;
  const std::size_t wanted = name == "bernoulli" ? 1 : 2;
  if (arguments.size() != wanted && !limits) {
    refusal = {name + "() takes " + std::to_string(wanted) + (wanted == 1 ? " argument" : " arguments") +
                   (wanted == 2 && name != "uniform" ? ", or 4 with the smallest and the largest value" : ""),
               ""};
    return std::nullopt;
  }
  d.kind = name == "normal"      ? Kind::Normal
           : name == "lognormal" ? Kind::LogNormal
           : name == "uniform"   ? Kind::Uniform
                                 : Kind::Bernoulli;
  const KnownUnit one = known_unit("1");
  std::vector<double> values;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool pure = d.kind == Kind::Bernoulli || (d.kind == Kind::LogNormal && i == 1);
    const auto value = parse_quantity(arguments[i], pure ? one : unit, refusal);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  d.a = values[0];
  if (wanted == 2) d.b = values[1];
  if (limits) d.low = values[2], d.high = values[3];
  if (d.kind == Kind::Bernoulli && (d.a < 0 || d.a > 1))
    refusal = {"a probability must be from 0 to 1", ""};
  else if (d.kind == Kind::Uniform && d.b < d.a)
    refusal = {"the first end must not lie above the second", ""};
  else if ((d.kind == Kind::Normal || d.kind == Kind::LogNormal) && d.b < 0)
    refusal = {"a standard deviation must be >= 0", ""};
  else if (d.kind == Kind::LogNormal && d.a <= 0)
    refusal = {"the median of a log-normal must be > 0", ""};
  else if (limits && d.low >= d.high)
    refusal = {"the smallest value must lie below the largest", ""};
  else
    return d;
  return std::nullopt;
}

}  // namespace carina::scenario::impl
