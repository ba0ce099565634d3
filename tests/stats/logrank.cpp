#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "stats/cox.h"
#include "stats/logrank.h"

using namespace carina::stats;
using doctest::Approx;

namespace {
const std::vector<Observed> rows = {{1, true}, {2, false}, {4, true}, {5, true},
                                    {6, true}, {8, false}, {9, true}, {11, true}};
const std::vector<std::uint32_t> groups = {0, 0, 1, 0, 1, 1, 0, 1};
}  // namespace

TEST_CASE("observed and expected events of all groups have one sum, and the test does not depend on their order") {
  const LogRank result = log_rank(rows, groups);
  REQUIRE(result.groups.size() == 2);
  CHECK(result.groups[0].observed == 3);
  CHECK(result.groups[0].individuals == 4);
  // at 1, 4, 5, 6, 9 and 11 it has 4 of 8, 2 of 6, 2 of 5, 1 of 4, 1 of 2 and 0 of 1
  CHECK(result.groups[0].expected == Approx(0.5 + 1.0 / 3 + 0.4 + 0.25 + 0.5));
  CHECK(result.groups[0].expected + result.groups[1].expected == Approx(6));
  std::vector<std::uint32_t> swapped;
  for (const std::uint32_t group : groups) swapped.push_back(1 - group);
  CHECK(log_rank(rows, swapped).test.statistic == Approx(result.test.statistic).epsilon(1e-13));
}

TEST_CASE("without ties the log-rank test is the score test of Cox's model, with delayed entry and strata too") {
  std::vector<Observed> late = rows;
  late[4].entry = 1.5;
  late[5].entry = 4;
  late[7].entry = 5;
  const std::vector<std::uint32_t> strata = {0, 0, 0, 1, 1, 0, 1, 1};
  std::vector<double> covariate;
  for (const std::uint32_t group : groups) covariate.push_back(group);
  for (const std::vector<std::uint32_t>& used : {std::vector<std::uint32_t>(), strata}) {
    const LogRank test = log_rank(late, groups, used);
    const CoxFit fit = cox({late, covariate, used});
    CHECK(test.test.statistic > 0);
    CHECK(test.test.statistic == Approx(fit.score.statistic).epsilon(1e-12));
    CHECK(test.test.p == Approx(fit.score.p).epsilon(1e-12));
  }
}

TEST_CASE("a group that expects no event takes no part, and one group alone has no test") {
  std::vector<Observed> more = rows;
  std::vector<std::uint32_t> which = groups;
  more.push_back({0.5, false});
  which.push_back(3);
  const LogRank result = log_rank(more, which);
  REQUIRE(result.groups.size() == 4);
  CHECK(result.groups[2].individuals == 0);
  CHECK(result.groups[3].expected == 0);
  CHECK(result.test.df == 1);
  CHECK(result.test.statistic == Approx(log_rank(rows, groups).test.statistic));
  const std::vector<std::uint32_t> alone(rows.size(), 0);
  CHECK(log_rank(rows, alone).test.df == 0);
  CHECK(std::isnan(log_rank(rows, alone).test.p));
  CHECK(log_rank({}, {}).groups.empty());
}

TEST_CASE("tails of chi-square are those of the exponential and of the normal distribution") {
  CHECK(chi_square_test(3, 2).p == Approx(std::exp(-1.5)).epsilon(1e-14));
  CHECK(chi_square_test(1.959963984540054 * 1.959963984540054, 1).p == Approx(0.05).epsilon(1e-12));
  CHECK(chi_square_test(0, 4).p == 1);
  CHECK(std::isnan(chi_square_test(std::numeric_limits<double>::quiet_NaN(), 1).p));
  for (const double level : {0.9, 0.95, 0.99})
    CHECK(normal_width(level) == Approx(normal_width(level + 1e-15)).epsilon(1e-12));
  CHECK(normal_width(0.5) == Approx(0.6744897501960817).epsilon(1e-14));
  CHECK(t_width(0.9, 1) == Approx(std::tan(0.45 * 3.14159265358979323846)).epsilon(1e-13));  // Cauchy
  CHECK(t_width(0.95, 1e9) == Approx(normal_width(0.95)).epsilon(1e-8));
}
