/// @file
/// How a T cell finds, holds and kills its target: rates that follow the antigen and the distance (immune attack of PhysiCell's
/// cancer_immune sample, Ghaffarizadeh 2018; CAR T cells of Luque 2024, Sci Rep 14:12919). docs/tissue.md.
#pragma once

#include <cstdint>
#include <vector>

#include "tissue/life.h"

namespace carina::tissue {

/// One type of hunter and one type of prey. Lengths um, times min.
struct Hunt {
  std::uint16_t hunter = 1;  ///< type
  std::uint16_t prey = 0;    ///< type
  std::size_t antigen = 0;   ///< trait of the prey that is recognised, by its place
  double least = 0.5;        ///< antigen below which it is not
  double most = 2;           ///< antigen from which on it is fully
  double attach = 0.2;       ///< 1/min, where it is fully and the prey is near
  double sure = 14;          ///< distance up to which prey is near
  double reach = 18;         ///< distance beyond which there is no contact
  double kill = 0.06667;     ///< 1/min while attached, where it is fully recognised
  double hold = 60;          ///< mean time to letting go
  double pull = 0.01;        ///< 1/min, spring between the two
  double lure = 0;           ///< 1/min, pull of a free hunter to each prey in reach
  double bin = 0;  ///< um: only prey in the same bin of this edge, counted from the box's corner, is tried; 0: all in reach
  bool first_only = false;  ///< only the first prey that could be held is tried in a step
  bool one_hunter = true;   ///< prey that is held is not tried by others
  bool stops = false;       ///< does not walk while there is prey that it could hold
};

/// What happened in a step, by ids in the order of the hunters' places.
struct Hunted {
  std::vector<std::uint64_t> attached;  ///< hunters that took hold
  std::vector<std::uint64_t> killed;    ///< prey that began apoptosis
  std::vector<std::uint64_t> released;  ///< hunters that let go, of the living or the dead
};

/// Share of full recognition, 0 to 1.
double recognised(const Hunt& hunt, double antigen);
/// Share of full nearness, 0 to 1.
double near(const Hunt& hunt, double distance);

/// Probability that a hold ends with the prey's death, where it is recognised so far: kill is tried before letting go.
double kill_probability(const Hunt& hunt, double recognition, double dt);

/// What a step of hunting needs beside the population.
struct Chase {
  Box box;                         ///< of the tissue
  std::vector<std::uint8_t> idle;  ///< by place: 1 where a hunter does not walk in this step
};

/// One step of `dt` min, hunters in the order of their places: those who hold try to kill, then may let go; the others try to take hold.
/// Springs and lures are added to vx, vy, vz. Holds of cells that are gone,
/// divided, dead or out of reach end. Reads traits, types, fate, x, y, z; writes held, holders, fate.
Hunted pursue(Population& people, const Hunt& hunt, Chase& chase, const Draws& draws, double dt);

}  // namespace carina::tissue
