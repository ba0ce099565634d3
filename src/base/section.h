/// @file
/// A TOML file under reading: tables that know their place, note which keys were asked for, and collect problems; and
/// quantities with units in them. The one header of this room that needs toml++.
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/problem.h"
#include "base/quantity.h"

namespace carina {

/// The whole text of a file. Throws InputError when it cannot be read.
std::string file_text(const std::string& path);

/// The tables of `text`, which problems call `name`. Throws InputError when it is no TOML or larger than 16 MiB.
toml::table parse_toml(const std::string& text, const std::string& name);

/// One file under reading.
struct Reading {
  std::string file;   ///< as the user named it
  Problems problems;  ///< all so far

  /// A problem with the value at `node`; a null or placeless node gives no line, and no file either when it came with an
  /// override.
  void problem(const toml::node* node, std::string path, std::string rule, std::string hint = "");
  /// A problem with the whole file or with something that is missing below `table`.
  void missing(const toml::node* table, std::string path, std::string rule, std::string hint = "");
};

/// A value as the file shows it: "text" in quotes, numbers plain; empty for tables and lists.
std::string shown(const toml::node& node);

/// A table, or the absence of one.
class Section {
 public:
  /// `table` may be null: then every key is absent.
  Section(Reading& reading, const toml::table* table, std::string path)
      : reading_(&reading), table_(table), path_(std::move(path)) {}

  /// True when the file has the table.
  bool present() const { return table_ != nullptr; }
  /// The table, for its place; may be null.
  const toml::table* node() const { return table_; }
  /// Where problems go.
  Reading& reading() const { return *reading_; }
  /// Key path of a key in it.
  std::string path(std::string_view key) const;
  /// Key path of the table.
  const std::string& path() const { return path_; }

  /// The value at `key`, or null.
  const toml::node* find(std::string_view key);
  /// A text, or nothing; another type is a problem.
  std::optional<std::string> text(std::string_view key);
  /// true or false, or nothing.
  std::optional<bool> flag(std::string_view key);
  /// A whole number of at least `least`, or nothing.
  std::optional<std::uint64_t> whole(std::string_view key, std::uint64_t least);
  /// A finite number in [low, high], or nothing.
  std::optional<double> number(std::string_view key, double low, double high);
  /// A list of texts, or one text, or nothing.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  /// A table, absent or not.
  Section section(std::string_view key);
  /// An array of tables; each has the path `key[i]`.
  std::vector<Section> list(std::string_view key);
  /// Every key with its value, in the order of the keys; all count as asked for.
  std::vector<std::pair<std::string, const toml::node*>> entries();

  /// Adds a problem with the value at `key`.
  void problem(std::string_view key, std::string rule, std::string hint = "");
  /// Adds the problem that `key` is missing.
  void missing(std::string_view key, std::string hint = "");
  /// One of `words`, or nothing; anything else is a problem.
  std::optional<std::string> word(std::string_view key, const std::vector<std::string>& words);
  /// Reports each key that nobody asked for.
  void finish();

 private:
  Reading* reading_;
  const toml::table* table_;
  std::string path_;
  std::vector<std::string> asked_;
};

/// Whether a number without unit stands for one in the unit that is wanted.
enum class Bare {
  Allowed,  ///< it does
  Refused   ///< it is a problem: what is written says its unit
};

/// The value at `key` as a quantity in the unit wanted. Nothing when absent or, with a problem, wrong.
std::optional<Written> quantity(Section& section, std::string_view key, const KnownUnit& wanted, Bare bare = Bare::Allowed);
/// The same for a node that is at hand.
std::optional<Written> quantity(Reading& reading, const toml::node& node, const std::string& path, const KnownUnit& wanted,
                                Bare bare = Bare::Allowed);

}  // namespace carina
