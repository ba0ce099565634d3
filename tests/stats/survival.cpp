#include <doctest/doctest.h>

#include <cmath>
#include <iterator>
#include <vector>

#include "stats/intervals.h"
#include "stats/survival.h"

using namespace carina::stats;
using doctest::Approx;

TEST_CASE("exact intervals of none, all and half have their closed forms") {
  const Interval none = exact_proportion(0, 10);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(1 - std::pow(0.025, 0.1)).epsilon(1e-12));
  const Interval all = exact_proportion(10, 10);
  CHECK(all.low == Approx(std::pow(0.025, 0.1)).epsilon(1e-12));
  CHECK(all.high == 1);
  const Interval half = exact_proportion(1, 2);
  CHECK(half.low == Approx(1 - std::sqrt(0.975)).epsilon(1e-12));
  CHECK(half.high == Approx(std::sqrt(0.975)).epsilon(1e-12));
  const Interval nobody = exact_proportion(0, 0);
  CHECK(nobody.low == 0);
  CHECK(nobody.high == 1);
}

TEST_CASE("exact intervals cover what the level asks: the binomial tails at their ends") {
  // P(X >= k | low) = P(X <= k | high) = 0.025, from the definition of the interval.
  const auto at_least = [](int k, int n, double p) {
    double sum = 0;
    for (int i = k; i <= n; ++i) {
      sum += std::exp(std::lgamma(n + 1) - std::lgamma(i + 1) - std::lgamma(n - i + 1) + i * std::log(p) +
                      (n - i) * std::log1p(-p));
    }
    return sum;
  };
  for (const auto& [events, n] : {std::pair{61, 75}, std::pair{3, 128}, std::pair{50, 101}}) {
    const Interval interval = exact_proportion(static_cast<std::uint64_t>(events), static_cast<std::uint64_t>(n));
    CHECK(at_least(events, n, interval.low) == Approx(0.025).epsilon(1e-9));
    CHECK(1 - at_least(events + 1, n, interval.high) == Approx(0.025).epsilon(1e-9));
    const Interval narrow = exact_proportion(static_cast<std::uint64_t>(events), static_cast<std::uint64_t>(n), 0.8);
    CHECK(narrow.low > interval.low);
    CHECK(narrow.high < interval.high);
  }
}

TEST_CASE("without censoring the curve is the share that is left") {
  std::vector<Observed> individuals;
  for (int i = 10; i >= 1; --i) individuals.push_back({static_cast<double>(i), true});
  const SurvivalCurve curve = kaplan_meier(individuals);
  REQUIRE(curve.steps.size() == 10);
  for (int i = 1; i <= 10; ++i) {
    const SurvivalStep& step = curve.steps[static_cast<std::size_t>(i - 1)];
    const double s = (10 - i) / 10.0;
    CHECK(step.survival == Approx(s).epsilon(1e-14));
    CHECK(step.at_risk == static_cast<std::uint64_t>(11 - i));
    if (i < 10) CHECK(step.se == Approx(std::sqrt(s * (1 - s) / 10)).epsilon(1e-12));
  }
  CHECK(std::isnan(curve.steps.back().se));
  CHECK(std::isnan(curve.steps.back().interval.low));
  CHECK(curve.at(0.5) == 1);
  CHECK(curve.at(3) == Approx(0.7));
  CHECK(curve.at(99) == 0);
  CHECK(curve.at_risk(0) == 10);
  CHECK(curve.at_risk(3) == 8);
  CHECK(curve.at_risk(3.5) == 7);
  CHECK(curve.at_risk(11) == 0);
  CHECK(curve.quantile(0.5) == 5.5);  // 0.5 from 5 to 6: the middle
  CHECK(curve.quantile(0.25) == 3);
}

TEST_CASE("nobody, or nobody with an event, has no median") {
  CHECK(kaplan_meier({}).steps.empty());
  CHECK(kaplan_meier({}).at(1) == 1);
  const std::vector<Observed> censored = {{1, false}, {2, false}};
  const SurvivalCurve curve = kaplan_meier(censored);
  CHECK(curve.at(2) == 1);
  CHECK(curve.steps[0].interval.low == 1);
  CHECK(std::isnan(curve.quantile(0.5)));
  CHECK(std::isnan(curve.median_interval().low));
}

// Weeks to relapse of acute myelogenous leukaemia, maintained arm: Miller, Survival Analysis, 1981 (R's `aml`). Expected
// values from R 4.2.2, survival 3.5-3, conf.type = "log-log".
TEST_CASE("the maintained arm of Miller's leukaemia trial gives what R's survfit gives") {
  const std::vector<Observed> individuals = {{9, true},  {13, true}, {13, false}, {18, true}, {23, true},  {28, false},
                                             {31, true}, {34, true}, {45, false}, {48, true}, {161, false}};
  const SurvivalCurve curve = kaplan_meier(individuals);
  const struct {
    double time;
    std::uint64_t at_risk, events;
    double survival, se, low, high;
  } expected[] = {{9, 11, 1, 10.0 / 11, 0.0866784172041448, 0.5080802057699297, 0.986673822667823},
                  {13, 10, 1, 9.0 / 11, 0.1162912998303329, 0.4474286146821814, 0.951162228582492},
                  {18, 8, 1, 0.71590909090909, 0.1396649705572278, 0.3501903859079384, 0.899023974191053},
                  {23, 7, 1, 0.61363636363636, 0.1526323310273120, 0.2657520400012861, 0.835299243250221},
                  {28, 6, 0, 0.61363636363636, 0.1526323310273120, 0.2657520400012861, 0.835299243250221},
                  {31, 5, 1, 0.49090909090909, 0.1641932672211358, 0.1673309097768508, 0.753399790370811},
                  {34, 4, 1, 0.36818181818182, 0.1626688858270948, 0.0928295749369852, 0.657040832398164},
                  {45, 3, 0, 0.36818181818182, 0.1626688858270948, 0.0928295749369852, 0.657040832398164},
                  {48, 2, 1, 0.18409090909091, 0.1534927457862937, 0.0117384801231896, 0.525014842726641},
                  {161, 1, 0, 0.18409090909091, 0.1534927457862937, 0.0117384801231896, 0.525014842726641}};
  REQUIRE(curve.steps.size() == std::size(expected));
  CHECK(curve.individuals == 11);
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    const SurvivalStep& step = curve.steps[i];
    CHECK(step.time == expected[i].time);
    CHECK(step.at_risk == expected[i].at_risk);
    CHECK(step.events == expected[i].events);
    CHECK(step.survival == Approx(expected[i].survival).epsilon(1e-12));
    CHECK(step.se == Approx(expected[i].se).epsilon(1e-12));
    CHECK(step.interval.low == Approx(expected[i].low).epsilon(1e-12));
    CHECK(step.interval.high == Approx(expected[i].high).epsilon(1e-12));
  }
  CHECK(curve.steps[1].censored == 1);
  CHECK(curve.quantile(0.25) == 18);
  CHECK(curve.quantile(0.5) == 31);
  CHECK(curve.median_interval().low == 13);
  CHECK(std::isnan(curve.median_interval().high));
}

// Two are followed from the start, four come later; 5 enters when 2 has its event and is not at risk for it.
TEST_CASE("who enters late is at risk after its entry, at times between steps too") {
  const std::vector<Observed> individuals = {{2, true},    {9, false},    {5, true, 1},
                                             {6, true, 2}, {8, false, 4}, {7, true, 5.5}};
  const SurvivalCurve curve = kaplan_meier(individuals);
  CHECK(curve.individuals == 6);
  REQUIRE(curve.steps.size() == 6);
  const std::uint64_t at_risk[] = {3, 4, 4, 3, 2, 1};
  for (std::size_t i = 0; i < 6; ++i) CHECK(curve.steps[i].at_risk == at_risk[i]);
  CHECK(curve.at(6) == Approx(2.0 / 3 * 3 / 4 * 3 / 4));
  CHECK(curve.at_risk(0) == 2);
  CHECK(curve.at_risk(1) == 2);  // an entry at 1 counts from after 1
  CHECK(curve.at_risk(1.5) == 3);
  CHECK(curve.at_risk(2) == 3);
  CHECK(curve.at_risk(3) == 3);  // one left and one came at 2
  CHECK(curve.at_risk(4.5) == 4);
  CHECK(curve.at_risk(5.2) == 3);
  CHECK(curve.at_risk(5.7) == 4);
  CHECK(curve.at_risk(9) == 1);
  CHECK(curve.at_risk(9.5) == 0);
}

TEST_CASE("a row that stands for several individuals gives what as many rows give") {
  const std::vector<Observed> rows = {{1, true, 0, 3}, {2, false, 0, 2}, {2, true, 1, 4}, {5, true, 0, 1}, {7, false, 3, 2}};
  std::vector<Observed> written_out;
  for (const Observed& row : rows) written_out.insert(written_out.end(), row.individuals, {row.time, row.event, row.entry});
  const SurvivalCurve a = kaplan_meier(rows);
  const SurvivalCurve b = kaplan_meier(written_out);
  CHECK(a.individuals == 12);
  REQUIRE(a.steps.size() == b.steps.size());
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    CHECK(a.steps[i].at_risk == b.steps[i].at_risk);
    CHECK(a.steps[i].survival == b.steps[i].survival);
    CHECK(a.steps[i].se == b.steps[i].se);
  }
}

TEST_CASE("a landmark has the events so far, and says when it lies beyond the data") {
  const std::vector<Observed> individuals = {{2, true}, {3, true}, {3, false}, {6, true}, {8, false}};
  const SurvivalCurve curve = kaplan_meier(individuals, {0.9, Scale::Log});
  const Landmark before = curve.landmark(1);
  CHECK(before.survival == 1);
  CHECK(before.events == 0);
  CHECK(before.at_risk == 5);
  CHECK(before.interval.low == 1);
  const Landmark at = curve.landmark(6);
  CHECK(at.survival == Approx(0.3));
  CHECK(at.events == 3);
  CHECK(at.at_risk == 2);
  CHECK_FALSE(at.beyond);
  const Landmark after = curve.landmark(9);
  CHECK(after.survival == at.survival);
  CHECK(after.interval.high == at.interval.high);
  CHECK(after.at_risk == 0);
  CHECK(after.beyond);
}

TEST_CASE("without censoring the restricted mean is the mean of the times, cut at the horizon") {
  const std::vector<Observed> individuals = {{-1, true}, {2, true}, {3, true}, {4, true}, {12, true}};
  const SurvivalCurve curve = kaplan_meier(individuals);
  CHECK(curve.restricted_mean(12).mean == Approx(4));
  CHECK(curve.restricted_mean(20).mean == Approx(4));
  CHECK(curve.restricted_mean(5).mean == Approx(2.6));
  CHECK(curve.restricted_mean(3.5).mean == Approx((-1 + 2 + 3 + 3.5 + 3.5) / 5));
  // the variance of a mean of n, with n below it
  const double squares = 25 + 4 + 1 + 0 + 64;
  CHECK(curve.restricted_mean(12).se == Approx(std::sqrt(squares / 5 / 5)));
  const RestrictedMean mean = curve.restricted_mean(5);
  CHECK(mean.interval.high - mean.mean == Approx(1.959963984540054 * mean.se));
}

TEST_CASE("follow-up that an event cut short counts as censored") {
  const std::vector<Observed> individuals = {{1, true}, {4, false}, {5, true}, {6, false}, {8, false}};
  const SurvivalCurve curve = potential_follow_up(individuals);
  CHECK(curve.quantile(0.5) == 6);
  CHECK(curve.at(4) == Approx(0.75));
}

TEST_CASE("intervals on every scale hold the estimate, stay within 0 and 1 and widen with the level") {
  for (const Scale scale : {Scale::Plain, Scale::Log, Scale::LogLog}) {
    for (const double p : {0.001, 0.3, 0.97}) {
      const Interval narrow = probability_interval(p, 0.4, {0.8, scale});
      const Interval wide = probability_interval(p, 0.4, {0.99, scale});
      CHECK(0 <= wide.low);
      CHECK(wide.low <= narrow.low);
      CHECK(narrow.low < p);
      CHECK(p < narrow.high);
      CHECK(narrow.high <= wide.high);
      CHECK(wide.high <= 1);
    }
  }
}

// Newcombe, Stat Med 1998;17:873, table II, as recalled: 0.2000 (0.0524 to 0.3339).
TEST_CASE("the difference of 56 of 70 and 48 of 80 has Newcombe's interval, and turns with the groups") {
  const ProportionDifference result = proportion_difference({56, 70}, {48, 80});
  CHECK(result.difference == Approx(0.2));
  CHECK(std::fabs(result.interval.low - 0.0524) < 5e-5);
  CHECK(std::fabs(result.interval.high - 0.3339) < 5e-5);
  const ProportionDifference turned = proportion_difference({48, 80}, {56, 70});
  CHECK(turned.interval.low == Approx(-result.interval.high));
  CHECK(turned.interval.high == Approx(-result.interval.low));
}

TEST_CASE("61 of 75 has the exact interval that R's binom.test gives") {
  const Interval interval = exact_proportion(61, 75);
  CHECK(interval.low == Approx(0.706684544034318).epsilon(1e-12));
  CHECK(interval.high == Approx(0.894017532268073).epsilon(1e-12));
}
