/// @file
/// The visitor that reads a trial's TOML: tables that know their place, note which keys were asked for, and collect problems.
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "base/problem.h"
#include "base/units.h"
#include "trial/impl/shape.h"

namespace carina::trial::impl {

/// A table with its key path.
struct Place {
  const toml::table* table = nullptr;  ///< null where the file has none
  std::string path;                    ///< key path of the table
};

/// One file under reading.
struct Reading {
  std::string file;                                ///< as the user named it
  Problems problems;                               ///< all so far
  std::map<std::string, std::vector<Place>> rows;  ///< the tables at each key path, one or, of a list, all
  std::vector<Source> sources;                     ///< known sources, once they were read

  /// A problem with the value at `node`; null: with the file.
  void problem(const toml::node* node, std::string path, std::string rule, std::string hint = "");
  /// A problem with the value at `key` of a table, or with the table where it has no such key.
  void problem(const Place& place, std::string_view key, std::string rule, std::string hint = "");
};

/// A unit of measurement; the text is known to be one.
Unit known_unit(const std::string& text);

/// Reads the number with unit at `node`. Nothing, with a problem, when it is none or its unit does not fit.
std::optional<Quantity> read_quantity(Reading& reading, const toml::node& node, const std::string& path,
                                      const std::string& unit);

/// A table, or its absence, under reading.
class Reader {
 public:
  /// `reading` must outlive the reader. Without a table every key is missing.
  Reader(Reading& reading, Place place) : reading_(&reading), place_(std::move(place)) {}

  void text(std::string_view key, std::string& value, Need need);
  void word(std::string_view key, std::string& value, const std::vector<std::string>& words, Need need);
  void flag(std::string_view key, bool& value);
  void maybe_flag(std::string_view key, std::optional<bool>& value);
  void whole(std::string_view key, std::uint64_t& value);
  void maybe_whole(std::string_view key, std::optional<std::uint64_t>& value);
  void number(std::string_view key, double& value);
  void maybe_number(std::string_view key, std::optional<double>& value);
  void quantity(std::string_view key, Quantity& value, const std::string& unit);
  void maybe_quantity(std::string_view key, std::optional<Quantity>& value, const std::string& unit);
  void quantities(std::string_view key, std::vector<Quantity>& values, const std::string& unit);
  void texts(std::string_view key, std::vector<std::string>& values);
  void stated(std::string_view key, std::optional<Stated>& value, const std::string& unit, Need need);
  void named(std::string_view key, std::optional<Named>& value, const std::vector<std::string>& words, Need need);

  /// An enumeration whose enumerators stand in the order of `words`.
  template <class Enum>
  void choice(std::string_view key, Enum& value, const std::vector<std::string>& words, Need need) {
    std::string found = words[static_cast<std::size_t>(value)];
    word(key, found, words, need);
    for (std::size_t i = 0; i < words.size(); ++i)
      if (words[i] == found) value = static_cast<Enum>(i);
  }

  /// A table that must be there.
  template <class T, class Shape>
  void table(std::string_view key, T& value, Shape shape) {
    const toml::table* node = inner_table(key);
    if (node == nullptr && find(key) == nullptr) missing(key, "[" + path(key) + "] opens it");
    if (node == nullptr) return;
    read({node, path(key)}, value, shape);
    reading_->rows[path(key)].push_back({node, path(key)});
  }
  /// A table that may be there.
  template <class T, class Shape>
  void table(std::string_view key, std::optional<T>& value, Shape shape) {
    if (const toml::table* node = inner_table(key)) read({node, path(key)}, value.emplace(), shape);
  }
  /// An array of tables.
  template <class T, class Shape>
  void list(std::string_view key, std::vector<T>& values, Shape shape) {
    for (const Place& row : rows(key)) {
      read(row, values.emplace_back(), shape);
      reading_->rows[path(key)].push_back(row);
      if constexpr (requires { values.back().of; }) check_provenance(row, values.back().of);
    }
  }
  /// Tables by their key.
  template <class T, class Shape>
  void keyed(std::string_view key, std::vector<T>& values, Shape shape) {
    const toml::table* node = inner_table(key);
    if (node == nullptr && find(key) == nullptr) missing(key, "[" + path(key) + ".NAME] names one with its cite");
    for (const auto& [name, place] : inner_tables(node, path(key))) {
      values.emplace_back().key = name;
      read(place, values.back(), shape);
    }
    reading_->sources = values;
  }
  /// Reports each key that nobody asked for.
  void finish();

 private:
  template <class T, class Shape>
  void read(const Place& place, T& value, Shape shape) {
    Reader inner(*reading_, place);
    shape(inner, value);
    inner.finish();
  }
  std::string path(std::string_view key) const;
  const toml::node* find(std::string_view key);
  const toml::table* inner_table(std::string_view key);
  std::vector<Place> rows(std::string_view key);
  static std::vector<std::pair<std::string, Place>> inner_tables(const toml::table* table, const std::string& path);
  void problem(std::string_view key, std::string rule, std::string hint = "");
  void missing(std::string_view key, std::string hint = "");
  void check_word(std::string_view key, const std::string& value, const std::vector<std::string>& words);
  void check_provenance(const Place& place, Provenance& of);

  Reading* reading_;
  Place place_;
  std::vector<std::string> asked_;
};

}  // namespace carina::trial::impl
