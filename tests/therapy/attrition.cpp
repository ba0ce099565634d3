#include "therapy/attrition.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "therapy/centre.h"
#include "therapy/cohort.h"

using namespace carina::therapy;
using doctest::Approx;

namespace {

Attrition shares_of(const Attrition& counts) {
  Attrition shares = counts;
  shares.infused /= total(counts);
  shares.not_made /= total(counts);
  for (double& dropped : shares.dropped) dropped /= total(counts);
  return shares;
}

// What became of the enrolled, counted.
Attrition counted(std::span<const Journey> journeys) {
  Attrition counts;
  for (const Journey& journey : journeys) {
    if (std::isnan(day_of(journey, Step::Enrolment))) continue;
    switch (journey.end) {
      case PathwayEnd::Infused: ++counts.infused; break;
      case PathwayEnd::NotMade: ++counts.not_made; break;
      case PathwayEnd::Died: ++counts.dropped[0]; break;
      case PathwayEnd::Progressed: ++counts.dropped[1]; break;
      case PathwayEnd::AdverseEvent: ++counts.dropped[2]; break;
      case PathwayEnd::Withdrew: ++counts.dropped[3]; break;
      default: CHECK(false);
    }
  }
  return counts;
}

void check_within_error(const Attrition& counts, const Attrition& wanted) {
  const double n = total(counts);
  const auto near = [&](double count, double share) {
    CAPTURE(count);
    CAPTURE(share * n);
    CHECK(std::abs(count - share * n) <= 3.5 * std::sqrt(n * share * (1 - share)));
  };
  near(counts.infused, wanted.infused);
  near(counts.not_made, wanted.not_made);
  for (std::size_t i = 0; i < drop_outs; ++i) near(counts.dropped[i], wanted.dropped[i]);
}

}  // namespace

TEST_CASE("with constant hazards and fixed delays the expected shares are those of the exponential law") {
  Pathway pathway;
  pathway.process.throughput = {0, 30, 0};
  pathway.process.shipping = {0, 0, 0};
  pathway.preparation = {1, 5, {0, 5, 0}, 14};
  pathway.process.failure = 0.1;
  pathway.hazards[0].rate = 0.002;
  pathway.hazards[2].rate = 0.001;
  const auto patients = cohort::many(cohort::leukaemia, 10, 1);
  const Attrition shares = expected_attrition(patients, pathway, 1);
  CHECK(shares.infused == Approx(0.9 * std::exp(-0.003 * 40)).epsilon(1e-9));
  CHECK(shares.not_made == Approx(0.1 * std::exp(-0.003 * 30)).epsilon(1e-9));
  const double out = 0.9 * (1 - std::exp(-0.003 * 40)) + 0.1 * (1 - std::exp(-0.003 * 30));
  CHECK(shares.dropped[0] == Approx(out * 2 / 3).epsilon(1e-9));
  CHECK(shares.dropped[2] == Approx(out / 3).epsilon(1e-9));
  CHECK(total(shares) == Approx(1).epsilon(1e-9));
}

TEST_CASE("expected shares sum to one where hazards follow burden and attempts repeat") {
  Pathway pathway = eliana_pathway();
  pathway.process.attempts = 3;
  pathway.process.failure = 0.3;
  pathway.process.use_out_of_specification = false;
  for (Hazard& hazard : pathway.hazards) hazard.rate = 0.003;
  const auto patients = cohort::many(cohort::leukaemia, 200, 1);
  CHECK(total(expected_attrition(patients, pathway, 1)) == Approx(1).epsilon(1e-6));
}

TEST_CASE("expected shares are what journeys give, with remanufacture and lost products") {
  Pathway pathway = eliana_pathway();
  pathway.process.attempts = 2;
  pathway.process.failure = 0.2;
  pathway.process.use_out_of_specification = false;
  for (Hazard& hazard : pathway.hazards) hazard.rate = 0.002;
  const auto patients = cohort::many(cohort::leukaemia, 10'000, 1);
  std::vector<Journey> journeys;
  for (const Patient& patient : patients) journeys.push_back(journey(patient, pathway, 1));
  check_within_error(counted(journeys), expected_attrition(patients, pathway, 1));
}

TEST_CASE("attrition that no failure chance can give is refused, and the pathway stays as it was") {
  Pathway pathway = eliana_pathway();
  pathway.process.use_out_of_specification = false;
  pathway.process.release_viability = 0.95;  // most products
  const auto patients = cohort::many(cohort::leukaemia, 100, 1);
  CHECK_FALSE(match_attrition(patients, eliana_attrition(), 1, pathway));
  CHECK(pathway.process.failure == eliana_pathway().process.failure);
}

TEST_SUITE("slow") {
  TEST_CASE("ELIANA: 20 000 patients are lost in the published shares, after the published wait") {
    Pathway pathway = eliana_pathway();
    REQUIRE(match_attrition(cohort::many(cohort::leukaemia, 20'000, 1), eliana_attrition(), 1, pathway));
    MESSAGE("ELIANA: failure " << pathway.process.failure << ", death " << pathway.hazards[0].rate << "/d, adverse event "
                               << pathway.hazards[2].rate << "/d");
    const auto patients = cohort::many(cohort::leukaemia, 25'000, 2);
    const std::vector<Journey> journeys = run_cohort(patients, pathway, std::vector<Centre>(1), 2);
    const Attrition counts = counted(journeys);
    MESSAGE("enrolled " << total(counts) << ", infused " << counts.infused << ", not made " << counts.not_made << ", died "
                        << counts.dropped[0] << ", adverse events " << counts.dropped[2]);
    CHECK(total(counts) > 20'000);
    check_within_error(counts, shares_of(eliana_attrition()));

    std::vector<double> waits;
    for (const Journey& journey : journeys) {
      if (journey.end == PathwayEnd::Infused) waits.push_back(journey.ended - day_of(journey, Step::Enrolment));
    }
    std::sort(waits.begin(), waits.end());
    const double median = waits[waits.size() / 2];
    const double low = waits[waits.size() / 76], high = waits[waits.size() * 75 / 76];
    MESSAGE("wait " << median << " d, expected extremes of 75: " << low << " to " << high);
    // the median of 75 such waits has a standard error of about 2.4 days
    CHECK(std::abs(median - 45) < 2.4);
    CHECK(std::abs(low - 30) < 4);
    CHECK(std::abs(high - 105) < 25);
  }

  TEST_CASE("JULIET: the same functions with its own numbers give its shares") {
    Pathway pathway = juliet_pathway();
    REQUIRE(match_attrition(cohort::many(cohort::lymphoma, 20'000, 1), juliet_attrition(), 1, pathway));
    MESSAGE("JULIET: failure without bendamustine " << pathway.process.failure << ", death " << pathway.hazards[0].rate
                                                    << "/d, progression " << pathway.hazards[1].rate << "/d, adverse event "
                                                    << pathway.hazards[2].rate << "/d, withdrawal "
                                                    << pathway.hazards[3].rate << "/d");
    const std::vector<Journey> journeys =
        run_cohort(cohort::many(cohort::lymphoma, 21'000, 2), pathway, std::vector<Centre>(1), 2);
    const Attrition counts = counted(journeys);
    MESSAGE("enrolled " << total(counts) << ", infused " << counts.infused << ", not made " << counts.not_made << ", died "
                        << counts.dropped[0] << ", progressed " << counts.dropped[1] << ", adverse events "
                        << counts.dropped[2] << ", withdrew " << counts.dropped[3]);
    CHECK(total(counts) > 20'000);
    check_within_error(counts, shares_of(juliet_attrition()));
    const double median = summarize(journeys).infusion_wait[1];
    MESSAGE("wait " << median << " d");
    CHECK(std::abs(median - 54) < 3);
  }
}
