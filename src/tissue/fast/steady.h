/// @file
/// The state that a fast substrate comes to while cells stand still: diffusion, decay and what cells take and give are in balance.
/// One solve takes the place of all the small steps that a fast substrate would need between two looks of the cells.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/parallel.h"
#include "tissue/cells.h"
#include "tissue/fast/diffuse.h"
#include "tissue/field.h"

namespace carina::tissue::fast {

/// What cells give to each voxel: gain - loss u, density/min.
struct Sources {
  std::vector<double> gain;  ///< density/min, by voxel
  std::vector<double> loss;  ///< 1/min, by voxel, beside decay
};

/// The sources of all cells on a substrate. Reads type, x, y, z, volume.
void sources_of(const Cells& cells, const std::vector<Use>& use, const Grid& grid, Sources& sources);

/// Solves D u'' - decay u + gain - loss u = 0 on the seven-point stencil, voxels at fixed faces held: conjugate gradients with a cycle
/// over coarser grids as preconditioner. There must be a fixed face, decay or loss, or no state is steady.
class Steady {
 public:
  /// For one substrate on one grid.
  Steady(const Grid& grid, const Substrate& what);
  ~Steady();
  Steady(Steady&&) noexcept;             ///< moves
  Steady& operator=(Steady&&) noexcept;  ///< moves

  /// Brings the field to balance, from where it is, until the last change of every voxel is below `tolerance` (density), in at most
  /// `most` iterations. The bits do not depend on the number of threads.
  Balance solve(Field& field, const Sources& sources, double tolerance, const ParallelOptions& parallel, int most = 200);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace carina::tissue::fast
