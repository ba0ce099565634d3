/// @file
/// How cells walk: directions that last for a while, drawn to one side (PhysiCell 1.14, Ghaffarizadeh 2018). docs/tissue.md.
#pragma once

#include <span>
#include <vector>

#include "tissue/field.h"
#include "tissue/life.h"

namespace carina::tissue {

/// Which way a type of cell is drawn.
struct Chemotaxis {
  bool up_many = false;         ///< along the sum of its sensitivities times gradients, instead of one substrate
  bool unit_gradients = false;  ///< of that sum, each gradient with length 1
  int substrate = -1;           ///< otherwise: towards more of this one; -1: nowhere
  double sign = 1;              ///< -1: towards less
};

/// Gradient of a field in the voxel of a point: central differences, one-sided at faces; density/um.
Vec3 gradient(const Field& field, double x, double y, double z);

/// Where cells are drawn to, and which of them stand.
struct Drawn {
  std::span<const Field> fields;        ///< by substrate
  std::span<const Chemotaxis> of_type;  ///< by type
  std::span<const std::uint8_t> idle =
      {};  ///< by place: 1 where a cell does not walk in this step, and forgets its direction; empty: none
};

/// Live cells with a speed turn with probability dt/persistence (always where that is shorter than dt): towards unit(bias times the way
/// they are drawn + (1 - bias) times a random direction), flat ones in their plane. Then what they want is added to vx, vy, vz. Reads
/// traits, fate, x, y, z; writes wish_x, wish_y, wish_z, vx, vy, vz.
void migrate(Population& people, const Drawn& drawn, const Draws& draws, double dt);

}  // namespace carina::tissue
