// carina's estimators against those of R's package survival, which survival_oracle.R ran. What the file of made data sets says
// is kept in the repository; with R at hand, R is asked again, and about larger sets.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "stats/cox.h"
#include "stats/incidence.h"
#include "stats/intervals.h"
#include "stats/logrank.h"
#include "stats/survival.h"

using namespace carina::stats;
using json = nlohmann::ordered_json;  // covariates are columns in their order

namespace {

using Numbers = std::vector<double>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

double number(const json& value) {
  if (value.is_null()) return nan;
  if (value.is_string()) return value == "inf" ? infinity : -infinity;
  return value.get<double>();
}

Numbers numbers(const json& values) {
  Numbers list;
  for (const json& value : values) list.push_back(number(value));
  return list;
}

template <class Number>
std::vector<Number> whole_numbers(const json& data, const char* name) {
  std::vector<Number> list;
  if (data.contains(name)) {
    for (const json& value : data[name]) list.push_back(static_cast<Number>(value.get<double>()));
  }
  return list;
}

/// Within 1e-9 of what is expected; within 1e-14 of 0, where R keeps what rounding left.
bool same(double value, double expected) {
  if (std::isnan(expected) || std::isinf(expected)) return std::isnan(expected) ? std::isnan(value) : value == expected;
  return std::fabs(value - expected) <= 1e-9 * std::fabs(expected) + 1e-14;
}

/// Compares and counts, so that a file that lost its values does not pass.
struct Comparison {
  std::string where;
  int values = 0;

  void operator()(const std::string& what, double value, double expected) {
    ++values;
    CHECK_MESSAGE(same(value, expected), where << ": " << what << " is " << value << ", R has " << expected);
  }
  void operator()(const std::string& what, const Interval& value, double low, double high) {
    (*this)(what + " low", value.low, low);
    (*this)(what + " high", value.high, high);
  }
};

/// A data set of the file.
struct Set {
  std::string name;
  double level = 0.95;
  std::uint32_t causes = 0;
  std::vector<Observed> observed;
  std::vector<Outcome> outcomes;
  std::vector<std::uint32_t> group, stratum;
  std::vector<Numbers> covariates;

  explicit Set(const json& data)
      : name(data["name"]),
        level(data["level"]),
        causes(data["causes"]),
        group(whole_numbers<std::uint32_t>(data, "group")),
        stratum(whole_numbers<std::uint32_t>(data, "stratum")) {
    const Numbers time = numbers(data["time"]);
    const auto cause = whole_numbers<std::uint32_t>(data, "cause");
    const auto individuals = whole_numbers<std::uint64_t>(data, "individuals");
    for (std::size_t i = 0; i < time.size(); ++i) {
      const double entry = data.contains("entry") ? number(data["entry"][i]) : -infinity;
      observed.push_back({time[i], cause[i] > 0, entry, individuals.empty() ? 1 : individuals[i]});
      outcomes.push_back({time[i], cause[i], entry, observed.back().individuals});
    }
    if (data.contains("covariates")) {
      for (const json& column : data["covariates"]) covariates.push_back(numbers(column));
    }
  }
};

const std::vector<std::pair<std::string, Scale>> scales = {
    {"plain", Scale::Plain}, {"log", Scale::Log}, {"log_log", Scale::LogLog}};

/// R leaves an interval of 0 or 1 out where the scale has none; ours is the value itself, as is R's on the other scales. Only
/// survival of 0 has none: `at_zero` is NaN.
Interval expected_interval(double estimate, double low, double high, double at_zero) {
  if (estimate > 1 - 1e-12) return {1, 1};
  if (estimate == 0) return {at_zero, at_zero};
  return {low, high};
}

void compare_scale(const Set& set, const json& expected, const std::string& scale_name, Scale scale, Comparison& is) {
  const SurvivalCurve curve = kaplan_meier(set.observed, {set.level, scale});
  const json& e = expected["scales"][scale_name];
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const SurvivalStep& step = curve.steps[i];
    const Interval wanted = expected_interval(step.survival, number(e["low"][i]), number(e["high"][i]), nan);
    is(scale_name + " interval at " + std::to_string(step.time), step.interval, wanted.low, wanted.high);
  }
  const Numbers probabilities = numbers(expected["probabilities"]);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    is(scale_name + " quantile", curve.quantile_interval(probabilities[i]), number(e["quantile_low"][i]),
       number(e["quantile_high"][i]));
  }
  const Numbers times = numbers(expected["landmark"]["time"]);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Landmark landmark = curve.landmark(times[i]);
    const Interval wanted =
        expected_interval(landmark.survival, number(e["landmark_low"][i]), number(e["landmark_high"][i]), nan);
    is(scale_name + " landmark", landmark.interval, wanted.low, wanted.high);
  }
}

void compare_landmarks(const SurvivalCurve& curve, const json& expected, Comparison& is) {
  const Numbers times = numbers(expected["time"]);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const Landmark landmark = curve.landmark(times[i]);
    is("landmark survival", landmark.survival, number(expected["survival"][i]));
    is("landmark se", landmark.se, number(expected["se"][i]));
    is("landmark events", static_cast<double>(landmark.events), number(expected["events"][i]));
    const double at_risk = number(expected["at_risk"][i]);
    if (!std::isnan(at_risk)) is("landmark at risk", static_cast<double>(landmark.at_risk), at_risk);
    CHECK(landmark.beyond == (times[i] > curve.steps.back().time));
  }
}

void compare_kaplan_meier(const Set& set, const json& expected, Comparison& is) {
  const SurvivalCurve curve = kaplan_meier(set.observed, {set.level, Scale::LogLog});
  REQUIRE(curve.steps.size() == expected["time"].size());
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const SurvivalStep& step = curve.steps[i];
    is("time", step.time, number(expected["time"][i]));
    is("at risk", static_cast<double>(step.at_risk), number(expected["at_risk"][i]));
    is("events", static_cast<double>(step.events), number(expected["events"][i]));
    is("censored", static_cast<double>(step.censored), number(expected["censored"][i]));
    is("survival", step.survival, number(expected["survival"][i]));
    is("se", step.se, number(expected["se"][i]));
  }
  const Numbers probabilities = numbers(expected["probabilities"]);
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    is("quantile", curve.quantile(probabilities[i]), number(expected["quantile"][i]));
  compare_landmarks(curve, expected["landmark"], is);
  for (const json& restricted : expected["restricted"]) {
    const RestrictedMean mean = curve.restricted_mean(number(restricted["until"]));
    is("restricted mean", mean.mean, number(restricted["mean"]));
    is("its se", mean.se, number(restricted["se"]));
  }
  const SurvivalCurve follow_up = potential_follow_up(set.observed, {set.level, Scale::LogLog});
  is("median follow-up", follow_up.quantile(0.5), number(expected["follow_up"]["quantile"]));
  is("its interval", follow_up.median_interval(), number(expected["follow_up"]["lower"]),
     number(expected["follow_up"]["upper"]));
  for (const auto& [scale_name, scale] : scales) compare_scale(set, expected, scale_name, scale, is);
}

void compare_incidence(const Set& set, const json& expected, Comparison& is) {
  if (expected.is_null()) return;
  for (const auto& [scale_name, scale] : scales) {
    const Incidence incidence = cumulative_incidence(set.outcomes, set.causes, {set.level, scale});
    REQUIRE(incidence.steps.size() == expected["time"].size());
    for (std::size_t i = 0; i < incidence.steps.size(); ++i) {
      const IncidenceStep& step = incidence.steps[i];
      is("time", step.time, number(expected["time"][i]));
      is("event-free", step.survival, number(expected["survival"][i]));
      is("its se", step.se, number(expected["se"][i]));
      for (std::size_t k = 0; k < set.causes; ++k) {
        const json& e = expected["causes"][k];
        const CauseIncidence& cause = step.causes[k];
        is("incidence", cause.incidence, number(e["incidence"][i]));
        is("its se", cause.se, number(e["se"][i]));
        const json& ends = e["scales"][scale_name];
        const Interval wanted = expected_interval(cause.incidence, number(ends["low"][i]), number(ends["high"][i]), 0);
        is(std::string(scale_name) + " interval of incidence", cause.interval, wanted.low, wanted.high);
      }
    }
  }
}

void compare_log_rank(const Set& set, const json& expected, Comparison& is) {
  if (expected.is_null()) return;
  const LogRank result = log_rank(set.observed, set.group, set.stratum);
  const double df = number(expected["df"]);
  is("log-rank df", result.test.df, df);
  if (df == 0) {
    CHECK(std::isnan(result.test.p));
  } else {
    is("log-rank", result.test.statistic, number(expected["chi_square"]));
    if (expected.contains("p")) is("log-rank p", result.test.p, number(expected["p"]));
  }
  if (!expected.contains("observed")) return;
  REQUIRE(result.groups.size() == expected["observed"].size());
  for (std::size_t g = 0; g < result.groups.size(); ++g) {
    is("observed", static_cast<double>(result.groups[g].observed), number(expected["observed"][g]));
    is("expected", result.groups[g].expected, number(expected["expected"][g]));
  }
}

void compare_test(const std::string& what, const ChiSquareTest& test, const json& expected, Comparison& is) {
  is(what, test.statistic, number(expected[0]));
  is(what + " p", test.p, number(expected[1]));
}

void compare_coefficients(const CoxFit& fit, const json& expected, Comparison& is) {
  const std::size_t columns = fit.coefficients.size();
  REQUIRE(columns == expected["coefficient"].size());
  for (std::size_t i = 0; i < columns; ++i) {
    const CoxCoefficient& c = fit.coefficients[i];
    is("coefficient", c.coefficient, number(expected["coefficient"][i]));
    is("its se", c.se, number(expected["se"][i]));
    is("its p", c.p, number(expected["p"][i]));
    is("hazard ratio", c.interval, number(expected["low"][i]), number(expected["high"][i]));
    CHECK(c.hazard_ratio == doctest::Approx(std::exp(c.coefficient)));
  }
  for (std::size_t i = 0; i < columns * columns && fit.status == CoxStatus::Ok; ++i)
    is("covariance", fit.covariance[i], number(expected["covariance"][i]));
}

void compare_cox(const Set& set, const json& expected, Comparison& is) {
  Numbers covariates;
  for (std::size_t row = 0; row < set.observed.size(); ++row) {
    for (const json& column : expected["columns"]) covariates.push_back(set.covariates[column.get<std::size_t>()][row]);
  }
  CoxData data{set.observed, covariates, {}};
  if (expected["strata"] == 1) data.strata = set.stratum;
  const CoxFit fit = cox(data, {expected["ties"] == "efron" ? Ties::Efron : Ties::Breslow, set.level});
  const std::string status(name(fit.status));
  CHECK_MESSAGE(status == expected["status"].get<std::string>(), is.where << ": status " << status);
  is("null log-likelihood", fit.null_log_likelihood, number(expected["null_log_likelihood"]));
  if (fit.status == CoxStatus::Singular) return;
  is("log-likelihood", fit.log_likelihood, number(expected["log_likelihood"]));
  compare_test("likelihood ratio", fit.likelihood_ratio, expected["likelihood_ratio"], is);
  compare_test("score", fit.score, expected["score"], is);
  if (fit.status == CoxStatus::Ok) compare_test("Wald", fit.wald, expected["wald"], is);
  compare_coefficients(fit, expected, is);
}

int compare_sets(const json& file) {
  int values = 0;
  for (const json& entry : file["sets"]) {
    const Set set(entry["data"]);
    Comparison is{set.name};
    compare_kaplan_meier(set, entry["kaplan_meier"], is);
    compare_incidence(set, entry["incidence"], is);
    compare_log_rank(set, entry["log_rank"], is);
    for (const json& model : entry["cox"]) compare_cox(set, model, is);
    values += is.values;
  }
  return values;
}

int compare_intervals(const json& file) {
  Comparison is{"intervals"};
  for (const json& e : file["proportions"]) {
    const auto events = static_cast<std::uint64_t>(number(e["events"]));
    const auto n = static_cast<std::uint64_t>(number(e["n"]));
    is("exact", exact_proportion(events, n, e["level"]), number(e["exact"][0]), number(e["exact"][1]));
    is("Wilson", wilson_proportion(events, n, e["level"]), number(e["wilson"][0]), number(e["wilson"][1]));
  }
  for (const json& e : file["differences"]) {
    const auto first = whole_numbers<std::uint64_t>(e, "first");
    const auto second = whole_numbers<std::uint64_t>(e, "second");
    const ProportionDifference result = proportion_difference({first[0], first[1]}, {second[0], second[1]}, e["level"]);
    is("difference", result.difference, number(e["difference"]));
    is("its interval", result.interval, number(e["interval"][0]), number(e["interval"][1]));
  }
  for (const json& e : file["geometric"]) {
    GeometricMoments first, second;
    for (const double value : numbers(e["first"])) first.add(value);
    for (const double value : numbers(e["second"])) second.add(value);
    const double level = e["level"];
    is("geometric mean", first.mean(), number(e["mean"]));
    is("its interval", geometric_mean_interval(first, level), number(e["mean_interval"][0]), number(e["mean_interval"][1]));
    for (const auto& [name, variances] : {std::pair{"own", Variances::Own}, std::pair{"equal", Variances::Equal}}) {
      const GeometricRatio ratio = geometric_ratio(first, second, variances, level);
      is("ratio", ratio.ratio, number(e["ratio"]));
      is(std::string(name) + " df", ratio.df, number(e[name][0]));
      is(std::string(name) + " ratio", ratio.interval, number(e[name][1]), number(e[name][2]));
    }
  }
  return is.values;
}

/// What R prints; empty when it, or its package survival, is not there.
std::string run_r(const std::string& arguments) {
  FILE* pipe = ::popen(("Rscript --vanilla " + arguments + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::vector<char> buffer(1 << 16);
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    output.append(buffer.data(), got);
  return ::pclose(pipe) == 0 ? output : std::string();
}

bool have_r() { return !run_r("-e 'library(survival); cat(1)'").empty(); }

json kept() {
  std::ifstream file(CARINA_TEST_CASES "/survival/made.json");
  REQUIRE(file.good());
  return json::parse(file);
}

}  // namespace

TEST_CASE("curves, incidences, log-rank tests and Cox fits equal those of R's survival to 1e-9") {
  const json file = kept();
  CHECK(file["sets"].size() >= 20);
  CHECK(compare_sets(file) > 10000);
}

TEST_CASE("intervals of proportions and geometric means equal those of R to 1e-9") {
  CHECK(compare_intervals(kept()) == 10 * 3 * 4 + 4 * 3 + 4 * 11);
}

TEST_SUITE("slow") {
  TEST_CASE("R says today what it said of the data sets kept, and its own and larger sets agree too") {
    if (!have_r()) {
      MESSAGE("left out: no Rscript with the package survival");
      return;
    }
    const std::string script = CARINA_SOURCE_TREE "/tests/stats/survival_oracle.R ";
    const json made = json::parse(run_r(script + "made"));
    const json file = kept();
    REQUIRE(made["sets"].size() == file["sets"].size());
    for (std::size_t i = 0; i < made["sets"].size(); ++i) CHECK(made["sets"][i]["data"] == file["sets"][i]["data"]);
    compare_sets(made);
    compare_intervals(made);
    MESSAGE(compare_sets(json::parse(run_r(script + "packaged"))), " values of larger sets");
  }
}
