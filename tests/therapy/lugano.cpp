#include "therapy/lugano.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace carina::therapy;

namespace {

/// Two nodes, 4 x 3 and 3 x 2 cm (SPD 18), a normal spleen, avid.
LymphomaVisit baseline() {
  LymphomaVisit visit;
  visit.ct = true;
  visit.lesions = 2;
  visit.sizes[0] = {4, 3};
  visit.sizes[1] = {3, 2};
  visit.spleen = 12;
  visit.marrow = Seen::No;
  visit.deauville = 5;
  visit.uptake = 20;
  return visit;
}

/// The same by CT alone.
LymphomaVisit scan(double time, Lesion first, Lesion second) {
  LymphomaVisit visit = baseline();
  visit.time = time;
  visit.deauville = 0;
  visit.sizes[0] = first;
  visit.sizes[1] = second;
  return visit;
}

LymphomaVisit pet(double time, int deauville, double uptake) {
  LymphomaVisit visit = scan(time, {4, 3}, {3, 2});
  visit.deauville = deauville;
  visit.uptake = uptake;
  return visit;
}

std::vector<Assessed> judged(const LymphomaVisit& base, const std::vector<LymphomaVisit>& visits,
                             const LuganoCriteria& criteria = {}) {
  std::vector<Assessed> out(visits.size());
  assess(base, visits, criteria, out);
  return out;
}

Response one(const LymphomaVisit& visit, const LymphomaVisit& base = baseline(), const LuganoCriteria& criteria = {}) {
  return judged(base, {visit}, criteria)[0].response;
}

/// The response at the second of two visits.
Response second(const LymphomaVisit& first, const LymphomaVisit& then, const LymphomaVisit& base = baseline()) {
  return judged(base, {first, then})[1].response;
}

}  // namespace

TEST_CASE("by CT lymphoma is in complete response with every node at 1.5 cm or less") {
  CHECK(one(scan(30, {1.5, 1.2}, {1.5, 1})) == Response::Complete);
  CHECK(one(scan(30, {1.51, 1.2}, {1.5, 1})) == Response::Partial);
  LymphomaVisit base = baseline();
  base.extranodal = 2;  // the second lesion
  CHECK(one(scan(30, {1.5, 1.2}, {0, 0}), base) == Response::Complete);
  CHECK(one(scan(30, {1.5, 1.2}, {0.5, 0.5}), base) == Response::Partial);
}

TEST_CASE("complete response by CT asks for a spleen of 13 cm, no unmeasured disease, no new lesion and a clear marrow") {
  LymphomaVisit visit = scan(30, {1, 1}, {1, 1});
  LymphomaVisit base = baseline();
  base.spleen = 16;
  visit.spleen = 13;
  CHECK(one(visit, base) == Response::Complete);
  visit.spleen = 13.1;
  CHECK(one(visit, base) == Response::Partial);
  visit.spleen = not_done;  // unchanged
  CHECK(one(visit, base) == Response::Stable);
  visit = scan(30, {1, 1}, {1, 1});
  visit.nonmeasured = Nonmeasured::Present;
  CHECK(one(visit) == Response::Partial);
  visit = scan(30, {1, 1}, {1, 1});
  visit.new_extranodal = 1.0;
  CHECK(one(visit) == Response::Stable);
  visit.new_extranodal = 0;
  visit.new_node = 1.5;  // normal
  CHECK(one(visit) == Response::Complete);
  base = baseline();
  base.marrow = Seen::Yes;
  visit.marrow = Seen::NotDone;
  CHECK(one(visit, base) == Response::Partial);
  visit.marrow = Seen::No;
  CHECK(one(visit, base) == Response::Complete);
}

TEST_CASE("without measured lesions there is no partial response by CT") {
  LymphomaVisit base = baseline();
  base.lesions = 0;
  base.nonmeasured = Nonmeasured::Present;
  LymphomaVisit visit = base;
  visit.deauville = 0;
  CHECK(one(visit, base) == Response::Stable);
  visit.nonmeasured = Nonmeasured::Absent;
  CHECK(one(visit, base) == Response::Complete);
}

TEST_CASE("partial response by CT is half of the sum of products or less, and more than half of the spleen's excess gone") {
  CHECK(one(scan(30, {3, 2}, {2, 1.5})) == Response::Partial);  // 9 of 18
  CHECK(one(scan(30, {3, 2}, {2, 1.51})) == Response::Stable);  // 9.02
  LymphomaVisit base = baseline();
  base.spleen = 13;  // not enlarged
  LymphomaVisit same = scan(30, {3, 2}, {2, 1.5});
  same.spleen = 13;
  CHECK(one(same, base) == Response::Partial);
  base.spleen = 17;  // 4 cm beyond normal: partial below 15
  LymphomaVisit visit = scan(30, {2, 2}, {2, 1});
  visit.spleen = 14.99;
  CHECK(one(visit, base) == Response::Partial);
  visit.spleen = 15;
  CHECK(one(visit, base) == Response::Stable);
}

TEST_CASE("a small lesion has progressed with half as much again in product and 0.5 cm in a diameter, above 1.5 cm") {
  const LymphomaVisit nadir = scan(30, {1.5, 1.0}, {1.0, 1.0});
  CHECK(second(nadir, scan(60, {2.0, 1.2}, {1.0, 1.0})) == Response::Progression);    // +0.5 cm, product x 1.6
  CHECK(second(nadir, scan(60, {1.99, 1.2}, {1.0, 1.0})) == Response::Partial);       // +0.49 cm
  CHECK(second(nadir, scan(60, {2.0, 1.12}, {1.0, 1.0})) == Response::Partial);       // product x 1.493
  CHECK(second(nadir, scan(60, {2.0, 1.125}, {1.0, 1.0})) == Response::Progression);  // x 1.5
  CHECK(second(nadir, scan(60, {1.6, 1.5}, {1.0, 1.0})) == Response::Progression);    // the short diameter grew by 0.5
  CHECK(second(nadir, scan(60, {1.5, 1.5}, {1.0, 1.0})) == Response::Complete);       // not above 1.5 cm
}

TEST_CASE("a lesion that was above 2 cm at its smallest has to grow by 1 cm") {
  const LymphomaVisit small = scan(30, {2.0, 2.0}, {1, 1});
  CHECK(second(small, scan(60, {2.5, 2.4}, {1, 1})) == Response::Progression);
  const LymphomaVisit large = scan(30, {2.01, 2.0}, {1, 1});
  CHECK(second(large, scan(60, {3.0, 2.8}, {1, 0.5})) == Response::Partial);
  CHECK(second(large, scan(60, {3.01, 2.1}, {1, 1})) == Response::Progression);
}

TEST_CASE("growth counts from the smallest size, not from the baseline") {
  // 3.5 x 2.5 cm is less than at baseline, and more than twice what it had been
  CHECK(second(scan(30, {2, 2}, {1, 1}), scan(60, {3.5, 2.5}, {1, 1})) == Response::Progression);
  CHECK(one(scan(60, {3.5, 2.5}, {1, 1})) == Response::Stable);
}

TEST_CASE("new nodes count above 1.5 cm, new extranodal lesions and regrown ones above 1 cm") {
  LymphomaVisit visit = scan(30, {1, 1}, {1, 1});
  visit.new_node = 1.51;
  CHECK(one(visit) == Response::Progression);
  visit = scan(30, {1, 1}, {1, 1});
  visit.new_extranodal = 1.01;
  CHECK(one(visit) == Response::Progression);
  visit = scan(30, {1, 1}, {1, 1});
  visit.nonmeasured = Nonmeasured::Progressed;
  CHECK(one(visit) == Response::Progression);
  LymphomaVisit base = baseline();
  base.extranodal = 2;
  const LymphomaVisit gone = scan(30, {1, 1}, {0, 0});
  CHECK(second(gone, scan(60, {1, 1}, {1.01, 1}), base) == Response::Progression);
  CHECK(second(gone, scan(60, {1, 1}, {1.0, 1}), base) == Response::Partial);
  // a node that had gone is normal up to 1.5 cm, and an extranodal lesion that never went has to grow like any other
  CHECK(second(gone, scan(60, {1, 1}, {1.4, 1})) == Response::Complete);
  CHECK(second(scan(30, {1, 1}, {1.2, 1}), scan(60, {1, 1}, {1.3, 1}), base) == Response::Partial);
}

TEST_CASE("an enlarged spleen progresses beyond half of its excess, a normal one by 2 cm to above normal") {
  LymphomaVisit base = baseline();
  base.spleen = 15;  // Lugano's own example: must grow to more than 16 cm
  LymphomaVisit visit = scan(30, {4, 3}, {3, 2});
  visit.spleen = 16;
  CHECK(one(visit, base) == Response::Stable);
  visit.spleen = 16.01;
  CHECK(one(visit, base) == Response::Progression);
  base.spleen = 12;
  visit.spleen = 14;
  CHECK(one(visit, base) == Response::Progression);
  visit.spleen = 13.99;
  CHECK(one(visit, base) == Response::Stable);
  base.spleen = 10;
  visit.spleen = 13;  // not enlarged
  CHECK(one(visit, base) == Response::Stable);
  visit.spleen = 13.1;
  CHECK(one(visit, base) == Response::Progression);
  // recurrent: back to normal, then enlarged again
  base.spleen = 16;
  LymphomaVisit normal = scan(30, {4, 3}, {3, 2});
  normal.spleen = 12;
  visit.spleen = 14;
  CHECK(second(normal, visit, base) == Response::Progression);
  visit.spleen = 13.99;
  CHECK(second(normal, visit, base) == Response::Stable);
  normal.spleen = 13;
  visit.spleen = 15;
  CHECK(second(normal, visit, base) == Response::Progression);
  normal.spleen = 12;
  // a scan that does not show the spleen leaves the shortest length known
  LymphomaVisit without = scan(45, {4, 3}, {3, 2});
  without.spleen = not_done;
  visit.spleen = 14;
  CHECK(judged(base, {normal, without, visit})[2].response == Response::Progression);
}

TEST_CASE("marrow that was clear and is involved has progressed") {
  LymphomaVisit visit = scan(30, {1, 1}, {1, 1});
  visit.marrow = Seen::Yes;
  CHECK(one(visit) == Response::Progression);
  LymphomaVisit base = baseline();
  base.marrow = Seen::Yes;
  CHECK(one(visit, base) == Response::Partial);
  // involved, then clear, then not looked at, then involved again
  LymphomaVisit clear = visit;
  clear.marrow = Seen::No;
  LymphomaVisit unseen = visit;
  unseen.marrow = Seen::NotDone;
  const auto visits = judged(base, {clear, unseen, visit});
  CHECK(visits[1].response == Response::Complete);
  CHECK(visits[2].response == Response::Progression);
}

TEST_CASE("by PET Deauville 1 to 3 is complete whatever mass is left, 4 and 5 go by the change of uptake") {
  CHECK(one(pet(30, 1, 1)) == Response::Complete);
  CHECK(one(pet(30, 3, 2)) == Response::Complete);
  CHECK(one(pet(30, 4, 14.9)) == Response::Partial);
  CHECK(one(pet(30, 4, 15)) == Response::Stable);
  CHECK(one(pet(30, 5, 25)) == Response::Stable);
  CHECK(one(pet(30, 5, 25.1)) == Response::Progression);
  CHECK(one(pet(30, 4, not_done), baseline(), {.imaging = Imaging::Pet}) == Response::NotEvaluable);
  LymphomaVisit foci = pet(30, 3, 2);
  foci.new_foci = true;
  CHECK(one(foci) == Response::Progression);
}

TEST_CASE("after a complete metabolic response uptake of Deauville 4 is recurrence") {
  CHECK(second(pet(30, 2, 1), pet(90, 3, 3)) == Response::Complete);
  CHECK(second(pet(30, 2, 1), pet(90, 4, 5)) == Response::Progression);
  CHECK(second(pet(30, 4, 10), pet(90, 4, 12)) == Response::Partial);
  // a complete response by CT alone is no metabolic one
  LymphomaVisit avid = scan(90, {1, 1}, {1, 1});
  avid.deauville = 4;
  avid.uptake = 5;
  CHECK(second(scan(30, {1, 1}, {1, 1}), avid) == Response::Partial);
}

TEST_CASE("PET decides where it was done, CT elsewhere; a growing avid mass has progressed; either can decide alone") {
  LymphomaVisit visit = pet(30, 4, 5);
  CHECK(one(visit) == Response::Partial);
  CHECK(one(visit, baseline(), {.imaging = Imaging::Ct}) == Response::Stable);
  visit.sizes[0] = {5.5, 4};
  CHECK(one(visit) == Response::Progression);
  CHECK(one(visit, baseline(), {.imaging = Imaging::Pet}) == Response::Partial);
  visit.deauville = 2;
  CHECK(one(visit) == Response::Complete);
  CHECK(one(scan(30, {4, 3}, {3, 2})) == Response::Stable);
  CHECK(one(scan(30, {4, 3}, {3, 2}), baseline(), {.imaging = Imaging::Pet}) == Response::NotEvaluable);
  LymphomaVisit nothing = scan(30, {4, 3}, {3, 2});
  nothing.ct = false;
  CHECK(one(nothing) == Response::NotEvaluable);
}

TEST_CASE("after progression every visit says so, and only there is the antigen's class") {
  LymphomaVisit visit = scan(30, {6, 5}, {3, 2});
  visit.clones = {1, 0, 1};
  const auto visits = judged(baseline(), {scan(20, {3, 2}, {1, 1}), visit, scan(60, {1, 1}, {1, 1})});
  CHECK(visits[0].antigen == AntigenClass::Unknown);
  CHECK(visits[1].response == Response::Progression);
  CHECK(visits[1].antigen == AntigenClass::Mixed);
  CHECK(visits[2].response == Response::Progression);
  CHECK(visits[0].measure == 7);
}

TEST_CASE("a round lesion of 4/3 pi mL measures 2 x 2 cm, and one of nothing 0 x 0 cm") {
  CHECK(round_lesion(4.18879020478639).ldi == doctest::Approx(2).epsilon(1e-12));
  CHECK(round_lesion(4.18879020478639).sdi == round_lesion(4.18879020478639).ldi);
  CHECK(round_lesion(0).ldi == 0);
}

TEST_CASE("CT takes a lesion of less than 0.5 cm for 0.5 x 0.5 cm, and does not see one that is no longer visible") {
  LymphomaVisit truth = baseline();
  truth.sizes[0] = {0.49, 0.3};
  truth.sizes[1] = {0.199, 0.1};
  const LymphomaVisit seen = observed(truth, Assays::Ct);
  CHECK(seen.sizes[0].ldi == 0.5);
  CHECK(seen.sizes[0].sdi == 0.5);
  CHECK(seen.sizes[1].ldi == 0);
  CHECK(measure(seen) == 0.25);
  CHECK(seen.deauville == 0);
  CHECK(seen.marrow == Seen::NotDone);
  truth.sizes[0] = {0.5, 0.3};
  CHECK(observed(truth, Assays::Ct).sizes[0].sdi == 0.3);
  truth.sizes[1] = {0.2, 0.1};
  CHECK(observed(truth, Assays::Ct).sizes[1].ldi == 0.5);
  const LymphomaVisit avid = observed(truth, Assays::Pet | Assays::Marrow | Assays::BCells);
  CHECK_FALSE(avid.ct);
  CHECK(std::isnan(measure(avid)));
  CHECK(avid.deauville == 5);
  CHECK(avid.marrow == Seen::No);
  CHECK(std::isnan(avid.clones.positive));
}
