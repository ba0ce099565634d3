#include <doctest/doctest.h>

#include <cmath>
#include <utility>

#include "tissue/migrate.h"
#include "tissue/reference/push.h"
#include "tissue/support.h"

using namespace carina;
using tissue::Chemotaxis;
using tissue::Population;
using tissue::Trait;
using tissue::TraitLayout;

namespace {

constexpr double dt = 0.1;
const tissue::Box wide{{-1000, -1000, -1000}, {1000, 1000, 1000}, {false, false, false}};

Population walkers(std::size_t count, double speed, double persistence, double bias, bool flat = false) {
  tissue::CellType type;
  type.name = "walker";
  type.conserves_polarity = flat;
  Population people = tissue::population_of({type}, 2, 0);
  people.traits.of_type(TraitLayout::at(Trait::Speed), 0) = speed;
  people.traits.of_type(TraitLayout::at(Trait::Persistence), 0) = persistence;
  people.traits.of_type(TraitLayout::at(Trait::Bias), 0) = bias;
  for (std::size_t n = 0; n < count; ++n) tissue::settle(people, 0, {0, 0, 0});
  return people;
}

// Two fields that rise linearly: along x, and along y.
std::vector<tissue::Field> slopes() {
  std::vector<tissue::Field> fields;
  for (int f = 0; f < 2; ++f) {
    tissue::Field field = tissue::field_of(tissue::grid_of(wide, 50), {"signal", "1", 0, 0, 0, {}});
    for (int k = 0; k < field.grid.n[2]; ++k)
      for (int j = 0; j < field.grid.n[1]; ++j)
        for (int i = 0; i < field.grid.n[0]; ++i)
          field.value[field.grid.at(i, j, k)] = f == 0 ? 0.01 * field.grid.middle(0, i) : 0.03 * field.grid.middle(1, j);
    fields.push_back(field);
  }
  return fields;
}

void walk(Population& people, const std::vector<tissue::Field>& fields, const Chemotaxis& drawn, int steps) {
  // a cell stands until its first turn: let all turn once before the walk
  double& persistence = people.traits.of_type(TraitLayout::at(Trait::Persistence), 0);
  const double usual = std::exchange(persistence, 0);
  tissue::migrate(people, {fields, std::span(&drawn, 1)}, {4, 0, 1000000}, dt);
  persistence = usual;
  for (std::vector<double>* v : {&people.cells.vx, &people.cells.vy, &people.cells.vz}) std::fill(v->begin(), v->end(), 0);
  for (int n = 0; n < steps; ++n) {
    tissue::migrate(people, {fields, std::span(&drawn, 1)}, {4, 0, static_cast<std::uint64_t>(n)}, dt);
    tissue::reference::move(people.cells, tissue::adams_bashforth(dt), wide);
  }
}

struct Mean {
  double x = 0, y = 0, z = 0, squared = 0;
};
Mean mean(const tissue::Cells& cells) {
  Mean m;
  const auto n = static_cast<double>(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    m.x += cells.x[i] / n, m.y += cells.y[i] / n, m.z += cells.z[i] / n;
    m.squared += (cells.x[i] * cells.x[i] + cells.y[i] * cells.y[i] + cells.z[i] * cells.z[i]) / n;
  }
  return m;
}

}  // namespace

TEST_CASE("without bias the mean squared displacement is that of a persistent walk") {
  const double speed = 3, persistence = 5, minutes = 60;
  Population people = walkers(4000, speed, persistence, 0);
  walk(people, {}, {}, static_cast<int>(minutes / dt));
  // turns come on a grid of dt: keep = 1 - dt/P a step; the sum of correlations of velocities
  const double keep = 1 - dt / persistence, n = minutes / dt;
  const double expected = speed * speed * dt * dt *
                          (n * (1 + keep) / (1 - keep) - 2 * keep * (1 - std::pow(keep, n)) / ((1 - keep) * (1 - keep)));
  const double continuous =
      2 * speed * speed * persistence * (minutes - persistence * (1 - std::exp(-minutes / persistence)));
  CHECK(expected == doctest::Approx(continuous).epsilon(0.02));
  const Mean m = mean(people.cells);
  CHECK(m.squared == doctest::Approx(expected).epsilon(0.06));  // Adams and Bashforth adds half a step
  CHECK(std::fabs(m.x) < 4 * std::sqrt(expected / 3 / 4000));
  CHECK(std::fabs(m.z) < 4 * std::sqrt(expected / 3 / 4000));
}

TEST_CASE("with bias cells drift up the gradient, by what the mean of directions says") {
  const double speed = 2, bias = 0.5, minutes = 50;
  Population people = walkers(3000, speed, 2, bias);
  walk(people, slopes(), {false, false, 0, 1}, static_cast<int>(minutes / dt));
  // mean over the sphere of the x-component of unit(bias e + (1 - bias) u): a Legendre-free quadrature
  double drift = 0;
  const int points = 20000;
  for (int n = 0; n < points; ++n) {
    const double c = -1 + 2 * (n + 0.5) / points;
    const double along = bias + (1 - bias) * c;
    drift += along / std::sqrt(along * along + (1 - bias) * (1 - bias) * (1 - c * c)) / points;
  }
  const Mean m = mean(people.cells);
  CHECK(m.x == doctest::Approx(speed * drift * minutes).epsilon(0.02));
  CHECK(std::fabs(m.y) < 1);
  Population away = walkers(500, speed, 2, 1);
  walk(away, slopes(), {false, false, 0, -1}, 100);
  CHECK(mean(away.cells).x == doctest::Approx(-speed * 10).epsilon(0.02));
}

TEST_CASE("drawn by several substrates at once") {
  Population people = walkers(10, 1, 0.01, 1);
  people.traits.of_type(people.traits.layout().at(tissue::SubstrateTrait::Sensitivity, 0), 0) = 1;
  people.traits.of_type(people.traits.layout().at(tissue::SubstrateTrait::Sensitivity, 1), 0) = 1;
  Population units = people;
  walk(people, slopes(), {true, false, -1, 1}, 100);
  CHECK(people.cells.x[0] / people.cells.y[0] == doctest::Approx(1.0 / 3));
  walk(units, slopes(), {true, true, -1, 1}, 100);
  CHECK(units.cells.x[0] == doctest::Approx(units.cells.y[0]));
}

TEST_CASE("flat cells stay in their plane, the dead and the slow where they are") {
  Population people = walkers(100, 2, 1, 0, true);
  tissue::begin_death(people, 3, false);
  people.traits.own(TraitLayout::at(Trait::Speed), people.cells.type)[5] = 0;
  walk(people, {}, {}, 50);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(people.cells.z[i] == 0);
    CHECK((people.cells.x[i] == 0) == (i == 3 || i == 5));
  }
}

TEST_CASE("gradients: central within, one-sided at faces, none across one layer") {
  const std::vector<tissue::Field> fields = slopes();
  CHECK(tissue::gradient(fields[0], 0, 0, 0)[0] == doctest::Approx(0.01));
  CHECK(tissue::gradient(fields[0], -999, 0, 0)[0] == doctest::Approx(0.01));
  CHECK(tissue::gradient(fields[1], 3, 999, 0)[1] == doctest::Approx(0.03));
  CHECK(tissue::gradient(fields[1], 3, 0, 0)[0] == 0);
  tissue::Field flat =
      tissue::field_of(tissue::grid_of({{0, 0, 0}, {100, 100, 20}, {false, false, false}}, 20), {"s", "1", 0, 0, 1, {}});
  CHECK(tissue::gradient(flat, 50, 50, 10) == tissue::Vec3{0, 0, 0});
}
