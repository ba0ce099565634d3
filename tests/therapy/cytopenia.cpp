#include "therapy/cytopenia.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace carina::therapy;

TEST_CASE("cytopenia: every limit of CTCAE, the limit itself still the lower grade") {
  CHECK(neutrophil_grade(2000, 2000) == 0);
  CHECK(neutrophil_grade(1999, 2000) == 1);
  CHECK(neutrophil_grade(1500, 2000) == 1);
  CHECK(neutrophil_grade(1499, 2000) == 2);
  CHECK(neutrophil_grade(1000, 2000) == 2);
  CHECK(neutrophil_grade(999, 2000) == 3);
  CHECK(neutrophil_grade(500, 2000) == 3);
  CHECK(neutrophil_grade(499, 2000) == 4);
  CHECK(neutrophil_grade(1400, 1300) == 2);
  CHECK(platelet_grade(150, 150) == 0);
  CHECK(platelet_grade(149, 150) == 1);
  CHECK(platelet_grade(75, 150) == 1);
  CHECK(platelet_grade(74.9, 150) == 2);
  CHECK(platelet_grade(50, 150) == 2);
  CHECK(platelet_grade(49.9, 150) == 3);
  CHECK(platelet_grade(25, 150) == 3);
  CHECK(platelet_grade(24.9, 150) == 4);
  CHECK(haemoglobin_grade(12, 12) == 0);
  CHECK(haemoglobin_grade(11.9, 12) == 1);
  CHECK(haemoglobin_grade(10, 12) == 1);
  CHECK(haemoglobin_grade(9.9, 12) == 2);
  CHECK(haemoglobin_grade(8, 12) == 2);
  CHECK(haemoglobin_grade(7.9, 12) == 3);
  CHECK(haemoglobin_grade(1, 12) == 3);
}

TEST_CASE("cytopenia: unresolved at a day is told by the last count by then") {
  const std::vector<double> days = {3, 14, 28, 56};
  const std::vector<std::uint8_t> grades = {4, 3, 3, 1};
  CHECK(!unresolved(days, grades, 2).has_value());
  CHECK(unresolved(days, grades, 3) == true);
  CHECK(unresolved(days, grades, 28) == true);
  CHECK(unresolved(days, grades, 55.9) == true);
  CHECK(unresolved(days, grades, 56) == false);
  CHECK(unresolved(days, grades, 28, 4) == false);
}

TEST_CASE("cytopenia: low days are summed within the window, the longest stretch too") {
  const std::vector<double> days = {-5, 2, 6, 10, 11, 50};
  const std::vector<double> counts = {1000, 500, 300, 501, 100, 500};
  const LowDays severe = low_days(days, counts, severe_neutropenia, 0, 60);
  CHECK(severe.total == 8 + 39 + 10);  // 2 to 10, 11 to 50, 50 to 60
  CHECK(severe.longest == 49);
  const LowDays grade_4 = low_days(days, counts, {500, false}, 0, 60);
  CHECK(grade_4.total == 4 + 39);
  CHECK(grade_4.longest == 39);
  CHECK(low_days(days, counts, profound_neutropenia, 0, 20).total == 9);
  CHECK(low_days(days, counts, severe_neutropenia, 4, 5).total == 1);
  CHECK(low_days({}, {}, severe_neutropenia, 0, 60).total == 0);
}

TEST_CASE("cytopenia: a count has recovered when it stays up for as long as the rule asks") {
  const std::vector<double> days = {0, 5, 12, 14, 16, 17, 19, 21};
  const std::vector<double> counts = {2000, 100, 600, 400, 500, 900, 1200, 1500};
  CHECK(recovery_day(days, counts, {500, 0}) == 12);
  CHECK(recovery_day(days, counts, {500, 3}) == 16);
  CHECK(recovery_day(days, counts, {1000, 2}) == 19);
  CHECK(std::isnan(recovery_day(days, counts, {1000, 3})));
  CHECK(std::isnan(recovery_day(days, counts, {50, 0})));
}

TEST_CASE("cytopenia: hypogammaglobulinaemia is IgG below 4 g/L") {
  CHECK(hypogammaglobulinaemia(3.9));
  CHECK(!hypogammaglobulinaemia(4));
}
