#include "ensemble/population.h"

#include <doctest/doctest.h>

#include <cmath>

#include "ensemble/observe.h"

using namespace carina;
using ensemble::Covariate;
using ensemble::Distribution;
using ensemble::Draws;
using ensemble::Population;
using Kind = model::Variability::Kind;

namespace {

model::Parameter parameter(const std::string& name, double value, Kind kind, double sd) {
  model::Parameter p;
  p.name = name;
  p.value = value;
  p.variability.kind = kind;
  p.variability.sd = sd;
  return p;
}

model::Model varied() {
  model::Model m;
  m.parameters = {parameter("a", 10, Kind::LogNormal, 0.5), parameter("b", 4, Kind::Normal, 2),
                  parameter("c", 3, Kind::None, 0), parameter("d", 0.7, Kind::LogitNormal, 1.5)};
  return m;
}

std::vector<double> draw(const Draws& draws, std::uint64_t id, std::size_t width) {
  std::vector<double> row(width);
  draws.draw(id, row);
  return row;
}

}  // namespace

TEST_CASE("an individual has the same random effects whatever else changes") {
  model::Model m = varied();
  Population p;
  p.seed = 3;
  const std::vector<double> before = draw(Draws(m, p), 17, 4);
  // another typical value, another parameter in front, another SD elsewhere
  model::Model other = varied();
  other.parameters.insert(other.parameters.begin(), parameter("new", 1, Kind::LogNormal, 0.3));
  p.typical = {1, 20, 4, 3, 0.7};
  p.sd = {0.3, 0.5, 0.1, 0, 1.5};
  const std::vector<double> after = draw(Draws(other, p), 17, 5);
  CHECK(after[1] == 2 * before[0]);
  CHECK((after[2] - 4) / 0.1 == doctest::Approx((before[1] - 4) / 2).epsilon(1e-13));
  CHECK(after[4] == before[3]);
}

TEST_CASE("seeds and individuals draw apart") {
  const model::Model m = varied();
  Population p;
  p.seed = 3;
  const Draws draws(m, p);
  p.seed = 4;
  CHECK(draw(draws, 1, 4)[0] != draw(draws, 2, 4)[0]);
  CHECK(draw(draws, 1, 4)[0] != draw(Draws(m, p), 1, 4)[0]);
  CHECK(draws.varied() == std::vector<std::uint32_t>{0, 1, 3});
}

TEST_CASE("random effects have their mean, spread, bounds and correlation") {
  model::Model m = varied();
  m.correlations = {{"a", "b", -0.6, ""}};
  Population p;
  p.seed = 11;
  const Draws draws(m, p);
  const int n = 40'000;
  double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
  bool inside = true;
  for (int id = 1; id <= n; ++id) {
    const std::vector<double> row = draw(draws, static_cast<std::uint64_t>(id), 4);
    const double a = std::log(row[0] / 10) / 0.5, b = (row[1] - 4) / 2;
    sum_a += a, sum_b += b, aa += a * a, bb += b * b, ab += a * b;
    inside = inside && row[3] > 0 && row[3] < 1 && row[2] == 3;
  }
  // five standard errors of a mean, a variance and a correlation
  CHECK(std::fabs(sum_a / n) < 0.025);
  CHECK(std::fabs(sum_b / n) < 0.025);
  CHECK(std::fabs(aa / n - 1) < 0.036);
  CHECK(std::fabs(bb / n - 1) < 0.036);
  CHECK(std::fabs(ab / n + 0.6) < 0.03);
  CHECK(inside);
}

TEST_CASE("correlations that contradict each other are refused") {
  model::Model m = varied();
  m.correlations = {{"a", "b", 0.9, ""}, {"a", "d", 0.9, ""}, {"b", "d", -0.9, ""}};
  CHECK_FALSE(ensemble::correlation_fault(m).empty());
  CHECK(ensemble::correlation_fault(m, {0.5, 0, 0, 1.5}).empty());
  m.correlations.pop_back();
  CHECK_FALSE(ensemble::correlation_fault(m).empty());
  m.correlations.pop_back();
  CHECK(ensemble::correlation_fault(m).empty());
}

TEST_CASE("without variability everybody is typical, but covariates stay") {
  model::Model m = varied();
  Population p;
  p.variability = false;
  p.covariates = {{2, {}, {7, 8}}};
  const Draws draws(m, p);
  CHECK(draw(draws, 1, 4) == std::vector<double>{10, 4, 7, 0.7});
  CHECK(draw(draws, 4, 4) == std::vector<double>{10, 4, 8, 0.7});
  CHECK(draws.varied() == std::vector<std::uint32_t>{2});
}

TEST_CASE("a covariate's value is what its random effect starts from") {
  model::Model m = varied();
  Population p;
  p.seed = 3;
  const double factor = draw(Draws(m, p), 5, 4)[0] / 10;
  p.covariates = {{0, {}, {20}}};
  CHECK(draw(Draws(m, p), 5, 4)[0] == doctest::Approx(20 * factor).epsilon(1e-15));
}

TEST_CASE("limits of a distribution hold") {
  model::Model m = varied();
  Population p;
  p.covariates = {{2, {Distribution::Kind::Normal, 70, 12, 60, 75}, {}}};
  const Draws draws(m, p);
  double low = 1e9, high = 0;
  for (std::uint64_t id = 1; id <= 2000; ++id) {
    const double value = draw(draws, id, 4)[2];
    low = std::min(low, value);
    high = std::max(high, value);
  }
  CHECK(low >= 60);
  CHECK(low < 61);
  CHECK(high <= 75);
  CHECK(high > 74.5);
}

TEST_CASE("a choice is drawn with its probabilities, and not when the scenario sets it") {
  model::Model m;
  m.parameters = {parameter("kind", 1, Kind::Choice, 0)};
  m.parameters[0].variability.among = {1, 2, 3};
  m.parameters[0].variability.probabilities = {0.2, 0.5, 0.3};
  Population p;
  int counts[4] = {};
  const Draws draws(m, p);
  for (std::uint64_t id = 1; id <= 10'000; ++id) ++counts[static_cast<int>(draw(draws, id, 1)[0])];
  CHECK(std::abs(counts[1] - 2000) < 200);
  CHECK(std::abs(counts[2] - 5000) < 250);
  CHECK(std::abs(counts[3] - 3000) < 230);
  p.pinned = {true};
  p.typical = {9};
  CHECK(draw(Draws(m, p), 1, 1)[0] == 9);
}

TEST_CASE("an assay adds its error and flags what is below its limit") {
  model::Residual residual;
  residual.log_sd = 0.5;
  const ensemble::Assay exact(1, "y", nullptr, 10.0), noisy(1, "y", &residual, std::nullopt);
  CHECK(exact.measure(1, 0, 12).value == 12);
  CHECK_FALSE(exact.measure(1, 0, 12).below);
  CHECK(exact.measure(1, 0, 9.9).below);
  CHECK(exact.measure(1, 0, 9.9).value == 10);
  double sum = 0, squares = 0;
  const int n = 20'000;
  for (int id = 1; id <= n; ++id) {
    const double e = std::log(noisy.measure(static_cast<std::uint64_t>(id), 3, 100).value / 100);
    sum += e;
    squares += e * e;
  }
  CHECK(std::fabs(sum / n) < 0.018);
  CHECK(std::sqrt(squares / n) == doctest::Approx(0.5).epsilon(0.03));
  CHECK(noisy.measure(1, 3, 100).value != noisy.measure(1, 4, 100).value);
  CHECK(noisy.measure(7, 3, 100).value == noisy.measure(7, 3, 100).value);
}
