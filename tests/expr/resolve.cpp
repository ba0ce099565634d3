#include "expr/resolve.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/names.h"

using namespace carina;

namespace {

// Names with units for the formulas under test: state E, parameters, and their values.
struct Bench {
  expr::Graph graph;
  Problems problems;
  expr::Scope scope;
  std::vector<double> values;

  Bench() {
    add("E", "copies/ug", 8);
    add("rho", "1/day", 0.5);
    add("Tmax", "day", 9);
    add("perL", "cell/L", 2e6);
    add("peruL", "cell/uL", 3);
    add("n", "1", 2);
    add("half", "cell/uL", 1);
    add("part", "%", 50);
  }

  void add(const std::string& name, const std::string& unit, double value) {
    scope[name] = {graph.parameter(static_cast<std::uint32_t>(values.size())), *Unit::parse(unit)};
    values.push_back(value);
  }

  expr::Formula formula(const std::string& text) {
    expr::Formula f;
    f.text = text;
    f.file = "m.toml";
    f.path = "states.E.rate";
    f.place = [](std::size_t at) { return std::pair<int, int>(3, static_cast<int>(at) + 1); };
    return f;
  }

  // The value of the formula in `unit` at t = 4 day, or the problems as text.
  std::string value(const std::string& text, const std::string& unit) {
    problems = {};
    const expr::Formula f = formula(text);
    const auto ast = expr::parse_formula(f, problems);
    expr::Resolver resolver(graph, problems, *Unit::parse("day"));
    const expr::NodeId node = ast ? resolver.number(f, *ast, scope, *Unit::parse(unit)) : expr::no_node;
    stripped = resolver.stripped();
    std::string report;
    for (const Problem& problem : problems.list()) report += (report.empty() ? "" : "\n") + problem.text();
    CHECK((node == expr::no_node) == !report.empty());
    if (node == expr::no_node) return report;
    expr::Leaves leaves;
    leaves.time = 4;
    leaves.parameters = values.data();
    return number_text(graph.evaluate(node, leaves));
  }

  std::vector<expr::Stripped> stripped;
};

}  // namespace

TEST_CASE("formulas of matching units give their value in the unit that is wanted") {
  Bench bench;
  CHECK(bench.value("rho*E", "copies/(ug day)") == "4");
  CHECK(bench.value("rho*E", "copies/(ug hour)") == number_text(4.0 / 24));
  CHECK(bench.value("t", "day") == "4");
  CHECK(bench.value("t + 24 'hour'", "day") == "5");
  CHECK(bench.value("-n^2", "1") == "-4");
  CHECK(bench.value("sqrt(perL*perL)", "cell/L") == number_text(2e6));
  CHECK(bench.value("part*n", "1") == "1");
  CHECK(bench.value("exp(0*rho*t)", "1") == "1");
  CHECK(bench.value("floor(t/(3 'day'))", "1") == "1");
  CHECK(bench.value("log10(100)", "1") == "2");
  CHECK(bench.value("abs(-rho)", "1/day") == "0.5");
  CHECK(bench.value("pow(Tmax, 2)", "day^2") == "81");
  CHECK(bench.value("min(3, n, 5)", "1") == "2");
  CHECK(bench.value("max(0, rho)", "1/day") == "0.5");
  CHECK(bench.value("tanh(0)", "1") == "0");
}

TEST_CASE("where scales differ the factor is put in") {
  Bench bench;
  CHECK(bench.value("perL + peruL", "cell/uL") == "5");
  CHECK(bench.value("peruL - perL", "cell/uL") == "1");
  CHECK(bench.value("if(perL < peruL, 1, 2)", "1") == "1");
  CHECK(bench.value("max(perL, peruL)", "cell/uL") == "3");
  CHECK(bench.value("hill(perL, half, 2)", "1") == "0.8");
  CHECK(bench.value("hill(perL, half, n)", "1") == "0.8");
  CHECK(bench.value("exp(part)/exp(0.5)", "1") == "1");
  CHECK(bench.value("piecewise(perL, t < 1 'day', peruL, t < 5 'day', 0)", "cell/uL") == "3");
}

TEST_CASE("equal scales leave no factor behind") {
  Bench bench;
  const std::size_t before = bench.graph.size();
  CHECK(bench.value("peruL + 1 'cell/mm^3'", "cell/uL") == "4");
  CHECK(bench.graph.size() == before + 2);  // the constant and the sum
}

TEST_CASE("zero fits any unit, any other number does not") {
  Bench bench;
  CHECK(bench.value("if(E > 0, rho*E, 0)", "copies/(ug day)") == "4");
  CHECK(bench.value("0", "copies/ug") == "0");
  CHECK(bench.value("max(E, 1)", "copies/ug") ==
        "m.toml:3:8: states.E.rate = \"max(E, 1)\": the term \"1\" has unit 1, but \"E\" has unit copies/ug "
        "(a number with a unit is written 1 'copies/ug')");
}

TEST_CASE("a wrong unit names the term, both units, line and column") {
  Bench bench;
  CHECK(bench.value("rho*E + Tmax", "copies/(ug day)") ==
        "m.toml:3:9: states.E.rate = \"rho*E + Tmax\": the term \"Tmax\" has unit day, but \"rho*E\" has unit copies/(ug "
        "day)");
  CHECK(
      bench.value("rho*E + rho*E - (E + E)", "copies/(ug day)") ==
      "m.toml:3:17: states.E.rate = \"rho*E + rho*E - (E + E)\": the term \"(E + E)\" has unit copies/ug, but \"rho*E\" has "
      "unit copies/(ug day)");
  CHECK(bench.value("exp(-Tmax)", "1") ==
        "m.toml:3:5: states.E.rate = \"exp(-Tmax)\": the argument of exp \"-Tmax\" has unit day, but must be dimensionless "
        "(divide it by a reference value)");
  CHECK(bench.value("E^n", "1") ==
        "m.toml:3:3: states.E.rate = \"E^n\": \"E\" has unit copies/ug, so its exponent \"n\" must be a constant number "
        "(divide the base by a reference value)");
  CHECK(bench.value("E^51", "1") == "m.toml:3:3: states.E.rate = \"E^51\": the exponent is larger than 50");
  CHECK(bench.value("2^rho", "1") ==
        "m.toml:3:3: states.E.rate = \"2^rho\": the exponent \"rho\" has unit 1/day, but must be dimensionless (divide it "
        "by a "
        "reference value)");
  CHECK(bench.value("if(t > E, 1, 2)", "1") ==
        "m.toml:3:8: states.E.rate = \"if(t > E, 1, 2)\": the term \"E\" has unit copies/ug, but \"t\" has unit day");
  CHECK(bench.value("rho*E", "copies/ug") ==
        "m.toml:3:1: states.E.rate = \"rho*E\": has unit copies/(ug day), but must have unit copies/ug");
  CHECK(bench.value("5 'dya'", "day") ==
        "m.toml:3:4: states.E.rate = \"5 'dya'\": \"dya\" is not a unit (did you mean \"day\"?)");
}

TEST_CASE("conditions and numbers are not mixed") {
  Bench bench;
  CHECK(bench.value("(t > Tmax)*E", "copies/ug") ==
        "m.toml:3:1: states.E.rate = \"(t > Tmax)*E\": \"(t > Tmax)\" is a condition where a number is expected "
        "(if(condition, 1, 0) makes a number of it)");
  CHECK(bench.value("if(n, 1, 2)", "1") ==
        "m.toml:3:4: states.E.rate = \"if(n, 1, 2)\": \"n\" is a number where a condition is expected (if(condition, value, "
        "otherwise))");
  CHECK(bench.value("if(n and t > Tmax, 1, 2)", "1") ==
        "m.toml:3:4: states.E.rate = \"if(n and t > Tmax, 1, 2)\": \"n\" is a number where a condition is expected (compare "
        "it, "
        "as in n > 0)");
  CHECK(bench.value("t > Tmax", "1") ==
        "m.toml:3:1: states.E.rate = \"t > Tmax\": is a condition where a number is expected (if(condition, 1, 0) makes a "
        "number "
        "of it)");
}

TEST_CASE("unknown names and functions suggest the nearest, once each") {
  Bench bench;
  CHECK(bench.value("tmax + tmax + rhoo*day", "day") ==
        "m.toml:3:1: states.E.rate = \"tmax + tmax + rhoo*day\": the name \"tmax\" is not known (did you mean \"Tmax\"?)\n"
        "m.toml:3:15: states.E.rate = \"tmax + tmax + rhoo*day\": the name \"rhoo\" is not known (did you mean \"rho\"?)\n"
        "m.toml:3:20: states.E.rate = \"tmax + tmax + rhoo*day\": the name \"day\" is not known");
  CHECK(bench.value("epx(n)", "1") ==
        "m.toml:3:1: states.E.rate = \"epx(n)\": the function \"epx\" is not known (did you mean \"exp\"?)");
  CHECK(bench.value("exp", "1") == "m.toml:3:1: states.E.rate = \"exp\": \"exp\" is a function (write exp(...))");
  CHECK(bench.value("exp(n, n)", "1") == "m.toml:3:1: states.E.rate = \"exp(n, n)\": exp() takes 1 argument, not 2");
  CHECK(bench.value("piecewise(1, t > Tmax, 2, t > Tmax)", "1") ==
        "m.toml:3:1: states.E.rate = \"piecewise(1, t > Tmax, 2, t > Tmax)\": piecewise() ends with the value for all other "
        "cases "
        "(piecewise(value1, condition1, value2, condition2, ..., otherwise))");
}

TEST_CASE("all problems of a formula are reported, not only the first") {
  Bench bench;
  CHECK(bench.value("(rho + Tmax)*E + exp(E)", "1").find('\n') != std::string::npos);
}

TEST_CASE("in() strips a unit and is remembered") {
  Bench bench;
  CHECK(bench.value("in(perL, 'cell/uL')^0.5", "1") == number_text(1.4142135623730951));
  REQUIRE(bench.stripped.size() == 1);
  CHECK(bench.stripped[0].term == "perL");
  CHECK(bench.stripped[0].unit == "cell/uL");
  CHECK(bench.stripped[0].path == "states.E.rate");
  CHECK(bench.value("in(E, 'day')", "1") ==
        "m.toml:3:4: states.E.rate = \"in(E, 'day')\": \"E\" has unit copies/ug, which cannot be taken in day");
}

TEST_CASE("of a long formula the message shows the part around the term") {
  Bench bench;
  std::string text = "n";
  for (int i = 0; i < 60; ++i) text += " + n";
  text += " + Tmax";
  for (int i = 0; i < 60; ++i) text += " + n";
  const std::string report = bench.value(text, "1");
  CHECK(report.find("\"...n + n + n") != std::string::npos);
  CHECK(report.find("Tmax + n") != std::string::npos);
  CHECK(report.size() < 260);
}
