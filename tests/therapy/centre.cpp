#include "therapy/centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "therapy/cohort.h"
#include "therapy/waiting.h"

using namespace carina::therapy;
using doctest::Approx;

namespace {

Pathway dangerous() {
  Pathway pathway = eliana_pathway();
  pathway.process.failure = 0.08;
  pathway.hazards[0].rate = 0.002;
  pathway.hazards[3].rate = 0.0005;
  return pathway;
}

// `rate` patients a month, evenly.
std::vector<Patient> arriving(std::uint64_t count, double rate, std::uint32_t centres = 1) {
  auto patients = cohort::many(cohort::leukaemia, count, 1);
  for (std::size_t i = 0; i < patients.size(); ++i) {
    patients[i].referred = static_cast<double>(i) * days_a_month / rate;
    patients[i].centre = static_cast<std::uint32_t>(i % centres);
  }
  return patients;
}

std::vector<Journey> run(std::span<const Patient> patients, std::span<const Centre> centres, int threads = 1) {
  return run_cohort(patients, dangerous(), centres, 1, {.parallel = {.threads = threads}});
}

}  // namespace

TEST_CASE("without finite slots a cohort is its journeys one by one") {
  const auto patients = arriving(3000, 100);
  std::vector<Journey> alone;
  for (const Patient& patient : patients) alone.push_back(journey(patient, dangerous(), 1));
  const std::vector<Centre> open(1);
  CHECK(cohort::hash(run(patients, open)) == cohort::hash(alone));
}

TEST_CASE("the result depends on neither threads nor the order of patients") {
  std::vector<Centre> centres(3);
  centres[0].slots_per_month = 4;
  centres[1] = {.slots_per_month = 2.5, .order = QueueOrder::Urgency, .beds = 3};
  auto patients = arriving(5000, 30, 3);
  const std::vector<Journey> one = run(patients, centres);
  CHECK(cohort::hash(run(patients, centres, 4)) == cohort::hash(one));
  std::mt19937 shuffler(1);
  std::shuffle(patients.begin(), patients.end(), shuffler);
  std::vector<Journey> shuffled = run(patients, centres);
  std::sort(shuffled.begin(), shuffled.end(), [](const Journey& a, const Journey& b) { return a.number < b.number; });
  CHECK(cohort::hash(shuffled) == cohort::hash(one));
}

TEST_CASE("a centre never has more than its slots in a month, and gives them first come first served") {
  Centre centre;
  centre.slots_per_month = 4;
  const auto journeys = run(arriving(2000, 8), {&centre, 1});
  std::map<long, int> months;
  std::vector<std::pair<double, double>> served;  // eligible, slot
  std::vector<const Journey*> unserved;
  for (const Journey& journey : journeys) {
    const double slot = day_of(journey, Step::Slot);
    if (std::isnan(slot)) {
      unserved.push_back(&journey);
      continue;
    }
    ++months[static_cast<long>(slot / days_a_month)];
    CHECK(slot >= day_of(journey, Step::Eligible));
    served.emplace_back(day_of(journey, Step::Eligible), slot);
  }
  for (const auto& [month, slots] : months) CHECK(slots <= 4);
  CHECK(std::count_if(months.begin(), months.end(), [](auto& month) { return month.second == 4; }) > 200);
  std::sort(served.begin(), served.end());
  for (std::size_t i = 1; i < served.size(); ++i) CHECK(served[i - 1].second < served[i].second);
  // nobody who waits is passed over: who has no slot had left before the next one given to a later patient
  CHECK(unserved.size() > 100);
  for (const Journey* journey : unserved) {
    const double eligible = day_of(*journey, Step::Eligible);
    if (std::isnan(eligible)) continue;
    const auto later = std::upper_bound(served.begin(), served.end(), std::pair(eligible, 1e300));
    if (later != served.end()) CHECK(journey->ended <= later->second);
  }
}

TEST_CASE("no slot is lost while somebody waits") {
  Centre centre;
  centre.slots_per_month = 4;
  const auto journeys = run(arriving(2000, 12), {&centre, 1});
  std::vector<double> slots;
  for (const Journey& journey : journeys) {
    if (const double slot = day_of(journey, Step::Slot); !std::isnan(slot)) slots.push_back(slot);
  }
  std::sort(slots.begin(), slots.end());
  // twice as many come as can be served, so that after the first weeks every slot is used
  for (std::size_t i = 10; i + 10 < slots.size(); ++i) CHECK(slots[i + 1] - slots[i] == Approx(days_a_month / 4));
}

TEST_CASE("by urgency, who would sooner reach the burden limit is served first") {
  Centre centre{.slots_per_month = 4, .order = QueueOrder::Urgency};
  const auto patients = arriving(2000, 8);
  const auto journeys = run(patients, {&centre, 1});
  const auto deadline = [&](std::size_t i) {
    if (patients[i].growth <= 0) return std::numeric_limits<double>::infinity();
    return patients[i].referred + std::log(dangerous().burden_limit / patients[i].burden) / patients[i].growth;
  };
  int pairs = 0;
  for (std::size_t a = 0; a < 300; ++a) {
    const double slot = day_of(journeys[a], Step::Slot);
    if (std::isnan(slot)) continue;
    for (std::size_t b = 0; b < 300; ++b) {
      const double eligible = day_of(journeys[b], Step::Eligible), other = day_of(journeys[b], Step::Slot);
      const bool waits = eligible <= slot && (std::isnan(other) ? journeys[b].ended : other) > slot;
      if (b == a || !waits) continue;
      ++pairs;
      CHECK(deadline(a) <= deadline(b) * (1 + 1e-9));
    }
  }
  CHECK(pairs > 100);
}

TEST_CASE("more slots mean shorter waits, more treated and fewer dead; luck but for the queue stays") {
  const auto patients = arriving(4000, 8);
  double wait = 1e9, treated = 0, died = 1;
  for (const double slots : {2.0, 4.0, 6.0, 20.0}) {
    const Centre centre{.slots_per_month = slots};
    const CentreSummary summary = summarize(run(patients, {&centre, 1}));
    MESSAGE(slots << " slots a month: wait " << summary.slot_wait[1] << " d, waiting "
                  << summarize(run(patients, {&centre, 1}), 1000, 15'000).waiting << ", infused " << summary.treated_share
                  << ", died before " << summary.died_share);
    CHECK(summary.slot_wait[1] < wait);
    CHECK(summary.treated_share > treated);
    CHECK(summary.died_share < died);
    wait = summary.slot_wait[1];
    treated = summary.treated_share;
    died = summary.died_share;
  }
  // whom an open centre loses before a slot, a narrow one loses on the same day
  const Centre narrow{.slots_per_month = 2}, open;
  const auto slow = run(patients, {&narrow, 1}), quick = run(patients, {&open, 1});
  for (std::size_t i = 0; i < slow.size(); ++i) {
    if (std::isnan(day_of(quick[i], Step::Slot))) CHECK(quick[i].ended == slow[i].ended);
    if (slow[i].product.cells > 0 && quick[i].product.cells > 0) CHECK(slow[i].product.cells == quick[i].product.cells);
  }
}

TEST_CASE("everyone referred is in one end of a summary, with and without an end of the calendar") {
  const Centre centre{.slots_per_month = 4, .beds = 2};
  const auto patients = arriving(2000, 8);
  for (const double until : {200.0, 2000.0, std::numeric_limits<double>::infinity()}) {
    const auto journeys = run_cohort(patients, dangerous(), {&centre, 1}, 1, {.until = until});
    const CentreSummary summary = summarize(journeys);
    std::uint64_t sum = 0;
    for (const std::uint64_t end : summary.ends) sum += end;
    CHECK(sum == 2000);
    CHECK(summary.referred == 2000);
    const std::uint64_t underway = summary.ends[static_cast<std::size_t>(PathwayEnd::Underway)];
    CHECK((underway > 0) == std::isfinite(until));
    for (const Journey& journey : journeys) CHECK(journey.ended <= until);
  }
}

TEST_CASE("beds in use never exceed the beds there are") {
  const Centre centre{.beds = 3, .bed_days = 28};
  Pathway pathway = dangerous();
  pathway.preparation.share = 1;
  const auto journeys = run_cohort(arriving(1000, 8), pathway, {&centre, 1}, 1);
  std::vector<double> begins;
  for (const Journey& journey : journeys) {
    if (const double day = day_of(journey, Step::Lymphodepletion); !std::isnan(day)) begins.push_back(day);
  }
  std::sort(begins.begin(), begins.end());
  CHECK(begins.size() > 200);
  for (std::size_t i = 3; i < begins.size(); ++i) CHECK(begins[i] - begins[i - 3] >= 28 * (1 - 1e-12));
}

TEST_CASE("no bed is kept for someone who died waiting for it") {
  const Centre centre{.beds = 1, .bed_days = 28};
  Pathway pathway = dangerous();
  pathway.preparation.share = 1;
  const auto journeys = run_cohort(arriving(1000, 8), pathway, {&centre, 1}, 1);
  std::vector<double> begins;
  for (const Journey& journey : journeys) {
    if (const double day = day_of(journey, Step::Lymphodepletion); !std::isnan(day)) begins.push_back(day);
  }
  std::sort(begins.begin(), begins.end());
  CHECK(begins.size() > 50);
  // eight a month come for one bed, so that it never stands empty
  for (std::size_t i = 5; i + 5 < begins.size(); ++i) CHECK(begins[i + 1] - begins[i] == Approx(28));
}

TEST_CASE("nobody is given a slot before the centre opens, nor after the calendar's end") {
  const Centre centre{.slots_per_month = 4, .opens = 500};
  const auto journeys = run_cohort(arriving(500, 8), dangerous(), {&centre, 1}, 1, {.until = 900});
  int slots = 0;
  for (const Journey& journey : journeys) {
    const double slot = day_of(journey, Step::Slot);
    if (std::isnan(slot)) continue;
    ++slots;
    CHECK(slot >= 500);
    CHECK(slot <= 900);
  }
  CHECK(slots > 40);
}

TEST_CASE("Kourelis: one slot a month and four referrals treat a quarter after months, with a list of published length") {
  const WaitingList list = list_with_wait(1, 0.25, 6);
  Pathway pathway;
  pathway.screening.days = {0, 0, 0};
  pathway.process.failure = 0;
  pathway.hazards[0] = {list.leaving / days_a_month, 0};
  const Centre centre{.slots_per_month = 1};
  const auto journeys = run_cohort(arriving(8000, list.arrivals), pathway, {&centre, 1}, 1, {.until = 2000 * days_a_month});
  const CentreSummary summary = summarize(journeys, 24 * days_a_month, 1900 * days_a_month);
  MESSAGE("got a slot " << static_cast<double>(summary.slots) / static_cast<double>(summary.eligible) << ", wait "
                        << summary.slot_wait[1] / days_a_month << " months, waiting " << summary.waiting);
  CHECK(static_cast<double>(summary.slots) / static_cast<double>(summary.eligible) == Approx(0.25).epsilon(0.03));
  CHECK(summary.slot_wait[1] / days_a_month == Approx(6).epsilon(0.05));
  CHECK(summary.waiting == Approx(list.length).epsilon(0.05));
}

TEST_CASE("problems of a centre name the key") {
  carina::Problems problems;
  validate({.slots_per_month = 0, .beds = -1}, std::numeric_limits<double>::infinity(), "centre[0]", problems);
  std::string text;
  for (const carina::Problem& problem : problems.list()) text += problem.text() + "\n";
  CHECK(text ==
        "centre[0].slots_per_month = 0: must be above 0 where the calendar has no end\n"
        "centre[0].beds = -1: must be 0 or more\n");
}

TEST_SUITE("slow") {
  TEST_CASE("100 000 patients at ten centres keep slots, order and count") {
    const std::vector<Centre> centres(10, {.slots_per_month = 40, .beds = 40});
    const auto patients = arriving(100'000, 500, 10);
    const auto journeys = run(patients, centres, 2);
    std::map<std::pair<std::uint32_t, long>, int> months;
    for (const Journey& journey : journeys) {
      if (const double slot = day_of(journey, Step::Slot); !std::isnan(slot)) {
        ++months[{journey.centre, static_cast<long>(slot / days_a_month)}];
      }
    }
    CHECK(std::all_of(months.begin(), months.end(), [](auto& month) { return month.second <= 40; }));
    CHECK(summarize(journeys).referred == 100'000);
  }
}
