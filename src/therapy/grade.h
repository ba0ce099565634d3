/// @file
/// A grade that knows its scale. Grade 3 of one scale is not grade 3 of another: under Penn's scale fluids alone are grade 3,
/// under ASTCT's grade 2, so that rates of two trials may be set beside each other on one scale only. Grades of different
/// scales are different types, and comparing them does not compile.
#pragma once

#include <compare>
#include <cstdint>

namespace carina::therapy {

/// A grade from 0 (nothing) to 5 (death) on the scale that `Scale` names.
template <class Scale>
struct Grade {
  std::uint8_t value = 0;  ///< 0 to 5

  /// Order on the same scale.
  friend constexpr auto operator<=>(Grade, Grade) = default;
};

}  // namespace carina::therapy
