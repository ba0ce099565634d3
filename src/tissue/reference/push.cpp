#include "tissue/reference/push.h"

#include <algorithm>
#include <cmath>

#include "tissue/reference/bins.h"

namespace carina::tissue::reference {
namespace {

struct Sum {
  double x = 0, y = 0, z = 0, overlap = 0;
};

struct Scene {
  const Cells& cells;
  const Pairs& pairs;
  const Box& box;
};

// What cell j does to cell i.
void add(const Scene& scene, std::size_t i, std::size_t j, Sum& sum) {
  const Cells& c = scene.cells;
  const Pairs& pairs = scene.pairs;
  const Box& box = scene.box;
  Vec3 away = {c.x[i] - c.x[j], c.y[i] - c.y[j], c.z[i] - c.z[j]};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (box.periodic[axis]) away[axis] -= box.length(axis) * std::round(away[axis] / box.length(axis));
  }
  const double squared = away[0] * away[0] + away[1] * away[1] + away[2] * away[2];
  const double d = std::max(std::sqrt(squared), least_distance);
  const std::size_t pair = c.type[i] * pairs.types + c.type[j];
  const double touch = c.radius[i] + c.radius[j];
  const double reach = pairs.reach[c.type[i]] * c.radius[i] + pairs.reach[c.type[j]] * c.radius[j];
  double speed = 0;
  if (d <= touch) {
    const double overlap = (1 - d / touch) * (1 - d / touch);
    sum.overlap += overlap;
    speed += pairs.repulsion[pair] * overlap;
  }
  if (d < reach) speed -= pairs.adhesion[pair] * (1 - d / reach) * (1 - d / reach);
  sum.x += speed * (away[0] / d);
  sum.y += speed * (away[1] / d);
  sum.z += speed * (away[2] / d);
}

}  // namespace

void push(Cells& cells, const Pairs& pairs, const Box& box) {
  double longest = 0;
  for (std::size_t i = 0; i < cells.size(); ++i)
    longest = std::max(longest, cells.radius[i] * std::max(1.0, pairs.reach[cells.type[i]]));
  const Bins bins(cells, box, 2 * longest);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Sum sum;
    bins.for_each_near(cells, i, [&](std::size_t j) { add({cells, pairs, box}, i, j, sum); });
    cells.vx[i] += sum.x;
    cells.vy[i] += sum.y;
    cells.vz[i] += sum.z;
    cells.pressure[i] = sum.overlap / pressure_unit;
  }
}

void avoid_walls(Cells& cells, const Box& box) {
  const std::array<std::vector<double>*, 3> places = {&cells.x, &cells.y, &cells.z};
  const std::array<std::vector<double>*, 3> velocities = {&cells.vx, &cells.vy, &cells.vz};
  const auto away = [](double gap, double radius) {
    if (gap >= radius) return 0.0;
    gap = std::max(gap, 0.0);
    return wall_push * (1 - gap / radius) * (1 - gap / radius);
  };
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (box.periodic[axis]) continue;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const double at = (*places[axis])[i];
      (*velocities[axis])[i] += away(at - box.low[axis], cells.radius[i]) - away(box.high[axis] - at, cells.radius[i]);
    }
  }
}

void move(Cells& cells, const Stepping& step, const Box& box) {
  const auto along = [&](std::size_t axis, std::vector<double>& x, std::vector<double>& v, std::vector<double>& u) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      x[i] += step.now * v[i] + step.before * u[i];
      u[i] = v[i];
      v[i] = 0;
      if (box.periodic[axis]) x[i] -= box.length(axis) * std::floor((x[i] - box.low[axis]) / box.length(axis));
    }
  };
  along(0, cells.x, cells.vx, cells.ux);
  along(1, cells.y, cells.vy, cells.uy);
  along(2, cells.z, cells.vz, cells.uz);
}

}  // namespace carina::tissue::reference
