#include "tissue/hunt.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "tissue/reference/bins.h"

namespace carina::tissue {
namespace {

struct Pursuit {
  Population& people;
  const Hunt& hunt;
  Chase& chase;
  const Draws& draws;
  double dt;
  Hunted found = {};

  Vec3 between(std::size_t i, std::size_t j) const {
    const Cells& c = people.cells;
    Vec3 way = {c.x[j] - c.x[i], c.y[j] - c.y[i], c.z[j] - c.z[i]};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double length = chase.box.length(axis);
      if (chase.box.periodic[axis]) way[axis] -= length * std::round(way[axis] / length);
    }
    return way;
  }
  static double length(const Vec3& way) { return std::sqrt(way[0] * way[0] + way[1] * way[1] + way[2] * way[2]); }
  double antigen(std::size_t prey) const { return people.traits(hunt.antigen, people.cells.type[prey], prey); }
  bool is_live(std::size_t i, std::uint16_t type) const {
    return people.cells.type[i] == type && people.life.fate[i] == Fate::Live;
  }
  void draw_to(std::size_t i, const Vec3& way, double rate) {
    people.cells.vx[i] += rate * way[0], people.cells.vy[i] += rate * way[1], people.cells.vz[i] += rate * way[2];
  }
  bool in_bin(std::size_t i, std::size_t j) const {
    if (hunt.bin <= 0) return true;
    const Cells& c = people.cells;
    const auto bin = [&](double x, std::size_t axis) { return std::floor((x - chase.box.low[axis]) / hunt.bin); };
    return bin(c.x[i], 0) == bin(c.x[j], 0) && bin(c.y[i], 1) == bin(c.y[j], 1) && bin(c.z[i], 2) == bin(c.z[j], 2);
  }

  void let_go(std::size_t hunter, std::size_t prey) {
    people.life.held[hunter] = nobody;
    if (people.life.holders[prey] > 0) --people.life.holders[prey];
    found.released.push_back(people.cells.id[hunter]);
  }

  void hold_on(std::size_t hunter, std::size_t prey) {
    const Vec3 way = between(hunter, prey);
    if (!is_live(hunter, hunt.hunter) || people.life.fate[prey] != Fate::Live || length(way) > hunt.reach)
      return let_go(hunter, prey);
    chase.idle[hunter] = 1;
    draw_to(hunter, way, hunt.pull);
    draw_to(prey, {-way[0], -way[1], -way[2]}, hunt.pull);
    const std::uint64_t id = people.cells.id[hunter];
    if (draw(draws, id, Purpose::Kill) < hunt.kill * recognised(hunt, antigen(prey)) * dt) {
      begin_death(people, prey, false);
      found.killed.push_back(people.cells.id[prey]);
      return let_go(hunter, prey);
    }
    if (draw(draws, id, Purpose::LetGo) < dt / hunt.hold) let_go(hunter, prey);
  }

  // Prey in reach, in the order of places.
  std::vector<std::uint32_t> in_reach(std::size_t hunter, const reference::Bins& bins) const {
    std::vector<std::uint32_t> prey;
    bins.for_each_near(people.cells, hunter, [&](std::uint32_t j) {
      if (is_live(j, hunt.prey) && length(between(hunter, j)) <= hunt.reach) prey.push_back(j);
    });
    std::sort(prey.begin(), prey.end());
    return prey;
  }

  void search(std::size_t hunter, const reference::Bins& bins) {
    std::uint32_t tried = 0;
    for (const std::uint32_t prey : in_reach(hunter, bins)) {
      const Vec3 way = between(hunter, prey);
      if (hunt.lure > 0) draw_to(hunter, way, hunt.lure);
      const bool free = !hunt.one_hunter || people.life.holders[prey] == 0;
      const double seen = recognised(hunt, antigen(prey));
      if (!free || antigen(prey) <= hunt.least || !in_bin(hunter, prey) || people.life.held[hunter] != nobody) continue;
      if (hunt.first_only && tried > 0) continue;
      if (hunt.stops) chase.idle[hunter] = 1;
      const double chance = hunt.attach * seen * near(hunt, length(way)) * dt;
      if (draw(draws, people.cells.id[hunter], Purpose::Attach, tried++) >= chance) continue;
      people.life.held[hunter] = people.cells.id[prey];
      ++people.life.holders[prey];
      chase.idle[hunter] = 1;
      found.attached.push_back(people.cells.id[hunter]);
    }
  }
};

}  // namespace

double recognised(const Hunt& hunt, double antigen) {
  return std::clamp((antigen - hunt.least) / (hunt.most - hunt.least), 0.0, 1.0);
}

double near(const Hunt& hunt, double distance) {
  return std::clamp((hunt.reach - distance) / (hunt.reach - hunt.sure), 0.0, 1.0);
}

double kill_probability(const Hunt& hunt, double recognition, double dt) {
  const double kill = hunt.kill * recognition * dt, go = dt / hunt.hold;
  return kill / (kill + (1 - kill) * go);
}

Hunted pursue(Population& people, const Hunt& hunt, Chase& chase, const Draws& draws, double dt) {
  const Cells& cells = people.cells;
  chase.idle.assign(cells.size(), 0);
  Pursuit pursuit{people, hunt, chase, draws, dt};
  std::unordered_map<std::uint64_t, std::size_t> place;  // of prey that is held; read by key only
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (people.life.holders[i] > 0) place[cells.id[i]] = i;
  }
  const bool searches = hunt.attach > 0 || hunt.lure > 0 || hunt.stops;
  const reference::Bins bins(cells, chase.box, searches ? hunt.reach : std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells.type[i] != hunt.hunter) continue;
    if (people.life.held[i] != nobody) {
      const auto prey = place.find(people.life.held[i]);
      if (prey != place.end()) {
        pursuit.hold_on(i, prey->second);
      } else {
        people.life.held[i] = nobody;
        pursuit.found.released.push_back(cells.id[i]);
      }
    } else if (searches && people.life.fate[i] == Fate::Live) {
      pursuit.search(i, bins);
    }
  }
  return pursuit.found;
}

}  // namespace carina::tissue
