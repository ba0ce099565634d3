// What a model must give.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/names.h"
#include "expr/quantity.h"
#include "model/impl/builder.h"

namespace carina::model::impl {
namespace {

const std::vector<std::string> statistics = {"at", "max", "tmax", "min", "tmin", "auc", "half_life", "crosses"};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

void Builder::read_checks() {
  for (Section& section : root_.sections("check")) {
    read_check(section);
    section.finish();
  }
}

void Builder::read_check(Section& section) {
  Check check;
  check.name = section.text("name").value_or("");
  const std::string variant = section.text("variant").value_or("");
  if (!variant.empty()) {
    std::vector<std::string> names;
    for (const Variant& known : model_.variants) names.push_back(known.name);
    if (std::find(names.begin(), names.end(), variant) == names.end()) {
      section.problem(section.find("variant"), "variant", "is not known", did_you_mean(variant, names));
    }
  }
  const Column column = this->column(section, check);
  check.source = source(section, true);
  const bool good = read_statistic(section, check, column.unit);
  const std::vector<double> times = check.statistic == "at" ? read_times(section) : std::vector<double>{check.time};
  check.relative = section.number("relative").value_or(0);
  if (!(check.relative >= 0)) section.problem(section.find("relative"), "relative", "must be 0 or more");
  read_check_set(section, check);
  read_check_doses(section, check);
  const std::size_t before = model_.checks.size();
  if (good && column.found) {
    read_expected(section, check, times);
  } else {
    for (const char* key : {"value", "unit", "absolute"}) section.find(key);
  }
  if (variant != model_.variant) model_.checks.resize(before);
}

Builder::Column Builder::column(Section& section, Check& check) {
  const auto of = section.need_text("of", "an output, a state or a derived quantity");
  if (!of) return {};
  check.column = *of;
  const auto it = units_.find(*of);
  if (it != units_.end()) return {it->second, true};
  std::vector<std::string> names;
  for (const auto& [name, unit] : units_) names.push_back(name);
  section.problem(section.find("of"), "of", "is no output, state or derived quantity", did_you_mean(*of, names));
  return {};
}

// The statistic and its span; false when it is not known.
bool Builder::read_statistic(Section& section, Check& check, const Unit& column) {
  const toml::node* at = section.find("at");
  const toml::node* until = section.find("until");
  const toml::node* level = section.find("level");
  const auto named = section.text("statistic");
  check.from = amount(section, "from", time_).value_or(0);
  check.statistic = named.value_or("at");
  if (std::find(statistics.begin(), statistics.end(), check.statistic) == statistics.end()) {
    std::string hint = did_you_mean(check.statistic, statistics);
    if (hint.empty()) hint = "one of " + joined(statistics);
    section.problem(section.find("statistic"), "statistic", "is not known", hint);
    return false;
  }
  const bool span = check.statistic != "at";
  if (!span && at == nullptr)
    section.problem(nullptr, "at", "is missing", "a time, as in at = \"7 day\", or a statistic with until");
  if (span && at != nullptr)
    section.problem(at, "at", "does not go with statistic = \"" + check.statistic + "\"",
                    "give until, and from if it is not 0");
  if (span && until == nullptr)
    section.problem(nullptr, "until", "is missing", "the end of the span, as in until = \"90 day\"");
  check.time = amount(section, "until", time_).value_or(0);
  if (span && until != nullptr && !(check.time > check.from)) section.problem(until, "until", "must be later than from");
  if (check.statistic == "crosses" && level == nullptr)
    section.problem(nullptr, "level", "is missing", "the level that is passed");
  if (check.statistic != "crosses" && level != nullptr) section.problem(level, "level", "belongs to crosses only");
  check.level = amount(section, "level", column).value_or(0);
  return true;
}

// `at = "0, 1, 7 day"`
std::vector<double> Builder::read_times(Section& section) {
  std::vector<double> times;
  const auto text = section.text("at");
  if (!text) return times;
  std::string why;
  const auto list = expr::parse_quantities(*text, why);
  if (!list) {
    section.problem(section.find("at"), "at", "is no list of times", why);
    return times;
  }
  for (const expr::Quantity& quantity : *list) {
    if (quantity.unit && quantity.unit->convertible(time_)) {
      times.push_back(quantity.value * quantity.unit->factor_to(time_));
    } else if (quantity.value == 0 && !quantity.unit) {
      times.push_back(0);
    } else {
      section.problem(section.find("at"), "at", "must be times", "as in at = \"0, 1, 7 day\"");
      return {};
    }
  }
  return times;
}

Unit Builder::expected_unit(const Check& check, const Unit& column) const {
  const std::string& statistic = check.statistic;
  if (statistic == "auc") return column * time_;
  if (statistic == "tmax" || statistic == "tmin" || statistic == "half_life" || statistic == "crosses") return time_;
  return column;
}

// One unit of the last digit that was written.
double Builder::last_digit(const toml::node& node) const {
  std::string text = document_.written(node);
  std::erase(text, '_');
  const std::size_t e = text.find_first_of("eE");
  const std::string mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find('.');
  const std::size_t decimals = point == std::string::npos ? 0 : mantissa.size() - point - 1;
  const std::string exponent = e == std::string::npos ? "0" : text.substr(e + 1);
  try {
    return std::stod(fmt::format("1e{}", std::stoi(exponent) - static_cast<int>(decimals)));
  } catch (const std::exception&) {
    return 0;
  }
}

// One check for each time; without a tolerance a value must agree to its last digit or 1e-6.
void Builder::read_expected(Section& section, const Check& check, const std::vector<double>& times) {
  const Unit& column = units_.at(check.column);
  const auto unit = this->unit(section);
  const Unit wanted = expected_unit(check, column);
  if (unit && !unit->convertible(wanted)) {
    section.problem(section.find("unit"), "unit", "must be convertible to " + wanted.text());
  }
  const auto absolute = amount(section, "absolute", unit.value_or(Unit()));
  if (absolute && !(*absolute >= 0)) section.problem(section.find("absolute"), "absolute", "must be 0 or more");
  const toml::node* value = section.need("value");
  if (value == nullptr) return;
  std::vector<const toml::node*> nodes;
  if (const toml::array* array = value->as_array()) {
    for (const toml::node& node : *array) nodes.push_back(&node);
  } else {
    nodes.push_back(value);
  }
  if (nodes.size() != times.size() && !times.empty()) {
    section.problem(value, "value",
                    fmt::format("must have one value for each of {} times, not {}", times.size(), nodes.size()));
    return;
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!nodes[i]->is_number()) {
      section.wrong_type(*nodes[i], "value", "a number");
      return;
    }
    Check one = check;
    one.time = times[i];
    one.value = nodes[i]->value<double>().value_or(0);
    one.unit = section.text("unit").value_or("1");
    one.absolute = absolute.value_or(0);
    if (!absolute && section.find("relative") == nullptr) {
      one.relative = 1e-6;
      one.absolute = last_digit(*nodes[i]);
    }
    model_.checks.push_back(std::move(one));
  }
}

void Builder::read_check_set(Section& section, Check& check) {
  auto set = section.section("set");
  if (!set) return;
  for (const auto& [key, node] : set->entries()) {
    const std::string name(key->str());
    const auto index = model_.find_parameter(name);
    if (!index) {
      document_.problems.add(
          document_.problem(*key, set->path(name), "is no parameter", did_you_mean(name, parameter_names())));
      continue;
    }
    const auto unit = Unit::parse(model_.parameters[*index].unit);
    const auto value = amount(*set, name, unit.value_or(Unit()), *node);
    if (value) check.set.emplace_back(name, *value);
  }
}

void Builder::read_check_doses(Section& section, Check& check) {
  for (Section& inner : section.sections("doses")) {
    CheckDose dose;
    dose.into = inner.need_text("into", "the state that it goes into").value_or("");
    const auto index = model_.find_state(dose.into);
    std::vector<std::string> inputs;
    for (const State& state : model_.states) {
      if (state.input) inputs.push_back(state.name);
    }
    if (!dose.into.empty() && (!index || !model_.states[*index].input)) {
      std::string hint = did_you_mean(dose.into, inputs);
      if (hint.empty() && index) hint = "give the state dose = true";
      if (closed_form()) hint = "a model without states takes no doses";
      inner.problem(inner.find("into"), "into", "is no state that takes doses", hint);
    }
    const Unit unit = index ? units_.at(dose.into) : Unit();
    if (inner.need("amount") != nullptr && index) dose.amount = amount(inner, "amount", unit).value_or(0);
    dose.at = amount(inner, "at", time_).value_or(0);
    dose.duration = amount(inner, "duration", time_).value_or(0);
    dose.every = amount(inner, "every", time_).value_or(0);
    dose.count = amount(inner, "count", Unit()).value_or(1);
    inner.finish();
    check.doses.push_back(std::move(dose));
  }
}

}  // namespace carina::model::impl
