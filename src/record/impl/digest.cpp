#include "record/impl/digest.h"

#include <type_traits>

namespace carina::record::impl {

void add_values(Hash& hash, const Values& values) {
  std::visit(
      [&](const auto& list) {
        using T = typename std::decay_t<decltype(list)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) {
          for (const std::string& text : list) hash.text(text);
        } else if constexpr (std::is_same_v<T, double>) {
          hash.doubles(list);
        } else if constexpr (std::is_same_v<T, float>) {
          hash.floats(list);
        } else {
          hash.bytes(list.data(), list.size() * sizeof(T));
        }
      },
      values);
}

void add_shape(Hash& hash, const Table& table) {
  const auto add_column = [&](const Column& column) {
    hash.text(column.name);
    hash.text(column.unit);
    hash.text(type_name(column.values));
    hash.number(column.across ? 1 : 0);
    hash.number(column.labels.size());
    for (const std::string& label : column.labels) hash.text(label);
  };
  hash.text(table.name);
  hash.text(table.row);
  hash.number(table.coordinates.size());
  for (const Column& coordinate : table.coordinates) {
    add_column(coordinate);
    hash.number(size(coordinate.values));
    add_values(hash, coordinate.values);
  }
  hash.number(table.columns.size());
  for (const Column& column : table.columns) add_column(column);
}

}  // namespace carina::record::impl
