#include "model/impl/document.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/names.h"

namespace carina::model::impl {
namespace {

bool inside_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

// How many bytes of the text an escape such as \n or \u00b5 takes, and how many bytes of the value it makes.
std::pair<std::size_t, std::size_t> escape_lengths(std::string_view raw) {
  if (raw.size() < 2) return {raw.size(), 1};
  if (raw[1] != 'u' && raw[1] != 'U') return {2, 1};
  const std::size_t digits = raw[1] == 'u' ? 4 : 8;
  unsigned long code = 0;
  for (std::size_t i = 2; i < 2 + digits && i < raw.size(); ++i) {
    const char c = raw[i];
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    code = code * 16 + static_cast<unsigned long>(digit & 15);
  }
  const std::size_t made = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  return {2 + digits, made};
}

// Byte of the source text at which byte `offset` of the value stands; `raw` starts at the opening quote.
std::size_t source_offset(std::string_view raw, std::size_t offset) {
  if (raw.empty() || (raw[0] != '"' && raw[0] != '\'')) return 0;
  const bool escapes = raw[0] == '"';
  const bool block = raw.size() >= 3 && raw[1] == raw[0] && raw[2] == raw[0];
  std::size_t at = block ? 3 : 1;
  if (block && raw.substr(at, 2) == "\r\n")
    at += 2;
  else if (block && raw.substr(at, 1) == "\n")
    at += 1;
  std::size_t made = 0;
  while (at < raw.size()) {
    std::size_t taken = 1;
    std::size_t gives = 1;
    if (escapes && raw[at] == '\\') {
      const std::size_t after = raw.find_first_not_of(" \t", at + 1);
      if (block && after != std::string_view::npos && (raw[after] == '\n' || raw[after] == '\r')) {
        // a backslash at the end of a line swallows the white space that follows
        taken = std::min(raw.find_first_not_of(" \t\r\n", at + 1), raw.size()) - at;
        gives = 0;
      } else {
        std::tie(taken, gives) = escape_lengths(raw.substr(at));
      }
    }
    if (made + gives > offset) return at;
    made += gives;
    at += taken;
  }
  return std::min(at, raw.size());
}

}  // namespace

std::string type_text(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer:
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    default: return "a date or time";
  }
}

Document::Document(std::string text, std::string file) : text_(std::move(text)), file_(std::move(file)) {
  if (text_.size() > largest_text) throw InputError({{file_, 0, 0, "", "", "is larger than 16 MiB", ""}});
  lines_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') lines_.push_back(i + 1);
  }
  try {
    root_ = toml::parse(text_, file_);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    Problem problem{file_, static_cast<int>(begin.line), static_cast<int>(begin.column), "", "", "", ""};
    problem.rule = "is not valid TOML: " + std::string(error.description());
    throw InputError({std::move(problem)});
  }
}

std::size_t Document::byte_at(const toml::source_position& position) const {
  if (position.line == 0 || position.line > lines_.size()) return text_.size();
  std::size_t at = lines_[position.line - 1];
  for (toml::source_index column = 1; column < position.column && at < text_.size(); ++column) {
    do ++at;
    while (at < text_.size() && inside_character(text_[at]));
  }
  return at;
}

std::pair<int, int> Document::place(const toml::node& node, std::size_t offset) const {
  const auto& begin = node.source().begin;
  if (begin.line == 0) return {0, 0};
  const std::size_t first = byte_at(begin);
  const std::size_t at = first + source_offset(std::string_view(text_).substr(first), offset);
  const auto next_line = std::upper_bound(lines_.begin(), lines_.end(), at);
  int column = 1;
  for (std::size_t i = *(next_line - 1); i < at && i < text_.size(); ++i) column += inside_character(text_[i]) ? 0 : 1;
  return {static_cast<int>(next_line - lines_.begin()), column};
}

std::string Document::written(const toml::node& node) const {
  const auto& source = node.source();
  if (source.begin.line == 0) return {};
  const std::size_t begin = byte_at(source.begin);
  const std::size_t end = byte_at(source.end);
  if (end <= begin) return {};
  std::string text = text_.substr(begin, end - begin);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == ','))
    text.pop_back();
  return text;
}

Problem Document::problem(const toml::node* node, std::string path, std::string rule, std::string hint) const {
  Problem result{file_, 0, 0, std::move(path), "", std::move(rule), std::move(hint)};
  if (node == nullptr) return result;
  result.line = static_cast<int>(node->source().begin.line);
  result.column = static_cast<int>(node->source().begin.column);
  if (!node->is_table() && !node->is_array()) {
    result.value = written(*node);
    const std::size_t line_end = result.value.find('\n');
    if (line_end != std::string::npos) result.value = result.value.substr(0, line_end) + " ...";
  }
  return result;
}

Problem Document::problem(const toml::key& key, std::string path, std::string rule, std::string hint) const {
  Problem result{file_, 0, 0, std::move(path), "", std::move(rule), std::move(hint)};
  result.line = static_cast<int>(key.source().begin.line);
  result.column = static_cast<int>(key.source().begin.column);
  return result;
}

expr::Formula Document::formula(const toml::node& node, std::string path) const {
  expr::Formula formula;
  formula.text = node.value<std::string>().value_or("");
  formula.file = file_;
  formula.path = std::move(path);
  formula.place = [this, &node](std::size_t offset) { return place(node, offset); };
  return formula;
}

Section::Section(Document& document, const toml::table& table, std::string path)
    : document_(&document), table_(&table), path_(std::move(path)) {}

std::string Section::path(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const toml::node* Section::find(const std::string& key) {
  asked_.push_back(key);
  return table_->get(key);
}

const toml::node* Section::need(const std::string& key, const std::string& hint) {
  const toml::node* node = find(key);
  if (node == nullptr) problem(nullptr, key, "is missing", hint);
  return node;
}

std::optional<std::string> Section::text(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_string()) return node->value<std::string>();
  wrong_type(*node, key, "a text in quotes");
  return std::nullopt;
}

std::optional<std::string> Section::need_text(const std::string& key, const std::string& hint) {
  const toml::node* node = need(key, hint);
  if (node == nullptr) return std::nullopt;
  auto value = text(key);
  if (!value || value->find_first_not_of(" \t\r\n") != std::string::npos) return value;
  problem(node, key, "is empty", hint);
  return std::nullopt;
}

std::optional<double> Section::number(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_number()) {
    wrong_type(*node, key, "a number");
    return std::nullopt;
  }
  const double value = node->value<double>().value_or(0);
  if (!std::isnan(value)) return value;
  problem(node, key, "must be a number");
  return std::nullopt;
}

bool Section::flag(const std::string& key, bool otherwise) {
  const toml::node* node = find(key);
  if (node == nullptr) return otherwise;
  if (!node->is_boolean()) wrong_type(*node, key, "true or false");
  return node->value<bool>().value_or(otherwise);
}

std::optional<Section> Section::section(const std::string& key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const toml::table* table = node->as_table()) return Section(*document_, *table, path(key));
  wrong_type(*node, key, "a table");
  return std::nullopt;
}

std::vector<Section> Section::sections(const std::string& key) {
  std::vector<Section> list;
  const toml::node* node = find(key);
  if (node == nullptr) return list;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    wrong_type(*node, key, "a list of tables");
    return list;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string name = path(key) + "[" + std::to_string(i) + "]";
    const toml::node& entry = *array->get(i);
    if (const toml::table* table = entry.as_table())
      list.emplace_back(*document_, *table, name);
    else
      document_->problems.add(document_->problem(&entry, name, "must be a table, not " + type_text(entry)));
  }
  return list;
}

std::vector<std::pair<const toml::key*, const toml::node*>> Section::entries() {
  std::vector<std::pair<const toml::key*, const toml::node*>> list;
  for (const auto& [key, node] : *table_) {
    asked_.emplace_back(key.str());
    list.emplace_back(&key, &node);
  }
  // toml++ sorts keys by name; a person reads them in the order of the file
  std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    const auto& p = a.first->source().begin;
    const auto& q = b.first->source().begin;
    return std::tie(p.line, p.column) < std::tie(q.line, q.column);
  });
  return list;
}

void Section::finish() {
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
    document_->problems.add(
        document_->problem(key, path(name), "is not a key that is known here", did_you_mean(name, asked_)));
  }
}

void Section::problem(const toml::node* node, std::string_view key, std::string rule, std::string hint) {
  Problem result = document_->problem(node, path(key), std::move(rule), std::move(hint));
  if (node == nullptr) {
    result.line = static_cast<int>(table_->source().begin.line);
    result.column = static_cast<int>(table_->source().begin.column);
  }
  document_->problems.add(std::move(result));
}

void Section::wrong_type(const toml::node& node, std::string_view key, const std::string& expected) {
  problem(&node, key, "must be " + expected + ", not " + type_text(node));
}

}  // namespace carina::model::impl
