/// @file
/// T1: a jittered lattice of cells that relax, with oxygen, without a draw. One definition for tests and benchmarks; the peer
/// builds the same from the same numbers.
#pragma once

#include <cmath>
#include <cstdint>

#include "tissue/cells.h"
#include "tissue/field.h"
#include "tissue/mechanics.h"

namespace carina::scenes::t1 {

/// A size of the scene.
struct Size {
  double half = 300;    ///< um, half the edge of the box
  double radius = 188;  ///< um, of the ball of cells
};
inline constexpr Size small{300, 188};   ///< 10 131 cells
inline constexpr Size middle{420, 320};  ///< 50 061
inline constexpr Size large{600, 508};   ///< 200 237
inline constexpr Size huge{1000, 870};   ///< about a million

inline constexpr double volume = 2494;  ///< um3
inline constexpr double uptake = 10;    ///< of oxygen, 1/min

/// The box.
inline tissue::Box box(const Size& size) {
  return {{-size.half, -size.half, -size.half}, {size.half, size.half, size.half}, {false, false, false}};
}

/// The cells at the start: a cubic lattice of 14 um, each cell moved by up to 2 um along each axis.
inline tissue::Cells cells(const Size& size) {
  std::uint64_t state = 42;  // SplitMix64
  const auto uniform = [&state] {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  };
  tissue::Cells cells;
  const int n = static_cast<int>(std::ceil(size.radius / 14));
  for (int k = -n; k <= n; ++k) {
    for (int j = -n; j <= n; ++j) {
      for (int i = -n; i <= n; ++i) {
        tissue::Vec3 at = {i * 14.0, j * 14.0, k * 14.0};
        if (at[0] * at[0] + at[1] * at[1] + at[2] * at[2] >= size.radius * size.radius) continue;
        for (double& x : at) x += (2 * uniform() - 1) * 2;
        tissue::add_cell(cells, 0, at, volume);
      }
    }
  }
  return cells;
}

/// Oxygen with 38 mmHg at all faces.
inline tissue::Substrate oxygen() {
  tissue::Substrate o{"oxygen", "mmHg", 1e5, 0.1, 38, {}};
  o.boundary.wall.fill(tissue::Wall::Fixed);
  o.boundary.value.fill(38);
  return o;
}

/// How the cells push and stick.
inline tissue::Pairs pairs() { return tissue::pairs_of({tissue::Mechanics{}}); }

}  // namespace carina::scenes::t1
