#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "stats/cox.h"

using namespace carina::stats;
using doctest::Approx;

namespace {
using Numbers = std::vector<double>;
const std::vector<Observed> rows = {{1, true}, {2, false}, {4, true}, {4, true},
                                    {6, true}, {8, false}, {9, true}, {11, true}};
const Numbers covariate = {0.2, 1, 1.5, 0.1, 0.4, 2, 0.7, 1.1};
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("a likelihood small enough to maximise by hand is maximised") {
  const std::vector<Observed> three = {{1, true}, {2, true}, {3, false}};
  const Numbers x = {1, 0, 1};
  // with h the hazard ratio it is h / (2 h + 1) times 1 / (1 + h), whose derivative is 0 where 2 h^2 = 1
  const CoxFit fit = cox({three, x, {}});
  CHECK(fit.status == CoxStatus::Ok);
  CHECK(fit.coefficients[0].hazard_ratio == Approx(std::sqrt(0.5)).epsilon(1e-12));
  const double h = std::sqrt(0.5);
  CHECK(fit.log_likelihood == Approx(std::log(h / (2 * h + 1) / (1 + h))).epsilon(1e-12));
  CHECK(fit.null_log_likelihood == Approx(std::log(1.0 / 6)).epsilon(1e-13));
  CHECK(fit.likelihood_ratio.statistic == Approx(2 * (fit.log_likelihood - fit.null_log_likelihood)));
  // information: p (1 - p) summed over events, p the share of x = 1 among the weights at risk
  const double p = 2 * h / (2 * h + 1), q = h / (1 + h);
  CHECK(fit.coefficients[0].se == Approx(1 / std::sqrt(p * (1 - p) + q * (1 - q))).epsilon(1e-12));
  CHECK(fit.wald.statistic == Approx(std::pow(fit.coefficients[0].z, 2)).epsilon(1e-12));
}

TEST_CASE("a unit of the covariate, its origin, the order of rows and a common stretch of time change nothing else") {
  const CoxFit fit = cox({rows, covariate, {}});
  REQUIRE(fit.status == CoxStatus::Ok);
  std::vector<Observed> other;
  Numbers scaled;
  for (std::size_t i = rows.size(); i-- > 0;) {
    other.push_back({rows[i].time * 365.25, rows[i].event});
    scaled.push_back(1e4 + 1000 * covariate[i]);
  }
  const CoxFit same = cox({other, scaled, {}});
  CHECK(same.coefficients[0].coefficient * 1000 == Approx(fit.coefficients[0].coefficient).epsilon(1e-9));
  CHECK(same.coefficients[0].se * 1000 == Approx(fit.coefficients[0].se).epsilon(1e-9));
  CHECK(same.score.statistic == Approx(fit.score.statistic).epsilon(1e-9));
  CHECK(same.log_likelihood == Approx(fit.log_likelihood).epsilon(1e-12));
}

TEST_CASE("without ties Efron and Breslow agree, with ties they do not") {
  const CoxFit efron = cox({rows, covariate, {}});
  const CoxFit breslow = cox({rows, covariate, {}}, {.ties = Ties::Breslow});
  CHECK(efron.coefficients[0].coefficient != Approx(breslow.coefficients[0].coefficient));
  std::vector<Observed> apart = rows;
  apart[3].time = 4.5;
  CHECK(cox({apart, covariate, {}}).coefficients[0].coefficient ==
        Approx(cox({apart, covariate, {}}, {.ties = Ties::Breslow}).coefficients[0].coefficient).epsilon(1e-12));
}

TEST_CASE("a stratum is not compared with another: times of one may move as a whole") {
  const std::vector<std::uint32_t> strata = {0, 1, 0, 1, 0, 1, 0, 1};
  const CoxFit fit = cox({rows, covariate, strata});
  std::vector<Observed> moved = rows;
  for (std::size_t i = 1; i < rows.size(); i += 2) moved[i].time += 100;
  CHECK(cox({moved, covariate, strata}).coefficients[0].coefficient == fit.coefficients[0].coefficient);
  CHECK(cox({rows, covariate, {}}).coefficients[0].coefficient != Approx(fit.coefficients[0].coefficient));
}

TEST_CASE("follow-up cut into stretches, and rows that stand for several, give what they stand for") {
  std::vector<Observed> cut;
  Numbers x;
  std::vector<Observed> several = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    cut.push_back({rows[i].time / 3, false});
    cut.push_back({rows[i].time, rows[i].event, rows[i].time / 3});
    x.insert(x.end(), 2, covariate[i]);
    several[i].individuals = 1 + i % 3;
  }
  const CoxFit whole = cox({rows, covariate, {}});
  const CoxFit parts = cox({cut, x, {}});
  CHECK(parts.coefficients[0].coefficient == Approx(whole.coefficients[0].coefficient).epsilon(1e-11));
  CHECK(parts.log_likelihood == Approx(whole.log_likelihood).epsilon(1e-12));

  std::vector<Observed> written_out;
  Numbers each;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    written_out.insert(written_out.end(), several[i].individuals, rows[i]);
    each.insert(each.end(), several[i].individuals, covariate[i]);
  }
  for (const Ties ties : {Ties::Efron, Ties::Breslow}) {
    const CoxFit a = cox({several, covariate, {}}, {.ties = ties});
    const CoxFit b = cox({written_out, each, {}}, {.ties = ties});
    CHECK(a.individuals == b.individuals);
    CHECK(a.events == b.events);
    CHECK(a.coefficients[0].coefficient == Approx(b.coefficients[0].coefficient).epsilon(1e-11));
    CHECK(a.coefficients[0].se == Approx(b.coefficients[0].se).epsilon(1e-11));
  }
}

// Later individuals have weights of up to exp(30) at the fitted coefficients; they enter when all earlier ones have left.
TEST_CASE("what was subtracted with those who enter late leaves the digits of those who came before") {
  std::vector<Observed> individuals;
  Numbers x;
  std::vector<std::uint32_t> strata;
  for (std::uint32_t i = 0; i < 40; ++i) {
    const bool late = i < 20;
    const double swapped = i % 10 == 0 ? i + 1.0 : i % 10 == 1 ? i - 1.0 : i;
    individuals.push_back({late ? 40 - swapped : swapped / 5, true, late ? 12.0 : -1.0});
    x.insert(x.end(), {late ? 1.5 * i : (i % 5) / 4.0, static_cast<double>(i * i % 7) / 3});
    strata.push_back(late);
  }
  const CoxFit apart = cox({individuals, x, strata});
  const CoxFit together = cox({individuals, x, {}});
  REQUIRE(apart.status == CoxStatus::Ok);
  CHECK(apart.coefficients[0].coefficient * 1.5 * 19 > 30);
  CHECK(together.status == CoxStatus::Ok);
  CHECK(together.log_likelihood == Approx(apart.log_likelihood).epsilon(1e-12));
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(together.coefficients[k].coefficient == Approx(apart.coefficients[k].coefficient).epsilon(1e-9));
    CHECK(together.coefficients[k].se == Approx(apart.coefficients[k].se).epsilon(1e-9));
  }
}

TEST_CASE("a group without events has an infinite coefficient, and its tests of likelihood and score hold") {
  const std::vector<Observed> arms = {{1, true},  {2, true},  {3, true},  {5, false},
                                      {2, false}, {4, false}, {6, false}, {6, false}};
  const Numbers treated = {0, 0, 0, 0, 1, 1, 1, 1};
  const CoxFit fit = cox({arms, treated, {}});
  CHECK(fit.status == CoxStatus::Monotone);
  CHECK(fit.coefficients[0].coefficient == -infinity);
  CHECK(fit.coefficients[0].hazard_ratio == 0);
  CHECK(std::isnan(fit.coefficients[0].se));
  CHECK(std::isnan(fit.coefficients[0].interval.high));
  CHECK(std::isnan(fit.wald.p));
  // with the treated gone the events choose among 4, 3 and 2 untreated
  CHECK(fit.log_likelihood == Approx(-std::log(24.0)).epsilon(1e-10));
  CHECK(fit.null_log_likelihood == Approx(-std::log(8.0 * 7 * 5)).epsilon(1e-13));
  CHECK(fit.likelihood_ratio.p > 0);
  CHECK(fit.likelihood_ratio.p < 0.05);
  CHECK(fit.score.p < 0.1);
}

TEST_CASE("a covariate beside one that is infinite has the estimate that is left to it") {
  std::vector<Observed> arms = rows;
  Numbers both, alone;
  std::vector<Observed> untreated;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    both.insert(both.end(), {0, covariate[i]});
    alone.push_back(covariate[i]);
    untreated.push_back(rows[i]);
  }
  for (const double time : {3.0, 5.0, 20.0}) {
    arms.push_back({time, false});
    both.insert(both.end(), {1, time / 5});
  }
  const CoxFit fit = cox({arms, both, {}});
  const CoxFit rest = cox({untreated, alone, {}});
  CHECK(fit.status == CoxStatus::Monotone);
  CHECK(fit.coefficients[0].coefficient == -infinity);
  CHECK(fit.coefficients[1].coefficient == Approx(rest.coefficients[0].coefficient).epsilon(1e-9));
  CHECK(fit.coefficients[1].se == Approx(rest.coefficients[0].se).epsilon(1e-9));
}

TEST_CASE("nothing to fit, and covariates that say nothing, are reported and have no estimates") {
  std::vector<Observed> censored = rows;
  for (Observed& row : censored) row.event = false;
  CHECK(cox({censored, covariate, {}}).status == CoxStatus::NoEvents);
  CHECK(cox({{}, {}, {}}).status == CoxStatus::NoEvents);
  const Numbers constant(rows.size(), 3);
  const CoxFit fit = cox({rows, constant, {}});
  CHECK(fit.status == CoxStatus::Singular);
  CHECK(std::isnan(fit.coefficients[0].coefficient));
  CHECK(std::isnan(fit.likelihood_ratio.p));
  CHECK(fit.null_log_likelihood < 0);
  Numbers twice;
  for (const double x : covariate) twice.insert(twice.end(), {x, 5 - 2 * x});
  CHECK(cox({rows, twice, {}}).status == CoxStatus::Singular);
  const std::vector<Observed> one = {{3, true}};
  CHECK(cox({one, Numbers{1}, {}}).status == CoxStatus::Singular);
}

TEST_CASE("iterations that run out are reported") {
  CHECK(cox({rows, covariate, {}}, {.max_iterations = 1}).status == CoxStatus::NotConverged);
  CHECK(name(CoxStatus::NotConverged) == "not_converged");
}
