#include "therapy/waiting.h"

#include <doctest/doctest.h>

#include <cmath>

#include "therapy/burden.h"
#include "therapy/centre.h"

using namespace carina::therapy;
using doctest::Approx;

TEST_CASE("mortality rises with waiting and overtakes chemotherapy between 8 and 9 months") {
  const WaitingModel model = waiting_model();
  double last = 0;
  for (int quarter = 0; quarter <= 48; ++quarter) {
    const double wait = quarter / 4.0;
    const double now = mortality(model, wait, 12);
    CHECK(now > last);
    last = now;
  }
  CHECK(mortality(model, 8, 12) < chemotherapy_mortality(model, 12));
  CHECK(mortality(model, 9, 12) > chemotherapy_mortality(model, 12));
  CHECK(break_even_wait(model, 12) == Approx(8.806).epsilon(1e-3));
}

TEST_CASE("the waiting model gives the four outputs that set it") {
  const WaitingModel model = waiting_model();
  CHECK(mortality(model, 0, 12) == Approx(0.340).epsilon(1e-9));
  CHECK(mortality(model, 1, 12) == Approx(0.361).epsilon(1e-9));
  CHECK(mortality(model, 9, 12) == Approx(0.763).epsilon(1e-9));
  CHECK(chemotherapy_mortality(model, 12) == Approx(0.751).epsilon(1e-9));
  CHECK(model.growth > 0);
  CHECK(model.waiting > model.treated);
}

TEST_CASE("a constant waiting hazard crosses between 8 and 9 months too, and misses the month's wait") {
  const WaitingModel model = constant_waiting_model();
  CHECK(mortality(model, 9, 12) == Approx(0.763).epsilon(1e-9));
  CHECK(break_even_wait(model, 12) > 8);
  CHECK(break_even_wait(model, 12) < 9);
  CHECK(mortality(model, 1, 12) > 0.40);  // published 0.361
}

TEST_CASE("there is no break-even where waiting costs nothing or treatment never helps") {
  CHECK(std::isnan(break_even_wait({0.03, 0, 0.03, 0.1}, 12)));
  CHECK(std::isnan(break_even_wait({0.3, 0, 0.2, 0.1}, 12)));
}

TEST_CASE("patients on the pathway die while they wait as the waiting model says") {
  // one growth rate for all, and a hazard with an exponent: growth of the hazard = exponent x growth rate
  const WaitingModel model = waiting_model();
  const double exponent = 0.3;
  Pathway pathway;
  pathway.screening.days = {0, 0, 0};
  pathway.burden_limit = 1e30;
  pathway.hazards[0] = {model.waiting / days_a_month, exponent};
  std::vector<Patient> patients(40'000);
  for (std::size_t i = 0; i < patients.size(); ++i) {
    patients[i].number = i;
    patients[i].weight = 70;
    patients[i].burden = reference_burden;
    patients[i].growth = model.growth / days_a_month / exponent;
  }
  for (const double wait : {1.0, 9.0}) {
    Centre none;
    none.slots_per_month = 0;
    const CentreSummary summary = summarize(run_cohort(patients, pathway, {&none, 1}, 1, {.until = wait * days_a_month}));
    const double expected = mortality(model, wait, wait);
    const double died = summary.died_share;
    CAPTURE(wait);
    CHECK(std::abs(died - expected) < 4 * std::sqrt(expected * (1 - expected) / 40'000));
  }
}

TEST_CASE("Kourelis: a list with the published wait is as long as published lists, and the other way round") {
  // 17 centres: 1 slot a month, 20 (5 to 100) waiting, 6 (2 to 8) months, 25 % treated
  const WaitingList by_wait = list_with_wait(1, 0.25, 6);
  CHECK(by_wait.arrivals == Approx(4));
  CHECK(by_wait.length == Approx(12.98).epsilon(1e-3));
  CHECK(by_wait.length > 5);
  CHECK(by_wait.length < 100);
  const WaitingList by_length = list_with_length(1, 0.25, 20);
  CHECK(by_length.leaving == Approx(0.15));
  CHECK(by_length.wait == Approx(9.24).epsilon(1e-3));
}
