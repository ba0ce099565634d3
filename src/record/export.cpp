#include "record/export.h"

#include <cerrno>
#include <charconv>
#include <ostream>
#include <type_traits>

#include "base/names.h"

namespace carina::record {
namespace {

/// A text as a CSV cell: in quotes only where it must be.
std::string csv_cell(const std::string& text, char separator) {
  const std::string marks = std::string("\"\r\n") + separator;
  if (text.find_first_of(marks) == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string json_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view digits = "0123456789abcdef";
      const auto code = static_cast<unsigned char>(c);
      quoted += "\\u00";
      quoted += digits[code >> 4];
      quoted += digits[code & 15];
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

/// The plain text of a value; a code becomes its word.
std::string plain(const Column& column, std::size_t index) {
  return std::visit(
      [&](const auto& list) -> std::string {
        using T = typename std::decay_t<decltype(list)>::value_type;
        if constexpr (std::is_same_v<T, std::string>) {
          return list[index];
        } else if constexpr (std::is_floating_point_v<T>) {
          return exact_text(list[index]);
        } else {
          const auto code = static_cast<std::uint64_t>(list[index]);
          return code < column.labels.size() ? column.labels[code] : std::to_string(list[index]);
        }
      },
      column.values);
}

std::string json_value(const Column& column, std::size_t index) {
  const std::string text = plain(column, index);
  if (std::holds_alternative<std::vector<std::string>>(column.values) || !column.labels.empty()) return json_text(text);
  if (text == "nan") return "null";
  return text == "inf" || text == "-inf" ? json_text(text) : text;
}

std::string head(const Column& column, const CsvOptions& options) {
  const bool unit = options.units && !column.unit.empty();
  return csv_cell(unit ? column.name + " [" + column.unit + "]" : column.name, options.separator);
}

void csv_head(const Table& shape, std::ostream& out, const CsvOptions& options) {
  std::string line;
  const auto add = [&](const Column& column) {
    if (!line.empty()) line += options.separator;
    line += head(column, options);
  };
  for (const Column& column : shape.columns) {
    if (!column.across) add(column);
  }
  for (const Column& coordinate : shape.coordinates) add(coordinate);
  for (const Column& column : shape.columns) {
    if (column.across) add(column);
  }
  out << line << '\n';
}

void csv_rows(const Table& block, std::ostream& out, const CsvOptions& options) {
  const std::size_t points = block.points();
  for (std::size_t row = 0; row < block.rows(); ++row) {
    std::string fixed;
    const auto add = [&](std::string& line, const std::string& text) {
      line += csv_cell(text, options.separator);
      line += options.separator;
    };
    for (const Column& column : block.columns) {
      if (!column.across) add(fixed, plain(column, row));
    }
    for (std::size_t point = 0; point < points; ++point) {
      std::string line = fixed;
      std::size_t stride = points;
      for (const Column& coordinate : block.coordinates) {
        const std::size_t length = size(coordinate.values);
        stride /= length;
        add(line, plain(coordinate, point / stride % length));
      }
      for (const Column& column : block.columns) {
        if (column.across) add(line, plain(column, row * points + point));
      }
      line.back() = '\n';
      out << line;
    }
  }
}

void json_head(const Column& column, bool values, std::ostream& out) {
  out << "{\"name\":" << json_text(column.name) << ",\"unit\":" << json_text(column.unit)
      << ",\"about\":" << json_text(column.about) << ",\"type\":" << json_text(type_name(column.values));
  if (column.across) out << ",\"across\":true";
  if (values) {
    out << ",\"values\":[";
    for (std::size_t i = 0; i < size(column.values); ++i) out << (i ? "," : "") << json_value(column, i);
    out << ']';
  }
  out << '}';
}

void json_row(const Table& block, std::size_t row, std::ostream& out) {
  const std::size_t points = block.points();
  out << '[';
  for (std::size_t i = 0; i < block.columns.size(); ++i) {
    const Column& column = block.columns[i];
    if (i) out << ',';
    if (!column.across) {
      out << json_value(column, row);
      continue;
    }
    out << '[';
    for (std::size_t point = 0; point < points; ++point) {
      out << (point ? "," : "") << json_value(column, row * points + point);
    }
    out << ']';
  }
  out << ']';
}

void check(const std::ostream& out) {
  if (!out) throw FileError("cannot write", "the exported table", errno, "the stream failed");
}

}  // namespace

std::string exact_text(double value) { return number_text(value); }

std::string exact_text(float value) {
  if (value != value) return "nan";
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

void export_csv(const Recording& recording, std::string_view table, std::ostream& out, const CsvOptions& options) {
  csv_head(recording.shape(table), out, options);
  recording.each_block(table, [&](std::uint64_t, const Table& block) {
    csv_rows(block, out, options);
    check(out);
  });
  out.flush();
  check(out);
}

void export_csv(const Table& table, std::ostream& out, const CsvOptions& options) {
  csv_head(table, out, options);
  csv_rows(table, out, options);
  out.flush();
  check(out);
}

void export_json(const Recording& recording, std::string_view table, std::ostream& out) {
  const Table& shape = recording.shape(table);
  out << "{\"table\":" << json_text(shape.name) << ",\"about\":" << json_text(shape.about)
      << ",\"row\":" << json_text(shape.row) << ",\"coordinates\":[";
  for (std::size_t i = 0; i < shape.coordinates.size(); ++i) {
    if (i) out << ',';
    json_head(shape.coordinates[i], true, out);
  }
  out << "],\"columns\":[";
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    if (i) out << ',';
    json_head(shape.columns[i], false, out);
  }
  out << "],\"rows\":[";
  recording.each_block(table, [&](std::uint64_t first, const Table& block) {
    for (std::size_t row = 0; row < block.rows(); ++row) {
      out << (first + row > 0 ? ",\n" : "\n");
      json_row(block, row, out);
    }
    check(out);
  });
  out << "]}\n";
  out.flush();
  check(out);
}

}  // namespace carina::record
