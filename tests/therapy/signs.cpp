#include "therapy/signs.h"

#include <doctest/doctest.h>

using namespace carina::therapy;

TEST_CASE("signs: a vasopressor is high from its own limit on, after 3 hours") {
  const auto high = [](VasopressorDoses doses) {
    doses.hours = 3;
    return high_dose_vasopressors(doses);
  };
  CHECK(high({.noradrenaline_ug_per_min = 20}));
  CHECK(!high({.noradrenaline_ug_per_min = 19.9}));
  CHECK(high({.adrenaline_ug_per_min = 10}));
  CHECK(!high({.adrenaline_ug_per_min = 9.9}));
  CHECK(high({.dopamine_ug_per_kg_per_min = 10}));
  CHECK(!high({.dopamine_ug_per_kg_per_min = 9.9}));
  CHECK(high({.phenylephrine_ug_per_min = 200}));
  CHECK(!high({.phenylephrine_ug_per_min = 199}));
  CHECK(!high_dose_vasopressors({.noradrenaline_ug_per_min = 40, .hours = 2.9}));
  CHECK(!high({}));
  CHECK(!high({.vasopressin = true}));
}

TEST_CASE("signs: several vasopressors count by their noradrenaline equivalent, 20, or 10 beside vasopressin") {
  VasopressorDoses doses = {.noradrenaline_ug_per_min = 8,
                            .adrenaline_ug_per_min = 4,
                            .dopamine_ug_per_kg_per_min = 8,
                            .phenylephrine_ug_per_min = 40,
                            .hours = 4};
  CHECK(high_dose_vasopressors(doses));  // 8 + 4 + 4 + 4 = 20
  doses.phenylephrine_ug_per_min = 39;
  CHECK(!high_dose_vasopressors(doses));
  doses = {.noradrenaline_ug_per_min = 10, .vasopressin = true, .hours = 4};
  CHECK(high_dose_vasopressors(doses));
  doses.noradrenaline_ug_per_min = 9.9;
  CHECK(!high_dose_vasopressors(doses));
}

TEST_CASE("signs: creatinine and transaminases have CTCAE's limits, the limit itself still the lower grade") {
  CHECK(creatinine_grade(1, 1) == 0);
  CHECK(creatinine_grade(1.01, 1) == 1);
  CHECK(creatinine_grade(1.5, 1.5) == 1);
  CHECK(creatinine_grade(1.51, 1) == 2);
  CHECK(creatinine_grade(3, 1) == 2);
  CHECK(creatinine_grade(3.01, 1) == 3);
  CHECK(creatinine_grade(6, 1) == 3);
  CHECK(creatinine_grade(6.01, 1) == 4);
  CHECK(creatinine_grade(0.9, 1.2) == 0);
  CHECK(creatinine_grade(0.9, 1.51) == 2);
  CHECK(creatinine_grade(0.9, 3.01) == 3);
  CHECK(creatinine_grade(0.9, 9) == 3);
  CHECK(transaminase_grade(1) == 0);
  CHECK(transaminase_grade(1.1) == 1);
  CHECK(transaminase_grade(3) == 1);
  CHECK(transaminase_grade(3.1) == 2);
  CHECK(transaminase_grade(5) == 2);
  CHECK(transaminase_grade(5.1) == 3);
  CHECK(transaminase_grade(20) == 3);
  CHECK(transaminase_grade(20.1) == 4);
}

TEST_CASE("signs: columns give back the points that were written, and new points are well patients") {
  SignColumns columns;
  columns.resize(3);
  const Signs ill = {.temperature = 39,
                     .fio2 = 0.6F,
                     .hypotension = Hypotension::FluidBoluses,
                     .vasopressors = 2,
                     .oxygen = Oxygen::HighFlow,
                     .creatinine = 1,
                     .transaminases = 2,
                     .other_organ = 3,
                     .tocilizumab = 1,
                     .flags = sign::attributed | sign::icu};
  columns.set(1, 2.5, ill);
  const Signs back = columns.at(1);
  CHECK(columns.day[1] == 2.5);
  CHECK(back.temperature == ill.temperature);
  CHECK(back.fio2 == ill.fio2);
  CHECK(back.hypotension == ill.hypotension);
  CHECK(back.vasopressors == ill.vasopressors);
  CHECK(back.oxygen == ill.oxygen);
  CHECK(back.creatinine == ill.creatinine);
  CHECK(back.transaminases == ill.transaminases);
  CHECK(back.other_organ == ill.other_organ);
  CHECK(back.tocilizumab == ill.tocilizumab);
  CHECK(back.flags == ill.flags);
  CHECK(columns.at(2).temperature == 37);
  CHECK(columns.at(2).fio2 == 0.21F);
  const SignsCourse patient = {&columns, 1, 2};
  CHECK(patient.day(0) == 2.5);
  CHECK(patient.at(0).vasopressors == 2);
  CHECK(patient.lasts(1) == 0);
}

TEST_CASE("signs: fever is masked from the first drug after attributed fever on, for one patient only") {
  const auto masked = [](std::uint16_t fever_flags, const Signs& drug) {
    SignColumns columns;
    columns.resize(4);
    columns.set(0, 0, {.temperature = 38, .flags = fever_flags});
    columns.set(1, 1, drug);
    mask_fever(columns, 0, 3);
    CHECK(!columns.at(0).is(sign::fever_masked));
    CHECK(!columns.at(3).is(sign::fever_masked));
    CHECK(columns.at(1).is(sign::fever_masked) == columns.at(2).is(sign::fever_masked));
    return columns.at(2).is(sign::fever_masked);
  };
  CHECK(masked(sign::attributed, {.tocilizumab = 1}));
  CHECK(masked(sign::attributed, {.flags = sign::antipyretic}));
  CHECK(masked(sign::attributed, {.flags = sign::steroid}));
  CHECK(!masked(sign::attributed, {}));
  CHECK(!masked(0, {.tocilizumab = 1}));
}
