/// @file
/// How cells push and stick: the potentials of PhysiCell (Ghaffarizadeh 2018, PLoS Comput Biol 14:e1005991). A cell moves with
/// the sum of what its neighbours do to it, without inertia. docs/tissue.md has the equations.
#pragma once

#include <vector>

#include "tissue/grid.h"

namespace carina::tissue {

/// Closer than this, um, two centres count as this far apart.
inline constexpr double least_distance = 1e-5;

/// Overlap, (1 - d/R)^2 summed over twelve neighbours in a close packing at rest with the default strengths: the unit of pressure
/// (PhysiCell, simple pressure scale).
inline constexpr double pressure_unit = 0.027288820670331;

/// Strength of the push from a wall that cells avoid, um/min (PhysiCell).
inline constexpr double wall_push = 100;

/// What one type of cell does.
struct Mechanics {
  double repulsion = 10;         ///< um/min, cell-cell repulsion
  double adhesion = 0.4;         ///< um/min, cell-cell adhesion
  double reach = 1.25;           ///< relative maximum adhesion distance, of the radius
  std::vector<double> affinity;  ///< adhesive affinity to each type; empty: 1 to all
};

/// What pairs of types do to each other: geometric means of both. Row i, column j stand at i x types + j.
struct Pairs {
  std::size_t types = 0;          ///< number of types
  std::vector<double> repulsion;  ///< um/min
  std::vector<double> adhesion;   ///< um/min
  std::vector<double> reach;      ///< of each type's radius
};

/// The pairs of these types.
Pairs pairs_of(const std::vector<Mechanics>& types);

/// Weights of this step's and the last step's velocity, min: two-step Adams and Bashforth.
struct Stepping {
  double now = 0;     ///< of this step's
  double before = 0;  ///< of the last one's
};

/// For a step of `dt` min.
inline Stepping adams_bashforth(double dt) { return {dt * 1.5, dt * -0.5}; }

}  // namespace carina::tissue
