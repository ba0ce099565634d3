#include <doctest/doctest.h>

#include <set>
#include <utility>

#include "scenes/tissue_t1.h"
#include "tissue/fast/crowd.h"
#include "tissue/reference/push.h"
#include "tissue/support.h"

using namespace carina;
using tissue::Cells;
namespace t1 = carina::scenes::t1;

namespace {

constexpr double dt = 0.1;

// One suite for both engines: an engine steps a crowd.
struct Reference {
  static constexpr double tolerance = 1e-9;  // um
  tissue::Pairs pairs;
  tissue::Box box;
  void step(Cells& cells, bool) const {
    tissue::reference::push(cells, pairs, box);
    tissue::reference::move(cells, tissue::adams_bashforth(dt), box);
  }
};
template <tissue::fast::Precision precision>
struct Fast {
  static constexpr double tolerance = precision == tissue::fast::Precision::Double ? 1e-9 : 1e-4;
  tissue::fast::Crowd crowd;
  Fast(const tissue::Pairs& pairs, const tissue::Box& box) : crowd(pairs, box, {precision, 0.75}) {}
  void step(Cells& cells, bool pressure) { crowd.push_and_move(cells, {tissue::adams_bashforth(dt), true, pressure, {1}}); }
};
using Single = Fast<tissue::fast::Precision::Single>;
using Double = Fast<tissue::fast::Precision::Double>;

const tissue::Box roomy{{-100, -100, -100}, {100, 100, 100}, {false, false, false}};

std::vector<tissue::Mechanics> three_types() {
  std::vector<tissue::Mechanics> types(3);
  types[1].repulsion = 50;
  types[1].adhesion = 0;
  types[2].adhesion = 2;
  types[2].reach = 1.6;
  types[0].affinity = {1, 1, 0.5};
  return types;
}

// Steps as the reference does, and how far the engine is from it.
template <class Engine>
double away_from_reference(Engine engine, Cells cells, int steps) {
  Cells plain = cells;
  Reference reference{tissue::pairs_of(three_types()), roomy};
  for (int n = 0; n < steps; ++n) {
    reference.step(plain, true);
    engine.step(cells, true);
  }
  double most = tests::farthest(cells, plain);
  for (std::size_t i = 0; i < cells.size(); ++i)
    most = std::max(most, std::fabs(cells.pressure[i] - plain.pressure[i]) * 1e-2);
  return most;
}

}  // namespace

TEST_CASE_TEMPLATE("two cells come to rest where pushing and sticking are equal", Engine, Reference, Single, Double) {
  Cells cells;
  tissue::add_cell(cells, 0, {-5, 0, 0}, t1::volume);
  tissue::add_cell(cells, 0, {5, 0, 0}, t1::volume);
  Engine engine{t1::pairs(), roomy};
  for (int n = 0; n < 20000; ++n) engine.step(cells, false);
  // (1 - d/2R) sqrt(10) = (1 - d/2.5R) sqrt(0.4)
  const double radius = tissue::radius_of(t1::volume), a = std::sqrt(10.0), b = std::sqrt(0.4);
  const double rest = (a - b) / (a / (2 * radius) - b / (2.5 * radius));
  CHECK(rest == doctest::Approx(1.90476 * radius).epsilon(1e-5));
  CHECK(std::fabs(cells.x[1] - cells.x[0] - rest) < 1e-3);
  CHECK(cells.x[0] + cells.x[1] == doctest::Approx(0).scale(1e-6));
}

TEST_CASE_TEMPLATE("a cell alone stays where it is, and one that is driven keeps its speed", Engine, Reference, Single,
                   Double) {
  Cells cells;
  tissue::add_cell(cells, 0, {1, 2, 3}, t1::volume);
  Engine engine{t1::pairs(), roomy};
  for (int n = 0; n < 10; ++n) engine.step(cells, true);
  CHECK(cells.x[0] == 1);
  CHECK(cells.pressure[0] == 0);
  for (int n = 0; n < 100; ++n) {
    cells.vy[0] = 0.5;
    engine.step(cells, false);
  }
  CHECK(cells.y[0] == doctest::Approx(2 + 0.5 * (10 + dt / 2)));  // the first step of Adams and Bashforth counts half more
}

TEST_CASE_TEMPLATE("the middle of a crowd of equal cells rests", Engine, Reference, Single, Double) {
  Cells cells = t1::cells({100, 60});
  const auto middle = [&] {
    double x = 0;
    for (const double at : cells.x) x += at;
    return x / static_cast<double>(cells.size());
  };
  const double before = middle();
  Engine engine{t1::pairs(), roomy};
  for (int n = 0; n < 300; ++n) engine.step(cells, false);
  CHECK(std::fabs(middle() - before) < 1e-2 * Engine::tolerance + 1e-10);
}

TEST_CASE("T1 of 10 131 cells after 30 minutes is where the exact peer has them") {
  Cells cells = t1::cells(t1::small);
  REQUIRE(cells.size() == 10131);
  CHECK(cells.z[0] == doctest::Approx(-182.885595479).epsilon(1e-11));
  const auto peer = tests::numbers("t1_10k_30min_exact.csv");
  REQUIRE(peer.size() == cells.size());
  const auto away = [&](const Cells& of) {
    double most = 0;
    for (std::size_t i = 0; i < of.size(); ++i)
      most = std::max(most, std::hypot(of.x[i] - peer[i][0], of.y[i] - peer[i][1], of.z[i] - peer[i][2]));
    return most;
  };
  const auto run = [&](auto engine) {
    Cells moved = cells;
    for (int n = 0; n < 300; ++n) engine.step(moved, false);
    return away(moved);
  };
  CHECK(run(Double{t1::pairs(), t1::box(t1::small)}) < 1e-6);
  CHECK(run(Single{t1::pairs(), t1::box(t1::small)}) < 1e-5);  // 1e-4 RMS is asked for
}

TEST_CASE("the tuned engine does what the plain one does, with three types and cells of all sizes") {
  const Cells cells = tests::crowd(roomy, 1500, 300, 6000, 3);
  CHECK(away_from_reference(Double{tissue::pairs_of(three_types()), roomy}, cells, 50) < 1e-8);
  // places diverge where a crowd is in disorder: single precision is compared after a few steps
  CHECK(away_from_reference(Single{tissue::pairs_of(three_types()), roomy}, cells, 5) < 1e-3);
}

TEST_CASE("across the faces of a periodic box cells push as anywhere else") {
  tissue::Box torus = roomy;
  torus.periodic = {true, true, true};
  Cells cells = tests::crowd(roomy, 1500, 300, 6000, 3), plain = cells;
  const tissue::Pairs pairs = tissue::pairs_of(three_types());
  Double tuned{pairs, torus};
  for (int n = 0; n < 50; ++n) {
    tissue::reference::push(plain, pairs, torus);
    tissue::reference::move(plain, tissue::adams_bashforth(dt), torus);
    tuned.step(cells, false);
  }
  // the tuned engine brings cells back when it makes lists, the plain one at once
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const double apart : {cells.x[i] - plain.x[i], cells.y[i] - plain.y[i], cells.z[i] - plain.z[i]})
      CHECK(std::fabs(apart - 200 * std::round(apart / 200)) < 1e-8);
  }
  // no outer face: what is pushed through one side comes in at the other
  Cells pair;
  tissue::add_cell(pair, 0, {99, 0, 0}, t1::volume);
  tissue::add_cell(pair, 0, {-99, 0, 0}, t1::volume);
  Single engine{t1::pairs(), torus};
  engine.step(pair, true);
  CHECK(pair.x[0] < 99);
  CHECK(pair.x[1] > -99);
  CHECK(pair.pressure[0] > 0);
}

TEST_CASE("lists miss no pair while cells move less than the skin: compared with all pairs") {
  Cells cells = tests::crowd(roomy, 1100, 300, 6000, 3);
  const tissue::Pairs pairs = tissue::pairs_of(three_types());
  for (const bool periodic : {false, true}) {
    CAPTURE(periodic);
    tissue::Box box = roomy;
    box.periodic = {periodic, false, periodic};
    tissue::fast::Crowd crowd(pairs, box, {});
    Cells moved = cells;
    std::uint64_t checked = 0;
    for (int n = 0; n < 12; ++n) {
      const Cells before = moved;
      crowd.push_and_move(moved, {tissue::adams_bashforth(0.02), false, false, {1}});
      const auto& chunks = crowd.neighbours().chunks;
      for (std::size_t i = 0; i < before.size(); ++i) {
        const auto& lists = chunks[i / tissue::fast::Neighbours::chunk];
        const std::size_t at = i % tissue::fast::Neighbours::chunk;
        const std::multiset<std::uint32_t> listed(lists.cell.begin() + lists.first[at],
                                                  lists.cell.begin() + lists.first[at + 1]);
        for (std::uint32_t j = 0; j < before.size(); ++j) {
          if (j == i) continue;
          tissue::Vec3 apart = {before.x[i] - before.x[j], before.y[i] - before.y[j], before.z[i] - before.z[j]};
          for (std::size_t axis = 0; axis < 3; ++axis) {
            if (box.periodic[axis]) apart[axis] -= 200 * std::round(apart[axis] / 200);
          }
          const double reach =
              pairs.reach[before.type[i]] * before.radius[i] + pairs.reach[before.type[j]] * before.radius[j];
          if (std::hypot(apart[0], apart[1], apart[2]) >= reach) continue;
          ++checked;
          if (listed.count(j) != 1) FAIL("pair " << i << ", " << j << " is listed " << listed.count(j) << " times");
        }
      }
    }
    CHECK(checked > 50000);
    CHECK(crowd.builds() > 1);
  }
}

TEST_CASE("the same bits for any number of threads") {
  std::set<std::string> hashes;
  for (const int threads : {1, 2, 3, 8}) {
    Cells cells = t1::cells(t1::small);
    tissue::fast::Crowd crowd(t1::pairs(), t1::box(t1::small));
    for (int n = 0; n < 60; ++n) crowd.push_and_move(cells, {tissue::adams_bashforth(dt), false, n % 60 == 59, {threads}});
    hashes.insert(tests::hash_of(cells));
  }
  CHECK(hashes.size() == 1);
}

TEST_CASE("few cells far from each other, some outside the box, need no more room than many") {
  Cells cells;
  for (int n = 0; n < 20; ++n)
    tissue::add_cell(cells, 0, {n * 150.0 - 1500, n * 140.0 - 1400, n * 160.0 - 1600}, t1::volume);
  tissue::add_cell(cells, 0, {1355, 1262, 1443}, t1::volume);  // beside the last one
  Cells plain = cells;
  Single tuned{t1::pairs(), roomy};
  tuned.step(cells, false);
  tissue::reference::push(plain, t1::pairs(), roomy);
  tissue::reference::move(plain, tissue::adams_bashforth(dt), roomy);
  CHECK(tests::farthest(cells, plain) < 1e-5);
  CHECK(cells.x[20] > 1355);
  tissue::reference::avoid_walls(cells, roomy);
  CHECK(cells.vx[0] == tissue::wall_push);
  CHECK(cells.vx[19] == -tissue::wall_push);
}

TEST_CASE("a wall pushes those that are nearer than their radius") {
  Cells cells;
  tissue::add_cell(cells, 0, {-95, 0, 99}, t1::volume);
  const double radius = cells.radius[0];
  tissue::reference::avoid_walls(cells, roomy);
  CHECK(cells.vx[0] == doctest::Approx(100 * (1 - 5 / radius) * (1 - 5 / radius)));
  CHECK(cells.vy[0] == 0);
  CHECK(cells.vz[0] == doctest::Approx(-100 * (1 - 1 / radius) * (1 - 1 / radius)));
}
