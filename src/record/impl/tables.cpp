#include <hdf5_hl.h>

#include <algorithm>
#include <type_traits>

#include "base/check.h"
#include "record/impl/hdf5.h"

namespace carina::record::impl {
namespace {

// What a dataset of a table's group is, as its attribute `kind` says.
constexpr const char* kind_column = "column";
constexpr const char* kind_coordinate = "coordinate";
constexpr const char* kind_dimension = "dimension";

template <class T>
hid_t native() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, std::int32_t>) return H5T_NATIVE_INT32;
  if constexpr (std::is_same_v<T, std::uint8_t>) return H5T_NATIVE_UINT8;
  return -1;
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
  require(H5Tset_size(type, H5T_VARIABLE), "make a text type");
  require(H5Tset_cset(type, H5T_CSET_UTF8), "make a text type");
  return type;
}

/// The type in the file: little endian whatever the machine.
Handle file_type(const Values& values) {
  constexpr const char* what = "make a type";
  if (std::holds_alternative<std::vector<double>>(values)) return Handle(H5Tcopy(H5T_IEEE_F64LE), H5Tclose, what);
  if (std::holds_alternative<std::vector<float>>(values)) return Handle(H5Tcopy(H5T_IEEE_F32LE), H5Tclose, what);
  if (std::holds_alternative<std::vector<std::int64_t>>(values)) return Handle(H5Tcopy(H5T_STD_I64LE), H5Tclose, what);
  if (std::holds_alternative<std::vector<std::int32_t>>(values)) return Handle(H5Tcopy(H5T_STD_I32LE), H5Tclose, what);
  if (std::holds_alternative<std::vector<std::uint8_t>>(values)) return Handle(H5Tcopy(H5T_STD_U8LE), H5Tclose, what);
  return text_type();
}

/// No values, of the type that the file has.
Values empty_values(hid_t type) {
  const H5T_class_t kind = H5Tget_class(type);
  const std::size_t bytes = H5Tget_size(type);
  if (kind == H5T_STRING) return std::vector<std::string>{};
  if (kind == H5T_FLOAT && bytes == 8) return std::vector<double>{};
  if (kind == H5T_FLOAT && bytes == 4) return std::vector<float>{};
  if (kind == H5T_INTEGER && bytes == 8) return std::vector<std::int64_t>{};
  if (kind == H5T_INTEGER && bytes == 4) return std::vector<std::int32_t>{};
  if (kind == H5T_INTEGER && bytes == 1) return std::vector<std::uint8_t>{};
  throw LibraryError("a column has a type that no recording has");
}

Handle open_dataset(hid_t group, const std::string& name) {
  return Handle(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose, "open a dataset");
}

std::vector<hsize_t> lengths(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose, "ask for a space");
  const int rank = H5Sget_simple_extent_ndims(space);
  require(rank, "ask for a space");
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  require(H5Sget_simple_extent_dims(space, sizes.data(), nullptr), "ask for a space");
  return sizes;
}

/// Dimensions of a column: rows, then the coordinates' lengths where it runs across them.
std::vector<hsize_t> dimensions(const Table& shape, const Column& column, std::uint64_t rows) {
  std::vector<hsize_t> sizes{rows};
  if (column.across) {
    for (const Column& coordinate : shape.coordinates) sizes.push_back(size(coordinate.values));
  }
  return sizes;
}

/// The part of a dataset from row `first` on for as many rows as `sizes` says.
Handle select(hid_t dataset, std::uint64_t first, const std::vector<hsize_t>& sizes) {
  Handle space(H5Dget_space(dataset), H5Sclose, "ask for a space");
  std::vector<hsize_t> start(sizes.size(), 0);
  start[0] = first;
  require(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, sizes.data(), nullptr), "select rows");
  return space;
}

void write_values(hid_t dataset, const Values& values, std::uint64_t first, const std::vector<hsize_t>& sizes) {
  const Handle there = select(dataset, first, sizes);
  const Handle here(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose, "make a space");
  std::visit(
      [&](const auto& list) {
        using T = typename std::decay_t<decltype(list)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) {
          std::vector<const char*> texts;
          texts.reserve(list.size());
          for (const std::string& text : list) texts.push_back(text.c_str());
          const Handle type = text_type();
          require(H5Dwrite(dataset, type, here, there, H5P_DEFAULT, texts.data()), "write a column");
        } else {
          require(H5Dwrite(dataset, native<T>(), here, there, H5P_DEFAULT, list.data()), "write a column");
        }
      },
      values);
}

void read_values(hid_t dataset, Values& values, std::uint64_t first, const std::vector<hsize_t>& sizes) {
  std::size_t total = 1;
  for (const hsize_t length : sizes) total *= static_cast<std::size_t>(length);
  if (total == 0) return;
  const Handle there = select(dataset, first, sizes);
  const Handle here(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose, "make a space");
  std::visit(
      [&](auto& list) {
        using T = typename std::decay_t<decltype(list)>::value_type;
        list.resize(total);
        if constexpr (std::is_same_v<T, std::string>) {
          std::vector<char*> texts(total, nullptr);
          const Handle type = text_type();
          require(H5Dread(dataset, type, here, there, H5P_DEFAULT, texts.data()), "read a column");
          for (std::size_t i = 0; i < total; ++i) list[i] = texts[i] ? texts[i] : "";
          require(H5Dvlen_reclaim(type, here, H5P_DEFAULT, texts.data()), "let text go");
        } else {
          require(H5Dread(dataset, native<T>(), here, there, H5P_DEFAULT, list.data()), "read a column");
        }
      },
      values);
}

Handle make_dataset(hid_t group, const std::string& name, hid_t type, const std::vector<hsize_t>& sizes) {
  const Handle space(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr), H5Sclose, "make a space");
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "make a creation list");
  require(H5Pset_obj_track_times(creation, false), "leave out times");
  return Handle(H5Dcreate2(group, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose,
                "make a dataset");
}

/// CF's words for codes: `flag_values` in the column's own type and `flag_meanings` between blanks.
void describe_labels(hid_t dataset, const Column& column) {
  if (column.labels.empty()) return;
  const hsize_t count = column.labels.size();
  std::string meanings;
  std::vector<std::int64_t> codes;
  for (const std::string& label : column.labels) {
    meanings += (meanings.empty() ? "" : " ") + label;
    codes.push_back(static_cast<std::int64_t>(codes.size()));
  }
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, "make a space");
  const Handle type = file_type(column.values);
  const Handle attribute(H5Acreate2(dataset, "flag_values", type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                         "make an attribute");
  require(H5Awrite(attribute, H5T_NATIVE_INT64, codes.data()), "write an attribute");
  set_text(dataset, "flag_meanings", meanings);
}

void describe(hid_t dataset, const Column& column, const char* kind) {
  set_text(dataset, "kind", kind);
  if (!column.unit.empty()) set_text(dataset, "units", column.unit);
  if (!column.about.empty()) set_text(dataset, "long_name", column.about);
  describe_labels(dataset, column);
}

/// A dimension without values of its own, in the form that netCDF-4 reads and writes.
Handle make_bare_dimension(hid_t group, const std::string& name, std::uint64_t rows) {
  Handle scale = make_dataset(group, name, H5T_IEEE_F32BE, {rows});
  const std::string number = std::to_string(rows);
  std::string text = "This is a netCDF dimension but not a netCDF variable.";
  if (number.size() < 10) text += std::string(10 - number.size(), ' ');
  require(H5DSset_scale(scale, (text + number).c_str()), "make a dimension");
  set_text(scale, "kind", kind_dimension);
  return scale;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) list.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return list;
}

}  // namespace

void make_table(hid_t parent, const Table& shape, std::uint64_t rows, bool described) {
  const Handle group = make_group(parent, shape.name);
  std::vector<Handle> coordinates;
  Handle row_scale;
  if (described) {
    set_text(group, "long_name", shape.about);
    set_text(group, "row", shape.row);
    set_number(group, "role", static_cast<std::uint64_t>(shape.role));
    set_number(group, "result", shape.result ? 1 : 0);
    for (const Column& coordinate : shape.coordinates) {
      const std::vector<hsize_t> sizes{size(coordinate.values)};
      coordinates.push_back(make_dataset(group, coordinate.name, file_type(coordinate.values), sizes));
      write_values(coordinates.back(), coordinate.values, 0, sizes);
      describe(coordinates.back(), coordinate, kind_coordinate);
      require(H5DSset_scale(coordinates.back(), coordinate.name.c_str()), "make a dimension");
    }
    const Column* label = shape.find(shape.row);
    if (!label) row_scale = make_bare_dimension(group, shape.row, rows);
  }
  for (const Column& column : shape.columns) {
    Handle dataset = make_dataset(group, column.name, file_type(column.values), dimensions(shape, column, rows));
    if (!described) continue;
    describe(dataset, column, kind_column);
    if (column.name == shape.row) require(H5DSset_scale(dataset, shape.row.c_str()), "make a dimension");
  }
  if (!described) return;
  if (shape.find(shape.row)) row_scale = open_dataset(group, shape.row);
  for (const Column& column : shape.columns) {
    if (column.name == shape.row) continue;
    const Handle dataset = open_dataset(group, column.name);
    require(H5DSattach_scale(dataset, row_scale, 0), "attach a dimension");
    if (!column.across) continue;
    for (unsigned i = 0; i < coordinates.size(); ++i) {
      require(H5DSattach_scale(dataset, coordinates[i], i + 1), "attach a dimension");
    }
  }
}

void write_rows(hid_t parent, const Table& block, std::uint64_t first) {
  const std::uint64_t rows = block.rows();
  if (rows == 0) return;
  const Handle group = open_group(parent, block.name);
  for (const Column& column : block.columns) {
    const Handle dataset = open_dataset(group, column.name);
    std::vector<hsize_t> sizes = lengths(dataset);
    sizes[0] = rows;
    write_values(dataset, column.values, first, sizes);
  }
}

Table read_shape(hid_t parent, const std::string& name) {
  const Handle group = open_group(parent, name);
  Table table;
  table.name = name;
  table.about = get_text(group, "long_name");
  table.row = get_text(group, "row");
  table.role = static_cast<Role>(get_number(group, "role"));
  table.result = get_number(group, "result") != 0;
  for (const std::string& member : members(group)) {
    const Handle dataset = open_dataset(group, member);
    const std::string kind = get_text(dataset, "kind");
    if (kind == kind_dimension) continue;
    const Handle type(H5Dget_type(dataset), H5Tclose, "ask for a type");
    const std::vector<hsize_t> sizes = lengths(dataset);
    Column column;
    column.name = member;
    column.unit = get_text_or_empty(dataset, "units");
    column.about = get_text_or_empty(dataset, "long_name");
    column.values = empty_values(type);
    column.labels = words(get_text_or_empty(dataset, "flag_meanings"));
    if (kind == kind_coordinate) {
      read_values(dataset, column.values, 0, sizes);
      table.coordinates.push_back(std::move(column));
    } else {
      column.across = sizes.size() > 1;
      table.columns.push_back(std::move(column));
    }
  }
  return table;
}

std::uint64_t row_count(hid_t parent, const Table& shape) {
  const Handle group = open_group(parent, shape.name);
  const Handle dataset = open_dataset(group, shape.columns.front().name);
  const std::vector<hsize_t> sizes = lengths(dataset);
  if (sizes.empty()) throw LibraryError("a column has no rows");
  return sizes[0];
}

Table read_rows(hid_t parent, const Table& shape, std::uint64_t first, std::uint64_t count) {
  const Handle group = open_group(parent, shape.name);
  Table table = shape;
  for (Column& column : table.columns) {
    const Handle dataset = open_dataset(group, column.name);
    const std::vector<hsize_t> sizes = dimensions(shape, column, count);
    std::vector<hsize_t> stored = lengths(dataset);
    if (stored.empty() || stored[0] < first + count) throw LibraryError("a column is shorter than its table");
    stored[0] = count;
    if (stored != sizes) throw LibraryError("a column has another shape than its table");
    read_values(dataset, column.values, first, sizes);
  }
  return table;
}

}  // namespace carina::record::impl
