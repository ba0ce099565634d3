#include <bit>
#include <cmath>
#include <type_traits>

#include "record/export.h"
#include "record/recording.h"

namespace carina::record {
namespace {

constexpr std::uint64_t rows_at_once = 4096;

std::string text_of(double value) { return exact_text(value); }
std::string text_of(float value) { return exact_text(value); }
std::string text_of(const std::string& value) { return "\"" + value + "\""; }
template <class T>
std::string text_of(T value) {
  return std::to_string(value);
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, double>) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (a != a && b != b);
  } else if constexpr (std::is_same_v<T, float>) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (a != a && b != b);
  } else {
    return a == b;
  }
}

/// Steps from one number to the other through all numbers of the type; -0 and 0 are one step apart from nothing: 0.
template <class T>
std::optional<std::uint64_t> steps_between(const T& a, const T& b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (a != a || b != b) return std::nullopt;
    using Bits = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
    const auto place = [](T value) {
      const auto bits = static_cast<std::int64_t>(std::bit_cast<Bits>(value));
      return bits < 0 ? static_cast<std::int64_t>(std::numeric_limits<Bits>::min()) - bits : bits;
    };
    const std::int64_t low = std::min(place(a), place(b));
    const std::int64_t high = std::max(place(a), place(b));
    return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  } else {
    return std::nullopt;
  }
}

/// The first value that differs in two columns of equal length; `width` values a row.
std::optional<Difference> first_value(const Column& a, const Column& b, std::size_t width) {
  return std::visit(
      [&](const auto& first) -> std::optional<Difference> {
        const auto& second = std::get<std::decay_t<decltype(first)>>(b.values);
        for (std::size_t i = 0; i < first.size(); ++i) {
          if (same(first[i], second[i])) continue;
          Difference difference;
          difference.column = a.name;
          difference.row = i / width;
          difference.point = i % width;
          difference.first = text_of(first[i]);
          difference.second = text_of(second[i]);
          difference.ulps = steps_between(first[i], second[i]);
          return difference;
        }
        return std::nullopt;
      },
      a.values);
}

Difference of_tables(const std::string& table, const std::string& first, const std::string& second,
                     const std::string& text) {
  Difference difference;
  difference.table = table;
  difference.first = first;
  difference.second = second;
  difference.text = text;
  return difference;
}

std::string sentence(const Difference& difference, const Table& shape) {
  std::string text = "table " + difference.table + ", column " + difference.column + ", " + shape.row + " row " +
                     std::to_string(difference.row);
  if (shape.column(difference.column).across) text += ", point " + std::to_string(difference.point);
  text += ": " + difference.first + " and " + difference.second;
  if (difference.ulps) text += " (" + std::to_string(*difference.ulps) + " ulp apart)";
  return text;
}

/// The first difference in the rows of one table. Rows stream, so each column's first is kept until all rows are seen.
std::optional<Difference> diff_rows(const Recording& a, const Recording& b, const Table& shape) {
  std::size_t best_column = shape.columns.size();
  std::optional<Difference> best;
  const std::uint64_t rows = a.rows(shape.name);
  for (std::uint64_t first = 0; first < rows && best_column > 0; first += rows_at_once) {
    const Table left = a.read(shape.name, first, rows_at_once);
    const Table right = b.read(shape.name, first, rows_at_once);
    for (std::size_t i = 0; i < best_column; ++i) {
      const std::size_t width = left.columns[i].across ? shape.points() : 1;
      std::optional<Difference> found = first_value(left.columns[i], right.columns[i], width);
      if (!found) continue;
      found->row += first;
      best = std::move(found);
      best_column = i;
    }
  }
  if (best) {
    best->table = shape.name;
    best->text = sentence(*best, shape);
  }
  return best;
}

std::vector<const Table*> results(const Recording& recording) {
  std::vector<const Table*> tables;
  for (const Table& table : recording.plan().tables) {
    if (table.result && table.role != Role::State) tables.push_back(&table);
  }
  return tables;
}

}  // namespace

std::optional<Difference> diff(const Recording& first, const Recording& second) {
  const std::vector<const Table*> left = results(first);
  const std::vector<const Table*> right = results(second);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    if (i >= left.size() || i >= right.size() || left[i]->name != right[i]->name) {
      const std::string a = i < left.size() ? left[i]->name : "no table";
      const std::string b = i < right.size() ? right[i]->name : "no table";
      return of_tables(i < left.size() ? a : b, a, b, "table " + std::to_string(i) + ": " + a + " and " + b);
    }
    Table counterpart = *right[i];
    counterpart.role = left[i]->role;
    const std::string wrong = mismatch(*left[i], counterpart);
    if (!wrong.empty()) return of_tables(left[i]->name, "", "", "second recording: " + wrong);
    const std::uint64_t a = first.rows(left[i]->name);
    const std::uint64_t b = second.rows(left[i]->name);
    if (a != b) {
      const std::string rows_a = std::to_string(a), rows_b = std::to_string(b);
      return of_tables(left[i]->name, rows_a, rows_b,
                       "table " + left[i]->name + ": " + rows_a + " rows and " + rows_b + " rows");
    }
    if (auto found = diff_rows(first, second, *left[i])) return found;
  }
  return std::nullopt;
}

}  // namespace carina::record
