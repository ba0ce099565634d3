/// @file
/// A box and the voxels that it is cut into. Lengths in um.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace carina::tissue {

/// Three coordinates, um, or three components of a vector.
using Vec3 = std::array<double, 3>;

/// Where cells and fields are.
struct Box {
  Vec3 low = {-500, -500, -500};                         ///< um
  Vec3 high = {500, 500, 500};                           ///< um
  std::array<bool, 3> periodic = {false, false, false};  ///< leaving at one face is coming in at the other
  double length(std::size_t axis) const { return high[axis] - low[axis]; }  ///< um
};

/// Cubic voxels of a box, numbered x first, then y, then z.
struct Grid {
  Vec3 low = {0, 0, 0};              ///< um, corner of the first voxel
  double h = 20;                     ///< um, edge of a voxel
  std::array<int, 3> n = {1, 1, 1};  ///< voxels along x, y, z

  /// Number of voxels.
  std::size_t size() const {
    return static_cast<std::size_t>(n[0]) * static_cast<std::size_t>(n[1]) * static_cast<std::size_t>(n[2]);
  }
  /// Number of voxel (i, j, k).
  std::size_t at(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(n[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(n[0]) +
           static_cast<std::size_t>(i);
  }
  /// Place along an axis of the voxel that holds a coordinate; the nearest one outside the box.
  int place(std::size_t axis, double x) const {
    const double steps = std::floor((x - low[axis]) / h);
    return steps < 0 ? 0 : steps > n[axis] - 1 ? n[axis] - 1 : static_cast<int>(steps);
  }
  /// Voxel that holds a point; the nearest one outside the box.
  std::size_t voxel(double x, double y, double z) const { return at(place(0, x), place(1, y), place(2, z)); }
  /// Middle of a voxel along an axis, um.
  double middle(std::size_t axis, int i) const { return low[axis] + (i + 0.5) * h; }
  /// um3
  double volume() const { return h * h * h; }
};

/// Voxels of edge `h` that cover the box, as many along each axis as it takes.
inline Grid grid_of(const Box& box, double h) {
  Grid grid{box.low, h, {1, 1, 1}};
  for (std::size_t axis = 0; axis < 3; ++axis) grid.n[axis] = static_cast<int>(std::ceil(box.length(axis) / h + 1e-16));
  return grid;
}

}  // namespace carina::tissue
