#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ensemble/sketch.h"

using namespace carina;
using sketch::Formula;
using sketch::Sketch;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// y grows at `speed` from 0.
struct Ramp : Sketch {
  Formula speed = parameter("speed", 0.5);
  Formula y = state("y", number(0));
  Ramp() {
    rate(y, speed);
    plan.times = {0, 12};
    plan.solver.rtol = 1e-8;
  }
  void watch(Formula condition) { plan.watched.push_back(condition.node); }
};

}  // namespace

TEST_CASE("a watched condition is told at the first time at which it holds, from the start on, or never") {
  for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
    Ramp m;
    m.plan.solver.method = method;
    m.watch(m.y >= m.number(2));
    m.watch(m.y < m.number(1));
    m.watch(m.number(100) < m.y);
    m.watch(m.time() >= m.number(7.25));
    m.watch(m.number(0.4) < m.speed);
    const auto hits = m.run().hits;
    REQUIRE(hits.size() == 5);
    CHECK(std::fabs(hits[0] - 4) < 1e-10);
    CHECK(hits[1] == 0);
    CHECK(hits[2] == infinity);
    CHECK(hits[3] == 7.25);
    CHECK(hits[4] == 0);
  }
}

TEST_CASE("a dose that takes a state over the threshold is the time of the event, and so is the last moment of the run") {
  Ramp m;
  m.plan.times = {0, 4};
  m.dose(m.y, 1, 3);
  m.watch(m.y >= m.number(2));
  m.watch(m.y >= m.number(3));
  const auto results = m.run();
  REQUIRE(results.status[0] == ensemble::Status::Ok);
  CHECK(results.hits[0] == 3);
  CHECK(std::fabs(results.hits[1] - 4) < 1e-9);
}

TEST_CASE("a threshold is reached although an event of the model acts at the same moment") {
  Ramp m;
  model::Event reset;
  reset.when = (m.y >= m.number(3)).node;
  reset.set = {{0, m.number(0).node, "0"}};
  m.model.events.push_back(reset);
  m.watch(m.y >= m.number(3));
  const auto results = m.run();
  CHECK(std::fabs(results.hits[0] - 6) < 1e-9);
  CHECK(std::fabs(results.values[1]) < 1e-8);  // it went back to 0 at 6 and again at 12
}

TEST_CASE("watched conditions have the same bits in every engine and for any neighbours, and the reference agrees") {
  Ramp m;
  m.rate(m.y, m.speed - m.number(0.1) * m.y);
  m.watch(m.y >= m.number(1.5));
  std::vector<double> parameters;
  for (int i = 0; i < 100; ++i) parameters.push_back(0.05 + 0.01 * i);
  const auto vm = m.run(parameters, 100, ensemble::Engine::VirtualMachine);
  const auto any = m.run(parameters, 100);
  CHECK(sketch::same_bits(vm.hits, any.hits));
  for (const std::size_t i : {3u, 17u, 80u}) {
    const auto alone = m.run({parameters[i]}, 1);
    CHECK(sketch::same_bits(alone.hits, {any.hits[i]}));
    const double exact = parameters[i] > 0.15 ? -10 * std::log(1 - 0.15 / parameters[i]) : infinity;
    CHECK((exact <= 12) == (any.hits[i] <= 12));
    if (exact > 12) continue;
    CHECK(any.hits[i] == doctest::Approx(exact).epsilon(1e-7));
    m.model.parameters[0].value = parameters[i];
    CHECK(m.reference().hits[0] == doctest::Approx(exact).epsilon(1e-7));
  }
}

TEST_CASE("an individual that fails has no time of any event") {
  Sketch m;
  const Formula y = m.state("y", m.number(1));
  m.rate(y, y * y);
  m.plan.times = {2};
  m.plan.watched = {(y >= m.number(1.1)).node};
  const auto results = m.run();
  CHECK(results.status[0] != ensemble::Status::Ok);
  CHECK(std::isnan(results.hits[0]));
}

TEST_CASE("sensitivities come with the times of the unperturbed individual alone") {
  Ramp m;
  m.watch(m.y >= m.number(2));
  const auto run = m.run();
  ensemble::Results results;
  const std::vector<std::uint32_t> which = {0};
  (void)ensemble::Ensemble(m.plan).sensitivities(m.typical(), which, results);
  REQUIRE(results.hits.size() == 1);
  CHECK(results.hits[0] == doctest::Approx(run.hits[0]).epsilon(1e-9));
}
