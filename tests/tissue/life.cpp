#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "tissue/life.h"
#include "tissue/support.h"

using namespace carina;
using tissue::Fate;
using tissue::Population;
using tissue::Trait;
using tissue::TraitLayout;

namespace {

constexpr double dt = 6;  // min

Population one_type(int code) {
  tissue::CellType type;
  type.name = "cell";
  type.cycle = *tissue::find_cycle(code);
  return tissue::population_of({type}, 1, 1);
}

// `count` cells, `steps` steps of life.
void run(Population& people, int steps, std::uint64_t seed = 1) {
  for (int n = 0; n < steps; ++n) tissue::live(people, {seed, 0, static_cast<std::uint64_t>(n)}, dt);
}

double total(const std::vector<double>& column) {
  double sum = 0;
  for (const double value : column) sum += value;
  return sum;
}

}  // namespace

TEST_CASE("a cell that does nothing keeps its volume to the last bit but one") {
  Population people = one_type(5);
  people.traits.of_type(0, 0) = 0;
  tissue::settle(people, 0, {0, 0, 0});
  CHECK(people.cells.radius[0] == doctest::Approx(8.412710547954228).epsilon(1e-15));
  run(people, 1000);
  CHECK(people.cells.size() == 1);
  CHECK(people.cells.volume[0] == doctest::Approx(2494).epsilon(1e-13));
  CHECK(people.life.nucleus[0] == doctest::Approx(540).epsilon(1e-13));
  CHECK(people.life.elapsed[0] == doctest::Approx(6000));
}

TEST_CASE("pools go where they tend to, as explicit Euler says") {
  Population people = one_type(5);
  people.traits.of_type(0, 0) = 0;
  tissue::settle(people, 0, {0, 0, 0});
  people.life.nuclear_solid_to[0] *= 2;
  const int steps = 40;
  for (int n = 0; n < steps; ++n) tissue::grow(people, dt);
  const double nucleus = 135 * (2 - std::pow(1 - dt * 0.33 / 60, steps));
  const double cytoplasm = 488.5 * (2 - std::pow(1 - dt * 0.27 / 60, steps));
  CHECK(people.life.nuclear_solid[0] == doctest::Approx(nucleus).epsilon(1e-12));
  CHECK(people.life.cytoplasmic_solid[0] == doctest::Approx(cytoplasm).epsilon(1e-12));
  CHECK(people.life.fluid[0] < 0.75 * people.cells.volume[0]);  // fluid follows
  for (int n = 0; n < 5000; ++n) tissue::grow(people, dt);
  CHECK(people.cells.volume[0] == doctest::Approx(2 * 2494).epsilon(1e-9));
}

TEST_CASE("cells that divide by chance grow exponentially, and nothing of them is lost") {
  Population people = one_type(5);
  people.traits.of_type(0, 0) = 0.001;
  for (int n = 0; n < 400; ++n) tissue::settle(people, 0, {0, 0, 0});
  const int steps = 300;
  double expected = 400;
  for (int n = 0; n < steps; ++n) {
    tissue::Turnover turnover = tissue::advance_cycle(people, {3, 0, static_cast<std::uint64_t>(n)}, dt);
    const double before = total(people.cells.volume), nuclei = total(people.life.nucleus);
    tissue::divide(people, turnover.divide, {3, 0, static_cast<std::uint64_t>(n)});
    CHECK(total(people.cells.volume) == doctest::Approx(before).epsilon(1e-12));
    CHECK(total(people.life.nucleus) == doctest::Approx(nuclei).epsilon(1e-12));
    expected *= 1 + 0.001 * dt;
  }
  // a branching process: variance n0 (1 - p)/(1 + p)... of Yule, n0 m (m - 1) with m the growth
  const double growth = expected / 400, sd = std::sqrt(400 * growth * (growth - 1));
  CHECK(std::fabs(static_cast<double>(people.cells.size()) - expected) < 4 * sd);
  std::set<std::uint64_t> ids(people.cells.id.begin(), people.cells.id.end());
  CHECK(ids.size() == people.cells.size());
  CHECK(people.cells.born == people.cells.size());
}

TEST_CASE("a daughter lies one radius away, the mother half of one, in no preferred direction") {
  Population people = one_type(5);
  const std::size_t count = 4000;
  std::vector<std::uint32_t> all;
  for (std::uint32_t n = 0; n < count; ++n) {
    tissue::settle(people, 0, {0, 0, 0});
    all.push_back(n);
  }
  const double radius = people.cells.radius[0];
  tissue::divide(people, all, {1, 0, 0});
  REQUIRE(people.cells.size() == 2 * count);
  double x = 0, xx = 0, zz = 0;
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t d = count + n;
    CHECK(std::hypot(people.cells.x[d], people.cells.y[d], people.cells.z[d]) == doctest::Approx(radius));
    CHECK(people.cells.x[n] == doctest::Approx(-people.cells.x[d] / 2));
    CHECK(people.life.phase[d] == people.life.phase[n]);
    x += people.cells.x[d] / radius, xx += std::pow(people.cells.x[d] / radius, 2),
        zz += std::pow(people.cells.z[d] / radius, 2);
  }
  // of a uniform direction: mean 0, variance 1/3; mean square 1/3, variance 4/45
  CHECK(std::fabs(x / count) < 4 * std::sqrt(1.0 / 3 / count));
  CHECK(std::fabs(xx / count - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / count));
  CHECK(std::fabs(zz / count - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / count));
}

TEST_CASE("every cycle has the mean length of its phases") {
  for (const tissue::Cycle& cycle : tissue::cycles()) {
    CAPTURE(cycle.name);
    Population people = one_type(cycle.code);
    const int count = 1500;
    for (int n = 0; n < count; ++n) tissue::settle(people, 0, {0, 0, 0});
    double first = 0;
    int left = count;
    std::vector<bool> seen(count, false);
    for (int n = 0; left > 0 && n < 30000; ++n) {
      const tissue::Turnover turnover = tissue::advance_cycle(people, {5, 0, static_cast<std::uint64_t>(n)}, dt);
      for (const std::uint32_t i : turnover.divide) {
        if (seen[i]) continue;
        seen[i] = true, --left, first += (n + 1) * dt;
      }
    }
    REQUIRE(left == 0);
    double until = 0, variance = 0;  // to the phase that divides
    for (const tissue::Phase& phase : cycle.phases) {
      until += 1 / phase.exit;
      if (!phase.fixed) variance += 1 / (phase.exit * phase.exit);
      if (phase.divides) break;
    }
    CHECK(std::fabs(first / count - until) < 4 * std::sqrt(variance / count) + dt);
  }
}

TEST_CASE("an apoptotic cell shrinks and is gone after 516 minutes") {
  Population people = one_type(5);
  people.traits.of_type(0, 0) = 0;
  tissue::settle(people, 0, {0, 0, 0});
  tissue::settle(people, 0, {50, 0, 0});
  people.traits.of_type(people.traits.layout().at(tissue::SubstrateTrait::Uptake, 0), 0) = 10;
  tissue::begin_death(people, 1, false);
  CHECK(people.traits(people.traits.layout().at(tissue::SubstrateTrait::Uptake, 0), 0, 1) == 1);
  CHECK(people.traits(people.traits.layout().at(tissue::SubstrateTrait::Uptake, 0), 0, 0) == 10);
  run(people, 85);
  REQUIRE(people.cells.size() == 2);
  CHECK(people.life.nuclear_solid[1] == doctest::Approx(135 * std::pow(1 - dt * 0.35 / 60, 85)).epsilon(1e-12));
  CHECK(people.life.cytoplasmic_solid[1] == doctest::Approx(488.5 * std::pow(1 - dt / 60, 85)).epsilon(1e-12));
  CHECK(people.cells.volume[1] < 200);
  run(people, 1);
  CHECK(people.cells.size() == 1);
  CHECK(people.cells.id[0] == 0);
}

TEST_CASE("a necrotic cell swells, bursts at twice its volume, and shrinks") {
  Population people = one_type(5);
  people.traits.of_type(0, 0) = 0;
  tissue::settle(people, 0, {0, 0, 0});
  tissue::begin_death(people, 0, true);
  int steps = 0;
  while (people.life.fate[0] == Fate::Swelling && steps < 10000) run(people, 1), ++steps;
  CHECK(people.life.fate[0] == Fate::Lysed);
  CHECK(people.cells.volume[0] >= 2 * 2494 * (1 - 1e-9));
  const double burst = people.cells.volume[0];
  run(people, 1000);
  CHECK(people.cells.volume[0] < 0.3 * burst);
  CHECK(people.life.calcified[0] > 0.3);
}

TEST_CASE("rates of death are those asked for, and the dead do not die again") {
  Population people = one_type(5);
  people.traits.of_type(0, 0) = 0;
  people.traits.of_type(TraitLayout::at(Trait::Apoptosis), 0) = 0.001;
  people.traits.of_type(TraitLayout::at(Trait::Necrosis), 0) = 0.002;
  const int count = 5000;
  for (int n = 0; n < count; ++n) tissue::settle(people, 0, {0, 0, 0});
  for (int n = 0; n < 50; ++n) tissue::die(people, {9, 0, static_cast<std::uint64_t>(n)}, dt);
  int live = 0, apoptotic = 0;
  for (const Fate fate : people.life.fate) live += fate == Fate::Live ? 1 : 0, apoptotic += fate == Fate::Apoptotic ? 1 : 0;
  const double stays = (1 - 0.006) * (1 - 0.012), expected = count * std::pow(stays, 50);
  CHECK(std::fabs(live - expected) < 4 * std::sqrt(expected * (1 - expected / count)));
  const double share = 0.006 / (1 - stays);
  CHECK(std::fabs(apoptotic - share * (count - live)) < 4 * std::sqrt(count * share * (1 - share)));
}

TEST_CASE("a trait is the type's until a cell has its own; daughters and those who stay keep theirs") {
  Population people = one_type(5);
  const std::size_t speed = TraitLayout::at(Trait::Speed);
  people.traits.of_type(speed, 0) = 2;
  for (int n = 0; n < 4; ++n) tissue::settle(people, 0, {0, 0, 0});
  CHECK(!people.traits.is_own(speed));
  people.traits.own(speed, people.cells.type)[2] = 5;
  people.traits.of_type(speed, 0) = 3;
  CHECK(people.traits(speed, 0, 0) == 2);
  tissue::divide(people, {2}, {1, 0, 0});
  CHECK(people.traits(speed, 0, 4) == 5);
  tissue::remove(people, {0, 2});
  REQUIRE(people.cells.size() == 3);
  CHECK(people.traits(speed, 0, 2) == 5);
  CHECK(people.cells.id == std::vector<std::uint64_t>{1, 3, 4});
  tissue::settle(people, 0, {0, 0, 0});
  CHECK(people.traits(speed, 0, 3) == 3);
  people.traits.become(2, 0);
  CHECK(people.traits(speed, 0, 2) == 3);
}
