/// @file
/// A table of numbers, row after row. What the room takes and gives back; no algebra.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace carina::fit {

/// Rows and columns of doubles, row after row.
struct Matrix {
  std::size_t rows = 0;        ///< number of rows
  std::size_t columns = 0;     ///< number of columns
  std::vector<double> values;  ///< rows x columns, row after row

  Matrix() = default;
  /// All values equal.
  Matrix(std::size_t height, std::size_t width, double value = 0)
      : rows(height), columns(width), values(height * width, value) {}

  /// One value.
  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  /// One value.
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  /// One row.
  std::span<double> row(std::size_t index) { return {values.data() + index * columns, columns}; }
  /// One row.
  std::span<const double> row(std::size_t index) const { return {values.data() + index * columns, columns}; }
  /// A copy of one column.
  std::vector<double> column(std::size_t index) const {
    std::vector<double> out(rows);
    for (std::size_t i = 0; i < rows; ++i) out[i] = (*this)(i, index);
    return out;
  }
};

}  // namespace carina::fit
