// Small symmetric systems: the covariances of a test and the information of a few coefficients.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace carina::stats::impl {

// The least that a pivot must exceed for a matrix not to be singular.
struct LeastPivot {
  double of_own = 0;      // times its own element of the diagonal: what the rows before leave of it
  double of_largest = 0;  // times the largest element of the diagonal
};

// Lower factor of a symmetric matrix, row after row.
class Cholesky {
 public:
  // `matrix` has size * size values, of which the lower triangle is read. Numbers that are none make it singular too.
  Cholesky(std::span<const double> matrix, std::size_t size, LeastPivot least = {});

  bool singular() const { return singular_; }
  // x with matrix x = b; not of a singular one.
  std::vector<double> solve(std::span<const double> b) const;
  // The inverse, row after row; not of a singular one.
  std::vector<double> inverse() const;

 private:
  std::size_t size_;
  std::vector<double> lower_;
  bool singular_ = false;
};

// Sum of a[i] b[i].
double dot(std::span<const double> a, std::span<const double> b);

}  // namespace carina::stats::impl
