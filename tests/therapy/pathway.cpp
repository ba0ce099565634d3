#include "therapy/pathway.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "therapy/cohort.h"

using namespace carina::therapy;
using doctest::Approx;

namespace {

Pathway risky() {
  Pathway pathway = eliana_pathway();
  pathway.process.failure = 0.3;
  pathway.process.attempts = 3;
  pathway.process.use_out_of_specification = false;
  for (Hazard& hazard : pathway.hazards) hazard.rate = 0.002;
  return pathway;
}

bool happened(const Journey& journey, Step step) { return !std::isnan(day_of(journey, step)); }

}  // namespace

TEST_CASE("every referred patient ends in exactly one way, and every way occurs") {
  std::array<int, pathway_ends> ends{};
  const auto patients = cohort::many(cohort::leukaemia, 20'000, 1);
  for (const Patient& patient : patients) {
    const Journey way = journey(patient, risky(), 1);
    ++ends[static_cast<std::size_t>(way.end)];
    const bool infused = happened(way, Step::Infusion);
    CHECK(infused == (way.end == PathwayEnd::Infused));
    const auto leavings = std::count_if(way.events.begin(), way.events.end(),
                                        [](const PathwayEvent& event) { return event.step == Step::Leaving; });
    CHECK(leavings == (infused ? 0 : 1));
    CHECK(way.ended == (infused ? day_of(way, Step::Infusion) : way.events.back().day));
  }
  int sum = 0;
  for (std::size_t i = 0; i < pathway_ends; ++i) {
    CAPTURE(name(static_cast<PathwayEnd>(i)));
    sum += ends[i];
    // no calendar ends here, and few collect so little
    if (static_cast<PathwayEnd>(i) != PathwayEnd::Underway) CHECK(ends[i] > 0);
  }
  CHECK(sum == 20'000);
  CHECK(ends[static_cast<std::size_t>(PathwayEnd::Underway)] == 0);
}

TEST_CASE("events are in the order of time, and the steps before an infusion all happened") {
  for (const Patient& patient : cohort::many(cohort::leukaemia, 2000, 1)) {
    const Journey way = journey(patient, risky(), 1);
    for (std::size_t i = 1; i < way.events.size(); ++i) CHECK(way.events[i - 1].day <= way.events[i].day);
    if (way.end != PathwayEnd::Infused) continue;
    double last = way.events.front().day;
    for (const Step step :
         {Step::Eligible, Step::Slot, Step::Apheresis, Step::Accepted, Step::Enrolment, Step::Shipped, Step::Received,
          Step::Activation, Step::Harvest, Step::Released, Step::Infusion, Step::MonitoringEnd, Step::FollowUpEnd}) {
      CAPTURE(name(step));
      CHECK(day_of(way, step) >= last);
      last = day_of(way, step);
    }
    CHECK(way.product.cells > 0);
    CHECK(way.product.out_of_specification == 0);
  }
}

TEST_CASE("enrolment begins when the leukapheresis is accepted: who fails before is not enrolled") {
  int before = 0;
  for (const Patient& patient : cohort::many(cohort::leukaemia, 5000, 1)) {
    const Journey way = journey(patient, risky(), 1);
    if (happened(way, Step::Enrolment)) {
      CHECK(day_of(way, Step::Enrolment) == day_of(way, Step::Accepted));
    } else {
      ++before;
      CHECK_FALSE(happened(way, Step::Shipped));
    }
  }
  CHECK(before > 100);
}

TEST_CASE("the same patient has the same way in any company, and another seed another") {
  const auto patients = cohort::many(cohort::leukaemia, 500, 1);
  std::vector<Journey> there, back;
  for (const Patient& patient : patients) there.push_back(journey(patient, risky(), 1));
  for (auto patient = patients.rbegin(); patient != patients.rend(); ++patient) {
    back.push_back(journey(*patient, risky(), 1));
  }
  std::reverse(back.begin(), back.end());
  CHECK(cohort::hash(there) == cohort::hash(back));
  there[0] = journey(patients[0], risky(), 2);
  CHECK(cohort::hash(there) != cohort::hash(back));
}

TEST_CASE("a patient keeps the luck of one draw when another is no longer made") {
  Pathway with = eliana_pathway(), without = with;
  without.bridging.share = 0;
  for (const Patient& patient : cohort::many(cohort::leukaemia, 200, 1)) {
    const Journey a = journey(patient, with, 1), b = journey(patient, without, 1);
    CHECK(a.ended == b.ended);
    CHECK(a.product.cells == b.product.cells);
    CHECK(a.burden <= b.burden);
  }
}

TEST_CASE("remanufacture turns about half of the failures into products, later") {
  Pathway once = eliana_pathway();
  once.process.failure = 0.3;
  Pathway twice = once;
  twice.process.attempts = 2;
  int failed = 0, rescued = 0;
  for (const Patient& patient : cohort::many(cohort::leukaemia, 20'000, 1)) {
    const Journey first = journey(patient, once, 1), second = journey(patient, twice, 1);
    if (first.end != PathwayEnd::NotMade) {
      CHECK(second.ended == first.ended);
      continue;
    }
    ++failed;
    CHECK(second.attempts == 2);
    CHECK(second.ended > first.ended + once.process.again);
    rescued += second.end == PathwayEnd::Infused;
  }
  CHECK(std::abs(rescued - 0.5 * failed) < 4 * std::sqrt(0.25 * failed));
}

TEST_CASE("products out of specification are infused where that is allowed, and lost where it is not") {
  Pathway allowed = eliana_pathway();
  allowed.process.failure = 0;
  allowed.process.release_viability = 0.8;
  Pathway refused = allowed;
  refused.process.use_out_of_specification = false;
  int given = 0, enrolled = 0;
  for (const Patient& patient : cohort::many(cohort::leukaemia, 20'000, 1)) {
    const Journey a = journey(patient, allowed, 1), b = journey(patient, refused, 1);
    if (!happened(a, Step::Enrolment)) continue;
    ++enrolled;
    CHECK(a.end == PathwayEnd::Infused);
    const bool out = a.product.out_of_specification != 0;
    CHECK(happened(a, Step::ReleasedOutOfSpecification) == out);
    CHECK((b.end == PathwayEnd::Infused) == !out);
    given += out;
  }
  CHECK(static_cast<double>(given) / enrolled > 0.12);  // viability alone: 13.5 %
  CHECK(static_cast<double>(given) / enrolled < 0.18);
}

TEST_CASE("screening keeps its rules") {
  Pathway pathway = juliet_pathway();
  Patient patient = cohort::lymphoma(1, 1);
  CHECK(journey(patient, pathway, 1).end == PathwayEnd::Infused);
  patient.lymphocytes = 299;
  CHECK(journey(patient, pathway, 1).end == PathwayEnd::Ineligible);
  patient.lymphocytes = 300;
  CHECK(journey(patient, pathway, 1).end != PathwayEnd::Ineligible);
  patient.prior_transplant = true;
  CHECK(journey(patient, pathway, 1).end == PathwayEnd::Ineligible);
  patient.prior_transplant = false;
  patient.age = 17;
  CHECK(journey(patient, pathway, 1).end == PathwayEnd::Ineligible);
  patient.age = 40;
  patient.prior_lines = 1;
  CHECK(journey(patient, pathway, 1).end == PathwayEnd::Ineligible);
}

TEST_CASE("bridging holds the burden of a cancer that would grow") {
  Pathway bridged = eliana_pathway();
  bridged.screening.other_failure = 0;
  bridged.process.failure = 0;
  bridged.bridging = {1, 3, {0, 0.07, 0}};
  Pathway unbridged = bridged;
  unbridged.bridging.share = 0;
  Patient patient = cohort::leukaemia(1, 3);
  patient.burden = 1e9;
  patient.growth = 0.07;
  const Journey held = journey(patient, bridged, 1), grown = journey(patient, unbridged, 1);
  const double collected = day_of(held, Step::Apheresis);
  CHECK(held.burden == Approx(1e9 * std::exp(0.07 * (collected + 3))));
  CHECK(grown.burden == Approx(1e9 * std::exp(0.07 * grown.ended)));
}

TEST_CASE("every problem of a pathway is found at once") {
  Pathway pathway = eliana_pathway();
  pathway.process.failure = 1;
  pathway.process.dose = {{true, 0.2e6, 5e6, 0, 50}};
  pathway.hazards[1].rate = -1;
  pathway.collection.sessions = 0;
  pathway.burden_limit = 0;
  carina::Problems problems;
  validate(pathway, "pathway", problems);
  std::string text;
  for (const carina::Problem& problem : problems.list()) text += problem.text() + "\n";
  CHECK(text ==
        "pathway.collection.sessions = 0: must be 1 or more\n"
        "pathway.process.dose = 1: the last band must fit any weight\n"
        "pathway.process.failure = 1: must be 0 or more, below 1\n"
        "pathway.hazards.progression.rate = -1: must be 0 or more, and finite\n"
        "pathway.burden_limit = 0: must be above 0\n");
  carina::Problems none;
  validate(eliana_pathway(), "pathway", none);
  validate(juliet_pathway(), "pathway", none);
  CHECK(none.empty());
}
