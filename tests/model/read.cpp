#include "model/read.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "model/write.h"

using namespace carina;
namespace fs = std::filesystem;

namespace {

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> files(const fs::path& folder) {
  std::vector<fs::path> list;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") list.push_back(entry.path());
  }
  std::sort(list.begin(), list.end());
  return list;
}

const std::string head = R"(model = 1
title = "A model for a test"
time = "day"
source = "us"

[sources]
us = { cite = "made up for this test" }
)";

model::Model read(const std::string& body) { return model::read_model_text(head + body, "test.toml"); }

std::string problems(const std::string& body) {
  try {
    read(body);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

double value(model::Model& m, expr::NodeId node, std::vector<double> states = {}, double time = 0) {
  std::vector<double> parameters;
  for (const auto& parameter : m.parameters) parameters.push_back(parameter.value);
  expr::Leaves leaves;
  leaves.time = time;
  leaves.states = states.data();
  leaves.parameters = parameters.data();
  return m.graph.evaluate(node, leaves);
}

}  // namespace

TEST_CASE("every broken model gives exactly the messages that stand beside it") {
  const auto list = files(fs::path(CARINA_TEST_CASES) / "bad" / "models");
  CHECK(list.size() >= 37);
  for (const fs::path& path : list) {
    CAPTURE(path.filename().string());
    std::string found = "(it was read without a problem)";
    try {
      model::read_model_text(file_text(path), path.filename().string());
    } catch (const InputError& error) {
      found = error.what();
    }
    CHECK(found + "\n" == file_text(fs::path(path).replace_extension(".expected")));
  }
}

TEST_CASE("a count's net rate follows from what happens to its cells, across units") {
  auto m = read(R"toml(
[parameters]
b = { value = 0.3, unit = "1/day" }
V = { value = 5, unit = "L" }
[states]
P = { unit = "cell/uL", start = "0", birth = "b", death = "0.1 '1/day'", cell = "1 'cell'/V", scale = 1 }
R = { unit = "1e3 cell", start = "0", birth = "0", death = "0", arrival = "2 'cell/day'", threshold = 50, scale = 1 }
[[flow]]
name = "shift"
kind = "migration"
from = "P"
to = "R"
rate = "0.5 '1/day'"
)toml");
  REQUIRE(m.counts.size() == 2);
  CHECK(value(m, m.counts[0].cell) == doctest::Approx(1 / 5e6).epsilon(1e-14));
  CHECK(value(m, m.counts[1].cell) == 1e-3);
  CHECK(m.counts[0].threshold == 100);
  CHECK(m.counts[1].threshold == 50);
  CHECK(value(m, m.states[0].rate, {4, 7}) == doctest::Approx(4 * (0.3 - 0.1 - 0.5)).epsilon(1e-14));
  // 4 cells a uL in 5 L are 2e7 cells
  CHECK(value(m, m.states[1].rate, {4, 7}) == doctest::Approx(2e-3 + 0.5 * 2e4).epsilon(1e-14));
  CHECK(m.states[0].rate_text == "(b - 0.1 '1/day' - 0.5 '1/day')*P");
  CHECK(m.states[1].rate_text == "2 'cell/day' + 0.5 '1/day'*P");
  const auto again = model::read_model_text(model::write_resolved(m), "test.toml");
  CHECK(model::write_resolved(again) == model::write_resolved(m));
  CHECK(again.flows.size() == 1);
}

TEST_CASE("a small model is read with its units, sources and formulas") {
  auto m = read(R"(
[parameters]
k = { value = 24, unit = "1/hour", range = [0, 100], varies = { as = "log-normal", cv = 0.5 }, about = "loss" }
V = { value = 2000, unit = "mL", source = "us, page 3" }

[covariates]
WT = { value = 70, unit = "kg" }

[derived]
C = { is = "A/V", unit = "mg/L", about = "concentration" }
half_life = { is = "log(2)/k", unit = "day" }

[states]
A = { unit = "mg", start = "8 'mg/kg'*WT", rate = "-k*A", scale = "1 ug", dose = true }

[outputs]
level = { is = "C", unit = "ug/mL", residual = { proportional = 0.2, additive = "1 ng/mL" } }
)");
  CHECK(m.name == "test");
  REQUIRE(m.parameters.size() == 3);
  CHECK(m.parameters[0].variability.sd == doctest::Approx(std::sqrt(std::log(1.25))).epsilon(1e-12));
  CHECK(m.parameters[0].source == "us");
  CHECK(m.parameters[1].source == "us, page 3");
  CHECK(m.parameters[2].covariate);
  CHECK(m.parameters[2].low == -INFINITY);
  REQUIRE(m.states.size() == 1);
  CHECK(m.states[0].scale == 1e-3);
  CHECK(m.states[0].input);
  CHECK(value(m, m.states[0].start) == 560);
  CHECK(value(m, m.states[0].rate, {10}) == -24.0 * 24 * 10);
  CHECK(value(m, m.derived[0].node, {10}) == 5);
  CHECK(value(m, m.derived[1].node) == doctest::Approx(std::log(2) / 576).epsilon(1e-14));
  CHECK(value(m, m.outputs[0].node, {10}) == 5);
  REQUIRE(m.residuals.size() == 1);
  CHECK(m.residuals[0].additive == 1e-3);
  CHECK(m.find_parameter("V") == 1);
  CHECK_FALSE(m.find_state("V"));
}

TEST_CASE("derived quantities may stand in any order") {
  auto m = read(R"(
[derived]
a = { is = "b*b", unit = "1" }
b = { is = "c + 1", unit = "1" }
c = { is = "2", unit = "1" }

[states]
x = { unit = "1", start = "a", rate = "0", scale = 1 }
)");
  CHECK(value(m, m.states[0].start) == 9);
}

TEST_CASE("events carry their times, conditions and assignments") {
  auto m = read(R"(
[parameters]
T = { value = 3, unit = "hour" }

[states]
x = { unit = "cell", rate = "0", scale = 1 }
y = { unit = "cell", rate = "0", scale = 1 }

[[event]]
name = "swap"
at = "2*T"
every = "1 'day'"
count = "4"
set = { x = "y", y = "x" }

[[event]]
name = "cure"
when = "x < 1 'cell' and t > 1 'day'"
set = { x = "0" }
)");
  REQUIRE(m.events.size() == 2);
  CHECK(value(m, m.events[0].at) == 0.25);
  CHECK(value(m, m.events[0].every) == 1);
  CHECK(value(m, m.events[0].count) == 4);
  REQUIRE(m.events[0].set.size() == 2);
  CHECK(value(m, m.events[0].set[0].value, {5, 7}) == 7);
  CHECK(m.events[1].at == expr::no_node);
  CHECK(value(m, m.events[1].when, {0.5, 0}, 2) == 1);
  CHECK(value(m, m.events[1].when, {0.5, 0}, 0) == 0);
}

TEST_CASE("variances and covariances become standard deviations and correlations") {
  const auto m = read(R"(
[parameters]
CL = { value = 0.3, unit = "L/day", varies = { as = "log-normal" } }
V1 = { value = 3.5, unit = "L",     varies = { as = "log-normal" } }
V2 = { value = 2.9, unit = "L",     varies = { as = "log-normal", variance = 0.36 } }
on = { value = 0,   unit = "1",     varies = { as = "choice", among = [0, 1], probabilities = [0.8, 0.2] } }

[states]
x = { unit = "1", rate = "0", scale = 1 }

[[correlated]]
of = ["CL", "V1"]
covariance = [[0.16], [0.06, 0.25]]

[[correlated]]
of = ["V1", "V2"]
correlation = -0.3
)");
  CHECK(m.parameters[0].variability.sd == 0.4);
  CHECK(m.parameters[1].variability.sd == 0.5);
  CHECK(m.parameters[2].variability.sd == 0.6);
  CHECK(m.parameters[3].variability.probabilities == std::vector<double>{0.8, 0.2});
  REQUIRE(m.correlations.size() == 2);
  CHECK(m.correlations[0].value == doctest::Approx(0.3).epsilon(1e-15));
  CHECK(m.correlations[1].value == -0.3);
}

TEST_CASE("a check without tolerance agrees to the last digit written, or to 1e-6") {
  const auto m = read(R"(
[states]
x = { unit = "cell", rate = "0", scale = 1, dose = true }

[[check]]
of = "x"
at = "0, 12 hour"
value = [1.25, 3_000]
unit = "cell"
doses = [{ into = "x", amount = "3 cell", at = "6 hour", duration = "1 hour" }]

[[check]]
of = "x"
at = "1 day"
value = 1.377511e7
unit = "cell"

[[check]]
of = "x"
statistic = "auc"
until = "28 day"
value = 5
unit = "cell day"
relative = 0.1
)");
  REQUIRE(m.checks.size() == 4);
  CHECK(m.checks[0].absolute == 0.01);
  CHECK(m.checks[0].relative == 1e-6);
  CHECK(m.checks[1].absolute == 1);
  CHECK(m.checks[1].time == 0.5);
  REQUIRE(m.checks[1].doses.size() == 1);
  CHECK(m.checks[1].doses[0].at == 0.25);
  CHECK(m.checks[1].doses[0].duration == 1.0 / 24);
  CHECK(m.checks[2].absolute == 10);
  CHECK(m.checks[3].absolute == 0);
  CHECK(m.checks[3].relative == 0.1);
}

TEST_CASE("a variant changes values, keeps the rest and has its own checks") {
  const std::string text = head + R"(
[parameters]
k = { value = 1, unit = "1/day", varies = { as = "log-normal", sd = 0.2 }, about = "loss" }

[states]
x = { unit = "cell", start = "5 'cell'", rate = "-k*x", scale = 1 }

[variants.slow]
about = "ten times slower"
[variants.slow.parameters]
k.value = 0.1
k.varies = { as = "log-normal", variance = 0.25 }

[[check]]
of = "x"
at = "0 day"
value = 5
unit = "cell"

[[check]]
variant = "slow"
of = "x"
at = "10 day"
value = 1.839
unit = "cell"
)";
  const auto base = model::read_model_text(text, "test.toml");
  const auto slow = model::read_model_text(text, "test.toml", "slow");
  CHECK(base.parameters[0].value == 1);
  CHECK(slow.parameters[0].value == 0.1);
  CHECK(slow.parameters[0].about == "loss");
  CHECK(slow.parameters[0].variability.sd == 0.5);
  REQUIRE(base.checks.size() == 1);
  CHECK(base.checks[0].time == 0);
  REQUIRE(slow.checks.size() == 1);
  CHECK(slow.checks[0].time == 10);
  REQUIRE(base.variants.size() == 1);
  CHECK(base.variants[0].name == "slow");
  CHECK(slow.variant == "slow");
  CHECK_THROWS_WITH_AS(model::read_model_text(text, "test.toml", "slwo"),
                       "test.toml:15:1: variants: has no \"slwo\" (did you mean \"slow\"?)", InputError);
}

TEST_CASE("an error in a variant is found at its place in the file") {
  const std::string text = head + R"(
[states]
x = { unit = "cell", start = "5 'cell'", rate = "0", scale = 1 }

[variants.other.states]
x.rate = "5"
[variants.other]
about = "wrong"
)";
  CHECK_THROWS_WITH_AS(model::read_model_text(text, "test.toml", "other"),
                       "test.toml:13:11: states.x.rate = \"5\": has unit 1, but must have unit cell/day", InputError);
}

TEST_CASE("a file that is not there is a problem of the user") {
  CHECK_THROWS_WITH_AS(model::read_model("/nowhere/at/all.toml"), "/nowhere/at/all.toml: cannot be read", InputError);
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(problems("[states]\nx = { about = \"\xc2\xb5\xc2\xb5\", unit = \"cell\", scale = 1, rate = \"k\" }\n") ==
        "test.toml:9:55: states.x.rate = \"k\": the name \"k\" is not known");
}

TEST_CASE("the example of the manual is a model") {
  const std::string manual = file_text(fs::path(CARINA_SOURCE_TREE) / "docs" / "language.md");
  std::string text;
  std::istringstream lines(manual.substr(manual.find("    model  = 1")));
  for (std::string line; std::getline(lines, line) && (line.empty() || line.starts_with("    "));) {
    text += (line.empty() ? line : line.substr(4)) + "\n";
  }
  const auto m = model::read_model_text(text, "language.toml");
  CHECK(m.parameters.size() == 2);
  CHECK(m.states.size() == 1);
  CHECK(m.checks.size() == 2);
}

TEST_CASE("a hostile file is refused, not crashed on") {
  CHECK(problems(std::string(100'000, '[')) != "none");
  std::string chain = "[derived]\nd0 = { is = \"1\", unit = \"1\" }\n";
  for (int i = 1; i < 1000; ++i) {
    chain += "d" + std::to_string(i) + " = { is = \"d" + std::to_string(i - 1) + "+1\", unit = \"1\" }\n";
  }
  CHECK(problems(chain + "[states]\nx = { unit = \"1\", scale = 1, start = \"d999\", rate = \"0\" }\n") == "none");
  CHECK(problems("[states]\nx = { unit = \"1\", scale = 1, rate = \"" + std::string(3000, '(') + "\" }\n")
            .find("nested deeper") != std::string::npos);
  CHECK(problems(std::string("[states]\nx = { unit = \"a\\u0000b\", scale = 1, rate = \"\\u0000\" }\n")) != "none");
}

TEST_CASE("every model of the library is read, each variant too, and written back to the same model") {
  const auto list = files(fs::path(CARINA_SOURCE_TREE) / "models");
  CHECK(list.size() >= 2);
  for (const fs::path& path : list) {
    CAPTURE(path.string());
    const model::Model base = model::check_model(path.string());
    CHECK_FALSE(base.title.empty());
    CHECK_FALSE(base.summary.empty());
    std::vector<std::string> variants = {""};
    for (const auto& variant : base.variants) variants.push_back(variant.name);
    for (const std::string& variant : variants) {
      const model::Model m = model::read_model(path.string(), variant);
      const std::string resolved = model::write_resolved(m);
      const model::Model again = model::read_model_text(resolved, m.file);
      CHECK(model::write_resolved(again) == resolved);
      REQUIRE(again.parameters.size() == m.parameters.size());
      for (std::size_t i = 0; i < m.parameters.size(); ++i) {
        CHECK(again.parameters[i].value == m.parameters[i].value);
        CHECK(again.parameters[i].variability.sd == m.parameters[i].variability.sd);
      }
      CHECK(again.graph.size() == m.graph.size());
      CHECK(again.checks.size() == m.checks.size());
      REQUIRE(again.states.size() == m.states.size());
      for (std::size_t i = 0; i < m.states.size(); ++i) CHECK(again.states[i].rate == m.states[i].rate);
    }
  }
}
