#include "trial/impl/reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/check.h"

namespace carina::trial::impl {
namespace {

std::string type_text(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  if (node.is_string()) return "a text";
  if (node.is_number()) return "a number";
  if (node.is_boolean()) return "true or false";
  return "a date or time";
}

std::optional<double> as_number(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return static_cast<double>(whole->get());
  if (const auto* number = node.as_floating_point()) return number->get();
  return std::nullopt;
}

std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    std::string line = text->get();
    std::replace(line.begin(), line.end(), '\n', ' ');
    if (line.size() > 70) line = line.substr(0, 67) + "...";
    return "\"" + line + "\"";
  }
  if (const auto number = as_number(node)) return number_text(*number);
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return {};
}

// The number that a text begins with, and the unit after it.
std::optional<std::pair<double, std::string>> split(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  std::string unit(rest, end);
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  return std::pair(value, unit);
}

}  // namespace

void Reading::problem(const toml::node* node, std::string path, std::string rule, std::string hint) {
  Problem found{file, 0, 0, std::move(path), "", std::move(rule), std::move(hint)};
  if (node != nullptr) {
    found.value = shown(*node);
    found.line = static_cast<int>(node->source().begin.line);
    found.column = static_cast<int>(node->source().begin.column);
  }
  problems.add(std::move(found));
}

void Reading::problem(const Place& place, std::string_view key, std::string rule, std::string hint) {
  const toml::node* node = place.table == nullptr ? nullptr : place.table->get(key);
  if (node == nullptr) node = place.table;
  std::string path = place.path;
  if (!key.empty()) path += (path.empty() ? "" : ".") + std::string(key);
  problem(node, std::move(path), std::move(rule), std::move(hint));
}

Unit known_unit(const std::string& text) {
  const std::optional<Unit> unit = Unit::parse(text);
  CARINA_CHECK(unit.has_value());
  return *unit;
}

std::optional<Quantity> read_quantity(Reading& reading, const toml::node& node, const std::string& path,
                                      const std::string& unit) {
  const Unit wanted = known_unit(unit);
  const std::string example =
      unit == "1" ? "must be a number" : "must be a text with a number and a unit, such as \"1 " + unit + "\"";
  if (const auto number = as_number(node); number && unit == "1" && std::isfinite(*number))
    return Quantity{number_text(*number), *number};
  const auto* text = node.as_string();
  const auto parts = text == nullptr ? std::nullopt : split(text->get());
  if (!parts || (parts->second.empty() && unit != "1")) {
    reading.problem(&node, path, example);
    return std::nullopt;
  }
  const auto given = Unit::parse(parts->second.empty() ? "1" : parts->second);
  if (!given) {
    reading.problem(&node, path, "\"" + parts->second + "\" is not a unit", Unit::advice(parts->second));
    return std::nullopt;
  }
  if (!given->convertible(wanted)) {
    reading.problem(&node, path, "has unit " + parts->second + ", but must have unit " + unit);
    return std::nullopt;
  }
  const std::string tail = parts->second.empty() ? "" : " " + parts->second;
  return Quantity{number_text(parts->first) + tail, parts->first * given->factor_to(wanted)};
}

std::string Reader::path(std::string_view key) const {
  return place_.path.empty() ? std::string(key) : place_.path + "." + std::string(key);
}

const toml::node* Reader::find(std::string_view key) {
  asked_.emplace_back(key);
  return place_.table == nullptr ? nullptr : place_.table->get(key);
}

void Reader::problem(std::string_view key, std::string rule, std::string hint) {
  reading_->problem(place_, key, std::move(rule), std::move(hint));
}

void Reader::missing(std::string_view key, std::string hint) {
  Problem found{reading_->file, 0, 0, path(key), "", "is missing", std::move(hint)};
  if (place_.table != nullptr) {
    found.line = static_cast<int>(place_.table->source().begin.line);
    found.column = static_cast<int>(place_.table->source().begin.column);
  }
  reading_->problems.add(std::move(found));
}

void Reader::text(std::string_view key, std::string& value, Need need) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    if (need == Need::Yes) missing(key);
    return;
  }
  const auto* text = node->as_string();
  if (text == nullptr) return problem(key, "must be a text, not " + type_text(*node));
  value = text->get();
  if (need == Need::Yes && value.empty()) problem(key, "must not be empty");
}

void Reader::check_word(std::string_view key, const std::string& value, const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), value) != words.end()) return;
  std::string all;
  for (const std::string& known : words)
    if (!known.empty()) all += (all.empty() ? "" : ", ") + known;
  const std::string hint = did_you_mean(value, words);
  if (words.size() > 12)
    problem(key, "is no word that is known here", hint.empty() ? "docs/trials.md lists them" : hint);
  else
    problem(key, "must be one of " + all, hint);
}

void Reader::word(std::string_view key, std::string& value, const std::vector<std::string>& words, Need need) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    if (need == Need::Yes) missing(key);
    return;
  }
  const auto* text = node->as_string();
  if (text == nullptr) return problem(key, "must be a text, not " + type_text(*node));
  value = text->get();
  check_word(key, value, words);
}

void Reader::flag(std::string_view key, bool& value) {
  std::optional<bool> found;
  maybe_flag(key, found);
  value = found.value_or(value);
}

void Reader::maybe_flag(std::string_view key, std::optional<bool>& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto* flag = node->as_boolean();
  if (flag == nullptr) return problem(key, "must be true or false, not " + type_text(*node));
  value = flag->get();
}

void Reader::whole(std::string_view key, std::uint64_t& value) {
  std::optional<std::uint64_t> found;
  maybe_whole(key, found);
  value = found.value_or(value);
}

void Reader::maybe_whole(std::string_view key, std::optional<std::uint64_t>& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < 1) return problem(key, "must be a whole number of at least 1");
  value = static_cast<std::uint64_t>(number->get());
}

void Reader::number(std::string_view key, double& value) {
  std::optional<double> found;
  maybe_number(key, found);
  if (!found && (place_.table == nullptr || place_.table->get(key) == nullptr)) missing(key);
  value = found.value_or(value);
}

void Reader::maybe_number(std::string_view key, std::optional<double>& value) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto number = as_number(*node);
  if (!number || !std::isfinite(*number)) return problem(key, "must be a finite number");
  value = number;
}

void Reader::quantity(std::string_view key, Quantity& value, const std::string& unit) {
  const toml::node* node = find(key);
  if (node == nullptr) return missing(key);
  value = read_quantity(*reading_, *node, path(key), unit).value_or(Quantity{});
}

void Reader::maybe_quantity(std::string_view key, std::optional<Quantity>& value, const std::string& unit) {
  if (const toml::node* node = find(key)) value = read_quantity(*reading_, *node, path(key), unit);
}

void Reader::quantities(std::string_view key, std::vector<Quantity>& values, const std::string& unit) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr) return problem(key, "must be a list, not " + type_text(*node));
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string place = path(key) + "[" + std::to_string(i) + "]";
    const auto value = read_quantity(*reading_, (*array)[i], place, unit);
    if (!value) continue;
    if (!values.empty() && value->value <= values.back().value)
      reading_->problem(&(*array)[i], place, "must rise from one to the next");
    values.push_back(*value);
  }
}

void Reader::texts(std::string_view key, std::vector<std::string>& values) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr) return problem(key, "must be a list, not " + type_text(*node));
  for (const toml::node& item : *array) {
    if (const auto* text = item.as_string())
      values.push_back(text->get());
    else
      return problem(key, "must be a list of texts");
  }
}

void Reader::stated(std::string_view key, std::optional<Stated>& value, const std::string& unit, Need need) {
  const toml::table* node = inner_table(key);
  if (node == nullptr) {
    if (need == Need::Yes && find(key) == nullptr) missing(key, "{ value = ..., source = \"...\" } states it");
    return;
  }
  read({node, path(key)}, value.emplace(), [&](auto& inner, Stated& s) {
    inner.quantity("value", s.value, unit);
    provenance(inner, s.of);
    inner.check_provenance(inner.place_, s.of);
  });
}

void Reader::named(std::string_view key, std::optional<Named>& value, const std::vector<std::string>& words, Need need) {
  const toml::table* node = inner_table(key);
  if (node == nullptr) {
    if (need == Need::Yes && find(key) == nullptr) missing(key, "{ name = ..., source = \"...\" } states it");
    return;
  }
  read({node, path(key)}, value.emplace(), [&](auto& inner, Named& n) {
    inner.text("name", n.name, Need::Yes);
    if (!words.empty() && !n.name.empty()) inner.check_word("name", n.name, words);
    provenance(inner, n.of);
    inner.check_provenance(inner.place_, n.of);
  });
}

const toml::table* Reader::inner_table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return nullptr;
  if (node->as_table() == nullptr) problem(key, "must be a table, not " + type_text(*node));
  return node->as_table();
}

std::vector<Place> Reader::rows(std::string_view key) {
  std::vector<Place> places;
  const toml::node* node = find(key);
  if (node == nullptr) return places;
  const auto* array = node->as_array();
  if (array == nullptr) {
    problem(key, "must be an array of tables, not " + type_text(*node), "[[" + path(key) + "]] opens one of them");
    return places;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string place = path(key) + "[" + std::to_string(i) + "]";
    if (const auto* table = (*array)[i].as_table())
      places.push_back({table, place});
    else
      reading_->problem(&(*array)[i], place, "must be a table, not " + type_text((*array)[i]));
  }
  return places;
}

std::vector<std::pair<std::string, Place>> Reader::inner_tables(const toml::table* table, const std::string& path) {
  std::vector<std::pair<std::string, Place>> list;
  if (table == nullptr) return list;
  for (const auto& [key, node] : *table) {
    const std::string name(key.str());
    list.emplace_back(name, Place{node.as_table(), path + "." + name});
  }
  const auto line = [&](const auto& entry) { return table->get(entry.first)->source().begin; };
  std::stable_sort(list.begin(), list.end(), [&](const auto& a, const auto& b) {
    return std::pair(line(a).line, line(a).column) < std::pair(line(b).line, line(b).column);
  });
  return list;
}

void Reader::check_provenance(const Place& place, Provenance& of) {
  if (of.assumed) {
    if (!of.source.empty()) reading_->problem(place, "source", "must not stand beside assumed = true");
    if (of.note.empty()) reading_->problem(place, "note", "is missing", "an assumption says why it is made");
    return;
  }
  if (of.source.empty()) {
    reading_->problem(place, "", "has no source", "source = \"KEY\" of [sources], or assumed = true with a note");
    return;
  }
  const auto known = std::find_if(reading_->sources.begin(), reading_->sources.end(),
                                  [&](const Source& source) { return source.key == of.source; });
  if (known == reading_->sources.end())
    reading_->problem(place, "source", "is no key of [sources]", did_you_mean(of.source, [&] {
                        std::vector<std::string> keys;
                        for (const Source& source : reading_->sources) keys.push_back(source.key);
                        return keys;
                      }()));
  else
    of.recalled = of.recalled || known->recalled;
}

void Reader::finish() {
  if (place_.table == nullptr) return;
  for (const auto& [key, node] : *place_.table) {
    const std::string name(key.str());
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    reading_->problems.add({reading_->file, static_cast<int>(key.source().begin.line),
                            static_cast<int>(key.source().begin.column), path(name), "", "is not a key here",
                            did_you_mean(name, asked_)});
  }
}

}  // namespace carina::trial::impl
