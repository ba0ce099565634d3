/// @file
/// The arithmetic of base/formula.h on one double. Used by base/math.h and by programs that run on a single lane.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace carina {

/// See base/formula.h for what each operation means.
struct ScalarOps {
  using V = double;  ///< number
  using M = bool;    ///< truth

  /// The number c.
  V constant(double c) const { return c; }
  /// a + b
  V add(V a, V b) const { return a + b; }
  /// a - b
  V sub(V a, V b) const { return a - b; }
  /// a * b
  V mul(V a, V b) const { return a * b; }
  /// a / b
  V div(V a, V b) const { return a / b; }
  /// a * b + c, rounded once
  V fma(V a, V b, V c) const { return std::fma(a, b, c); }
  /// largest integer not above a
  V floor(V a) const { return std::floor(a); }
  /// a < b
  M less(V a, V b) const { return a < b; }
  /// a <= b
  M less_equal(V a, V b) const { return a <= b; }
  /// m ? a : b
  V select(M m, V a, V b) const { return m ? a : b; }
  /// x * 2^n by adding n to the exponent field
  V add_exponent(V x, V n) const {
    const auto shift = std::bit_cast<std::uint64_t>(n + 0x1.8p52) << 52;
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) + shift);
  }
  /// exponent of a normal x > 0
  V exponent(V x) const {
    const auto field = std::bit_cast<std::uint64_t>(x) >> 52;
    return std::bit_cast<double>(field | 0x4330000000000000u) - (0x1p52 + 1023.0);
  }
  /// mantissa of a normal x > 0, in [1, 2)
  V mantissa(V x) const {
    const auto bits = std::bit_cast<std::uint64_t>(x) & 0x000fffffffffffffu;
    return std::bit_cast<double>(bits | 0x3ff0000000000000u);
  }
};

}  // namespace carina
