/// @file
/// Sums over the pairs of one chunk of cells, and the search for the neighbours of a chunk, in vector registers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tissue/fast/crowd.h"

namespace carina::tissue::fast {

/// What pairs of cells do, by row and column of types, um/min; and each type's reach, of its radius.
struct PairView {
  std::size_t types;             ///< number of types
  const double* repulsion;       ///< um/min
  const double* adhesion;        ///< um/min
  const double* reach;           ///< of the radius
  std::array<double, 3> period;  ///< um, edge of the box along a periodic axis; 0 along others
  bool periodic;                 ///< is any?
  bool overlap;                  ///< sum overlaps too
};

/// Sums over the neighbours of the cells of a chunk.
struct Pushed {
  std::array<double, Neighbours::chunk> x;        ///< um/min
  std::array<double, Neighbours::chunk> y;        ///< um/min
  std::array<double, Neighbours::chunk> z;        ///< um/min
  std::array<double, Neighbours::chunk> overlap;  ///< sum of (1 - d/R)^2
};

/// Cells as their pairs see them.
template <class Cell>
struct CellView {
  const Cell* cell;           ///< by place
  double unit;                ///< um of a step, for `Near`
  const std::uint16_t* type;  ///< by place
};

/// What the neighbours of cells `first` and on, those of the chunk, do to them.
void push_chunk(const CellView<Near>& cells, const PairView& pairs, std::size_t first, const Neighbours::Chunk& lists,
                Pushed& out);
/// The same in double precision.
void push_chunk(const CellView<NearDouble>& cells, const PairView& pairs, std::size_t first, const Neighbours::Chunk& lists,
                Pushed& out);

/// Columns that a step reads and writes.
template <class Cell>
struct MoveView {
  std::array<double*, 3> x;          ///< um
  std::array<double*, 3> u;          ///< um/min, of the step before
  std::array<double*, 3> v;          ///< um/min, from other stages
  std::array<const float*, 3> from;  ///< um from the middle, where lists were made
  Vec3 middle;                       ///< um
  Stepping step;                     ///< weights
  double unit;                       ///< um of a step of `Near`
  bool driven;                       ///< is there any v?
  const Cell* now;                   ///< cells as this step's pairs saw them
  Cell* next;                        ///< as the next step's will
};

/// Moves `count` cells from `first` on by what pushed them. Returns the square of the longest way, um, that one has gone since lists
/// were made.
float move_chunk(const MoveView<Near>& cells, std::size_t first, std::size_t count, const Pushed& pushed);
/// The same in double precision.
float move_chunk(const MoveView<NearDouble>& cells, std::size_t first, std::size_t count, const Pushed& pushed);

/// Cells sorted by bin: places, um from the middle, the reach with skin, and where each stands among the cells. Eight more entries
/// stand at the end.
struct Sorted {
  const float* x;             ///< um
  const float* y;             ///< um
  const float* z;             ///< um
  const float* reach;         ///< um
  const std::uint32_t* cell;  ///< place among the cells
};

/// A stretch of sorted cells.
struct Run {
  std::size_t from;  ///< first
  std::size_t to;    ///< past the last
};

/// Who looks for neighbours.
struct Seeker {
  float x;             ///< um
  float y;             ///< um
  float z;             ///< um
  float reach;         ///< um, with skin
  std::uint32_t self;  ///< place among the cells
};

/// Appends to `out` those of a run that are in reach of the seeker, itself left out. Returns how many; `out` needs room for the run
/// and 8 more.
std::size_t find_near(const Sorted& sorted, const Run& run, const Seeker& seeker, const PairView& pairs, std::uint32_t* out);

}  // namespace carina::tissue::fast
