#include <doctest/doctest.h>

#include <numbers>
#include <set>

#include "scenes/tissue_t1.h"
#include "tissue/fast/diffuse.h"
#include "tissue/reference/diffuse.h"
#include "tissue/reference/push.h"
#include "tissue/support.h"

using namespace carina;
using tissue::Cells;
using tissue::Field;
namespace t1 = carina::scenes::t1;

namespace {

struct Reference {
  void step(Field& field, double dt) const { tissue::reference::diffuse_lod(field, dt); }
};
struct Fast {
  void step(Field& field, double dt) const { tissue::fast::Lod(field.grid, field.what, dt).step(field, nullptr, {1}); }
};

double total(const Field& field) {
  double sum = 0;
  for (const double value : field.value) sum += value;
  return sum;
}

double apart(const Field& a, const Field& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.value.size(); ++i) most = std::max(most, std::fabs(a.value[i] - b.value[i]));
  return most;
}

const tissue::Box box{{0, 0, 0}, {340, 260, 300}, {false, false, false}};

}  // namespace

TEST_CASE_TEMPLATE("without decay and with closed faces nothing is lost, and it evens out", Engine, Reference, Fast) {
  Field field = tissue::field_of(tissue::grid_of(box, 20), {"factor", "1", 1000, 0, 0, {}});
  field.value[field.grid.voxel(170, 130, 150)] = 1000;
  for (int n = 0; n < 500; ++n) Engine{}.step(field, 0.5);
  CHECK(total(field) == doctest::Approx(1000).epsilon(1e-12));
  for (const double value : field.value)
    CHECK(value == doctest::Approx(1000.0 / static_cast<double>(field.value.size())).epsilon(0.2));
}

TEST_CASE_TEMPLATE("a cosine fades as each sweep says", Engine, Reference, Fast) {
  const double h = 20, dt = 0.05, d = 700, decay = 0.3;
  Field field = tissue::field_of(tissue::grid_of(box, h), {"factor", "1", d, decay, 0, {}});
  const auto shape = [&](int i) { return std::cos(std::numbers::pi * (i + 0.5) / field.grid.n[0]); };
  for (int k = 0; k < field.grid.n[2]; ++k)
    for (int j = 0; j < field.grid.n[1]; ++j)
      for (int i = 0; i < field.grid.n[0]; ++i) field.value[field.grid.at(i, j, k)] = shape(i);
  for (int n = 0; n < 40; ++n) Engine{}.step(field, dt);
  const double eigen = 2 * d / (h * h) * (1 - std::cos(std::numbers::pi / field.grid.n[0]));
  const double third = decay * dt / 3;
  const double left = 1 / ((1 + third + eigen * dt) * (1 + third) * (1 + third));
  for (int i = 0; i < field.grid.n[0]; ++i)
    CHECK(field.value[field.grid.at(i, 5, 7)] == doctest::Approx(shape(i) * std::pow(left, 40)).epsilon(1e-11));
}

TEST_CASE("the tuned field does what the plain one does, for every kind of face and odd grids") {
  for (const unsigned fixed : {0U, 63U, 1U, 2U, 4U, 8U, 16U, 32U, 21U, 42U}) {
    CAPTURE(fixed);
    tissue::Substrate what{"oxygen", "mmHg", 1e5, 0.1, 38, {}};
    for (std::size_t side = 0; side < 6; ++side) {
      what.boundary.wall[side] = (fixed >> side & 1U) != 0 ? tissue::Wall::Fixed : tissue::Wall::NoFlux;
      what.boundary.value[side] = 20 + 3.0 * static_cast<double>(side);
    }
    Field plain = tissue::field_of(tissue::grid_of(box, 20), what), tuned = plain;
    const Cells cells = tests::crowd(box, 700, 500, 3000, 2);
    const std::vector<tissue::Use> use = {{0, 0, 10, 0}, {2, 50, 1, 100}};
    tissue::Exchange exchange;
    tissue::fast::exchange_of(cells, use, 0.01, plain.grid, exchange);
    const tissue::fast::Lod lod(plain.grid, what, 0.01);
    for (int n = 0; n < 30; ++n) {
      tissue::reference::diffuse_lod(plain, 0.01);
      tissue::reference::exchange(cells, use, 0.01, plain);
      lod.step(tuned, &exchange, {1 + n % 3});
    }
    CHECK(apart(plain, tuned) < 1e-11);
  }
}

TEST_CASE("a grid of one voxel, or one layer, is solved too") {
  for (const tissue::Vec3& high : {tissue::Vec3{20, 20, 20}, {200, 100, 20}, {20, 20, 200}}) {
    const tissue::Box flat{{0, 0, 0}, high, {false, false, false}};
    Field plain = tissue::field_of(tissue::grid_of(flat, 20), {"factor", "1", 1000, 0.2, 7, {}}), tuned = plain;
    plain.value[0] = tuned.value[0] = 20;
    for (int n = 0; n < 5; ++n) Reference{}.step(plain, 0.1), Fast{}.step(tuned, 0.1);
    CHECK(apart(plain, tuned) < 1e-13);
    if (plain.value.size() == 1) CHECK(plain.value[0] == doctest::Approx(20 * std::pow(1 + 0.02 / 3, -15)));
  }
}

TEST_CASE("the fixed point of a step is what many steps settle to, in a tenth of them") {
  Field field = tissue::field_of(tissue::grid_of(t1::box(t1::small), 20), t1::oxygen()), settled = field;
  const Cells cells = t1::cells(t1::small);
  tissue::Exchange exchange;
  tissue::fast::exchange_of(cells, {{0, 0, t1::uptake, 0}}, 0.01, field.grid, exchange);
  const tissue::fast::Lod lod(field.grid, field.what, 0.01);
  for (int n = 0; n < 600; ++n) lod.step(settled, &exchange, {1});
  const auto found = tissue::fast::LodFixedPoint(field.grid, field.what, 0.01).solve(field, &exchange, 1e-4, {2});
  CHECK(found.reached);
  CHECK(found.iterations < 60);
  CHECK(apart(field, settled) < 1e-3);
  // a closed box, where decay alone decides
  Field factor = tissue::field_of(tissue::grid_of(box, 20), {"factor", "1", 1000, 0.5, 0, {}}), slow = factor;
  const Cells few = tests::crowd(box, 200, 500, 3000);
  tissue::fast::exchange_of(few, {{10, 1, 0, 0}}, 0.1, factor.grid, exchange);
  const tissue::fast::Lod steps(factor.grid, factor.what, 0.1);
  for (int n = 0; n < 2000; ++n) steps.step(slow, &exchange, {1});
  CHECK(tissue::fast::LodFixedPoint(factor.grid, factor.what, 0.1).solve(factor, &exchange, 1e-10, {1}).reached);
  CHECK(apart(factor, slow) < 1e-8);
}

TEST_CASE("the same bits of a field for any number of threads") {
  std::set<std::string> hashes;
  for (const int threads : {1, 2, 3, 8}) {
    Field field = tissue::field_of(tissue::grid_of(t1::box(t1::small), 20), t1::oxygen());
    const Cells cells = t1::cells(t1::small);
    tissue::Exchange exchange;
    tissue::fast::exchange_of(cells, {{0, 0, t1::uptake, 0}}, 0.01, field.grid, exchange);
    const tissue::fast::Lod lod(field.grid, field.what, 0.01);
    for (int n = 0; n < 50; ++n) lod.step(field, &exchange, {threads});
    Hash hash;
    hash.doubles(field.value);
    hashes.insert(hash.hex());
  }
  CHECK(hashes.size() == 1);
}

TEST_SUITE("slow") {
  TEST_CASE("T1's oxygen after 30 minutes is the peer's") {
    Cells cells = t1::cells(t1::small);
    Field field = tissue::field_of(tissue::grid_of(t1::box(t1::small), 20), t1::oxygen());
    const tissue::Pairs pairs = t1::pairs();
    const std::vector<tissue::Use> use = {{0, 0, t1::uptake, 0}};
    for (int n = 0; n < 3000; ++n) {
      tissue::reference::diffuse_lod(field, 0.01);
      tissue::reference::exchange(cells, use, 0.01, field);
      if (n % 10 != 0) continue;
      tissue::reference::push(cells, pairs, t1::box(t1::small));
      tissue::reference::move(cells, tissue::adams_bashforth(0.1), t1::box(t1::small));
    }
    // PhysiCell 1.14.2 with its filter of neighbours made exact: least, mean, middle voxel, mmHg
    CHECK(*std::min_element(field.value.begin(), field.value.end()) == doctest::Approx(14.2686479457).epsilon(1e-9));
    CHECK(total(field) / static_cast<double>(field.value.size()) == doctest::Approx(32.4684887278).epsilon(1e-9));
    CHECK(field.value[field.grid.voxel(0, 0, 0)] == doctest::Approx(15.1862955421).epsilon(1e-9));
    double pressure = 0;
    for (const double p : cells.pressure) pressure += p;
    CHECK(pressure / static_cast<double>(cells.size()) == doctest::Approx(3.2411311325).epsilon(1e-9));
    const auto line = tests::numbers("t1_10k_oxygen.csv");
    REQUIRE(line.size() == 30);
    for (const auto& row : line) CHECK(field.value[field.grid.voxel(row[0], 0, 0)] == doctest::Approx(row[1]).epsilon(1e-9));
  }
}
