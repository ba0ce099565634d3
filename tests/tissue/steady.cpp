#include <doctest/doctest.h>

#include <set>

#include "scenes/tissue_t1.h"
#include "tissue/fast/steady.h"
#include "tissue/reference/diffuse.h"
#include "tissue/support.h"

using namespace carina;
using tissue::Field;
using tissue::fast::Balance;
using tissue::fast::Sources;
using tissue::fast::Steady;
namespace t1 = carina::scenes::t1;

namespace {

tissue::Substrate between(double low, double high, double decay) {
  tissue::Substrate what{"oxygen", "mmHg", 500, decay, 0, {}};
  what.boundary.wall[0] = what.boundary.wall[1] = tissue::Wall::Fixed;
  what.boundary.value[0] = low, what.boundary.value[1] = high;
  return what;
}

Sources nothing(const tissue::Grid& grid) {
  return {std::vector<double>(grid.size(), 0), std::vector<double>(grid.size(), 0)};
}

}  // namespace

TEST_CASE("between two walls a substrate that nobody takes falls in a straight line") {
  const tissue::Box box{{0, 0, 0}, {460, 180, 140}, {false, false, false}};
  Field field = tissue::field_of(tissue::grid_of(box, 20), between(10, 32, 0));
  const Balance balance = Steady(field.grid, field.what).solve(field, nothing(field.grid), 1e-12, {1});
  CHECK(balance.reached);
  for (int i = 0; i < 23; ++i) {
    CHECK(field.value[field.grid.at(i, 0, 0)] == doctest::Approx(10 + i).epsilon(1e-10));
    CHECK(field.value[field.grid.at(i, 8, 6)] == doctest::Approx(10 + i).epsilon(1e-10));
  }
}

TEST_CASE("with decay it is a hyperbolic cosine of the grid") {
  const tissue::Box box{{0, 0, 0}, {420, 100, 60}, {false, false, false}};
  const double decay = 0.4;
  Field field = tissue::field_of(tissue::grid_of(box, 20), between(7, 7, decay));
  CHECK(Steady(field.grid, field.what).solve(field, nothing(field.grid), 1e-13, {1}).reached);
  // u(i+1) + u(i-1) = (2 + decay h^2/D) u(i)
  const double rate = std::acosh(1 + decay * 400 / 500 / 2);
  for (int i = 0; i < 21; ++i)
    CHECK(field.value[field.grid.at(i, 2, 1)] ==
          doctest::Approx(7 * std::cosh(rate * (i - 10)) / std::cosh(rate * 10)).epsilon(1e-10));
}

TEST_CASE("in a closed box gain and loss are equal, whatever the odd grid") {
  const tissue::Box box{{0, 0, 0}, {220, 140, 340}, {false, false, false}};
  Field field = tissue::field_of(tissue::grid_of(box, 20), {"factor", "1", 1000, 0.016, 0, {}});
  const tissue::Cells cells = tests::crowd(box, 400, 500, 3000, 2);
  Sources sources;
  tissue::fast::sources_of(cells, {{10, 1, 0, 0}, {0, 0, 0.5, 30}}, field.grid, sources);
  CHECK(Steady(field.grid, field.what).solve(field, sources, 1e-12, {1}).reached);
  double gain = 0, loss = 0;
  for (std::size_t i = 0; i < field.value.size(); ++i) {
    CHECK(field.value[i] > 0);
    gain += sources.gain[i];
    loss += (0.016 + sources.loss[i]) * field.value[i];
  }
  CHECK(gain == doctest::Approx(loss).epsilon(1e-9));
}

TEST_CASE("it is the state that small steps come to as they become smaller: first order") {
  const tissue::Box box{{-100, -100, -100}, {100, 100, 100}, {false, false, false}};
  const tissue::Cells cells = tests::crowd(box, 60, 2000, 3000);
  const std::vector<tissue::Use> use = {{0, 0, 10, 0}};
  Field start = tissue::field_of(tissue::grid_of(box, 20), t1::oxygen()), steady = start;
  Sources sources;
  tissue::fast::sources_of(cells, use, start.grid, sources);
  CHECK(Steady(start.grid, start.what).solve(steady, sources, 1e-11, {1}).reached);
  const auto apart = [&](double dt) {
    Field field = start;
    for (int n = 0; n < 0.3 / dt; ++n) {
      tissue::reference::diffuse_lod(field, dt);
      tissue::reference::exchange(cells, use, dt, field);
    }
    double most = 0;
    for (std::size_t i = 0; i < field.value.size(); ++i) most = std::max(most, std::fabs(field.value[i] - steady.value[i]));
    return most;
  };
  const double coarse = apart(2e-4), fine = apart(1e-4);
  CHECK(coarse < 0.2);
  CHECK(coarse / fine == doctest::Approx(2).epsilon(0.05));
}

TEST_CASE("the tolerance is kept, warm starts are shorter, and every number of threads gives the same bits") {
  const tissue::Box box{{-500, -500, -500}, {500, 500, 500}, {false, false, false}};
  tissue::Cells cells = t1::cells(t1::small);
  const std::vector<tissue::Use> use = {{0, 0, 10, 0}};
  Field start = tissue::field_of(tissue::grid_of(box, 20), t1::oxygen());
  Steady steady(start.grid, start.what);
  Sources sources;
  tissue::fast::sources_of(cells, use, start.grid, sources);
  Field exact = start;
  CHECK(steady.solve(exact, sources, 1e-11, {1}).reached);
  std::set<std::string> hashes;
  int cold = 0;
  for (const int threads : {1, 2, 3, 8}) {
    Field field = start;
    const Balance balance = steady.solve(field, sources, 1e-2, {threads});
    cold = balance.iterations;
    double most = 0;
    for (std::size_t i = 0; i < field.value.size(); ++i) most = std::max(most, std::fabs(field.value[i] - exact.value[i]));
    CHECK(most < 1e-2);
    Hash hash;
    hash.doubles(field.value);
    hashes.insert(hash.hex());
  }
  CHECK(hashes.size() == 1);
  CHECK(cold <= 15);
  for (double& volume : cells.volume) volume *= 1.01;
  tissue::fast::sources_of(cells, use, start.grid, sources);
  CHECK(steady.solve(exact, sources, 1e-2, {1}).iterations < cold);
}
