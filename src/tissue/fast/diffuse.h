/// @file
/// Diffusion and decay, tuned: what tissue/reference/diffuse.h defines, several lines at once in the lanes of vector registers.
#pragma once

#include <array>
#include <vector>

#include "base/parallel.h"
#include "tissue/cells.h"
#include "tissue/field.h"

namespace carina::tissue::fast {

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

/// The maps of all cells on a substrate for a step of `dt` min: reference::exchange, composed by voxel in the order of places. Reads
/// type, x, y, z, volume.
void exchange_of(const Cells& cells, const std::vector<Use>& use, double dt, const Grid& grid, Exchange& exchange);

}  // namespace carina::tissue::fast
