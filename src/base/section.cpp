#include "base/section.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/names.h"

namespace carina {
namespace {

constexpr std::size_t largest_text = 16u << 20;

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

}  // namespace

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || text.fail() || std::filesystem::is_directory(path)) {
    throw InputError({{path, 0, 0, "", "", "cannot be read", ""}});
  }
  return std::move(text).str();
}

toml::table parse_toml(const std::string& text, const std::string& name) {
  if (text.size() > largest_text) throw InputError({{name, 0, 0, "", "", "is larger than 16 MiB", ""}});
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw InputError(
        {{name, static_cast<int>(at.line), static_cast<int>(at.column), "", "", std::string(error.description()), ""}});
  }
}

std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    std::string line = text->get();
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    if (line.size() > 70) line = line.substr(0, 67) + "...";
    return "\"" + line + "\"";
  }
  if (const auto number = as_number(node)) return number_text(*number);
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return {};
}

void Reading::problem(const toml::node* node, std::string path, std::string rule, std::string hint) {
  Problem problem{file, 0, 0, std::move(path), node == nullptr ? "" : shown(*node), std::move(rule), std::move(hint)};
  if (node != nullptr) {
    problem.line = static_cast<int>(node->source().begin.line);
    problem.column = static_cast<int>(node->source().begin.column);
    if (problem.line == 0) problem.file.clear();
  }
  problems.add(std::move(problem));
}

void Reading::missing(const toml::node* table, std::string path, std::string rule, std::string hint) {
  Problem problem{file, 0, 0, std::move(path), "", std::move(rule), std::move(hint)};
  if (table != nullptr) {
    problem.line = static_cast<int>(table->source().begin.line);
    problem.column = static_cast<int>(table->source().begin.column);
  }
  problems.add(std::move(problem));
}

std::string Section::path(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const toml::node* Section::find(std::string_view key) {
  asked_.emplace_back(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

std::optional<std::string> Section::text(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return text->get();
  problem(key, "must be a text, not " + type_text(*node));
  return std::nullopt;
}

std::optional<bool> Section::flag(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* flag = node->as_boolean()) return flag->get();
  problem(key, "must be true or false, not " + type_text(*node));
  return std::nullopt;
}

std::optional<std::uint64_t> Section::whole(std::string_view key, std::uint64_t least) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto number = as_number(*node);
  if (!number) {
    problem(key, "must be a whole number, not " + type_text(*node));
  } else if (*number != std::floor(*number) || std::fabs(*number) > 9e15) {
    if (const auto* exact = node->as_integer(); exact && exact->get() >= 0) return static_cast<std::uint64_t>(exact->get());
    problem(key, "must be a whole number");
  } else if (*number < static_cast<double>(least)) {
    problem(key, "must be at least " + std::to_string(least));
  } else {
    return static_cast<std::uint64_t>(*number);
  }
  return std::nullopt;
}

std::optional<double> Section::number(std::string_view key, double low, double high) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto number = as_number(*node);
  if (!number) {
    problem(key, "must be a number, not " + type_text(*node));
  } else if (!(*number >= low && *number <= high)) {
    problem(key, "must be from " + number_text(low) + " to " + number_text(high));
  } else {
    return number;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> Section::texts(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return std::vector<std::string>{text->get()};
  const auto* array = node->as_array();
  if (array == nullptr) {
    problem(key, "must be a list of texts, not " + type_text(*node));
    return std::nullopt;
  }
  std::vector<std::string> list;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const toml::node& item = (*array)[i];
    if (const auto* text = item.as_string()) {
      list.push_back(text->get());
    } else {
      reading_->problem(&item, path(key) + "[" + std::to_string(i) + "]", "must be a text, not " + type_text(item));
    }
  }
  return list;
}

Section Section::section(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return {*reading_, nullptr, path(key)};
  if (const auto* table = node->as_table()) return {*reading_, table, path(key)};
  problem(key, "must be a table, not " + type_text(*node), "[" + path(key) + "] opens one");
  return {*reading_, nullptr, path(key)};
}

std::vector<Section> Section::list(std::string_view key) {
  std::vector<Section> sections;
  const toml::node* node = find(key);
  if (node == nullptr) return sections;
  const auto* array = node->as_array();
  if (array == nullptr) {
    problem(key, "must be an array of tables, not " + type_text(*node), "[[" + path(key) + "]] opens one of them");
    return sections;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string place = path(key) + "[" + std::to_string(i) + "]";
    if (const auto* table = (*array)[i].as_table()) {
      sections.emplace_back(*reading_, table, place);
    } else {
      reading_->problem(&(*array)[i], place, "must be a table, not " + type_text((*array)[i]));
    }
  }
  return sections;
}

std::vector<std::pair<std::string, const toml::node*>> Section::entries() {
  std::vector<std::pair<std::string, const toml::node*>> list;
  if (table_ == nullptr) return list;
  for (const auto& [key, node] : *table_) {
    asked_.emplace_back(key.str());
    list.emplace_back(std::string(key.str()), &node);
  }
  // TOML tables have no order: the order of the file, where there is one, reads better in messages and recordings.
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    const auto at = [](const toml::node* node) { return std::pair(node->source().begin.line, node->source().begin.column); };
    return at(a.second) < at(b.second);
  });
  return list;
}

void Section::problem(std::string_view key, std::string rule, std::string hint) {
  reading_->problem(table_ == nullptr ? nullptr : table_->get(key), path(key), std::move(rule), std::move(hint));
}

void Section::missing(std::string_view key, std::string hint) {
  reading_->missing(table_, path(key), "is missing", std::move(hint));
}

std::optional<std::string> Section::word(std::string_view key, const std::vector<std::string>& words) {
  std::optional<std::string> word = text(key);
  if (!word || std::find(words.begin(), words.end(), *word) != words.end()) return word;
  std::string all;
  for (const std::string& known : words) all += (all.empty() ? "" : ", ") + known;
  problem(key, "must be one of " + all, did_you_mean(*word, words));
  return std::nullopt;
}

void Section::finish() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    Problem problem{reading_->file,
                    static_cast<int>(key.source().begin.line),
                    static_cast<int>(key.source().begin.column),
                    path(name),
                    "",
                    "is not a key here",
                    did_you_mean(name, asked_)};
    if (problem.line == 0) problem.file.clear();
    reading_->problems.add(std::move(problem));
  }
}

std::optional<Written> quantity(Reading& reading, const toml::node& node, const std::string& path, const KnownUnit& wanted,
                                Bare bare) {
  const bool pure = wanted.text == "1";
  if (node.is_number()) {
    const double value = node.is_integer() ? static_cast<double>(node.as_integer()->get()) : node.as_floating_point()->get();
    if (std::isfinite(value) && (bare == Bare::Allowed || pure)) return Written{with_unit(value, wanted.text), value};
    if (std::isfinite(value)) {
      reading.problem(&node, path, "has no unit", "write it as a text, such as \"" + with_unit(value, wanted.text) + "\"");
      return std::nullopt;
    }
    reading.problem(&node, path, "must be finite");
    return std::nullopt;
  }
  const auto* text = node.as_string();
  if (text == nullptr) {
    reading.problem(
        &node, path,
        pure ? "must be a number" : "must be a number, or a text with a unit such as \"" + with_unit(1, wanted.text) + "\"");
    return std::nullopt;
  }
  Refusal refusal;
  const std::optional<double> value = parse_quantity(text->get(), wanted, refusal);
  if (!value) {
    reading.problem(&node, path, refusal.rule, refusal.hint);
    return std::nullopt;
  }
  const auto number = leading_number(text->get());
  if (number->second.empty() && bare == Bare::Refused && !pure) {
    reading.problem(&node, path, "has no unit", "such as \"" + with_unit(number->first, wanted.text) + "\"");
    return std::nullopt;
  }
  return Written{with_unit(number->first, number->second.empty() ? wanted.text : number->second), *value};
}

std::optional<Written> quantity(Section& section, std::string_view key, const KnownUnit& wanted, Bare bare) {
  const toml::node* node = section.find(key);
  if (node == nullptr) return std::nullopt;
  return quantity(section.reading(), *node, section.path(key), wanted, bare);
}

}  // namespace carina
