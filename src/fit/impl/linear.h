/// @file
/// Eigen's names as this room uses them, and the way from and to plain tables.
#pragma once

#include <Eigen/Dense>
#include <span>

#include "fit/matrix.h"

namespace carina::fit::impl {

using Eigen::Index;
using Vector = Eigen::VectorXd;
using Dense = Eigen::MatrixXd;

/// A copy as Eigen's.
inline Dense dense(const Matrix& table) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(table.values.data(), static_cast<Index>(table.rows), static_cast<Index>(table.columns));
}
/// A copy as Eigen's.
inline Vector vector(std::span<const double> values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
}
/// A copy as a plain table.
inline Matrix table(const Dense& values) {
  Matrix out(static_cast<std::size_t>(values.rows()), static_cast<std::size_t>(values.cols()));
  for (std::size_t i = 0; i < out.rows; ++i) {
    for (std::size_t j = 0; j < out.columns; ++j) out(i, j) = values(static_cast<Index>(i), static_cast<Index>(j));
  }
  return out;
}
/// A copy as plain numbers.
inline std::vector<double> plain(const Vector& values) { return {values.data(), values.data() + values.size()}; }

/// Means of the columns.
inline Vector column_means(const Dense& draws) { return draws.colwise().mean().transpose(); }
/// Covariance of the columns, with n - 1.
inline Dense column_covariance(const Dense& draws) {
  const Dense centred = draws.rowwise() - draws.colwise().mean();
  return centred.transpose() * centred / static_cast<double>(draws.rows() - 1);
}
/// Lower factor of a covariance; a sliver is added to the diagonal until there is one.
Dense factor(const Dense& covariance);

}  // namespace carina::fit::impl
