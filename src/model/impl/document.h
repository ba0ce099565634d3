/// @file
/// A TOML file under reading: every value with its place, and every problem collected. Knows nothing of models.
#pragma once

#include <toml++/toml.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.h"
#include "expr/resolve.h"

namespace carina::model::impl {

/// Largest text that is read, in bytes.
inline constexpr std::size_t largest_text = 16u << 20;

/// The file as text and as tables. Does not move: tables point into it.
class Document {
 public:
  /// Parses `text`; throws InputError when it is not TOML or too large.
  Document(std::string text, std::string file);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  /// The top table.
  toml::table& root() { return root_; }
  /// Line and column of byte `offset` of the string value `node`; {0, 0} for a node without place.
  std::pair<int, int> place(const toml::node& node, std::size_t offset) const;
  /// The text of a value as written, e.g. `6.15385` or `"day"`.
  std::string written(const toml::node& node) const;
  /// A problem at the start of `node` (which may be null: then only the file is named).
  Problem problem(const toml::node* node, std::string path, std::string rule, std::string hint = "") const;
  /// A problem at a key.
  Problem problem(const toml::key& key, std::string path, std::string rule, std::string hint = "") const;
  /// A formula that stands in the string `node`.
  expr::Formula formula(const toml::node& node, std::string path) const;
  /// Where problems go.
  Problems problems;

 private:
  std::size_t byte_at(const toml::source_position& position) const;

  std::string text_;
  std::string file_;
  std::vector<std::size_t> lines_;  // first byte of each line
  toml::table root_;
};

/// A table under reading. It remembers which keys were asked for, so that `finish` can name those that nobody knows.
class Section {
 public:
  /// `table` and `document` must outlive the section; `path` is empty for the root.
  Section(Document& document, const toml::table& table, std::string path);

  /// The document that it belongs to.
  Document& document() const { return *document_; }
  /// Key path of `key` in it; of the table itself when `key` is empty.
  std::string path(std::string_view key) const;
  /// Key path of the table itself.
  const std::string& path() const { return path_; }
  /// The table itself, for its place.
  const toml::table& node() const { return *table_; }

  /// The value at `key`, or null.
  const toml::node* find(const std::string& key);
  /// The value at `key`; a problem with `hint` and null when it is missing.
  const toml::node* need(const std::string& key, const std::string& hint = "");
  /// A string; nothing when missing or, with a problem, of another type.
  std::optional<std::string> text(const std::string& key);
  /// A string that must be there and not be empty.
  std::optional<std::string> need_text(const std::string& key, const std::string& hint = "");
  /// A finite or infinite number.
  std::optional<double> number(const std::string& key);
  /// true or false.
  bool flag(const std::string& key, bool otherwise);
  /// A table inside; nothing when missing or, with a problem, of another type.
  std::optional<Section> section(const std::string& key);
  /// An array of tables (`[[key]]`); each has the path `key[i]`.
  std::vector<Section> sections(const std::string& key);
  /// Every key in the order of the file, all counted as asked for.
  std::vector<std::pair<const toml::key*, const toml::node*>> entries();

  /// Reports each key that nobody asked for.
  void finish();
  /// Adds a problem at `node` (or at the table when null).
  void problem(const toml::node* node, std::string_view key, std::string rule, std::string hint = "");
  /// Adds the problem that `node` is not `expected`.
  void wrong_type(const toml::node& node, std::string_view key, const std::string& expected);

 private:
  Document* document_;
  const toml::table* table_;
  std::string path_;
  std::vector<std::string> asked_;
};

/// `a string`, `an integer` ...: what a value is.
std::string type_text(const toml::node& node);

}  // namespace carina::model::impl
