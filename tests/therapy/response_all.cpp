#include "therapy/response_all.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace carina::therapy;

namespace {

/// A visit in complete remission.
AllVisit remission(double time = 28) {
  AllVisit visit;
  visit.time = time;
  visit.blasts = 1;
  visit.mrd = 0;
  visit.platelets = 150'000;
  visit.neutrophils = 2'000;
  visit.circulating = Seen::No;
  visit.extramedullary = Seen::No;
  return visit;
}

std::vector<Assessed> judged(const std::vector<AllVisit>& visits, const AllCriteria& criteria = {}) {
  std::vector<Assessed> out(visits.size());
  assess(visits, criteria, out);
  return out;
}

Response one(const AllVisit& visit, const AllCriteria& criteria = {}) { return judged({visit}, criteria)[0].response; }

/// The response at a visit after a remission.
Response after_remission(const AllVisit& visit, const AllCriteria& criteria = {}) {
  return judged({remission(28), visit}, criteria)[1].response;
}

}  // namespace

TEST_CASE("leukaemia is in remission below 5 % of blasts, not at 5 %") {
  AllVisit visit = remission();
  visit.blasts = 4.999;
  CHECK(one(visit) == Response::Complete);
  visit.blasts = 5;
  CHECK(one(visit) == Response::NoResponse);
  CHECK(after_remission(visit) == Response::Relapse);
  visit.blasts = 4.999;
  CHECK(after_remission(visit) == Response::Complete);
}

TEST_CASE("a remission is complete above 100,000 platelets and 1,000 neutrophils and without transfusion, otherwise CRi") {
  AllVisit visit = remission();
  visit.platelets = 100'001;
  visit.neutrophils = 1'001;
  CHECK(one(visit) == Response::Complete);
  visit.platelets = 100'000;
  CHECK(one(visit) == Response::CompleteIncomplete);
  visit = remission();
  visit.neutrophils = 1'000;
  CHECK(one(visit) == Response::CompleteIncomplete);
  visit = remission();
  visit.transfused = true;
  CHECK(one(visit) == Response::CompleteIncomplete);
  visit = remission();
  visit.platelets = not_done;
  CHECK(one(visit) == Response::CompleteIncomplete);
}

TEST_CASE("disease outside the marrow or in blood keeps from remission and ends one") {
  AllVisit visit = remission();
  visit.extramedullary = Seen::Yes;
  CHECK(one(visit) == Response::NoResponse);
  CHECK(after_remission(visit) == Response::Relapse);
  visit = remission();
  visit.circulating = Seen::Yes;
  CHECK(one(visit) == Response::NoResponse);
  CHECK(after_remission(visit) == Response::Relapse);
  visit = remission();
  visit.extramedullary = Seen::NotDone;
  CHECK(one(visit) == Response::Complete);
}

TEST_CASE("without marrow there is no new remission, but an old one goes on while blood is clear") {
  AllVisit visit = remission(60);
  visit.blasts = not_done;
  CHECK(one(visit) == Response::NotEvaluable);
  CHECK(after_remission(visit) == Response::Complete);
  CHECK(after_remission(visit, {.remission_without_marrow = false}) == Response::NotEvaluable);
  visit.platelets = 50'000;
  CHECK(after_remission(visit) == Response::CompleteIncomplete);
  visit.circulating = Seen::NotDone;
  CHECK(after_remission(visit) == Response::NotEvaluable);
  visit.extramedullary = Seen::Yes;
  CHECK(after_remission(visit) == Response::Relapse);
}

TEST_CASE("MRD is negative below 0.01 %, positive at it, and may be missing") {
  AllVisit visit = remission();
  visit.mrd = 0.00999;
  CHECK(judged({visit})[0].mrd == Mrd::Negative);
  visit.mrd = 0.01;
  CHECK(judged({visit})[0].mrd == Mrd::Positive);
  CHECK(judged({visit}, {.mrd = 0.1})[0].mrd == Mrd::Negative);
  visit.mrd = not_done;
  CHECK(judged({visit})[0].mrd == Mrd::NotDone);
}

TEST_CASE("after a relapse every visit says relapse, and what was never in remission does not relapse") {
  AllVisit relapse = remission(60);
  relapse.blasts = 40;
  const auto visits = judged({remission(28), relapse, remission(90)});
  CHECK(visits[1].response == Response::Relapse);
  CHECK(visits[2].response == Response::Relapse);
  const auto late = judged({relapse, remission(90), relapse});
  CHECK(late[0].response == Response::NoResponse);
  CHECK(late[1].response == Response::Complete);
  CHECK(late[2].response == Response::Relapse);
}

TEST_CASE("a relapse carries the class of its antigen, by shares, and unknown where nobody looked") {
  const auto class_of = [](double negative, double low, const AntigenCut& cut = {}) {
    return antigen_class({100 - negative - low, low, negative}, cut);
  };
  CHECK(class_of(5, 0) == AntigenClass::Positive);
  CHECK(class_of(5.1, 0) == AntigenClass::Mixed);
  CHECK(class_of(94.9, 0) == AntigenClass::Mixed);
  CHECK(class_of(95, 0) == AntigenClass::Negative);
  CHECK(class_of(0, 95) == AntigenClass::Negative);
  CHECK(class_of(0, 95, {.low_is_negative = false}) == AntigenClass::Positive);
  CHECK(antigen_class({}) == AntigenClass::Unknown);
  CHECK(antigen_class({0, 0, 0}) == AntigenClass::Unknown);

  AllVisit relapse = remission(60);
  relapse.blasts = 40;
  relapse.clones = {1, 0, 99};
  const auto visits = judged({remission(28), relapse});
  CHECK(visits[0].antigen == AntigenClass::Unknown);
  CHECK(visits[1].antigen == AntigenClass::Negative);
  relapse.clones = {};
  CHECK(judged({remission(28), relapse})[1].antigen == AntigenClass::Unknown);
}

TEST_CASE("a visit of leukaemia sees only what its assays look at, down to their limits") {
  AllVisit truth = remission();
  truth.mrd = 0.0099;
  truth.b_cells = 3;
  truth.clones = {1, 2, 3};
  const AllVisit all = observed(truth, Assays::All, {.b_cells = 5});
  CHECK(all.mrd == 0);
  CHECK(all.b_cells == 0);
  CHECK(all.blasts == 1);
  CHECK(all.clones.negative == 3);
  truth.mrd = 0.01;
  CHECK(observed(truth, Assays::MarrowMrd).mrd == 0.01);
  const AllVisit blood = observed(truth, Assays::Counts);
  CHECK(std::isnan(blood.blasts));
  CHECK(std::isnan(blood.mrd));
  CHECK(std::isnan(blood.clones.positive));
  CHECK(blood.circulating == Seen::No);
  CHECK(blood.extramedullary == Seen::NotDone);
  CHECK(blood.platelets == 150'000);
  const AllVisit missed = observed(truth, Assays::None);
  CHECK(judged({missed})[0].response == Response::NotEvaluable);
}

TEST_CASE("every disease's responses are listed best first, in the order that the numbers have") {
  for (const Disease disease : {Disease::BAll, Disease::Lymphoma, Disease::Myeloma}) {
    const auto list = responses(disease);
    for (std::size_t i = 1; i < list.size(); ++i) CHECK(list[i] < list[i - 1]);
    CHECK(list.back() == Response::NotEvaluable);
  }
  CHECK(name(Response::StringentComplete) == "sCR");
  CHECK(name(Response::NotEvaluable) == "NE");
  CHECK(title(Response::VeryGoodPartial) == "very good partial response");
  CHECK(name(Mrd::Negative) == "negative");
  CHECK(name(AntigenClass::Mixed) == "mixed");
  CHECK_FALSE(is_response(Response::Minimal));
  CHECK(is_response(Response::Partial));
  CHECK_FALSE(is_complete(Response::VeryGoodPartial));
  CHECK(is_complete(Response::CompleteIncomplete));
  CHECK(unconfirmed(Disease::BAll) == Response::NoResponse);
  CHECK(unconfirmed(Disease::Myeloma) == Response::Stable);
}
