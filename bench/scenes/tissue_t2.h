/// @file
/// T2: a ball of tumour cells that immune cells attack, the physics of PhysiCell's cancer_immune sample with the immune cells there from
/// the start. One definition for tests and benchmarks.
#pragma once

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "tissue/breathe.h"
#include "tissue/fast/crowd.h"
#include "tissue/fast/diffuse.h"
#include "tissue/hunt.h"
#include "tissue/migrate.h"
#include "tissue/reference/push.h"

namespace carina::scenes::t2 {

/// A size of the scene.
struct Size {
  double half = 510;          ///< um, half the edge of the box
  double radius = 250;        ///< um, of the ball
  std::size_t immune = 1800;  ///< immune cells
};

inline constexpr std::uint16_t tumour = 0;  ///< type
inline constexpr std::uint16_t immune = 1;  ///< type

/// A close packing of cells of this radius within a ball, as the sample makes it; its counters run on from layer to layer.
inline std::vector<tissue::Vec3> packed(double radius, double ball) {
  std::vector<tissue::Vec3> places;
  const double x_step = radius * std::sqrt(3.0), y_step = radius * 2;
  int xs = 0, zs = 0;
  for (double z = -ball; z < ball; z += x_step, ++zs) {
    for (double x = -ball; x < ball; x += x_step, ++xs) {
      for (double y = -ball; y < ball; y += y_step) {
        const tissue::Vec3 at = {x + (zs % 2) * 0.5 * radius, y + (xs % 2) * radius, z};
        if (std::sqrt(at[0] * at[0] + at[1] * at[1] + at[2] * at[2]) < ball) places.push_back(at);
      }
    }
  }
  return places;
}

/// What is counted.
struct Counts {
  std::size_t attached = 0;  ///< immune cells that hold
  std::size_t dead = 0;      ///< tumour cells that die
  std::size_t tumour = 0;    ///< tumour cells, the dying included
};

/// The scene under way.
class Scene {
 public:
  /// At the start.
  Scene(const Size& size, std::uint64_t seed, int threads = 1)
      : box_{{-size.half, -size.half, -size.half}, {size.half, size.half, size.half}, {false, false, false}},
        people_(make()),
        fields_{tissue::field_of(tissue::grid_of(box_, 20), oxygen()),
                tissue::field_of(tissue::grid_of(box_, 20), {"immunostimulatory factor", "1", 1000, 0.016, 0, {}})},
        crowd_(tissue::pairs_of(mechanics()), box_),
        steps_{tissue::fast::Lod(fields_[0].grid, fields_[0].what, dt_field),
               tissue::fast::Lod(fields_[1].grid, fields_[1].what, dt_field)},
        seed_(seed),
        parallel_{threads} {
    hunt_.antigen = oncoprotein();
    hunt_.bin = 30, hunt_.first_only = true, hunt_.one_hunter = false, hunt_.stops = true;
    chase_.box = box_;
    settle(size);
  }

  /// Minutes go by.
  void run(int minutes) {
    for (int n = 0; n < minutes * 10; ++n) step();
  }
  /// What there is now.
  Counts counts() const {
    Counts c;
    for (std::size_t i = 0; i < people_.cells.size(); ++i) {
      if (people_.cells.type[i] == immune) {
        c.attached += people_.life.held[i] != tissue::nobody ? 1U : 0U;
      } else {
        ++c.tumour;
        c.dead += people_.life.fate[i] != tissue::Fate::Live ? 1U : 0U;
      }
    }
    return c;
  }
  /// Oxygen, mmHg, and the immunostimulatory factor.
  const std::array<tissue::Field, 2>& fields() const { return fields_; }
  /// The cells.
  tissue::Population& people() { return people_; }

 private:
  static constexpr double dt_field = 0.01, dt_mechanics = 0.1, dt_life = 6;

  static tissue::Substrate oxygen() {
    tissue::Substrate o{"oxygen", "mmHg", 1e5, 0.1, 38, {}};
    o.boundary.wall.fill(tissue::Wall::Fixed);
    o.boundary.value.fill(38);
    return o;
  }
  static std::vector<tissue::Mechanics> mechanics() {
    std::vector<tissue::Mechanics> types(2);
    types[tumour].adhesion = types[immune].adhesion = 0;
    types[immune].repulsion = 50;
    return types;
  }
  static tissue::Population make() {
    std::vector<tissue::CellType> types(2);
    types[tumour].name = "tumour", types[immune].name = "immune";
    tissue::Population people = tissue::population_of(types, 2, 1);
    const tissue::TraitLayout& l = people.traits.layout();
    using tissue::SubstrateTrait;
    using tissue::Trait;
    people.traits.of_type(l.at(Trait::Exit0), tumour) = 0.00072;
    people.traits.of_type(l.at(Trait::Exit0), immune) = 0;
    people.traits.of_type(l.at(SubstrateTrait::Uptake, 0), tumour) = 10;
    people.traits.of_type(l.at(SubstrateTrait::Uptake, 0), immune) = 1;
    people.traits.of_type(l.at(SubstrateTrait::Target, 1), tumour) = 1;
    people.traits.of_type(l.at(Trait::Speed), immune) = 1;
    people.traits.of_type(l.at(Trait::Persistence), immune) = 10;
    people.traits.of_type(l.at(Trait::Bias), immune) = 0.5;
    return people;
  }
  std::size_t oncoprotein() const { return people_.traits.layout().variable(0); }

  void settle(const Size& size) {
    const auto draw = [&](std::uint64_t cell, std::uint32_t index) {
      return random::normal(seed_, random::Domain::Tissue, {0, cell, 0, 100, index});
    };
    for (const tissue::Vec3& at : packed(tissue::radius_of(2494), size.radius)) tissue::settle(people_, tumour, at);
    const std::size_t tumours = people_.cells.size();
    std::vector<double>& p = people_.traits.own(oncoprotein(), people_.cells.type);
    double farthest = size.radius;
    for (std::size_t i = 0; i < tumours; ++i) {
      p[i] = std::max(0.0, 1 + 0.25 * draw(i, 0));
      farthest = std::max(farthest, std::hypot(people_.cells.x[i], people_.cells.y[i], people_.cells.z[i]));
    }
    const double inner = farthest + 10, outer = inner + 30;
    for (std::size_t n = 0; n < size.immune; ++n) {
      const tissue::Vec3 way = tissue::direction({seed_, 0, 0}, tumours + n, tissue::Purpose::Axis, false);
      const double r = (inner + outer) / 2 + 0.33 * (outer - inner) / 2 * draw(tumours + n, 1);
      tissue::settle(people_, immune, {way[0] * r, way[1] * r, way[2] * r});
    }
    take_up();
  }

  void take_up() {
    for (std::size_t s = 0; s < 2; ++s) tissue::fast::exchange_of(people_, s, dt_field, fields_[s].grid, exchange_[s]);
  }
  void diffuse() {
    for (std::size_t s = 0; s < 2; ++s) steps_[s].step(fields_[s], &exchange_[s], parallel_);
  }

  // Every 6 min: tumour cells stimulate, breathe, grow, die, divide.
  void live() {
    const tissue::TraitLayout& l = people_.traits.layout();
    std::vector<double>& secretion = people_.traits.own(l.at(tissue::SubstrateTrait::Secretion, 1), people_.cells.type);
    for (std::size_t i = 0; i < people_.cells.size(); ++i)
      if (people_.cells.type[i] == tumour) secretion[i] = 10;
    tissue::Breath breath;
    breath.full = 38;
    breath.times = oncoprotein();
    tissue::breathe(people_, fields_[0], tumour, breath);
    tissue::live(people_, {seed_, 0, step_}, dt_life);
    crowd_.changed();
  }

  // One step of 0.1 min, which begins with a step of the fields, as PhysiCell's do.
  void step() {
    diffuse();
    if (step_ % 60 == 0) live();
    const tissue::Draws draws{seed_, 0, step_};
    tissue::pursue(people_, hunt_, chase_, draws, dt_mechanics);
    tissue::migrate(people_, {fields_, chemotaxis_, chase_.idle}, draws, dt_mechanics);
    tissue::reference::avoid_walls(people_.cells, box_);
    crowd_.push_and_move(people_.cells, {tissue::adams_bashforth(dt_mechanics), true, false, parallel_});
    take_up();
    for (int n = 0; n < 9; ++n) diffuse();
    ++step_;
  }

  tissue::Box box_;
  tissue::Population people_;
  std::array<tissue::Field, 2> fields_;
  tissue::fast::Crowd crowd_;
  std::array<tissue::fast::Lod, 2> steps_;
  std::array<tissue::Exchange, 2> exchange_;
  std::uint64_t seed_;
  ParallelOptions parallel_;
  tissue::Hunt hunt_;
  tissue::Chase chase_;
  std::vector<tissue::Chemotaxis> chemotaxis_ = {{}, {false, false, 1, 1}};
  std::uint64_t step_ = 0;
};

}  // namespace carina::scenes::t2
