#include <doctest/doctest.h>

#include <cmath>

#include "tissue/hunt.h"
#include "tissue/support.h"

using namespace carina;
using tissue::Chase;
using tissue::Fate;
using tissue::Hunt;
using tissue::Hunted;
using tissue::nobody;
using tissue::Population;

namespace {

constexpr double dt = 0.1;
const tissue::Box room{{-1000, -1000, -1000}, {1000, 1000, 1000}, {false, false, false}};

// Type 0 is prey with its antigen as own variable 0, type 1 hunts.
struct Field {
  Population people;
  Hunt hunt;
  Chase chase{room, {}};
  std::uint64_t step = 0;

  explicit Field(double antigen) : people(two_types()) {
    hunt.antigen = people.traits.layout().variable(0);
    people.traits.of_type(hunt.antigen, 0) = antigen;
    for (std::size_t t = 0; t < 2; ++t) people.traits.of_type(0, t) = 0;
  }
  static Population two_types() {
    tissue::CellType prey, hunter;
    prey.name = "tumour", hunter.name = "CAR T";
    return tissue::population_of({prey, hunter}, 0, 1);
  }
  // `count` pairs far from each other, hunter and prey `distance` apart.
  void pairs(std::size_t count, double distance) {
    for (std::size_t n = 0; n < count; ++n) {
      const double x = -990 + 45.0 * static_cast<double>(n % 44), y = -990 + 45.0 * static_cast<double>(n / 44 % 44),
                   z = -990 + 45.0 * static_cast<double>(n / 1936);
      tissue::settle(people, 0, {x, y, z});
      tissue::settle(people, 1, {x + distance, y, z});
    }
  }
  Hunted next() { return tissue::pursue(people, hunt, chase, {11, 0, step++}, dt); }
};

}  // namespace

TEST_CASE("a hold begins at the rate that antigen and distance say") {
  for (const auto& [antigen, distance, share] :
       {std::tuple{3.0, 10.0, 1.0}, {1.25, 10.0, 0.5}, {3.0, 16.0, 0.5}, {1.25, 17.0, 0.125}}) {
    Field field(antigen);
    const int count = 4000;
    field.pairs(count, distance);
    const double chance = 0.2 * share * dt;
    std::size_t attached = 0;
    for (int n = 0; n < 3; ++n) {
      const std::size_t free = static_cast<std::size_t>(count) - attached;
      const std::size_t taken = field.next().attached.size();
      CHECK(std::fabs(static_cast<double>(taken) - chance * static_cast<double>(free)) <
            4 * std::sqrt(chance * static_cast<double>(free)) + 1);
      attached += taken;
    }
  }
  for (const auto& [antigen, distance] : {std::pair{0.5, 10.0}, {3.0, 18.5}}) {
    Field field(antigen);
    field.pairs(500, distance);
    field.hunt.attach = 10;
    CHECK(field.next().attached.empty());
  }
}

TEST_CASE("a hold ends with death as often as the closed form says") {
  for (const double antigen : {1.0, 1.5, 2.0}) {
    Field field(antigen);
    const std::size_t count = 3000;
    field.pairs(count, 10);
    field.hunt.pull = 0;
    for (std::size_t n = 0; n < count; ++n) {
      field.people.life.held[2 * n + 1] = field.people.cells.id[2 * n];
      field.people.life.holders[2 * n] = 1;
    }
    field.hunt.attach = 0;
    std::size_t killed = 0, released = 0;
    while (released < count) {
      const Hunted found = field.next();
      killed += found.killed.size(), released += found.released.size();
    }
    const double expected = tissue::kill_probability(field.hunt, tissue::recognised(field.hunt, antigen), dt);
    // P(kill | attached) = a/(a + 1/60), a = 0.06667 (p - 0.5)/1.5: 0.571, 0.727, 0.80
    CHECK(expected == doctest::Approx(antigen == 1.0 ? 0.571 : antigen == 1.5 ? 0.727 : 0.80).epsilon(0.004));
    const auto n = static_cast<double>(count);
    CHECK(std::fabs(static_cast<double>(killed) - n * expected) < 4 * std::sqrt(n * expected * (1 - expected)));
    std::size_t dying = 0;
    for (const Fate fate : field.people.life.fate) dying += fate == Fate::Apoptotic ? 1 : 0;
    CHECK(dying == killed);
  }
}

TEST_CASE("a spring pulls both alike; out of reach, gone, divided or dead ends the hold") {
  Field field(2);
  field.pairs(1, 10);
  field.hunt.kill = 0, field.hunt.hold = 1e12;
  auto& life = field.people.life;
  life.held[1] = 0, life.holders[0] = 1;
  field.next();
  CHECK(field.people.cells.vx[1] == doctest::Approx(-0.1));
  CHECK(field.people.cells.vx[0] == doctest::Approx(0.1));
  CHECK(field.chase.idle[1] == 1);
  Field far = field, gone = field, divided = field, dead = field;
  far.people.cells.x[1] += 9;
  CHECK(far.next().released.size() == 1);
  CHECK(far.people.life.holders[0] == 0);
  tissue::remove(gone.people, {0});
  CHECK(gone.next().released.size() == 1);
  tissue::divide(divided.people, {0}, {1, 0, 0});
  CHECK(divided.next().released.size() == 1);
  tissue::begin_death(dead.people, 1, false);
  CHECK(dead.next().released.size() == 1);
  CHECK(dead.people.life.holders[0] == 0);
}

TEST_CASE("one hunter for each prey where it is so said, and as many as come where not") {
  for (const bool one : {true, false}) {
    Field field(3);
    tissue::settle(field.people, 0, {0, 0, 0});
    for (int n = 0; n < 5; ++n) tissue::settle(field.people, 1, {5.0 + n, 0, 0});
    field.hunt.attach = 20, field.hunt.kill = 0, field.hunt.one_hunter = one;
    CHECK(field.next().attached.size() == (one ? 1 : 5));
    CHECK(field.people.life.holders[0] == (one ? 1 : 5));
  }
}

TEST_CASE("the published searches: in the own bin only, the first only, and no walk beside prey") {
  Field field(3);
  tissue::settle(field.people, 0, {29, 0, 0});
  tissue::settle(field.people, 0, {25, 3, 0});
  tissue::settle(field.people, 1, {31, 0, 0});
  field.hunt.attach = 20;
  field.hunt.bin = 30;  // bins begin at -1000: 29 is in the bin from 20 to 50
  field.chase.box.low[0] = -900;
  Field other = field;
  CHECK(field.next().attached.empty());  // now the bin ends at 30
  other.chase.box.low[0] = -1000;
  CHECK(other.next().attached.size() == 1);
  Field first(3);
  first.pairs(1, 10);
  first.hunt.attach = 0, first.hunt.first_only = true, first.hunt.stops = true;
  first.next();
  CHECK(first.chase.idle[1] == 1);
  CHECK(first.chase.idle[0] == 0);
}

TEST_CASE("a lure draws a free hunter to prey across the face of a periodic box") {
  Field field(3);
  field.chase.box.periodic = {true, false, false};
  tissue::settle(field.people, 0, {995, 0, 0});
  tissue::settle(field.people, 1, {-995, 0, 0});
  field.hunt.attach = 0, field.hunt.lure = 0.01;
  field.next();
  CHECK(field.people.cells.vx[1] == doctest::Approx(-0.1));
  CHECK(field.people.cells.vx[0] == 0);
}
