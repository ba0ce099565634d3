#include "therapy/visits.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace carina::therapy;

TEST_CASE("a schedule has its first visits as given, then evenly spaced ones up to the end") {
  const std::array days = {28.0, 60.0, 90.0};
  const std::vector<Visit> visits = visit_schedule(days, 90, 360, Assays::Marrow);
  REQUIRE(visits.size() == 6);
  CHECK(visits[0].day == 28);
  CHECK(visits[3].day == 180);
  CHECK(visits[5].day == 360);
  CHECK(visits[5].assays == Assays::Marrow);
  CHECK(visit_schedule({}, 100, 250).size() == 2);
}

TEST_CASE("what begins between visits is found at the next visit with the assay, and is clear at the last one before") {
  const std::vector<Visit> visits = {{28, Assays::All},
                                     {60, Assays::Counts},
                                     {90, Assays::None},
                                     {120, Assays::Marrow | Assays::Counts},
                                     {180, Assays::All}};
  Detection marrow = detect(visits, 61, Assays::Marrow);
  CHECK(marrow.last_clear == 28);
  CHECK(marrow.found == 120);
  CHECK(detect(visits, 60, Assays::Counts).found == 60);
  CHECK(detect(visits, 60.1, Assays::Counts).found == 120);
  CHECK(detect(visits, 60.1, Assays::Counts).last_clear == 60);
  CHECK(detect(visits, 10, Assays::Marrow | Assays::MarrowMrd).found == 28);
  CHECK(detect(visits, 10, Assays::Marrow).last_clear == 0);
  CHECK(detect(visits, 30, Assays::Marrow | Assays::Ct).found == 180);
  CHECK(detect(visits, 181, Assays::Marrow).found == never);
  CHECK(detect(visits, 181, Assays::Marrow).last_clear == 180);
  CHECK(detect(visits, 10, Assays::Marrow, 100).found == 120);
  CHECK(detect(visits, 10, Assays::Marrow, 120).found == 120);
  CHECK(detect(visits, 10, Assays::Marrow, 100).last_clear == 100);
}
