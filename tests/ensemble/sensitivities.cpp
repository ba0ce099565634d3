#include <doctest/doctest.h>

#include <cmath>

#include "ensemble/sketch.h"

using namespace carina;
using sketch::Formula;
using sketch::Sketch;

namespace {

// Growth until a time, decline below a level: a timed and a located switch, both moving with parameters.
struct RiseAndFall : Sketch {
  Formula rho = parameter("rho", 0.9);
  Formula peak = parameter("peak", 4);
  Formula fast = parameter("fast", 0.7);
  Formula slow = parameter("slow", 0.05);
  Formula level = parameter("level", 3);
  Formula y = state("y", number(1));
  RiseAndFall() {
    const Formula decline = sketch::choose(level < y, fast, slow);
    rate(y, sketch::choose(time() < peak, rho * y, -(decline * y)));
    plan.times = {2, 5, 10, 40};
    plan.solver.rtol = 1e-9;
    plan.solver.atol = {1e-13};
  }
  // ln y: rho*peak - fast*(t - peak) until ln level at t1, then - slow*(t - t1)
  double exact(const std::vector<double>& p, double t) const {
    if (t < p[1]) return std::exp(p[0] * t);
    const double corner = p[1] + (p[0] * p[1] - std::log(p[4])) / p[2];
    if (t < corner) return std::exp(p[0] * p[1] - p[2] * (t - p[1]));
    return p[4] * std::exp(-p[3] * (t - corner));
  }
};

}  // namespace

TEST_CASE("sensitivities follow smooth, timed and located dependence on every parameter") {
  for (const ensemble::Engine engine : {ensemble::Engine::Auto, ensemble::Engine::VirtualMachine}) {
    for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
      RiseAndFall m;
      m.plan.model = &m.model;
      m.plan.solver.engine = engine;
      m.plan.solver.method = method;
      const std::vector<std::uint32_t> which = {0, 1, 2, 3, 4};
      const std::vector<double> at = m.typical();
      ensemble::Results results;
      const auto derivatives = ensemble::Ensemble(m.plan).sensitivities(at, which, results);
      REQUIRE(results.status[0] == ensemble::Status::Ok);
      REQUIRE(derivatives.size() == 20);
      for (std::size_t p = 0; p < 5; ++p) {
        for (std::size_t i = 0; i < 4; ++i) {
          std::vector<double> up = at, down = at;
          const double step = 1e-5 * at[p];
          up[p] += step;
          down[p] -= step;
          const double t = m.plan.times[i];
          const double expected = (m.exact(up, t) - m.exact(down, t)) / (2 * step);
          CAPTURE(p);
          CAPTURE(t);
          CHECK(std::fabs(derivatives[p * 4 + i] - expected) < 2e-5 * (std::fabs(expected) + 0.01 * m.exact(at, t)));
        }
      }
    }
  }
}

TEST_CASE("more parameters than lanes, and a dose whose amount and time are parameters") {
  Sketch m;
  const Formula amount = m.parameter("amount", 5);
  const Formula at = m.parameter("at", 1.5);
  std::vector<Formula> rates;
  for (int i = 0; i < 9; ++i) rates.push_back(m.parameter("k" + std::to_string(i), 0.02 * (i + 1)));
  const Formula y = m.state("y", m.number(0));
  Formula sum = rates[0];
  for (int i = 1; i < 9; ++i) sum = sum + rates[static_cast<std::size_t>(i)];
  m.rate(y, -(sum * y));
  ensemble::Dose dose;
  dose.amount = amount.node;
  dose.at = at.node;
  m.plan.protocol.doses.push_back(dose);
  m.plan.times = {3};
  m.plan.solver.rtol = 1e-9;
  m.plan.model = &m.model;
  std::vector<std::uint32_t> which;
  for (std::uint32_t i = 0; i < 11; ++i) which.push_back(i);
  ensemble::Results results;
  const auto derivatives = ensemble::Ensemble(m.plan).sensitivities(m.typical(), which, results);
  const double k = 0.9;
  const double value = 5 * std::exp(-k * 1.5);
  CHECK(results.values[0] == doctest::Approx(value).epsilon(1e-7));
  CHECK(derivatives[0] == doctest::Approx(value / 5).epsilon(1e-5));
  CHECK(derivatives[1] == doctest::Approx(value * k).epsilon(1e-5));
  for (std::size_t i = 2; i < 11; ++i) CHECK(derivatives[i] == doctest::Approx(-1.5 * value).epsilon(1e-5));
}
