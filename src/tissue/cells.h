/// @file
/// The cells of a tissue as columns: the values of cell i stand at place i of each. Stages are free functions over columns.
#pragma once

#include <cstdint>
#include <numbers>
#include <vector>

#include "tissue/grid.h"

namespace carina::tissue {

/// Columns of all cells. Every column has the same length.
struct Cells {
  std::vector<std::uint64_t> id;    ///< for life, never used again; counts from 0 in order of birth
  std::vector<std::uint16_t> type;  ///< place in the list of cell types
  std::vector<double> x;            ///< um
  std::vector<double> y;            ///< um
  std::vector<double> z;            ///< um
  std::vector<double> vx;           ///< um/min, of this step, summed from what pushes and pulls
  std::vector<double> vy;           ///< um/min
  std::vector<double> vz;           ///< um/min
  std::vector<double> ux;           ///< um/min, of the step before
  std::vector<double> uy;           ///< um/min
  std::vector<double> uz;           ///< um/min
  std::vector<double> volume;       ///< um3
  std::vector<double> radius;       ///< um, of the sphere with that volume
  std::vector<double> pressure;     ///< overlap with neighbours; 1 is that of twelve in a close packing

  std::uint64_t born = 0;  ///< cells so far, the dead included: the next id

  /// How many there are.
  std::size_t size() const { return id.size(); }
};

/// Calls `work` with each column.
template <class C, class Work>
void for_each_column(C& cells, Work work) {
  work(cells.id), work(cells.type);
  work(cells.x), work(cells.y), work(cells.z);
  work(cells.vx), work(cells.vy), work(cells.vz);
  work(cells.ux), work(cells.uy), work(cells.uz);
  work(cells.volume), work(cells.radius), work(cells.pressure);
}

/// Radius of a sphere, um, from its volume, um3.
double radius_of(double volume);

/// Adds a cell at rest, with the next id. Returns its place.
std::size_t add_cell(Cells& cells, std::uint16_t type, const Vec3& at, double volume);

}  // namespace carina::tissue
