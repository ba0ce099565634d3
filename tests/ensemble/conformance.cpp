// One suite for every engine: the same programs, the same individuals, the same bits; and the plain reference within tolerance.

#include <doctest/doctest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/random.h"
#include "ensemble/impl/jit.h"
#include "ensemble/impl/kernel.h"
#include "ensemble/sketch.h"

using namespace carina;
using ensemble::Code;
using expr::Op;
using sketch::Formula;
using sketch::Sketch;

namespace {

double draw(std::uint64_t a, std::uint64_t b) { return random::uniform(1, random::Domain::Resampling, {a, b, 0, 0, 0}); }

// A program of every instruction, with operands picked at random among all values so far.
ensemble::Program random_program(std::uint64_t seed, int length) {
  ensemble::ProgramBuilder builder;
  std::vector<ensemble::ValueId> values;
  for (std::uint32_t row = 0; row < 3; ++row) {
    for (const auto space : {ensemble::Space::A, ensemble::Space::B, ensemble::Space::C, ensemble::Space::D}) {
      values.push_back(builder.row(space, row));
    }
  }
  values.push_back(builder.constant(-0.75));
  values.push_back(builder.constant(2.5));
  std::uint64_t n = 0;
  const auto pick = [&](std::size_t count) {
    return static_cast<std::size_t>(draw(seed, n++) * static_cast<double>(count));
  };
  const auto first = static_cast<std::size_t>(Code::Neg);
  const auto codes = static_cast<std::size_t>(Code::Select) - first + 1;
  for (int i = 0; i < length; ++i) {
    const auto code = static_cast<Code>(first + pick(codes));
    const auto a = values[pick(values.size())];
    const auto b = values[pick(values.size())];
    // mostly the newest value, as in real chains
    const auto c = pick(2) == 0 ? values.back() : values[pick(values.size())];
    values.push_back(builder.op(code, a, b, c));
  }
  for (int i = 0; i < 12; ++i) builder.output(values[pick(values.size())]);
  builder.output(values.back());
  return builder.finish();
}

template <std::size_t lanes>
struct Rows {
  alignas(64) double a[3][lanes], b[3][lanes], c[3][lanes], d[3][lanes], out[13][lanes];
  Rows() {
    std::uint64_t n = 0;
    for (auto* rows : {a, b, c, d}) {
      for (int row = 0; row < 3; ++row) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          const double u = draw(99, n + lane);
          rows[row][lane] = u < 0.05 ? 0 : (u < 0.1 ? -1e3 : 8 * u - 3);
        }
        n += 64;
      }
    }
  }
  ensemble::Arrays arrays() { return {a[0], b[0], c[0], d[0], out[0]}; }
};

bool same(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

}  // namespace

TEST_CASE("virtual machine, JIT and single lane give the same bits for random programs") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const ensemble::Program program = random_program(seed, 20 + 5 * static_cast<int>(seed));
    Rows<ensemble::vm_lanes> vm;
    ensemble::make_vm_kernel(program)->run(vm.arrays());
    Rows<ensemble::jit_lanes> jit;
    const auto code = ensemble::JitCode::make({&program});
    if (code != nullptr) code->kernel(0)->run(jit.arrays());
    std::vector<double> scratch;
    for (std::size_t lane = 0; lane < ensemble::jit_lanes; ++lane) {
      Rows<ensemble::jit_lanes> one;
      ensemble::run_on_lane(program, {one.a[0] + lane, one.b[0] + lane, one.c[0] + lane, one.d[0] + lane, one.out[0] + lane},
                            ensemble::jit_lanes, ensemble::jit_lanes, scratch);
      for (int row = 0; row < 13; ++row) {
        CAPTURE(row);
        REQUIRE(same(one.out[row][lane], vm.out[row][lane]));
        if (code != nullptr) REQUIRE(same(one.out[row][lane], jit.out[row][lane]));
      }
    }
  }
}

namespace {

// Predator and prey with a saturating kill, a timed switch, a condition on a state, an event and an infusion.
struct Busy : Sketch {
  Formula growth = parameter("growth", 0.4);
  Formula kill = parameter("kill", 0.02);
  Formula at = parameter("at", 6);
  Formula x = state("x", number(50), 10);
  Formula y = state("y", number(1), 1);
  Formula d = state("d", number(0), 1);
  Busy() {
    const Formula half = number(20);
    const Formula meal = kill * y * x / (half + x) * sketch::choose(time() < at, number(10), number(4));
    rate(x, growth * x * (number(1) - x / number(200)) - meal);
    rate(y, sketch::choose(x < number(30), number(-0.3), number(0.2)) * y - number(0.01) * d * y);
    rate(d, -(number(0.8) * d) + number(0.1) * sketch::of(Op::Exp, -(number(0.2) * time())));
    model::Event boost;
    boost.when = (y >= number(8)).node;
    boost.set = {{1, (y * number(0.5)).node, "y/2"}};
    model.events.push_back(boost);
    ensemble::Dose& dose = this->dose(d, 30, 2);
    dose.duration = number(0.5).node;
    dose.every = number(5).node;
    dose.count = number(4).node;
    for (int day = 0; day <= 60; ++day) plan.times.push_back(day);
  }
  std::vector<double> population(std::size_t count) const {
    std::vector<double> parameters;
    for (std::size_t i = 0; i < count; ++i) {
      parameters.push_back(0.4 * (0.6 + 0.8 * draw(5, i)));
      parameters.push_back(0.02 * (0.6 + 0.8 * draw(6, i)));
      parameters.push_back(12 * draw(7, i));
    }
    return parameters;
  }
};

}  // namespace

TEST_CASE("virtual machine and JIT give the same bits for a population with switches, events and doses") {
  for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
    Busy vm, jit;
    vm.plan.solver.method = jit.plan.solver.method = method;
    const auto parameters = vm.population(150);
    const auto a = vm.run(parameters, 150, ensemble::Engine::VirtualMachine);
    const auto b = jit.run(parameters, 150, ensemble::Engine::Auto);
    for (const ensemble::Status status : a.status) REQUIRE(status == ensemble::Status::Ok);
    CHECK(sketch::same_bits(a.values, b.values));
    CHECK(a.steps == b.steps);
    CHECK(a.rejected == b.rejected);
  }
}

TEST_CASE("what an individual gives does not depend on its neighbours") {
  for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
    Busy all, one;
    all.plan.solver.method = one.plan.solver.method = method;
    const std::size_t count = 37;
    const auto parameters = all.population(count);
    const auto together = all.run(parameters, count);
    const std::size_t row = together.values.size() / count;
    for (std::size_t i = 0; i < count; i += 6) {
      const std::vector<double> own(parameters.begin() + static_cast<std::ptrdiff_t>(3 * i),
                                    parameters.begin() + static_cast<std::ptrdiff_t>(3 * i + 3));
      const auto alone = one.run(own, 1);
      CHECK(sketch::same_bits(alone.values, {together.values.begin() + static_cast<std::ptrdiff_t>(row * i),
                                             together.values.begin() + static_cast<std::ptrdiff_t>(row * (i + 1))}));
    }
  }
}

TEST_CASE("a parameter that everybody shares gives the same trajectory as one that varies") {
  Busy varied, shared;
  shared.plan.shared = {std::nullopt, 0.02, 6.0};
  const auto a = varied.run();
  const auto b = shared.run();
  for (std::size_t i = 0; i < a.values.size(); ++i) CHECK(a.values[i] == doctest::Approx(b.values[i]).epsilon(1e-4));
}

TEST_CASE("the engines agree with the plain reference engine") {
  Busy fast, plain;
  fast.plan.solver.rtol = 1e-10;
  plain.plan.solver.rtol = 1e-8;
  const auto a = fast.run();
  const auto b = plain.reference();
  REQUIRE(b.status[0] == ensemble::Status::Ok);
  REQUIRE(a.values.size() == b.values.size());
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    CAPTURE(i);
    CHECK(std::fabs(a.values[i] - b.values[i]) < 3e-6 * (1 + std::fabs(b.values[i])));
  }
}

TEST_SUITE("slow") {
  TEST_CASE("a library compiled ahead from the source gives the same bits") {
    Busy jit, library;
    const auto parameters = jit.population(60);
    const auto a = jit.run(parameters, 60);
    library.plan.model = &library.model;
    const std::string stem = std::filesystem::temp_directory_path() / ("carina_ahead_" + std::to_string(::getpid()));
    std::ofstream(stem + ".cpp") << ensemble::Ensemble(library.plan).source();
    const std::string command = "c++ -std=c++20 -O3 -march=native -ffp-contract=off -fno-math-errno -fPIC -shared -o " +
                                stem + ".so " + stem + ".cpp";
    REQUIRE(std::system(command.c_str()) == 0);
    library.plan.solver.library = stem + ".so";
    const auto b = library.run(parameters, 60, ensemble::Engine::Library);
    CHECK(sketch::same_bits(a.values, b.values));
    std::filesystem::remove(stem + ".cpp");
    std::filesystem::remove(stem + ".so");
    library.plan.solver.library = "./no_such_library.so";
    CHECK_THROWS_AS(library.run(parameters, 60, ensemble::Engine::Library), std::invalid_argument);
  }
}
