/// @file
/// Sums, means and variances whose bits depend on the order of the values alone: each chunk sums its own in order, and
/// chunks are merged in chunk order. NaNs are counted apart and take no part.
#pragma once

#include <array>
#include <cstdint>

namespace carina::stats {

/// A sum with its rounding error carried along (Neumaier). Error about 2 ulp for any number of values.
class OrderedSum {
 public:
  /// Adds one value.
  void add(double value);
  /// Adds another sum, as if it were its two parts; order matters for the last bits.
  void merge(const OrderedSum& other);
  /// The sum.
  double value() const { return sum_ + error_; }
  /// Both parts, to keep.
  std::array<double, 2> state() const { return {sum_, error_}; }
  /// A sum from its parts.
  static OrderedSum from(std::array<double, 2> state);

 private:
  double sum_ = 0, error_ = 0;
};

/// Count, mean and variance (Welford; merged after Chan, Golub and LeVeque).
class Moments {
 public:
  /// Adds one value.
  void add(double value);
  /// Adds another's values; order matters for the last bits.
  void merge(const Moments& other);
  /// Values counted.
  std::uint64_t count() const { return count_; }
  /// NaNs seen.
  std::uint64_t nan_count() const { return nan_; }
  /// Mean; NaN without values.
  double mean() const;
  /// Variance with n - 1; NaN below two values.
  double variance() const;
  /// Standard deviation; NaN below two values.
  double sd() const;
  /// Sum of squares about the mean, to keep together with count, nan_count and mean.
  double squares() const { return squares_; }
  /// Moments from what was kept; `mean` is ignored when count is 0.
  static Moments from(std::uint64_t count, std::uint64_t nan_count, double mean, double squares);

 private:
  std::uint64_t count_ = 0, nan_ = 0;
  double mean_ = 0, squares_ = 0;
};

/// Geometric mean and coefficient of variation. Values that are not above 0 have no logarithm: counted apart, left out.
class GeometricMoments {
 public:
  /// Adds one value.
  void add(double value);
  /// Adds another's values; order matters for the last bits.
  void merge(const GeometricMoments& other);
  /// exp of the mean logarithm; NaN without values.
  double mean() const;
  /// Geometric coefficient of variation sqrt(exp(variance of logs) - 1), a fraction; NaN below two values.
  double cv() const;
  /// Values not above 0.
  std::uint64_t not_positive() const { return not_positive_; }
  /// Moments of the logarithms.
  const Moments& logs() const { return logs_; }
  /// From what was kept.
  static GeometricMoments from(const Moments& logs, std::uint64_t not_positive);

 private:
  Moments logs_;
  std::uint64_t not_positive_ = 0;
};

}  // namespace carina::stats
