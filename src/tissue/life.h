/// @file
/// How cells grow, divide and die: volumes, cycles and deaths of PhysiCell 1.14 (Ghaffarizadeh 2018, PLoS Comput Biol 14:e1005991,
/// supplement), as data and stages. Lengths um, times min. docs/tissue.md has the equations.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "tissue/cells.h"
#include "tissue/draws.h"
#include "tissue/traits.h"

namespace carina::tissue {

/// Paces at which the pools of a volume go to what they tend to, 1/min.
struct Paces {
  double fluid = 3.0 / 60;       ///< of fluid
  double cytoplasm = 0.27 / 60;  ///< of cytoplasmic solids
  double nucleus = 0.33 / 60;    ///< of nuclear solids
  double calcification = 0;      ///< of calcified volume
};

/// The volume of a live cell of one type; defaults are those of MCF-7.
struct VolumeOf {
  double total = 2494;        ///< um3
  double nucleus = 540;       ///< um3
  double fluid_share = 0.75;  ///< of the total
  double rupture = 2;         ///< of the volume at the beginning of necrosis: where it bursts
  Paces paces;                ///< while it lives
};

/// A phase of a cycle. From the last one it goes on with the first.
struct Phase {
  std::string_view name;  ///< as PhysiCell calls it
  double exit = 0;        ///< 1/min, rate of leaving, unless a type says otherwise
  bool fixed = false;     ///< lasts 1/rate, instead of ending by chance
  bool divides = false;   ///< divides when it ends
  bool grows = false;     ///< doubles what the nucleus tends to when it begins
};

/// A cycle: phases in their order.
struct Cycle {
  int code = 5;               ///< PhysiCell's number
  std::string_view name;      ///< PhysiCell's name
  std::vector<Phase> phases;  ///< at least one
};

/// The cycles that PhysiCell has: live, Ki67 basic and advanced, flow cytometry, the same separated, cycling and quiescent.
const std::vector<Cycle>& cycles();
/// One of them by its code; nullptr: there is none.
const Cycle* find_cycle(int code);

/// Where a cell is between birth and removal.
enum class Fate : std::uint8_t {
  Live,       ///< in a phase of its cycle
  Apoptotic,  ///< shrinks, and is removed
  Swelling,   ///< necrotic, until it bursts
  Lysed,      ///< necrotic, burst
};

/// A way to die.
struct Death {
  Paces unlysed;        ///< until it bursts
  Paces lysed;          ///< afterwards
  double lasts = 516;   ///< min until removal; of necrosis from the burst on
  double uptake = 0.1;  ///< what is left of uptake
};

/// PhysiCell's apoptosis: 8.6 h.
Death apoptosis();
/// PhysiCell's necrosis: burst at twice the volume, gone 60 days later.
Death necrosis();

/// What a type of cell is.
struct CellType {
  std::string name;                 ///< unique
  VolumeOf volume;                  ///< while it lives
  Cycle cycle = cycles().front();   ///< its phases; rates are traits
  std::vector<bool> fixed;          ///< by phase; empty: as the cycle has it
  Death dies = apoptosis();         ///< by apoptosis
  Death necroses = necrosis();      ///< by necrosis
  bool conserves_polarity = false;  ///< divides in a plane
};

/// The id of no cell.
inline constexpr std::uint64_t nobody = std::numeric_limits<std::uint64_t>::max();

/// Columns of life, beside those of Cells.
struct Life {
  std::vector<Fate> fate;                      ///< where it is
  std::vector<std::uint8_t> phase;             ///< of its cycle
  std::vector<double> elapsed;                 ///< min in this phase or fate
  std::vector<double> fluid;                   ///< um3
  std::vector<double> nucleus;                 ///< um3, solids and fluid
  std::vector<double> nuclear_solid;           ///< um3
  std::vector<double> cytoplasmic_solid;       ///< um3
  std::vector<double> calcified;               ///< share
  std::vector<double> nuclear_solid_to;        ///< um3, what it tends to
  std::vector<double> cytoplasm_over_nucleus;  ///< of solids, what it tends to
  std::vector<double> fluid_share_to;          ///< of the total, what it tends to
  std::vector<double> bursts_at;               ///< um3
  std::vector<double> wish_x;                  ///< um/min, the velocity that it wants until it turns
  std::vector<double> wish_y;                  ///< um/min
  std::vector<double> wish_z;                  ///< um/min
  std::vector<std::uint64_t> held;             ///< id of the cell that it holds; `nobody`
  std::vector<std::uint16_t> holders;          ///< how many hold it; 0 ends their holds
};

/// Calls `work` with each column of life.
template <class L, class Work>
void for_each_life(L& life, Work work) {
  work(life.fate), work(life.phase), work(life.elapsed);
  work(life.fluid), work(life.nucleus), work(life.nuclear_solid), work(life.cytoplasmic_solid), work(life.calcified);
  work(life.nuclear_solid_to), work(life.cytoplasm_over_nucleus), work(life.fluid_share_to), work(life.bursts_at);
  work(life.wish_x), work(life.wish_y), work(life.wish_z);
  work(life.held), work(life.holders);
}

/// Who lives: everything about cells that stages of life read and write.
struct Population {
  std::vector<CellType> types;  ///< by number of type
  Cells cells;                  ///< where and how large
  Traits traits;                ///< rates
  Life life;                    ///< pools, phases
};

/// A population of these types without a cell; rates of cycles are those of the cycles.
Population population_of(std::vector<CellType> types, std::size_t substrates, std::size_t own);

/// Adds a live cell at rest in the first phase of its cycle, with its type's volume. Returns its place.
std::size_t settle(Population& people, std::uint16_t type, const Vec3& at);

/// Pools go on by `dt` with explicit Euler, radius follows. Reads type, fate, and what they tend to; writes pools, volume, radius.
void grow(Population& people, double dt);

/// Live cells die by chance: rates of apoptosis, then of necrosis. Writes fate, elapsed, what pools tend to.
void die(Population& people, const Draws& draws, double dt);

/// A live cell begins to die, by apoptosis or necrosis. Secretion stops and uptake falls.
void begin_death(Population& people, std::size_t place, bool necrotic);

/// What a step of the cycle asks for.
struct Turnover {
  std::vector<std::uint32_t> divide;  ///< places, rising
  std::vector<std::uint32_t> remove;  ///< places, rising
};

/// Phases and fates go on by `dt`. Writes phase, fate, elapsed, what pools tend to; returns who divides and who is gone.
Turnover advance_cycle(Population& people, const Draws& draws, double dt);

/// Each of `who` divides: the daughter, with half of everything, is added at the end, in the order of places, one radius away in a
/// drawn direction, and the mother moves half a radius the other way. Holds end.
void divide(Population& people, const std::vector<std::uint32_t>& who, const Draws& draws);

/// Takes out `who`; the others keep their order.
void remove(Population& people, const std::vector<std::uint32_t>& who);

/// One step of life, `dt` min: growth, death, cycle; then births, then removals.
void live(Population& people, const Draws& draws, double dt);

}  // namespace carina::tissue
