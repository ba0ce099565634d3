#include "record/table.h"

#include <algorithm>
#include <array>
#include <set>
#include <type_traits>

#include "base/check.h"

namespace carina::record {
namespace {

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == '+';
  };
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), fits);
}

bool is_text(const Values& values) { return std::holds_alternative<std::vector<std::string>>(values); }

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string label_fault(const Column& column) {
  if (column.labels.empty()) return {};
  for (const std::string& label : column.labels) {
    if (label.empty() || label.find_first_of(" \t\n") != std::string::npos) {
      return "the label " + quoted(label) + " is not a single word";
    }
  }
  const auto limit = static_cast<std::int64_t>(column.labels.size());
  return std::visit(
      [&](const auto& list) -> std::string {
        using T = typename std::decay_t<decltype(list)>::value_type;
        if constexpr (std::is_integral_v<T>) {
          for (const T code : list) {
            if (static_cast<std::int64_t>(code) < 0 || static_cast<std::int64_t>(code) >= limit) {
              return "the code " + std::to_string(code) + " has no label";
            }
          }
          return {};
        } else {
          return "only whole numbers can have labels";
        }
      },
      column.values);
}

std::string column_fault(const Column& column) {
  if (!is_name(column.name)) return "not a name";
  const auto has_zero = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  if (has_zero(column.unit) || has_zero(column.about)) return "text with a zero byte";
  if (is_text(column.values)) {
    const auto& texts = std::get<std::vector<std::string>>(column.values);
    if (std::any_of(texts.begin(), texts.end(), has_zero)) return "text with a zero byte";
  }
  return label_fault(column);
}

std::string column_mismatch(const Column& plan, const Column& part) {
  if (plan.name != part.name) return "has the column " + quoted(part.name) + " in place of " + quoted(plan.name);
  const std::string where = "column " + quoted(plan.name) + ": ";
  if (plan.unit != part.unit) return where + "unit " + quoted(part.unit) + " in place of " + quoted(plan.unit);
  if (plan.values.index() != part.values.index()) {
    return where + "type " + std::string(type_name(part.values)) + " in place of " + std::string(type_name(plan.values));
  }
  if (plan.across != part.across) return where + "runs across the coordinates in one and not in the other";
  if (plan.labels != part.labels) return where + "other labels";
  return {};
}

}  // namespace

std::size_t size(const Values& values) {
  return std::visit([](const auto& list) { return list.size(); }, values);
}

std::string_view type_name(const Values& values) {
  constexpr std::array<std::string_view, 6> names = {"float64", "float32", "int64", "int32", "uint8", "text"};
  return names[values.index()];
}

std::size_t Table::rows() const {
  for (const Column& column : columns) {
    if (!column.across) return size(column.values);
    if (points() > 0) return size(column.values) / points();
  }
  return 0;
}

std::size_t Table::points() const {
  std::size_t product = 1;
  for (const Column& coordinate : coordinates) product *= size(coordinate.values);
  return product;
}

const Column* Table::find(std::string_view column) const {
  for (const Column& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

const Column& Table::column(std::string_view wanted) const {
  const Column* found = find(wanted);
  CARINA_CHECK(found != nullptr);
  return *found;
}

Table Table::shape() const {
  Table copy;
  copy.name = name;
  copy.about = about;
  copy.row = row;
  copy.role = role;
  copy.result = result;
  copy.coordinates = coordinates;
  for (const Column& column : columns) {
    Column empty{column.name, column.unit, column.about, {}, column.across, column.labels};
    std::visit([&](const auto& list) { empty.values = std::decay_t<decltype(list)>{}; }, column.values);
    copy.columns.push_back(std::move(empty));
  }
  return copy;
}

std::string fault(const Table& table) {
  const std::string where = "table " + quoted(table.name) + ": ";
  if (!is_name(table.name) || !is_name(table.row)) return where + "not a name";
  if (table.columns.empty()) return where + "no columns";
  if (table.about.find('\0') != std::string::npos) return where + "text with a zero byte";
  std::set<std::string_view> names;
  for (const Column& coordinate : table.coordinates) {
    const std::string at = where + "coordinate " + quoted(coordinate.name) + ": ";
    if (const std::string wrong = column_fault(coordinate); !wrong.empty()) return at + wrong;
    if (!names.insert(coordinate.name).second || coordinate.name == table.row) return at + "name taken";
    if (coordinate.across) return at + "runs across coordinates itself";
    if (size(coordinate.values) == 0) return at + "no values";
  }
  const std::size_t rows = table.rows();
  for (const Column& column : table.columns) {
    const std::string at = where + "column " + quoted(column.name) + ": ";
    if (const std::string wrong = column_fault(column); !wrong.empty()) return at + wrong;
    if (!names.insert(column.name).second) return at + "name taken";
    if (column.across && table.coordinates.empty()) return at + "runs across coordinates that the table has not";
    if (column.across && column.name == table.row) return at + "labels the rows and runs across coordinates";
    const std::size_t wanted = column.across ? rows * table.points() : rows;
    if (size(column.values) != wanted) {
      return at + std::to_string(size(column.values)) + " values where " + std::to_string(wanted) + " belong";
    }
  }
  return {};
}

std::string mismatch(const Table& plan, const Table& part) {
  const std::string where = "table " + quoted(plan.name) + ": ";
  if (plan.name != part.name) return where + "named " + quoted(part.name);
  if (plan.row != part.row) return where + "rows are " + quoted(part.row) + " in place of " + quoted(plan.row);
  if (plan.role != part.role || plan.result != part.result) return where + "put together in another way";
  if (plan.coordinates.size() != part.coordinates.size()) return where + "other coordinates";
  for (std::size_t i = 0; i < plan.coordinates.size(); ++i) {
    const std::string wrong = column_mismatch(plan.coordinates[i], part.coordinates[i]);
    if (!wrong.empty()) return where + wrong;
    if (plan.coordinates[i].values != part.coordinates[i].values) {
      return where + "other values of the coordinate " + quoted(plan.coordinates[i].name);
    }
  }
  if (plan.columns.size() != part.columns.size()) {
    return where + std::to_string(part.columns.size()) + " columns in place of " + std::to_string(plan.columns.size());
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const std::string wrong = column_mismatch(plan.columns[i], part.columns[i]);
    if (!wrong.empty()) return where + wrong;
  }
  return {};
}

}  // namespace carina::record
