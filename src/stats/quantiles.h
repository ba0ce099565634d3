/// @file
/// Quantiles of any number of values in bounded memory: integer counts in 512 bins a factor of two. Merging adds integers,
/// so the result is exact and does not depend on order or grouping. A quantile is right within a relative 2^-10 (about
/// 0.001) of each value that it is made of; minimum, maximum and the counts are exact.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

namespace carina::stats {

/// Counts of values by size. A value's bin is given by its sign, its exponent and the first 9 bits of its mantissa.
/// Numbers smaller in size than 2.2e-308 count as zero; NaNs are counted apart and take no part.
/// Takes 8 KiB, and 2 KiB for each factor of two in which values occur. Counting takes some 3 ns a value when many values
/// are given to one sketch in a row, and ten times that when hundreds of sketches take turns and leave the cache: where
/// there is a sketch for each time, give it the values of a whole block of individuals at once.
class QuantileSketch {
 public:
  static constexpr int mantissa_bits = 9;               ///< bins a factor of two: 2^9
  static constexpr double relative_error = 1.0 / 1024;  ///< of a value against its bin's middle

  QuantileSketch();

  /// Counts one value.
  void add(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto octave = static_cast<std::size_t>(bits >> 52);
    const std::uint32_t page = page_of_[octave];
    if (page == no_page) [[unlikely]] {
      add_rare(value);
      return;
    }
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
    const std::size_t bin = page * page_size + ((bits >> (52 - mantissa_bits)) & (page_size - 1));
    if (++counts_[bin] == 0) [[unlikely]]
      ++carries_[bin];
  }
  /// Counts each value.
  void add(std::span<const double> values) {
    for (const double value : values) add(value);
  }

  /// Adds the counts of another; any order gives the same sketch.
  void merge(const QuantileSketch& other);

  /// Values counted, infinities and zeros included, NaNs not.
  std::uint64_t count() const;
  /// NaNs seen.
  std::uint64_t nan_count() const { return nan_; }
  /// Smallest value; NaN when there is none.
  double min() const;
  /// Largest value; NaN when there is none.
  double max() const;

  /// The quantile for probability p in [0, 1]; NaN when nothing was counted. With n values in order, h = (n - 1) p and
  /// k = floor(h) it is v(k) + (h - k) (v(k + 1) - v(k)) (Hyndman and Fan's type 7), where v is a value's bin middle, cut
  /// to [min, max]; v(0) and v(n - 1) are exact.
  double quantile(double p) const;
  /// Several quantiles in one pass; `probabilities` rise.
  std::vector<double> quantiles(std::span<const double> probabilities) const;

  /// The whole state as bytes (a few for each occupied bin); equal sketches give equal bytes.
  std::vector<std::uint8_t> bytes() const;
  /// Adds the counts of a sketch given as bytes; false, with nothing added, when they are not a sketch.
  bool merge_bytes(std::span<const std::uint8_t> bytes);

  /// Forgets all values and keeps the memory.
  void clear();
  /// Memory in use, in bytes.
  std::size_t memory() const;

 private:
  static constexpr std::size_t page_size = std::size_t{1} << mantissa_bits;
  static constexpr std::uint16_t no_page = 0xffff;

  struct Bin {
    std::uint32_t key;  // sign, exponent and leading mantissa bits
    std::uint64_t count;
  };
  void add_rare(double value);
  std::uint16_t page(std::size_t octave);
  void add_bin(std::uint32_t key, std::uint64_t count);
  std::vector<Bin> bins() const;

  std::vector<std::uint16_t> page_of_;                        // by sign and exponent: where its 512 counts are
  std::vector<std::uint32_t> counts_;                         // pages of 512
  std::map<std::size_t, std::uint64_t> carries_;              // multiples of 2^32 in counts_
  std::uint64_t zero_ = 0, below_ = 0, above_ = 0, nan_ = 0;  // zeros, -infinity, +infinity, NaN
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

/// The quantile for probability p of values in rising order, Hyndman and Fan's type 7, as R's default; NaN without values.
double sorted_quantile(std::span<const double> sorted, double p);

}  // namespace carina::stats
