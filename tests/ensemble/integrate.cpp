#include "ensemble/integrate.h"

#include <doctest/doctest.h>

#include <cmath>

#include "ensemble/impl/tsit5.h"
#include "ensemble/sketch.h"

using namespace carina;
using expr::Op;
using sketch::Formula;
using sketch::Sketch;

namespace {

// One compartment: dA/dt = -k A.
struct Compartment : Sketch {
  Formula k = parameter("k", 0.3);
  Formula a0 = parameter("a0", 0);
  Formula a = state("A", a0);
  Compartment() { rate(a, -(k * a)); }
};

double relative_error(double value, double expected) { return std::fabs(value / expected - 1); }

}  // namespace

TEST_CASE("decay is exact to the tolerance") {
  Compartment m;
  m.model.parameters[1].value = 5;
  m.plan.times = {0, 1, 2.5, 40};
  m.plan.solver.rtol = 1e-9;
  m.plan.solver.atol = {1e-14};
  const auto results = m.run();
  REQUIRE(results.status[0] == ensemble::Status::Ok);
  CHECK(results.values[0] == 5);
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(relative_error(results.values[i], 5 * std::exp(-0.3 * m.plan.times[i])) < 1e-7);
  }
}

TEST_CASE("boluses, infusions, lag and repeats add up as superposition says") {
  Compartment m;
  m.plan.times = {0, 0.5, 2, 3.999, 4, 5.5, 7, 11.25, 30};
  m.plan.solver.rtol = 1e-9;
  m.dose(m.a, 10, 0);
  ensemble::Dose& repeated = m.dose(m.a, 6, 1);
  repeated.every = m.number(3).node;
  repeated.count = m.number(3.7).node;
  repeated.duration = m.number(2).node;
  m.dose(m.a, 4, 4).lag = m.number(0.25).node;
  m.dose(m.a, 2, 2).duration = m.number(9).node;
  const double k = 0.3;
  const auto bolus = [k](double t, double at, double amount) { return t < at ? 0 : amount * std::exp(-k * (t - at)); };
  const auto infusion = [k](double t, double at, double amount, double duration) {
    if (t < at) return 0.0;
    const double end = std::min(t, at + duration);
    return amount / duration / k * (std::exp(-k * (t - end)) - std::exp(-k * (t - at)));
  };
  const auto results = m.run();
  for (std::size_t i = 0; i < m.plan.times.size(); ++i) {
    const double t = m.plan.times[i];
    const double expected = bolus(t, 0, 10) + bolus(t, 4.25, 4) + infusion(t, 1, 6, 2) + infusion(t, 4, 6, 2) +
                            infusion(t, 7, 6, 2) + infusion(t, 2, 2, 9);
    CAPTURE(t);
    CHECK(relative_error(results.values[i], expected) < 1e-7);
  }
}

TEST_CASE("an output at the time of a dose is taken after it") {
  Compartment m;
  m.plan.times = {1, 2, 3};
  m.dose(m.a, 7, 2);
  const auto results = m.run();
  CHECK(results.values[0] == 0);
  CHECK(results.values[1] == 7);
}

TEST_CASE("explicit time dependence keeps the order") {
  // y' = -50 (y - cos-like drive): y' = -50 y + exp(-t), y = (exp(-t) - exp(-50 t)) / 49
  Sketch m;
  const Formula y = m.state("y", m.number(0));
  m.rate(y, m.number(-50) * y + sketch::of(Op::Exp, -m.time()));
  m.plan.times = {0.01, 0.1, 1, 5};
  m.plan.solver.rtol = 1e-9;
  m.plan.solver.atol = {1e-13};
  const auto results = m.run();
  for (std::size_t i = 0; i < 4; ++i) {
    const double t = m.plan.times[i];
    CHECK(relative_error(results.values[i], (std::exp(-t) - std::exp(-50 * t)) / 49) < 1e-7);
  }
}

TEST_CASE("halving the step divides the error by 2^5") {
  // doses of nothing force the steps; the tolerance is too loose to make them shorter
  std::vector<double> errors;
  for (const int steps : {16, 32, 64}) {
    Sketch m;
    const Formula y = m.state("y", m.number(0.1));
    m.rate(y, y * (m.number(1) - y) * (m.number(1) + m.number(0.5) * m.time()));
    const double h = 4.0 / steps;
    ensemble::Dose& clock = m.dose(y, 0, h / 64);
    clock.every = m.number(h / 64).node;
    clock.count = m.number(63).node;
    ensemble::Dose& forced = m.dose(y, 0, h);
    forced.every = m.number(h).node;
    forced.count = m.number(steps).node;
    m.plan.times = {4};
    m.plan.solver.rtol = 1e-2;
    m.plan.solver.atol = {1e-1};
    const double growth = std::exp(4.0 + 0.25 * 16);
    const double exact = 0.1 * growth / (0.9 + 0.1 * growth);
    errors.push_back(std::fabs(m.run().values[0] - exact));
  }
  CAPTURE(errors[0]);
  CAPTURE(errors[2]);
  CHECK(std::log2(errors[0] / errors[1]) > 4.5);
  CHECK(std::log2(errors[1] / errors[2]) > 4.5);
}

TEST_CASE("Robertson's problem, stiff over eleven decades, meets the published values") {
  Sketch m;
  const Formula a = m.state("a", m.number(1));
  const Formula b = m.state("b", m.number(0), 1e-4);
  const Formula c = m.state("c", m.number(0));
  const Formula slow = m.number(0.04) * a;
  const Formula back = m.number(1e4) * b * c;
  const Formula fast = m.number(3e7) * b * b;
  m.rate(a, back - slow);
  m.rate(b, slow - back - fast);
  m.rate(c, fast);
  m.plan.times = {0.4, 40, 4e4};
  m.plan.solver.rtol = 1e-9;
  m.plan.solver.atol = {1e-12, 1e-16, 1e-12};
  const auto results = m.run();
  REQUIRE(results.status[0] == ensemble::Status::Ok);
  // at 40: Hairer and Wanner, Solving Ordinary Differential Equations II, the digits of the usual test sets
  CHECK(relative_error(results.values[3], 0.7158270688) < 1e-8);
  CHECK(relative_error(results.values[4], 9.185534765e-6) < 1e-8);
  CHECK(relative_error(results.values[5], 0.2841637457) < 1e-8);
  m.plan.solver.rtol = 1e-8;
  const auto reference = m.reference();
  for (std::size_t i = 0; i < 9; ++i) CHECK(relative_error(results.values[i], reference.values[i]) < 1e-6);
  for (std::size_t t = 0; t < 3; ++t) {
    CHECK(std::fabs(results.values[3 * t] + results.values[3 * t + 1] + results.values[3 * t + 2] - 1) < 1e-12);
  }
}

TEST_CASE("a condition on a state is located where its sides cross") {
  // slope -1 above 1, slope -2 below: a corner at t = 1
  Sketch m;
  const Formula y = m.state("y", m.number(2));
  m.rate(y, sketch::choose(m.number(1) < y, m.number(-1), m.number(-2)));
  m.plan.times = {0.5, 1.25, 1.5};
  const auto results = m.run();
  CHECK(std::fabs(results.values[0] - 1.5) < 1e-12);
  CHECK(std::fabs(results.values[1] - 0.5) < 1e-11);
  CHECK(std::fabs(results.values[2] - 0.0) < 1e-11);
}

TEST_CASE("a condition on time switches at each individual's own time") {
  Sketch m;
  const Formula at = m.parameter("at", 3);
  const Formula y = m.state("y", m.number(1));
  m.rate(y, sketch::choose(m.time() < at, y, -(m.number(2) * y)));
  m.plan.times = {1, 10};
  m.plan.solver.rtol = 1e-10;
  m.plan.solver.atol = {1e-30};
  std::vector<double> parameters;
  for (int i = 0; i < 40; ++i) parameters.push_back(0.13 * i);
  const auto results = m.run(parameters, parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    CAPTURE(parameters[i]);
    const double exponent = parameters[i] - 2 * (10 - parameters[i]);
    CHECK(relative_error(results.values[2 * i + 1], std::exp(exponent)) < 1e-8);
  }
}

TEST_CASE("an event fires each time its condition turns true") {
  // a sawtooth: y' = 1, set to 0 whenever y reaches 1; n counts
  Sketch m;
  const Formula y = m.state("y", m.number(0));
  const Formula n = m.state("n", m.number(0));
  m.rate(y, m.number(1));
  model::Event reset;
  reset.when = (y >= m.number(1)).node;
  reset.set = {{0, m.number(0).node, "0"}, {1, (n + m.number(1)).node, "n + 1"}};
  m.model.events.push_back(reset);
  m.plan.times = {0.5, 1.5, 20.25};
  const auto results = m.run();
  REQUIRE(results.status[0] == ensemble::Status::Ok);
  CHECK(std::fabs(results.values[0] - 0.5) < 1e-9);
  CHECK(std::fabs(results.values[2] - 0.5) < 1e-9);
  CHECK(std::fabs(results.values[3] - 1) < 1e-9);
  CHECK(std::fabs(results.values[4] - 0.25) < 1e-9);
  CHECK(std::fabs(results.values[5] - 20) < 1e-9);
}

TEST_CASE("an event at times assigns from the values before it") {
  Sketch m;
  const Formula x = m.state("x", m.number(1));
  const Formula y = m.state("y", m.number(2));
  model::Event swap;
  swap.at = m.number(1).node;
  swap.every = m.number(2).node;
  swap.count = m.number(3).node;
  swap.set = {{0, y.node, "y"}, {1, x.node, "x"}};
  m.model.events.push_back(swap);
  m.plan.times = {0.5, 1, 2, 3.5, 9};
  const auto results = m.run();
  const double expected[] = {1, 2, 2, 1, 2, 1, 1, 2, 2, 1};
  for (std::size_t i = 0; i < 10; ++i) CHECK(results.values[i] == expected[i]);
}

TEST_CASE("an individual that blows up ends with a status and disturbs nobody") {
  Sketch m;
  const Formula start = m.parameter("start", 1);
  const Formula y = m.state("y", start);
  m.rate(y, y * y);
  m.plan.times = {0.5, 2};
  m.plan.solver.rtol = 1e-8;
  std::vector<double> parameters;
  for (int i = 0; i < 100; ++i) parameters.push_back(i % 7 == 3 ? 1.0 : 0.1);
  const auto results = m.run(parameters, parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    CAPTURE(i);
    if (i % 7 == 3) {
      CHECK(results.status[i] != ensemble::Status::Ok);
      // what it was before would count in statistics of early times only
      CHECK(std::isnan(results.values[2 * i]));
      CHECK(std::isnan(results.values[2 * i + 1]));
    } else {
      CHECK(results.status[i] == ensemble::Status::Ok);
      CHECK(relative_error(results.values[2 * i], 1 / (1 / parameters[i] - 0.5)) < 1e-6);
      CHECK(relative_error(results.values[2 * i + 1], 1 / (1 / parameters[i] - 2)) < 1e-6);
    }
  }
}

TEST_CASE("bad starts, doses before the start and endless switching have their own status") {
  Compartment bad;
  bad.model.parameters[1].value = std::nan("");
  bad.plan.times = {1};
  CHECK(bad.run().status[0] == ensemble::Status::BadStart);

  Compartment early;
  early.plan.times = {1};
  early.dose(early.a, 1, -1);
  CHECK(early.run().status[0] == ensemble::Status::BadStart);

  Sketch chatter;
  const Formula y = chatter.state("y", chatter.number(0.5));
  chatter.rate(y, sketch::choose(y < chatter.number(1), chatter.number(1), chatter.number(-1)));
  chatter.plan.times = {3};
  CHECK(chatter.run().status[0] == ensemble::Status::TooManySwitches);
}

TEST_CASE("plans that no reader lets through are refused") {
  Compartment m;
  m.plan.times = {2, 1};
  CHECK_THROWS_AS(m.run(), std::invalid_argument);
  m.plan.times = {};
  CHECK_THROWS_AS(m.run(), std::invalid_argument);
}

TEST_CASE("the explicit pair meets the same answers, switches, events and doses") {
  Compartment m;
  m.model.parameters[1].value = 5;
  m.plan.times = {0, 1, 2.5, 4, 20};
  m.plan.solver.rtol = 1e-9;
  m.plan.solver.atol = {1e-14};
  m.plan.solver.method = ensemble::Method::Tsit5;
  m.dose(m.a, 3, 2).duration = m.number(1).node;
  const auto results = m.run();
  REQUIRE(results.status[0] == ensemble::Status::Ok);
  for (std::size_t i = 0; i < 5; ++i) {
    const double t = m.plan.times[i];
    const double flowed = t <= 2 ? 0 : 3 / 0.3 * (std::exp(-0.3 * (t - std::min(t, 3.0))) - std::exp(-0.3 * (t - 2)));
    CHECK(relative_error(results.values[i], 5 * std::exp(-0.3 * t) + flowed) < 1e-7);
  }

  Sketch saw;
  const Formula y = saw.state("y", saw.number(0));
  saw.rate(y, saw.number(1) + sketch::choose(saw.time() < saw.number(3), saw.number(0), saw.number(1)));
  model::Event reset;
  reset.when = (y >= saw.number(1)).node;
  reset.set = {{0, saw.number(0).node, "0"}};
  saw.model.events.push_back(reset);
  saw.plan.times = {0.5, 2.75, 3.125, 20.25};
  saw.plan.solver.method = ensemble::Method::Tsit5;
  const auto teeth = saw.run();
  const double expected[] = {0.5, 0.75, 0.25, 0.5};
  for (std::size_t i = 0; i < 4; ++i) CHECK(std::fabs(teeth.values[i] - expected[i]) < 1e-9);
}

TEST_CASE("Tsit5's table is consistent and its steps converge at order 5") {
  for (int s = 0; s < ensemble::tsit5::stages; ++s) {
    double row = 0, weight = 0;
    for (int j = 0; j < 6; ++j) row += ensemble::tsit5::a[s][j];
    for (int p = 0; p < 4; ++p) weight += ensemble::tsit5::dense[s][p];
    CHECK(std::fabs(row - ensemble::tsit5::c[s]) < 1e-14);
    CHECK(std::fabs(weight - (s < 6 ? ensemble::tsit5::a[6][s] : 0)) < 1e-12);
  }
  std::vector<double> errors;
  for (const double rtol : {1e-5, 1e-7, 1e-9}) {
    Sketch m;
    const Formula x = m.state("x", m.number(1));
    const Formula v = m.state("v", m.number(0));
    m.rate(x, v);
    m.rate(v, -x);
    m.plan.times = {20};
    m.plan.solver.rtol = rtol;
    m.plan.solver.method = ensemble::Method::Tsit5;
    errors.push_back(std::fabs(m.run().values[0] - std::cos(20.0)));
  }
  CHECK(errors[1] < errors[0] / 30);
  CHECK(errors[2] < errors[1] / 30);
}

TEST_CASE("a trace tells every step and happening, and ends where the run ends") {
  Compartment m;
  m.plan.times = {0, 10};
  m.dose(m.a, 10, 1);
  m.dose(m.a, 6, 2).duration = m.number(1).node;
  const auto run = m.run();
  const ensemble::Ensemble again(m.plan);
  ensemble::Results results;
  const auto rows = again.trace(m.typical(), results);
  CHECK(sketch::same_bits(results.values, run.values));
  using Kind = ensemble::TraceRow::Kind;
  std::vector<Kind> happenings;
  std::uint32_t steps = 0, rejected = 0;
  for (const auto& row : rows) {
    steps += row.kind == Kind::Step ? 1u : 0u;
    rejected += row.kind == Kind::Rejected ? 1u : 0u;
    if (row.kind != Kind::Step && row.kind != Kind::Rejected) happenings.push_back(row.kind);
  }
  CHECK(happenings == std::vector<Kind>{Kind::Bolus, Kind::InfusionStart, Kind::InfusionEnd});
  CHECK(steps == run.steps[0]);
  CHECK(rejected == run.rejected[0]);
  CHECK(rows.back().time == 10);
  CHECK(rows.back().states[0] == run.values[1]);
}

TEST_CASE("a crossing that undoes itself within a step is found") {
  // sin t is above 0.97 for 0.49 of each period of 6.28; a step is longer than that
  for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
    Sketch m;
    const Formula x = m.state("x", m.number(0));
    const Formula v = m.state("v", m.number(1));
    const Formula n = m.state("n", m.number(0), 1e9);
    m.rate(x, v);
    m.rate(v, -x);
    model::Event count;
    count.when = (x >= m.number(0.97)).node;
    count.set = {{2, (n + m.number(1)).node, "n + 1"}};
    m.model.events.push_back(count);
    m.plan.times = {100 * 3.14159265358979};
    m.plan.solver.rtol = 1e-4;
    m.plan.solver.method = method;
    const auto results = m.run();
    CHECK(results.values[2] == doctest::Approx(50));
  }
}
