#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "stats/incidence.h"

using namespace carina::stats;
using doctest::Approx;

namespace {

/// Times with many ties, three causes, entries, some rows for several.
std::vector<Outcome> example(std::uint64_t seed, std::size_t size) {
  std::vector<Outcome> rows;
  std::uint64_t state = seed;
  const auto draw = [&](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33) % below;
  };
  for (std::size_t i = 0; i < size; ++i) {
    const double time = 3 + static_cast<double>(draw(20));
    rows.push_back({time, static_cast<std::uint32_t>(draw(4)), time - 1 - static_cast<double>(draw(30)), 1 + draw(3)});
  }
  return rows;
}

/// Incidence of `cause` at `time` when each row has a weight: the definition, sum by sum.
double weighted(const std::vector<Outcome>& rows, const std::vector<double>& weight, std::uint32_t cause, double time) {
  double survival = 1, incidence = 0;
  for (int day = 0; day <= time; ++day) {
    const double t = day;
    double n = 0, d = 0, c = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].entry < t && t <= rows[i].time) n += weight[i];
      if (rows[i].time == t && rows[i].cause > 0) d += weight[i];
      if (rows[i].time == t && rows[i].cause == cause) c += weight[i];
    }
    if (d == 0) continue;
    incidence += survival * c / n;
    survival *= 1 - d / n;
  }
  return incidence;
}

}  // namespace

TEST_CASE("shares of all causes and of those without an event sum to 1") {
  const Incidence curves = cumulative_incidence(example(7, 200), 3);
  REQUIRE(curves.steps.size() > 10);
  for (const IncidenceStep& step : curves.steps) {
    double sum = step.survival;
    for (const CauseIncidence& cause : step.causes) sum += cause.incidence;
    CHECK(sum == Approx(1).epsilon(1e-13));
  }
}

TEST_CASE("with one cause incidence is 1 - survival with Greenwood's error, also when nobody is left") {
  std::vector<Outcome> rows = example(11, 80);
  std::vector<Observed> observed;
  for (Outcome& row : rows) {
    row.cause = row.cause > 1 || row.time == 22 ? 1 : 0;
    row.entry = -1;
    observed.push_back({row.time, row.cause == 1, row.entry, row.individuals});
  }
  const Incidence curves = cumulative_incidence(rows, 1);
  const SurvivalCurve curve = kaplan_meier(observed);
  REQUIRE(curves.steps.size() == curve.steps.size());
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const SurvivalStep& step = curve.steps[i];
    const CauseIncidence& cause = curves.steps[i].causes[0];
    CHECK(curves.steps[i].survival == step.survival);
    CHECK(cause.incidence == Approx(1 - step.survival).epsilon(1e-13));
    CHECK(cause.se == Approx(step.survival > 0 ? step.se : 0).epsilon(1e-11));
    CHECK(curves.steps[i].se == Approx(step.survival > 0 ? step.se : 0).epsilon(1e-12));
  }
  CHECK(curve.steps.back().survival == 0);
}

TEST_CASE("the variance is the sum over individuals of the squared slope of the estimate by their weight") {
  std::vector<Outcome> rows = example(5, 60);
  std::vector<Outcome> single;
  for (const Outcome& row : rows) single.insert(single.end(), row.individuals, {row.time, row.cause, row.entry, 1});
  const Incidence curves = cumulative_incidence(rows, 3);
  for (const double time : {6.0, 12.0, 22.0}) {
    const IncidenceStep at = curves.at(time);
    for (std::uint32_t cause = 1; cause <= 3; ++cause) {
      double variance = 0;
      std::vector<double> weight(single.size(), 1);
      CHECK(at.causes[cause - 1].incidence == Approx(weighted(single, weight, cause, time)).epsilon(1e-12));
      for (std::size_t i = 0; i < single.size(); ++i) {
        const double h = 1e-4;
        weight[i] = 1 + h;
        const double above = weighted(single, weight, cause, time);
        weight[i] = 1 - h;
        const double slope = (above - weighted(single, weight, cause, time)) / (2 * h);
        weight[i] = 1;
        variance += slope * slope;
      }
      CHECK(at.causes[cause - 1].se == Approx(std::sqrt(variance)).epsilon(1e-6));
    }
  }
}

TEST_CASE("before the first event of a cause its incidence is 0 without an interval's width") {
  const std::vector<Outcome> rows = {{1, 1}, {2, 2}, {3, 0}, {4, 1}};
  const Incidence curves = cumulative_incidence(rows, 2);
  CHECK(curves.steps[0].causes[1].interval.high == 0);
  CHECK(curves.steps[0].causes[1].se == 0);
  CHECK(curves.steps[1].causes[1].interval.high > 0.25);
  const IncidenceStep start = curves.at(0.5);
  CHECK(start.survival == 1);
  CHECK(start.at_risk == 4);
  CHECK(start.causes[0].incidence == 0);
  const IncidenceStep end = curves.at(4);
  CHECK(end.causes[0].events == 2);
  CHECK(end.censored == 1);
  CHECK(end.at_risk == 1);
  CHECK(cumulative_incidence({}, 2).at(3).survival == 1);
}
