#include "tissue/life.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace carina::tissue {
namespace {

const Paces& paces_of(const CellType& type, Fate fate) {
  switch (fate) {
    case Fate::Apoptotic: return type.dies.unlysed;
    case Fate::Swelling: return type.necroses.unlysed;
    case Fate::Lysed: return type.necroses.lysed;
    default: return type.volume.paces;
  }
}

void to_zero(Life& life, std::size_t i, double fluid_share) {
  life.nuclear_solid_to[i] = 0;
  life.cytoplasm_over_nucleus[i] = 0;
  life.fluid_share_to[i] = fluid_share;
}

void begin_phase(Population& people, std::size_t i, std::size_t phase) {
  people.life.phase[i] = static_cast<std::uint8_t>(phase);
  people.life.elapsed[i] = 0;
  if (people.types[people.cells.type[i]].cycle.phases[phase].grows) people.life.nuclear_solid_to[i] *= 2;
}

bool is_fixed(const CellType& type, std::size_t phase) {
  return phase < type.fixed.size() ? type.fixed[phase] : type.cycle.phases[phase].fixed;
}

// A phase of a live cell goes on; true when the cell is to divide.
bool advance_phase(Population& people, std::size_t i, const Draws& draws, double dt) {
  Life& life = people.life;
  const CellType& type = people.types[people.cells.type[i]];
  const std::size_t phase = life.phase[i];
  const double rate = people.traits(phase, people.cells.type[i], i);  // Exit0 and on are the first traits
  life.elapsed[i] += dt;
  const bool ends = is_fixed(type, phase) ? rate > 0 && life.elapsed[i] > 1 / rate - 0.5 * dt
                                          : draw(draws, people.cells.id[i], Purpose::Phase) < rate * dt;
  if (!ends) return false;
  begin_phase(people, i, (phase + 1) % type.cycle.phases.size());
  return type.cycle.phases[phase].divides;
}

// A death goes on; true when the cell is gone.
bool advance_death(Population& people, std::size_t i, double dt) {
  Life& life = people.life;
  const CellType& type = people.types[people.cells.type[i]];
  life.elapsed[i] += dt;
  if (life.fate[i] == Fate::Swelling) {
    if (people.cells.volume[i] < life.bursts_at[i]) return false;
    life.fate[i] = Fate::Lysed;
    life.elapsed[i] = 0;
    life.fluid_share_to[i] = 0;
    return false;
  }
  const double lasts = life.fate[i] == Fate::Apoptotic ? type.dies.lasts : type.necroses.lasts;
  return life.elapsed[i] > lasts - 0.5 * dt;
}

}  // namespace

const std::vector<Cycle>& cycles() {
  static const std::vector<Cycle> all = {
      {5, "live", {{"live", 0.0432 / 60, false, true, true}}},
      {1, "Ki67 (basic)", {{"Ki67-", 1 / (4.59 * 60), false, false, false}, {"Ki67+", 1 / (15.5 * 60), true, true, true}}},
      {0,
       "Ki67 (advanced)",
       {{"Ki67-", 1 / (3.62 * 60), false, false, false},
        {"Ki67+ (premitotic)", 1 / (13.0 * 60), true, true, true},
        {"Ki67+ (postmitotic)", 1 / (2.5 * 60), true, false, false}}},
      {2,
       "flow cytometry",
       {{"G0G1", 0.00324, false, false, false}, {"S", 0.00208, false, false, true}, {"G2M", 0.00333, false, true, false}}},
      {6,
       "flow cytometry (separated)",
       {{"G0G1", 0.00335, false, false, false},
        {"S", 0.00208, false, false, true},
        {"G2", 0.00417, false, false, false},
        {"M", 0.0167, false, true, false}}},
      {7,
       "cycling and quiescent",
       {{"quiescent", 1 / (4.59 * 60), false, false, false}, {"cycling", 1 / (15.5 * 60), true, true, true}}}};
  return all;
}

const Cycle* find_cycle(int code) {
  for (const Cycle& cycle : cycles()) {
    if (cycle.code == code) return &cycle;
  }
  return nullptr;
}

Death apoptosis() {
  const Paces paces{3.0 / 60, 1.0 / 60, 0.35 / 60, 0};
  return {paces, paces, 516, 0.1};
}

Death necrosis() {
  const Paces unlysed{0.67 / 60, 0.0032 / 60, 0.013 / 60, 0.0042 / 60};
  Paces lysed = unlysed;
  lysed.fluid = 0.050 / 60;
  return {unlysed, lysed, 86400, 0.1};
}

Population population_of(std::vector<CellType> types, std::size_t substrates, std::size_t own) {
  const TraitLayout layout{substrates, types.size(), own};
  Population people{std::move(types), {}, Traits(layout), {}};
  for (std::size_t t = 0; t < people.types.size(); ++t) {
    const auto& phases = people.types[t].cycle.phases;
    CARINA_CHECK(!phases.empty() && phases.size() <= 6);
    for (std::size_t p = 0; p < phases.size(); ++p) people.traits.of_type(p, t) = phases[p].exit;
  }
  return people;
}

std::size_t settle(Population& people, std::uint16_t type, const Vec3& at) {
  CARINA_CHECK(type < people.types.size());
  const VolumeOf& v = people.types[type].volume;
  const std::size_t i = add_cell(people.cells, type, at, v.total);
  people.traits.add(type);
  Life& life = people.life;
  for_each_life(life, [](auto& column) { column.emplace_back(); });
  life.fluid[i] = v.fluid_share * v.total;
  life.nucleus[i] = v.nucleus;
  life.nuclear_solid[i] = v.nucleus * (1 - v.fluid_share);
  life.cytoplasmic_solid[i] = (v.total - v.nucleus) * (1 - v.fluid_share);
  life.nuclear_solid_to[i] = life.nuclear_solid[i];
  life.cytoplasm_over_nucleus[i] = (v.total - v.nucleus) / v.nucleus;
  life.fluid_share_to[i] = v.fluid_share;
  life.bursts_at[i] = v.rupture * v.total;
  life.held[i] = nobody;
  return i;
}

void grow(Population& people, double dt) {
  Cells& cells = people.cells;
  Life& life = people.life;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Paces& pace = paces_of(people.types[cells.type[i]], life.fate[i]);
    const double before = cells.volume[i];
    life.fluid[i] = std::max(0.0, life.fluid[i] + dt * pace.fluid * (life.fluid_share_to[i] * before - life.fluid[i]));
    const double nuclear_fluid = before > 0 ? life.nucleus[i] / before * life.fluid[i] : 0;
    const double other_fluid = life.fluid[i] - nuclear_fluid;
    life.nuclear_solid[i] =
        std::max(0.0, life.nuclear_solid[i] + dt * pace.nucleus * (life.nuclear_solid_to[i] - life.nuclear_solid[i]));
    const double cytoplasm_to = life.cytoplasm_over_nucleus[i] * life.nuclear_solid_to[i];
    life.cytoplasmic_solid[i] =
        std::max(0.0, life.cytoplasmic_solid[i] + dt * pace.cytoplasm * (cytoplasm_to - life.cytoplasmic_solid[i]));
    life.nucleus[i] = life.nuclear_solid[i] + nuclear_fluid;
    life.calcified[i] += dt * pace.calcification * (1 - life.calcified[i]);
    cells.volume[i] = life.nucleus[i] + life.cytoplasmic_solid[i] + other_fluid;
    cells.radius[i] = radius_of(cells.volume[i]);
  }
}

void begin_death(Population& people, std::size_t i, bool necrotic) {
  Life& life = people.life;
  const std::uint16_t type = people.cells.type[i];
  const CellType& of = people.types[type];
  life.fate[i] = necrotic ? Fate::Swelling : Fate::Apoptotic;
  life.elapsed[i] = 0;
  to_zero(life, i, necrotic ? 1 : 0);
  life.bursts_at[i] = of.volume.rupture * people.cells.volume[i];
  const TraitLayout& layout = people.traits.layout();
  const auto& types = people.cells.type;
  people.traits.own(TraitLayout::at(Trait::Speed), types)[i] = 0;
  for (std::size_t s = 0; s < layout.substrates; ++s) {
    people.traits.own(layout.at(SubstrateTrait::Secretion, s), types)[i] = 0;
    people.traits.own(layout.at(SubstrateTrait::Release, s), types)[i] = 0;
    people.traits.own(layout.at(SubstrateTrait::Uptake, s), types)[i] *= (necrotic ? of.necroses : of.dies).uptake;
  }
}

void die(Population& people, const Draws& draws, double dt) {
  for (std::size_t i = 0; i < people.cells.size(); ++i) {
    if (people.life.fate[i] != Fate::Live) continue;
    const std::uint16_t type = people.cells.type[i];
    const auto happens = [&](Trait trait, Purpose purpose) {
      const double rate = people.traits(TraitLayout::at(trait), type, i);
      return rate > 0 && draw(draws, people.cells.id[i], purpose) < rate * dt;
    };
    if (happens(Trait::Apoptosis, Purpose::Apoptosis)) {
      begin_death(people, i, false);
    } else if (happens(Trait::Necrosis, Purpose::Necrosis)) {
      begin_death(people, i, true);
    }
  }
}

Turnover advance_cycle(Population& people, const Draws& draws, double dt) {
  Turnover turnover;
  for (std::size_t i = 0; i < people.cells.size(); ++i) {
    const auto place = static_cast<std::uint32_t>(i);
    if (people.life.fate[i] == Fate::Live) {
      if (advance_phase(people, i, draws, dt)) turnover.divide.push_back(place);
    } else if (advance_death(people, i, dt)) {
      turnover.remove.push_back(place);
    }
  }
  return turnover;
}

void divide(Population& people, const std::vector<std::uint32_t>& who, const Draws& draws) {
  Cells& cells = people.cells;
  Life& life = people.life;
  for (const std::uint32_t mother : who) {
    const bool flat = people.types[cells.type[mother]].conserves_polarity;
    // the radius is that before the volume is halved, as in PhysiCell
    Vec3 way = direction(draws, cells.id[mother], Purpose::Axis, flat);
    for (double& component : way) component *= cells.radius[mother];
    for (std::vector<double>* pool : {&life.fluid, &life.nucleus, &life.nuclear_solid, &life.cytoplasmic_solid,
                                      &life.nuclear_solid_to, &life.bursts_at, &cells.volume})
      (*pool)[mother] /= 2;
    cells.radius[mother] = radius_of(cells.volume[mother]);
    const Vec3 at = {cells.x[mother] + way[0], cells.y[mother] + way[1], cells.z[mother] + way[2]};
    cells.x[mother] -= way[0] / 2, cells.y[mother] -= way[1] / 2, cells.z[mother] -= way[2] / 2;
    const std::size_t daughter = add_cell(cells, cells.type[mother], at, cells.volume[mother]);
    people.traits.add_like(mother);
    for_each_life(life, [&](auto& column) {
      const auto value = column[mother];
      column.push_back(value);
    });
    for (const std::size_t i : {static_cast<std::size_t>(mother), daughter}) life.held[i] = nobody, life.holders[i] = 0;
  }
}

void remove(Population& people, const std::vector<std::uint32_t>& who) {
  if (who.empty()) return;
  std::vector<std::uint32_t> stay;
  auto next = who.begin();
  for (std::uint32_t i = 0; i < people.cells.size(); ++i) {
    if (next != who.end() && *next == i) {
      ++next;
    } else {
      stay.push_back(i);
    }
  }
  const auto keep = [&stay](auto& column) {
    for (std::size_t i = 0; i < stay.size(); ++i) column[i] = column[stay[i]];
    column.resize(stay.size());
  };
  for_each_column(people.cells, keep);
  for_each_life(people.life, keep);
  people.traits.take(stay);
}

void live(Population& people, const Draws& draws, double dt) {
  grow(people, dt);
  die(people, draws, dt);
  const Turnover turnover = advance_cycle(people, draws, dt);
  divide(people, turnover.divide, draws);
  remove(people, turnover.remove);
}

}  // namespace carina::tissue
