#include "expr/quantity.h"

#include <doctest/doctest.h>

using namespace carina;

TEST_CASE("a quantity is a number and a unit") {
  std::string why;
  const auto dose = expr::parse_quantity("450e6 cell", why);
  REQUIRE(dose);
  CHECK(dose->value == 450e6);
  CHECK(dose->unit->text() == "cell");
  CHECK(expr::parse_quantity(" -1.73 1/day ", why)->value == -1.73);
  CHECK(expr::parse_quantity("+2 day", why)->value == 2);
  CHECK_FALSE(expr::parse_quantity("5", why)->unit.has_value());
  CHECK(expr::parse_quantity("5 %", why)->unit->dimensionless());
  CHECK_FALSE(expr::parse_quantity("day", why));
  CHECK(why == "a quantity is a number and a unit, as in 7 day");
  CHECK_FALSE(expr::parse_quantity("nan day", why));
  CHECK_FALSE(expr::parse_quantity("7 dya", why));
  CHECK(why == "\"dya\" is not a unit; did you mean \"day\"?");
}

TEST_CASE("a list of quantities shares the unit that follows") {
  std::string why;
  const auto list = expr::parse_quantities("0, 1, 7 day, 2 month", why);
  REQUIRE(list);
  REQUIRE(list->size() == 4);
  CHECK((*list)[1].unit->text() == "day");
  CHECK((*list)[3].unit->text() == "month");
  CHECK_FALSE(expr::parse_quantities("0, , 7 day", why));
  CHECK_FALSE(expr::parse_quantities("", why));
}
