/// @file
/// Draws of the cells of a tissue: each has an address of its own.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/random.h"
#include "tissue/grid.h"

namespace carina::tissue {

/// Where draws of a step come from.
struct Draws {
  std::uint64_t seed = 1;        ///< of the run
  std::uint64_t individual = 0;  ///< which of several tissues
  std::uint64_t step = 0;        ///< number of the step, of life or of mechanics
};

/// What is drawn. The numbers are part of every result and never change their meaning.
enum class Purpose : std::uint32_t {
  Apoptosis = 1,  ///< death
  Necrosis = 2,   ///< death
  Phase = 3,      ///< end of a phase
  Axis = 4,       ///< of a division
  Turn = 5,       ///< does it turn?
  Direction = 6,  ///< of migration
  Kill = 7,       ///< by a hunter that holds
  LetGo = 8,      ///< of prey
  Attach = 9,     ///< to prey
};

/// A uniform number for a cell.
inline double draw(const Draws& draws, std::uint64_t cell, Purpose purpose, std::uint32_t index = 0) {
  return random::uniform(draws.seed, random::Domain::Tissue,
                         {draws.individual, cell, draws.step, static_cast<std::uint32_t>(purpose), index});
}

/// A direction on the sphere, or the circle in the plane of x and y: normal numbers have none that they prefer.
inline Vec3 direction(const Draws& draws, std::uint64_t cell, Purpose purpose, bool flat) {
  Vec3 way{};
  for (std::uint32_t i = 0; i < (flat ? 2U : 3U); ++i) way[i] = random::normal_quantile(draw(draws, cell, purpose, i));
  const double length = std::sqrt(way[0] * way[0] + way[1] * way[1] + way[2] * way[2]);
  for (double& component : way) component /= length;
  return way;
}

}  // namespace carina::tissue
