/// @file
/// Diffusion and decay, tuned: what tissue/reference/diffuse.h defines, several lines at once in the lanes of vector registers.
#pragma once

#include <array>
#include <vector>

#include "base/parallel.h"
#include "tissue/cells.h"
#include "tissue/field.h"
#include "tissue/life.h"

namespace carina::tissue::fast {

/// How a solve went.
struct Balance {
  int iterations = 0;     ///< steps
  double correction = 0;  ///< largest change of a voxel in the last one, density
  bool reached = false;   ///< the tolerance
};

/// One line's elimination: u_i becomes inverse_i u_i + carry_i u_(i-1), and back u_i + carry_i u_(i+1).
struct Elimination {
  std::vector<double> inverse;  ///< one over the pivot
  std::vector<double> carry;    ///< the off-diagonal over the pivot
};

/// The locally one-dimensional step for one substrate, grid and step. Immutable.
class Lod {
 public:
  /// For steps of `dt` min.
  Lod(const Grid& grid, const Substrate& what, double dt);

  /// One step. With `exchange`, the cells' maps follow the last sweep. Planes and rows are cut into fixed chunks, so the bits do
  /// not depend on the number of threads.
  void step(Field& field, const Exchange* exchange, const ParallelOptions& parallel) const;

 private:
  std::array<Elimination, 3> lines_;
};

/// The state that steps of one length settle to while cells stand still, without taking them all: Chebyshev iteration on the step
/// (Golub and Varga 1961, Numerische Mathematik 3:147). It is not the balance of the substrate (`Steady`), from which steps of 0.01 min of oxygen
/// are some mmHg away, but what published runs with such steps rest on.
class LodFixedPoint {
 public:
  /// For steps of `dt` min.
  LodFixedPoint(const Grid& grid, const Substrate& what, double dt);

  /// From where the field is until the last change of every voxel is below `tolerance` (density), in at most `most` steps. With
  /// `exchange`, the maps of the cells for this `dt`. The bits do not depend on the number of threads.
  Balance solve(Field& field, const Exchange* exchange, double tolerance, const ParallelOptions& parallel, int most = 2000);

 private:
  Lod lod_;
  double slowest_;  // share of the slowest mode that one step leaves
  std::vector<double> before_, now_;
};

/// The maps of all cells on a substrate for a step of `dt` min: reference::exchange, composed by voxel in the order of places. Reads
/// type, x, y, z, volume.
void exchange_of(const Cells& cells, const std::vector<Use>& use, double dt, const Grid& grid, Exchange& exchange);
/// The same with each cell's traits towards substrate s.
void exchange_of(const Population& people, std::size_t s, double dt, const Grid& grid, Exchange& exchange);

}  // namespace carina::tissue::fast
