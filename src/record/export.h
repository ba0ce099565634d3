/// @file
/// Tables as text: CSV and JSON whose numbers read back to the same bits (the shortest text that does). Bounded memory: the
/// rows stream. Labelled columns are written as their words.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "record/recording.h"

namespace carina::record {

/// How to write CSV.
struct CsvOptions {
  bool units = false;    ///< heads `name [unit]` in place of `name`
  char separator = ',';  ///< between cells
};

/// RFC 4180 with a head line. A table with coordinates gets one line for each row and point: the row's columns, the
/// coordinates, the columns across them. NaN, inf and -inf are written so. Throws FileError when the stream fails.
void export_csv(const Recording& recording, std::string_view table, std::ostream& out, const CsvOptions& options = {});

/// One object: table, about, row, coordinates (name, unit, about, values), columns (name, unit, about, type) and rows, an
/// array of arrays in column order; a column across coordinates is an array in its cell. NaN is null, infinities are the
/// texts "inf" and "-inf". Throws FileError when the stream fails.
void export_json(const Recording& recording, std::string_view table, std::ostream& out);

/// One table that is not in a recording, in the form of export_csv.
void export_csv(const Table& table, std::ostream& out, const CsvOptions& options = {});

/// The text of a number in an export, number_text of base/names.h.
std::string exact_text(double value);
/// Shortest text that reads back to the same float.
std::string exact_text(float value);

}  // namespace carina::record
