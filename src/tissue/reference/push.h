/// @file
/// How cells push, stick and move, in plain double precision on one thread: the specification of tissue/fast.
#pragma once

#include "tissue/cells.h"
#include "tissue/grid.h"
#include "tissue/mechanics.h"

namespace carina::tissue::reference {

/// Adds to vx, vy, vz of each cell what all others in its reach do to it, and sets its pressure. Reads type, x, y, z, radius.
/// No pair is missed, however large the cells are.
void push(Cells& cells, const Pairs& pairs, const Box& box);

/// Adds the push of the box's faces that are not periodic, for cells nearer than their radius; cells outside are pushed as at the face.
/// Reads x, y, z, radius.
void avoid_walls(Cells& cells, const Box& box);

/// Moves each cell by Adams and Bashforth, then remembers its velocity and sets vx, vy, vz to 0. Reads and writes x, y, z, vx, vy,
/// vz, ux, uy, uz; brings those who left a periodic box back in.
void move(Cells& cells, const Stepping& step, const Box& box);

}  // namespace carina::tissue::reference
