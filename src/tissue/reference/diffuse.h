/// @file
/// Diffusion and decay in plain double precision on one thread: the specification of tissue/fast.
#pragma once

#include "tissue/cells.h"
#include "tissue/field.h"

namespace carina::tissue::reference {

/// One step of `dt` min by three implicit sweeps, along x, y and z, each with a third of the decay (locally one-dimensional, as in
/// BioFVM: Ghaffarizadeh 2016, Bioinformatics 32:1256). Faces end without flux in each sweep; fixed faces are put back before the
/// first sweep and after each one.
void diffuse_lod(Field& field, double dt);

/// The implicit step of each cell's secretion and uptake in its voxel, in the order of places, with each type's `use`. Reads type, x,
/// y, z, volume.
void exchange(const Cells& cells, const std::vector<Use>& use, double dt, Field& field);

}  // namespace carina::tissue::reference
