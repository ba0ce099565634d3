#include "tissue/migrate.h"

#include <cmath>

#include "tissue/draws.h"

namespace carina::tissue {
namespace {

Vec3 unit(Vec3 v) {
  const double length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  if (length < 1e-16) return {0, 0, 0};
  for (double& component : v) component /= length;
  return v;
}

Vec3 drawn_to(const Population& people, std::span<const Field> fields, const Chemotaxis& chemotaxis, std::size_t i) {
  const Cells& cells = people.cells;
  const auto of = [&](std::size_t s) { return gradient(fields[s], cells.x[i], cells.y[i], cells.z[i]); };
  Vec3 sum{};
  if (chemotaxis.up_many) {
    for (std::size_t s = 0; s < fields.size(); ++s) {
      const double weight = people.traits(people.traits.layout().at(SubstrateTrait::Sensitivity, s), cells.type[i], i);
      if (weight == 0) continue;
      const Vec3 up = chemotaxis.unit_gradients ? unit(of(s)) : of(s);
      for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += weight * up[axis];
    }
  } else if (chemotaxis.substrate >= 0) {
    sum = of(static_cast<std::size_t>(chemotaxis.substrate));
    for (double& component : sum) component *= chemotaxis.sign;
  }
  return unit(sum);
}

}  // namespace

Vec3 gradient(const Field& field, double x, double y, double z) {
  const Grid& g = field.grid;
  const std::array<int, 3> place = {g.place(0, x), g.place(1, y), g.place(2, z)};
  Vec3 slope{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    std::array<int, 3> low = place, high = place;
    if (place[axis] > 0) --low[axis];
    if (place[axis] + 1 < g.n[axis]) ++high[axis];
    const int steps = high[axis] - low[axis];
    if (steps == 0) continue;
    slope[axis] = (field.value[g.at(high[0], high[1], high[2])] - field.value[g.at(low[0], low[1], low[2])]) / (steps * g.h);
  }
  return slope;
}

void migrate(Population& people, const Drawn& drawn, const Draws& draws, double dt) {
  Cells& cells = people.cells;
  Life& life = people.life;
  const auto trait = [&](Trait which, std::size_t i) { return people.traits(TraitLayout::at(which), cells.type[i], i); };
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double speed = trait(Trait::Speed, i);
    if (speed <= 0 || life.fate[i] != Fate::Live) continue;
    if (!drawn.idle.empty() && drawn.idle[i] != 0) {
      life.wish_x[i] = life.wish_y[i] = life.wish_z[i] = 0;
      continue;
    }
    const double persistence = trait(Trait::Persistence, i);
    if (persistence < dt || draw(draws, cells.id[i], Purpose::Turn) < dt / persistence) {
      const double bias = trait(Trait::Bias, i);
      const Vec3 random = direction(draws, cells.id[i], Purpose::Direction, people.types[cells.type[i]].conserves_polarity);
      const Vec3 to = bias > 0 ? drawn_to(people, drawn.fields, drawn.of_type[cells.type[i]], i) : Vec3{};
      Vec3 way{};
      for (std::size_t axis = 0; axis < 3; ++axis) way[axis] = bias * to[axis] + (1 - bias) * random[axis];
      way = unit(way);
      life.wish_x[i] = speed * way[0], life.wish_y[i] = speed * way[1], life.wish_z[i] = speed * way[2];
    }
    cells.vx[i] += life.wish_x[i], cells.vy[i] += life.wish_y[i], cells.vz[i] += life.wish_z[i];
  }
}

}  // namespace carina::tissue
