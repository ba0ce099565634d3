// Models without states: evaluated, not integrated.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "ensemble/sketch.h"

using namespace carina;
using expr::Op;
using sketch::Formula;
using sketch::Sketch;

namespace {

// Growth until a time, decline after it; and the logarithm of it, less a parameter.
struct Course : Sketch {
  Formula rho = parameter("rho", 0.7);
  Formula peak = parameter("peak", 4);
  Formula loss = parameter("loss", 0.3);
  Course() {
    const Formula grown = of(Op::Exp, rho * of(Op::Min, time(), peak));
    const Formula level = choose(time() < peak, grown, grown * of(Op::Exp, -(loss * (time() - peak))));
    plan.columns = {level.node, (of(Op::Log, level) / (number(1) + peak)).node};
    for (int i = 0; i < 27; ++i) plan.times.push_back(0.5 * i);
  }
  static double level(double rho, double peak, double loss, double t) {
    return t < peak ? std::exp(rho * t) : std::exp(rho * peak - loss * (t - peak));
  }
  static std::vector<double> population(std::size_t count) {
    std::vector<double> parameters;
    for (std::size_t i = 0; i < count; ++i) {
      const auto x = static_cast<double>(i);
      parameters.insert(parameters.end(), {0.3 + 0.01 * x, 0.15 * x, 0.1 + 0.02 * x});
    }
    return parameters;
  }
};

std::vector<double> part(const std::vector<double>& all, std::size_t first, std::size_t count) {
  return {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

}  // namespace

TEST_CASE("a model without states gives its formulas at every time, in no steps") {
  Course m;
  const auto parameters = m.population(75);
  const auto results = m.run(parameters, 75);
  REQUIRE(results.values.size() == 75 * 27 * 2);
  for (std::size_t i = 0; i < 75; ++i) {
    REQUIRE(results.status[i] == ensemble::Status::Ok);
    CHECK(results.steps[i] == 0);
    CHECK(results.rejected[i] == 0);
    for (std::size_t t = 0; t < 27; ++t) {
      const double* p = &parameters[3 * i];
      const double expected = m.level(p[0], p[1], p[2], m.plan.times[t]);
      const double* row = &results.values[(i * 27 + t) * 2];
      CHECK(std::fabs(row[0] / expected - 1) < 1e-14);
      CHECK(std::fabs(row[1] - std::log(expected) / (1 + p[1])) < 1e-14);
    }
  }
}

TEST_CASE("virtual machine and JIT give the same bits for a closed form, and a shared parameter its value") {
  Course vm, jit, shared;
  const auto parameters = vm.population(75);
  const auto a = vm.run(parameters, 75, ensemble::Engine::VirtualMachine);
  CHECK(sketch::same_bits(a.values, jit.run(parameters, 75).values));
  shared.plan.shared = {0.7, std::nullopt, 0.3};
  const auto b = shared.run({0.7, 2, 0.3}, 1), c = jit.run({0.7, 2, 0.3}, 1);
  for (std::size_t v = 0; v < b.values.size(); ++v) CHECK(b.values[v] == doctest::Approx(c.values[v]).epsilon(1e-14));
}

TEST_CASE("what an individual of a closed form gives does not depend on its neighbours") {
  for (const ensemble::Engine engine : {ensemble::Engine::Auto, ensemble::Engine::VirtualMachine}) {
    Course m;
    const auto parameters = m.population(75);
    const auto together = m.run(parameters, 75, engine);
    for (std::size_t i = 0; i < 75; i += 7) {
      const auto alone = m.run(part(parameters, 3 * i, 3), 1, engine);
      CHECK(sketch::same_bits(alone.values, part(together.values, 54 * i, 54)));
    }
  }
}

TEST_CASE("the plain reference engine evaluates a closed form") {
  Course m;
  const auto fast = m.run(), plain = m.reference();
  REQUIRE(plain.status[0] == ensemble::Status::Ok);
  REQUIRE(plain.values.size() == fast.values.size());
  CHECK(plain.steps[0] == 0);
  for (std::size_t v = 0; v < fast.values.size(); ++v) {
    CHECK(std::fabs(fast.values[v] - plain.values[v]) < 1e-14 * (1 + std::fabs(plain.values[v])));
  }
}

TEST_CASE("an individual with a column that is not finite fails as a whole, and only that one") {
  // x = 1/(t - pole): infinite for those whose pole is met
  Sketch m;
  const Formula pole = m.parameter("pole", 0.5);
  m.plan.columns = {m.time().node, (m.number(1) / (m.time() - pole)).node};
  m.plan.times = {0, 1, 2, 3};
  for (const ensemble::Engine engine : {ensemble::Engine::Auto, ensemble::Engine::VirtualMachine}) {
    const auto results = m.run({0.5, 2, 1e9, std::numeric_limits<double>::quiet_NaN()}, 4, engine);
    CHECK(results.status ==
          std::vector{ensemble::Status::Ok, ensemble::Status::NotFinite, ensemble::Status::Ok, ensemble::Status::NotFinite});
    for (std::size_t v = 8; v < 16; ++v) CHECK(std::isnan(results.values[v]));
    CHECK(results.values[16 + 6] == 3);
    CHECK(std::isnan(results.values[24]));
  }
  m.model.parameters[0].value = 2;
  const auto plain = m.reference();
  CHECK(plain.status[0] == ensemble::Status::NotFinite);
  for (const double value : plain.values) CHECK(std::isnan(value));
}

TEST_CASE("a cancelled evaluation leaves no number of an earlier one") {
  Course m;
  m.plan.model = &m.model;
  const ensemble::Ensemble ensemble(m.plan);
  const auto parameters = m.population(40);
  ensemble::Results results;
  ensemble.integrate(parameters, 40, results);
  const std::atomic<bool> stop = true;
  ensemble.integrate(parameters, 40, results, &stop);
  REQUIRE(results.values.size() == 40 * 54);
  for (const double value : results.values) CHECK(std::isnan(value));
}

TEST_CASE("sensitivities of a closed form follow every parameter") {
  Course m;
  m.plan.model = &m.model;
  ensemble::Results results;
  const auto derivatives =
      ensemble::Ensemble(m.plan).sensitivities(m.typical(), std::vector<std::uint32_t>{0, 1, 2}, results);
  REQUIRE(results.values.size() == 54);
  for (std::size_t t = 0; t < 27; ++t) {
    const double time = m.plan.times[t], level = results.values[2 * t];
    if (time == 4) continue;  // the corner
    const double expected[] = {level * std::min(time, 4.0), time < 4 ? 0 : level * (0.7 + 0.3),
                               time < 4 ? 0 : -level * (time - 4)};
    for (std::size_t p = 0; p < 3; ++p) {
      CHECK(derivatives[p * 54 + 2 * t] == doctest::Approx(expected[p]).epsilon(1e-4));
    }
  }
}

TEST_CASE("a closed form has nothing to trace, and a plan may not dose it") {
  Course m;
  m.plan.model = &m.model;
  ensemble::Results results;
  CHECK(ensemble::Ensemble(m.plan).trace(m.typical(), results).empty());
  CHECK(results.values.size() == 54);
  m.plan.protocol.doses.push_back({0, m.number(1).node});
  CHECK_THROWS_AS(ensemble::Ensemble{m.plan}, std::invalid_argument);
}

TEST_CASE("a model with states is integrated even where no column needs them") {
  Sketch m;
  const Formula y = m.state("y", m.number(1));
  m.rate(y, -y);
  m.plan.columns = {(m.time() + m.time()).node, (m.number(1) / m.time()).node};
  m.plan.times = {0, 1, 2};
  const auto results = m.run();
  CHECK(results.status[0] == ensemble::Status::Ok);
  CHECK(results.steps[0] > 0);
  CHECK(results.values[4] == 4);
}
