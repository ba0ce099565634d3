#include "stats/impl/cholesky.h"

#include <algorithm>

#include "base/check.h"
#include "base/math.h"

namespace carina::stats::impl {

Cholesky::Cholesky(std::span<const double> matrix, std::size_t size, LeastPivot least)
    : size_(size), lower_(matrix.begin(), matrix.end()) {
  CARINA_CHECK(matrix.size() == size * size);
  double largest = 0;
  for (std::size_t i = 0; i < size; ++i) largest = std::max(largest, matrix[i * size + i]);
  for (std::size_t j = 0; j < size && !singular_; ++j) {
    double* row = &lower_[j * size];
    double pivot = row[j];
    for (std::size_t k = 0; k < j; ++k) pivot -= row[k] * row[k];
    singular_ = !(pivot > std::max(least.of_own * matrix[j * size + j], least.of_largest * largest));
    if (singular_) return;
    row[j] = math::sqrt(pivot);
    for (std::size_t i = j + 1; i < size; ++i) {
      double* below = &lower_[i * size];
      for (std::size_t k = 0; k < j; ++k) below[j] -= below[k] * row[k];
      below[j] /= row[j];
    }
  }
}

std::vector<double> Cholesky::solve(std::span<const double> b) const {
  CARINA_CHECK(!singular_ && b.size() == size_);
  std::vector<double> x(b.begin(), b.end());
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= lower_[i * size_ + k] * x[k];
    x[i] /= lower_[i * size_ + i];
  }
  for (std::size_t i = size_; i-- > 0;) {
    for (std::size_t k = i + 1; k < size_; ++k) x[i] -= lower_[k * size_ + i] * x[k];
    x[i] /= lower_[i * size_ + i];
  }
  return x;
}

std::vector<double> Cholesky::inverse() const {
  std::vector<double> inverse(size_ * size_);
  std::vector<double> unit(size_);
  for (std::size_t j = 0; j < size_; ++j) {
    std::fill(unit.begin(), unit.end(), 0);
    unit[j] = 1;
    const std::vector<double> column = solve(unit);
    for (std::size_t i = 0; i < size_; ++i) inverse[i * size_ + j] = column[i];
  }
  return inverse;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace carina::stats::impl
