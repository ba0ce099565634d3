// Few cells against what is known of birth-death processes: Kendall's time-inhomogeneous closed form, a generating function of
// two types integrated by Runge-Kutta, mutants of a large clone as an inhomogeneous Poisson process. Seeds are fixed; bounds
// are four standard errors, so that an honest engine fails a test once in some 16 000 seeds.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "ensemble/impl/counts.h"
#include "ensemble/sketch.h"
#include "model/read.h"

using namespace carina;

namespace {

const std::string head = R"toml(model = 1
title = "Few cells"
time = "day"
source = "us"
[sources]
us = { cite = "made up for this test" }
)toml";

// A model in the language, and a plan that records every state.
struct Few {
  model::Model model;
  ensemble::Plan plan;
  explicit Few(const std::string& body, std::vector<double> times) : model(model::read_model_text(head + body, "few.toml")) {
    plan.times = std::move(times);
    for (std::uint32_t s = 0; s < model.states.size(); ++s) plan.columns.push_back(model.graph.state(s));
  }
  std::vector<double> rows(std::size_t count) const {
    std::vector<double> rows;
    for (std::size_t i = 0; i < count; ++i) {
      for (const model::Parameter& parameter : model.parameters) rows.push_back(parameter.value);
    }
    return rows;
  }
  ensemble::Results run(std::size_t count, ensemble::Engine engine = ensemble::Engine::Auto, std::uint64_t first = 1) {
    plan.model = &model;
    plan.solver.engine = engine;
    ensemble::Results results;
    ensemble::Ensemble(plan).integrate(rows(count), count, results, nullptr, first);
    return results;
  }
  double& parameter(const std::string& name) { return model.parameters[*model.find_parameter(name)].value; }
};

// Mean over individuals of f(values of an individual at the last time).
double share(const ensemble::Results& results, std::size_t width, const std::function<double(const double*)>& f) {
  double sum = 0;
  for (std::size_t i = 0; i < results.status.size(); ++i) {
    REQUIRE(results.status[i] == ensemble::Status::Ok);
    sum += f(&results.values[(i + 1) * (results.values.size() / results.status.size()) - width]);
  }
  return sum / static_cast<double>(results.status.size());
}

double standard_error(double p, std::size_t n) { return std::sqrt(p * (1 - p) / static_cast<double>(n)); }

// Births at a constant rate, deaths that wear off as CAR T cells do.
const std::string fading_kill = R"toml(
[parameters]
n0 = { value = 40, unit = "cell" }
birth = { value = 0.2, unit = "1/day" }
kill = { value = 0.6, unit = "1/day" }
fade = { value = 0.08, unit = "1/day" }
[states]
B = { unit = "cell", start = "n0", birth = "birth", death = "kill*exp(-fade*t)", scale = 1 }
)toml";

// Kendall 1948: of one cell, the chance that nothing is left at `end`, and the mean size.
struct Kendall {
  double extinct = 0, mean = 0;
  Kendall(double birth, const std::function<double(double)>& death, double end) {
    // rho = integral of death - birth, j = integral of death e^rho, by Simpson's rule
    const int steps = 20'000;
    const double h = end / steps;
    double rho = 0, j = 0;
    for (int i = 0; i < steps; ++i) {
      const double t = i * h, a = death(t), m = death(t + h / 2), b = death(t + h);
      const double rho_m = rho + h / 24 * (5 * a + 8 * m - b) - birth * h / 2;
      const double rho_b = rho + h / 6 * (a + 4 * m + b) - birth * h;
      j += h / 6 * (a * std::exp(rho) + 4 * m * std::exp(rho_m) + b * std::exp(rho_b));
      rho = rho_b;
    }
    extinct = j / (1 + j);
    mean = std::exp(-rho);
  }
};

}  // namespace

TEST_SUITE("statistics") {
  TEST_CASE("births and deaths under constant rates follow the known distribution of sizes") {
    const double b = 0.7, d = 0.4, time = 1.3;
    const double e = std::exp((b - d) * time), extinct = d * (e - 1) / (b * e - d), ratio = b * (e - 1) / (b * e - d);
    const std::size_t n = 200'000;
    std::vector<double> seen(8, 0.0);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const random::Words words = random::words(5, random::Domain::Resampling, {i, 0, 0, 0, 0});
      const double size = ensemble::born_and_died(words, 1, {b, d}, time);
      sum += size;
      if (size < 8) seen[static_cast<std::size_t>(size)] += 1;
    }
    for (std::size_t k = 0; k < seen.size(); ++k) {
      const double p = k == 0 ? extinct : (1 - extinct) * (1 - ratio) * std::pow(ratio, static_cast<double>(k - 1));
      CAPTURE(k);
      CHECK(std::fabs(seen[k] / static_cast<double>(n) - p) < 4 * standard_error(p, n));
    }
    const double sd = std::sqrt((b + d) / (b - d) * e * (e - 1));
    CHECK(std::fabs(sum / static_cast<double>(n) - e) < 4 * sd / std::sqrt(static_cast<double>(n)));
    CHECK(ensemble::born_and_died({1, 1}, 100, {0, 0}, 5) == 100);
    CHECK(ensemble::born_and_died({1, 1}, 0, {1, 1}, 5) == 0);
  }

  TEST_CASE("extinction under a fading kill rate and the size of what survives are Kendall's") {
    Few m(fading_kill, {0, 40});
    const Kendall one(
        0.2, [](double t) { return 0.6 * std::exp(-0.08 * t); }, 40);
    const std::size_t n = 20'000;
    const double extinct = share(m.run(n), 1, [](const double* y) { return y[0] == 0 ? 1.0 : 0.0; });
    const double expected = std::pow(one.extinct, 40);
    CHECK(expected > 0.2);
    CHECK(std::fabs(extinct - expected) < 4 * standard_error(expected, n));

    m.parameter("n0") = 1;
    const auto single = m.run(n);
    const double left = share(single, 1, [](const double* y) { return y[0] > 0 ? 1.0 : 0.0; });
    CHECK(std::fabs(left - (1 - one.extinct)) < 4 * standard_error(one.extinct, n));
    // given survival the size is geometric with this mean
    const double mean = one.mean / (1 - one.extinct);
    const double found = share(single, 1, [](const double* y) { return y[0]; }) / left;
    CHECK(std::fabs(found - mean) < 4 * mean / std::sqrt(left * static_cast<double>(n)));
    const double smallest = share(single, 1, [](const double* y) { return y[0] == 1 ? 1.0 : 0.0; }) / left;
    CHECK(std::fabs(smallest - 1 / mean) < 4 * standard_error(1 / mean, static_cast<std::size_t>(left * 20'000)));
  }

  TEST_CASE("a large clone that shrinks under the threshold dies out with the probability of the whole process") {
    Few m(fading_kill, {0, 60});
    m.parameter("n0") = 5000;
    m.parameter("kill") = 1.1;
    const Kendall one(
        0.2, [](double t) { return 1.1 * std::exp(-0.08 * t); }, 60);
    const std::size_t n = 20'000;
    const double expected = std::pow(one.extinct, 5000);
    CHECK(expected > 0.1);
    CHECK(expected < 0.9);
    const double extinct = share(m.run(n), 1, [](const double* y) { return y[0] == 0 ? 1.0 : 0.0; });
    // the clone is deterministic down to 100 cells: that costs about (ln p)^2/200 of p
    CHECK(std::fabs(extinct - expected) < 4 * standard_error(expected, n) + 0.01 * expected);
  }
}

namespace {

const std::string two_types = R"toml(
[parameters]
move = { value = 0.05, unit = "1/day" }
[states]
S = { unit = "cell", start = "12 'cell'", birth = "0.15 '1/day'", death = "0.3 '1/day'", scale = 1 }
R = { unit = "cell", start = "0", birth = "0.35 '1/day'", death = "0.2 '1/day'", scale = 1 }
[[flow]]
name = "escape"
kind = "KIND"
from = "S"
to = "R"
rate = "move"
)toml";

std::string with_kind(const std::string& kind) {
  std::string text = two_types;
  return text.replace(text.find("KIND"), 4, kind);
}

// Generating functions of one cell of either type at `end`, started from f at time 0, by Runge-Kutta.
std::pair<double, double> generating(double s, double r, bool leaves, double end) {
  const auto ds = [&](double fs, double fr) {
    const double b = 0.15, d = 0.3, m = 0.05;
    return b * fs * fs + d + m * (leaves ? fr : fs * fr) - (b + d + m) * fs;
  };
  const auto dr = [](double fr) { return 0.35 * fr * fr + 0.2 - 0.55 * fr; };
  const int steps = 2000;
  const double h = end / steps;
  for (int i = 0; i < steps; ++i) {
    const double s1 = ds(s, r), r1 = dr(r);
    const double s2 = ds(s + h / 2 * s1, r + h / 2 * r1), r2 = dr(r + h / 2 * r1);
    const double s3 = ds(s + h / 2 * s2, r + h / 2 * r2), r3 = dr(r + h / 2 * r2);
    const double s4 = ds(s + h * s3, r + h * r3), r4 = dr(r + h * r3);
    s += h / 6 * (s1 + 2 * s2 + 2 * s3 + s4);
    r += h / 6 * (r1 + 2 * r2 + 2 * r3 + r4);
  }
  return {s, r};
}

}  // namespace

TEST_SUITE("statistics") {
  TEST_CASE("two types that switch, migrate or mutate follow their generating function") {
    for (const std::string kind : {"switching", "migration", "mutation"}) {
      CAPTURE(kind);
      Few m(with_kind(kind), {0, 20});
      const std::size_t n = 20'000;
      const auto results = m.run(n);
      const bool leaves = kind != "mutation";
      const double none = std::pow(generating(0, 0, leaves, 20).first, 12);
      const double no_r = std::pow(generating(1, 0, leaves, 20).first, 12);
      const double seen_none = share(results, 2, [](const double* y) { return y[0] == 0 && y[1] == 0 ? 1.0 : 0.0; });
      const double seen_no_r = share(results, 2, [](const double* y) { return y[1] == 0 ? 1.0 : 0.0; });
      CHECK(std::fabs(seen_none - none) < 4 * standard_error(none, n));
      CHECK(std::fabs(seen_no_r - no_r) < 4 * standard_error(no_r, n));
      // and one interior point of the generating function: E[0.9^S 0.8^R]
      const double inside = std::pow(generating(0.9, 0.8, leaves, 20).first, 12);
      const double seen = share(results, 2, [](const double* y) { return std::pow(0.9, y[0]) * std::pow(0.8, y[1]); });
      CHECK(std::fabs(seen - inside) < 4 * 0.5 / std::sqrt(static_cast<double>(n)));
    }
  }

  TEST_CASE("the mean of a network of few cells is that of its equations, to second order in the grid") {
    const std::string network = R"toml(
[states]
A = { unit = "cell", start = "20 'cell'", birth = "0.2 '1/day'", death = "0.4 '1/day'", arrival = "8 'cell/day'", scale = 1 }
B = { unit = "cell", start = "900 'cell'", birth = "0.1 '1/day'", death = "0.25 '1/day'", scale = 1 }
C = { unit = "cell", start = "0", birth = "0.3 '1/day'", death = "0.2 '1/day'", scale = 1 }
[[flow]]
name = "there"
kind = "migration"
from = "A"
to = "C"
rate = "0.3 '1/day'"
[[flow]]
name = "back"
kind = "switching"
from = "C"
to = "A"
rate = "0.25 '1/day'"
[[flow]]
name = "shed"
kind = "mutation"
from = "C"
to = "B"
rate = "0.5 '1/day'"
[[flow]]
name = "seed"
kind = "mutation"
from = "B"
to = "A"
rate = "0.01 '1/day'"
)toml";
    Few chance(network, {0, 4, 10}), equations(network, {0, 4, 10});
    chance.plan.small_numbers.grid = 0.5;
    equations.plan.small_numbers.stochastic = false;
    equations.plan.solver.rtol = 1e-9;
    const std::size_t n = 40'000;
    const auto results = chance.run(n);
    const auto expected = equations.run(1);
    for (std::size_t v = 3; v < 9; ++v) {
      double sum = 0, squares = 0;
      for (std::size_t i = 0; i < n; ++i) {
        sum += results.values[9 * i + v];
        squares += results.values[9 * i + v] * results.values[9 * i + v];
      }
      const double mean = sum / static_cast<double>(n);
      const double error = std::sqrt((squares / static_cast<double>(n) - mean * mean) / static_cast<double>(n));
      CAPTURE(v);
      CHECK(std::fabs(mean - expected.values[v]) < 4 * error + 1e-3 * expected.values[v]);
    }
  }

  TEST_CASE("mutants leave a large clone as an inhomogeneous Poisson process and are whole cells") {
    Few m(R"toml(
[parameters]
move = { value = 1e-9, unit = "1/day" }
[states]
P = { unit = "1e6 cell", start = "100 '1e6 cell'", birth = "0.1 '1/day'", death = "0", scale = 1 }
R = { unit = "cell", start = "0", birth = "0.4 '1/day'", death = "0.3 '1/day'", scale = 1 }
[[flow]]
name = "escape"
kind = "mutation"
from = "P"
to = "R"
rate = "move"
)toml",
          {0, 3, 12});
    const std::size_t n = 20'000;
    const auto results = m.run(n);
    // no R alive at the end: every mutant of time s has died out by then
    double hazard = 0;
    const int steps = 10'000;
    for (int i = 0; i < steps; ++i) {
      const double s = 12.0 * (i + 0.5) / steps, e = std::exp(0.1 * (12 - s));
      const double extinct = 0.3 * (e - 1) / (0.4 * e - 0.3);
      hazard += 12.0 / steps * 0.1 * std::exp(0.1 * s) * (1 - extinct);
    }
    const double none = std::exp(-hazard);
    const double seen = share(results, 2, [](const double* y) { return y[1] == 0 ? 1.0 : 0.0; });
    CHECK(std::fabs(seen - none) < 4 * standard_error(none, n));
    // all moments of R stay those of the process: its mean is the integral of 0.1 e^(0.1 s) e^(0.1 (12 - s))
    const double mean = share(results, 2, [](const double* y) { return y[1]; });
    CHECK(mean == doctest::Approx(0.1 * 12 * std::exp(1.2)).epsilon(0.06));
    for (std::size_t i = 0; i < n; ++i) {
      const double r = results.values[6 * i + 3];
      if (r < 100) REQUIRE(r == std::floor(r));
    }
  }
}

TEST_SUITE("slow") {
  TEST_CASE("halving the grid moves a cure probability by less than 0.005") {
    const std::size_t n = 100'000;
    double cured[2];
    for (int half = 0; half < 2; ++half) {
      Few m(fading_kill, {0, 60});
      m.parameter("n0") = 5000;
      m.parameter("kill") = 1.1;
      m.plan.small_numbers.grid = half == 0 ? 0.25 : 0.125;
      m.plan.small_numbers.seed = static_cast<std::uint64_t>(half);
      cured[half] = share(m.run(n), 1, [](const double* y) { return y[0] == 0 ? 1.0 : 0.0; });
    }
    CAPTURE(cured[0]);
    CAPTURE(cured[1]);
    // two standard errors of the difference are 0.0045: the bound holds for the sum of bias and chance
    CHECK(std::fabs(cured[0] - cured[1]) < 0.005);
  }
}

namespace {

// Two clones that hunt and are hunted, an infusion, a dose, an event and a switch: everything that may cut an interval.
const std::string busy = R"toml(
[parameters]
kill = { value = 0.004, unit = "1/(cell day)" }
escape = { value = 2e-3, unit = "1/day" }
[states]
C = { unit = "cell", start = "300 'cell'", birth = "0.4 '1/day'*P/(50 'cell' + P)", death = "if(t < 9 'day', 0.15 '1/day', 0.3 '1/day')", scale = 1, dose = true }
P = { unit = "cell", start = "2000 'cell'", birth = "0.3 '1/day'", death = "kill*C", scale = 1 }
R = { unit = "1e3 cell", start = "0", birth = "0.25 '1/day'", death = "0.05 '1/day'", arrival = "1e-6 '1e3 cell/day'", scale = 1e-3 }
M = { unit = "ng/mL", start = "0", rate = "1 'ng/mL/cell/day'*(P + R) - 2 '1/day'*M", scale = 1 }
[[flow]]
name = "escape"
kind = "mutation"
from = "P"
to = "R"
rate = "escape"
[[event]]
name = "surgery"
at = "20.13 'day'"
set = { P = "P/3", R = "R/3" }
)toml";

struct Busy : Few {
  Busy() : Few(busy, {0, 1, 2.5, 7, 9, 14, 20.13, 25, 40, 60}) {
    ensemble::Dose dose;
    dose.state = 0;
    dose.amount = model.graph.constant(60);
    dose.at = model.graph.constant(5.55);
    dose.every = model.graph.constant(9);
    dose.count = model.graph.constant(3);
    plan.protocol.doses.push_back(dose);
    dose.duration = model.graph.constant(0.7);
    dose.at = model.graph.constant(26.2);
    plan.protocol.doses.push_back(dose);
  }
};

}  // namespace

TEST_CASE("few cells give the same bits on every engine, and whatever the neighbours are") {
  for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
    Busy vm, jit;
    vm.plan.solver.method = jit.plan.solver.method = method;
    const auto a = vm.run(150, ensemble::Engine::VirtualMachine);
    const auto b = jit.run(150);
    for (const ensemble::Status status : a.status) REQUIRE(status == ensemble::Status::Ok);
    CHECK(sketch::same_bits(a.values, b.values));
    CHECK(a.steps == b.steps);
    const std::size_t row = a.values.size() / 150;
    for (std::size_t i = 0; i < 150; i += 31) {
      const auto alone = jit.run(1, ensemble::Engine::Auto, i + 1);
      CHECK(sketch::same_bits(alone.values, {a.values.begin() + static_cast<std::ptrdiff_t>(row * i),
                                             a.values.begin() + static_cast<std::ptrdiff_t>(row * (i + 1))}));
    }
  }
}

TEST_CASE("few cells of the fast engines and of the plain reference take the same way") {
  Busy fast, plain;
  fast.plan.solver.rtol = 1e-9;
  plain.plan.solver.rtol = 1e-7;
  plain.plan.model = &plain.model;
  const std::size_t n = 24;
  const auto a = fast.run(n);
  const std::size_t row = a.values.size() / n;
  int same = 0;
  for (std::size_t i = 0; i < n; ++i) {
    ensemble::Results b;
    ensemble::integrate_reference(plain.plan, plain.rows(1), b, i + 1);
    REQUIRE(b.status[0] == ensemble::Status::Ok);
    bool close = true;
    for (std::size_t v = 0; v < row; ++v) {
      close = close && std::fabs(a.values[i * row + v] - b.values[v]) < 1e-4 * (1 + std::fabs(b.values[v]));
    }
    same += close ? 1 : 0;
  }
  // a draw that falls between two rounded rates parts two ways: rarely, and never in all
  CHECK(same >= 22);
}

TEST_CASE("without chance a count follows its net rate") {
  Few m(fading_kill, {0, 10, 40});
  m.plan.small_numbers.stochastic = false;
  m.plan.solver.rtol = 1e-10;
  const auto results = m.run(1);
  for (const std::size_t i : {1u, 2u}) {
    const double t = m.plan.times[i];
    const double expected = 40 * std::exp(0.2 * t - 0.6 / 0.08 * (1 - std::exp(-0.08 * t)));
    CHECK(results.values[i] == doctest::Approx(expected).epsilon(1e-8));
  }
}

TEST_CASE("a dose of a fraction of a cell is a cell now and then") {
  Few m(R"toml(
[states]
C = { unit = "cell", start = "0", birth = "0", death = "0", scale = 1, dose = true }
)toml",
        {0, 5});
  ensemble::Dose dose;
  dose.state = 0;
  dose.amount = m.model.graph.constant(0.3);
  dose.at = m.model.graph.constant(1);
  m.plan.protocol.doses.push_back(dose);
  const std::size_t n = 4000;
  const double mean = share(m.run(n), 1, [](const double* y) {
    REQUIRE((y[0] == 0 || y[0] == 1));
    return y[0];
  });
  CHECK(std::fabs(mean - 0.3) < 4 * standard_error(0.3, n));
}

TEST_CASE("a rate of death below 0 ends the individual with advice instead of making births of it") {
  Few m(R"toml(
[states]
C = { unit = "cell", start = "20 'cell'", birth = "0", death = "0.1 '1/day'*(1 - t/(1 'day'))", scale = 1 }
)toml",
        {0, 5});
  CHECK(m.run(1).status[0] == ensemble::Status::NegativeRate);
}

TEST_CASE("a rate that the error of the integration carries below 0 counts as 0") {
  // the cytokine is gone within the first step of the grid, and overshoots 0 by a billionth
  Few m(R"toml(
[states]
K = { unit = "1", start = "1000", rate = "-100 '1/day'*K", scale = 1 }
C = { unit = "cell", start = "20 'cell'", birth = "0.01 '1/day'", death = "1e-4 '1/day'*K", scale = 1 }
)toml",
        {0, 20, 200});
  for (const ensemble::Method method : {ensemble::Method::Rodas5p, ensemble::Method::Tsit5}) {
    m.plan.solver.method = method;
    CHECK(m.run(1).status[0] == ensemble::Status::Ok);
  }
}

namespace {

// Counts of one patient's cells in a litre of his; V differs between patients.
const std::string by_volume = R"toml(
[parameters]
V = { value = 1, unit = "L" }
n0 = { value = 100, unit = "cell" }
[states]
B = { unit = "cell/L", start = "n0/V", birth = "0", death = "1e-5 '1/day'", cell = "1 'cell'/V", scale = 1 }
X = { unit = "cell", start = "5 'cell'", birth = "0", death = "0", scale = 1 }
)toml";

}  // namespace

TEST_CASE("a count comes to few cells at its threshold whatever the size of a cell is") {
  for (const double start : {100.0, 100.001}) {
    Few m(by_volume, {0, 20});
    m.parameter("n0") = start;
    for (int i = 0; i < 60; ++i) {
      m.parameter("V") = std::exp(0.1 * i - 3);
      CAPTURE(m.parameter("V"));
      const auto results = m.run(1);
      REQUIRE(results.status[0] == ensemble::Status::Ok);
      const double cells = results.values[2] * m.parameter("V");
      CHECK(std::fabs(cells - std::round(cells)) < 1e-9);
    }
  }
}

TEST_CASE("an individual whose cells have no size does not start") {
  Few m(by_volume, {0, 20});
  for (const double volume : {-1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    m.parameter("V") = volume;
    CHECK(m.run(1).status[0] == ensemble::Status::BadStart);
  }
}

TEST_CASE("an output at a point of the grid shows what the interval before it brought") {
  // 0.3, 0.6 and 0.7 are not 3, 6 and 7 times 0.1 to the last digit
  const std::string births = R"toml(
[states]
B = { unit = "cell", start = "2 'cell'", birth = "3 '1/day'", death = "0", scale = 1 }
)toml";
  Few at(births, {0, 0.3, 0.6, 0.7}), behind(births, {0, 0.3001, 0.6001, 0.7001});
  for (Few* m : {&at, &behind}) {
    m->plan.small_numbers.grid = 0.1;
    m->plan.model = &m->model;
  }
  const auto a = at.run(50), b = behind.run(50);
  CHECK(sketch::same_bits(a.values, b.values));
  constexpr std::size_t seventh = 7;
  ensemble::Results plain;
  ensemble::integrate_reference(at.plan, {}, plain, seventh);
  for (std::size_t t = 0; t < 4; ++t) CHECK(plain.values[t] == a.values[(seventh - 1) * 4 + t]);
}

TEST_CASE("a rate of few cells that is no number is told apart from one below 0") {
  Few m(R"toml(
[states]
C = { unit = "cell", start = "20 'cell'", birth = "0.1 '1/day'", death = "0.1 '1/day'*sqrt(1 - t/(3 'day'))", scale = 1 }
)toml",
        {0, 5});
  CHECK(m.run(1).status[0] == ensemble::Status::NotFinite);
}

TEST_CASE("chance has no derivative") {
  Busy m;
  m.plan.model = &m.model;
  ensemble::Results results;
  CHECK_THROWS_AS(ensemble::Ensemble(m.plan).sensitivities(m.rows(1), std::vector<std::uint32_t>{0}, results),
                  std::invalid_argument);
}

TEST_CASE("the trace tells births, few, many and arrivals") {
  Busy m;
  m.plan.model = &m.model;
  ensemble::Results results;
  std::vector<int> seen(16, 0);
  for (std::uint64_t i = 1; i <= 10; ++i) {
    for (const auto& row : ensemble::Ensemble(m.plan).trace(m.rows(1), results, i)) {
      ++seen[static_cast<std::size_t>(row.kind)];
      CHECK(row.states.size() == m.model.states.size());
    }
  }
  using Kind = ensemble::TraceRow::Kind;
  for (const Kind kind : {Kind::Births, Kind::Few, Kind::Many, Kind::Arrival})
    CHECK(seen[static_cast<std::size_t>(kind)] > 0);
}
