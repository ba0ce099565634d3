#include "base/units.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using carina::Unit;

namespace {

Unit unit(const std::string& text) {
  const auto parsed = Unit::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

double factor(const std::string& from, const std::string& to) {
  REQUIRE_MESSAGE(unit(from).convertible(unit(to)), from << " and " << to);
  return unit(from).factor_to(unit(to));
}

}  // namespace

TEST_CASE("a unit reads as it was written") {
  for (const std::string text :
       {"1", "cell", "cell/uL", "1/day", "pg/mL", "mg/(L day)", "copies/ug", "1e6 cell", "1e6 cell/kg", "cell^2", "cell^0.5",
        "%", "nM", "IU/L", "1/(nM day)", "CI/hour", "1/M/s", "mg/dL", "Gy/(uCi day)"}) {
    CAPTURE(text);
    CHECK(unit(unit(text).text()).factor_to(unit(text)) == 1);
  }
  CHECK(unit("mg L-1 h-1").text() == "mg/(L h)");
  CHECK(unit("m.s-2").text() == "m/s^2");
  CHECK(unit("mg/L/day").text() == "mg/(L day)");
  CHECK(unit("pg/mL/(1e9 cell)").text() == "pg/(1e9 mL cell)");
  CHECK(unit("  cell / uL ").text() == "cell/uL");
  CHECK(unit("cell**2").text() == "cell^2");
  CHECK(unit("1 1").text() == "1");
}

TEST_CASE("factors between units of one dimension are the short decimals they should be") {
  CHECK(factor("day", "hour") == 24);
  CHECK(factor("hour", "day") == 1.0 / 24);
  CHECK(factor("uL", "L") == 1e-6);
  CHECK(factor("L", "uL") == 1e6);
  CHECK(factor("cell/uL", "cell/L") == 1e6);
  CHECK(factor("pg/mL", "ng/L") == 1);
  CHECK(factor("mg/dL", "g/L") == 0.01);
  CHECK(factor("1/s", "1/day") == 86400);
  CHECK(factor("nM", "mol/L") == 1e-9);
  CHECK(factor("1/(M s)", "1/(nM day)") == 86400e-9);
  CHECK(factor("1e6 cell", "cell") == 1e6);
  CHECK(factor("1e9 cell", "1e6 cell") == 1e3);
  CHECK(factor("%", "1") == 0.01);
  CHECK(factor("m", "um") == 1e6);
  CHECK(factor("um^3", "pL") == 1e-3);
  CHECK(factor("kg", "g") == 1e3);
  CHECK(factor("mIU/mL", "IU/L") == 1);
  CHECK(factor("week", "day") == 7);
  CHECK(factor("kDa", "Da") == 1e3);
  CHECK(factor("kcell", "cell") == 1e3);
}

TEST_CASE("a year has 365.25 days and a month is a twelfth of it") {
  CHECK(factor("year", "day") == 365.25);
  CHECK(factor("month", "day") == 30.4375);
  CHECK(factor("year", "month") == 12);
}

TEST_CASE("the factor between equal scales is exactly one") {
  CHECK(factor("day", "24 hour") == 1);
  CHECK(factor("mL", "cm^3") == 1);
  CHECK(factor("uM", "umol/L") == 1);
  CHECK(factor("hour", "h") == 1);
  CHECK(factor("cells", "cell") == 1);
  CHECK(factor("copy", "copies") == 1);
}

TEST_CASE("cells, copies, IU and CI are dimensions of their own") {
  const std::vector<std::string> bases = {"cell", "copies", "IU", "CI", "1", "mol", "g"};
  for (const auto& a : bases) {
    for (const auto& b : bases) {
      CAPTURE(a + " " + b);
      CHECK(unit(a).convertible(unit(b)) == (a == b));
    }
  }
  CHECK_FALSE(unit("Ci").convertible(unit("CI")));
}

TEST_CASE("products, quotients and powers combine dimension, scale and text") {
  CHECK((unit("cell/uL") * unit("1/day")).text() == "cell/(uL day)");
  CHECK((unit("1/day") * unit("cell/uL")).text() == "cell/(uL day)");
  CHECK((unit("cell/uL") / unit("cell/uL")).text() == "1");
  CHECK((unit("cell/uL") / unit("cell/uL")).dimensionless());
  CHECK((unit("mg") / unit("L")).factor_to(unit("ug/mL")) == 1);
  CHECK(unit("cell").pow(0.5).pow(2).convertible(unit("cell")));
  CHECK(unit("cell").pow(1.0 / 3).pow(3).convertible(unit("cell")));
  CHECK((unit("cell").pow(1.0 / 3) * unit("cell").pow(2.0 / 3)).convertible(unit("cell")));
  CHECK(unit("cell/uL").pow(0).dimensionless());
  CHECK(unit("mL").pow(2).factor_to(unit("L^2")) == 1e-6);
  CHECK((unit("1e6 cell/(1e9 cell)") * unit("1e9 cell")).text() == "1e6 cell");
  CHECK(unit("%").dimensionless());
  CHECK(Unit().text() == "1");
  CHECK(Unit().scale() == 1);
}

TEST_CASE("what is no unit, or has an offset or a logarithm, is refused") {
  for (const std::string text : {"",
                                 " ",
                                 "dya",
                                 "cell/",
                                 "/day",
                                 "cell//uL",
                                 "degC",
                                 "Celsius",
                                 "dBm",
                                 "B",
                                 "cell^",
                                 "cell^0",
                                 "cell^99",
                                 "(cell",
                                 "cell)",
                                 "cell-uL",
                                 "0 cell",
                                 "-1 cell",
                                 "days since 2000-01-01",
                                 "cell\n",
                                 "1e400",
                                 "1e-400 cell",
                                 "cell'",
                                 "lg(re 1 mW)",
                                 "cell^x"}) {
    CAPTURE(text);
    CHECK_FALSE(Unit::parse(text).has_value());
  }
  CHECK_FALSE(Unit::parse(std::string(300, 'm')).has_value());
  CHECK_FALSE(Unit::parse(std::string(100, '(') + "m" + std::string(99, ')')).has_value());
}

TEST_CASE("a product after a slash must say what it means") {
  CHECK_FALSE(Unit::parse("mg/L day").has_value());
  CHECK(Unit::advice("mg/L day") == "put the product after / in parentheses, as in mg/(L day)");
  CHECK(Unit::parse("mg/(L day)").has_value());
}

TEST_CASE("the advice for a wrong unit names the nearest usual one") {
  CHECK(Unit::advice("dya") == "did you mean \"day\"?");
  CHECK(Unit::advice("1/dya") == "did you mean \"day\"?");
  CHECK(Unit::advice("cell/qqqqqq") == "\"qqqqqq\" is not a known unit");
  CHECK(Unit::advice("cell/uL").empty());
}

TEST_CASE("units can be read by several threads at once") {
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t i = 0; i < good.size(); ++i) {
    threads.emplace_back([&good, i] {
      for (int n = 0; n < 200; ++n) good[i] += Unit::parse("pg/mL")->factor_to(*Unit::parse("g/L")) == 1e-9 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : good) CHECK(count == 200);
}
