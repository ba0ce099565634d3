/// @file
/// What diffuses through a tissue: a substrate, and its density in every voxel. Rates 1/min, diffusion um2/min; densities in
/// the substrate's own unit (oxygen: mmHg).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tissue/grid.h"

namespace carina::tissue {

/// What holds at a face of the box.
enum class Wall : std::uint8_t {
  NoFlux,  ///< nothing passes
  Fixed,   ///< the voxels at the face have a given density
};

/// Faces of the box, in this order.
enum class Side : std::uint8_t { LowX, HighX, LowY, HighY, LowZ, HighZ };

/// What holds at each face; where fixed faces meet the last one named by Side decides.
struct Boundary {
  std::array<Wall, 6> wall = {};     ///< by Side
  std::array<double, 6> value = {};  ///< density at a fixed face
  /// Is the face fixed?
  bool fixed(std::size_t side) const { return wall[side] == Wall::Fixed; }
};

/// A substance.
struct Substrate {
  std::string name;      ///< such as `oxygen`
  std::string unit;      ///< of its density
  double diffusion = 0;  ///< um2/min
  double decay = 0;      ///< 1/min
  double initial = 0;    ///< density at the start
  Boundary boundary;     ///< at the faces
};

/// A substrate's density in every voxel.
struct Field {
  Grid grid;                  ///< where
  Substrate what;             ///< of what
  std::vector<double> value;  ///< density, by voxel
};

/// A field at its start: the initial density, and that of the faces where they are fixed.
Field field_of(const Grid& grid, const Substrate& what);

/// Puts the fixed faces' densities into their voxels.
void hold_faces(Field& field);

/// What a type of cell does to a substrate in its voxel.
struct Use {
  double secretion = 0;  ///< 1/min, towards `target`
  double target = 0;     ///< density
  double uptake = 0;     ///< 1/min
  double release = 0;    ///< density x um3/min, net export
};

/// What the cells of a voxel do to its density in one step: u becomes a u + b. The implicit steps of its cells, one after the
/// other, are one such map.
struct Exchange {
  std::vector<double> a;           ///< by voxel; 1 without cells
  std::vector<double> b;           ///< by voxel; 0 without cells
  std::vector<std::uint8_t> busy;  ///< by row along x: 1 where there are cells
};

}  // namespace carina::tissue
