/// @file
/// What little oxygen does to a cell: it leaves the first phase of its cycle more slowly, and dies (PhysiCell 1.14, its rule for
/// oxygen).
#pragma once

#include "tissue/field.h"
#include "tissue/life.h"

namespace carina::tissue {

/// Limits of oxygen, mmHg.
struct Breath {
  double stops = 5;         ///< below it no cell leaves the first phase
  double full = 160;        ///< from here on all do as their type does; in between the rate rises in a line
  double dies = 5;          ///< below it cells die of necrosis
  double dies_fast = 2.5;   ///< at the highest rate from here down
  double rate = 1.0 / 360;  ///< 1/min, that rate
  bool at_once = true;      ///< any necrosis is immediate, whatever the rate
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);  ///< no trait
  std::size_t times = nowhere;  ///< own variable that multiplies the rate of leaving, by its trait
};

/// Sets each live cell's rates of leaving the first phase and of necrosis by the oxygen in its voxel, for one type of cell. Reads x, y, z,
/// fate, type; writes traits.
void breathe(Population& people, const Field& oxygen, std::uint16_t type, const Breath& breath);

}  // namespace carina::tissue
