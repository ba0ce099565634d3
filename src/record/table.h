/// @file
/// A table as plain data: named columns of equal row counts, each with its unit and meaning. A table may have coordinates
/// (time; or z, y, x): a column marked `across` then holds, row by row, one value for each point of the coordinates, the
/// last coordinate running fastest. Tables are what engines hand to a recording and what a recording gives back. They know
/// nothing of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace carina::record {

/// The values of one column. Text is UTF-8 without zero bytes.
using Values = std::variant<std::vector<double>, std::vector<float>, std::vector<std::int64_t>, std::vector<std::int32_t>,
                            std::vector<std::uint8_t>, std::vector<std::string>>;

/// One named column.
struct Column {
  std::string name = {};   ///< letters, digits, `_`, `-`, `.`, `+`; unique in its table, and not a coordinate's name
  std::string unit = {};   ///< unit as UDUNITS-2 reads it; "1" for a pure number, empty for ids, codes and text
  std::string about = {};  ///< meaning in one line
  Values values = {};      ///< one value a row, or rows x points of the coordinates when `across`
  bool across = false;     ///< one value for each row and point of the table's coordinates
  std::vector<std::string> labels =
      {};  ///< what the whole numbers 0, 1, 2 ... of the column stand for; single words; may be empty

  /// The values when they are doubles; anything else is our mistake.
  const std::vector<double>& doubles() const { return std::get<std::vector<double>>(values); }
  /// The values when they are 64-bit integers.
  const std::vector<std::int64_t>& integers() const { return std::get<std::vector<std::int64_t>>(values); }
  /// The values when they are text.
  const std::vector<std::string>& texts() const { return std::get<std::vector<std::string>>(values); }
};

/// What becomes of a table when the chunks of a run are put together.
enum class Role : std::uint8_t {
  Rows,   ///< each chunk brings some rows; they are stacked in chunk order
  State,  ///< state of a reduction, one set of rows a chunk; used to finish the recording, then dropped (a shard keeps it)
  Fixed,  ///< the same for the whole run; given with the plan
  Made,   ///< made by `Finish` from all chunks; never part of a plan
};

/// A named table.
struct Table {
  std::string name = {};    ///< as columns are named; unique in the recording
  std::string about = {};   ///< meaning in one line
  std::string row = "row";  ///< what a row is, e.g. `individual`; a column of that name gives the rows their label
  Role role = Role::Rows;   ///< how it is put together
  bool result = true;       ///< false for what came in or describes the machine: kept out of `hash` and `diff`
  std::vector<Column> coordinates = {};  ///< none of them `across`; their values are fixed by the plan
  std::vector<Column> columns = {};      ///< at least one

  /// Number of rows, 0 for a table of shape only.
  std::size_t rows() const;
  /// Number of values that an `across` column has in each row: the product of the coordinates' lengths.
  std::size_t points() const;
  /// The column called `name`, or nullptr.
  const Column* find(std::string_view name) const;
  /// The column called `name`; its absence is our mistake.
  const Column& column(std::string_view name) const;
  /// The same table with every column empty (coordinates keep their values).
  Table shape() const;
};

/// Number of values in a column, across or not.
std::size_t size(const Values& values);

/// Name of the type of a column as files and messages write it: float64, float32, int64, int32, uint8 or text.
std::string_view type_name(const Values& values);

/// Empty when the table can be recorded, otherwise what is wrong with it: names, equal lengths, labels in range, zero bytes.
std::string fault(const Table& table);

/// Empty when `part` has the shape of `plan` (names, units, types, coordinates), otherwise the first difference.
std::string mismatch(const Table& plan, const Table& part);

}  // namespace carina::record
