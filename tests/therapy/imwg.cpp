#include "therapy/imwg.h"

#include <doctest/doctest.h>

#include <cmath>
#include <utility>
#include <vector>

using namespace carina::therapy;

namespace {

/// Serum 4 g/dL, urine 1,000 mg/24 h, involved kappa, 40 % plasma cells.
MyelomaVisit baseline() {
  MyelomaVisit visit;
  visit.serum = 4;
  visit.urine = 1000;
  visit.kappa = 60;
  visit.lambda = 1;
  visit.plasma_cells = 40;
  visit.clonal = 0.4;
  visit.plasmacytoma = 0;
  visit.new_lesion = Seen::No;
  return visit;
}

MyelomaVisit protein(double time, double serum, double urine) {
  MyelomaVisit visit;
  visit.time = time;
  visit.serum = serum;
  visit.urine = urine;
  return visit;
}

/// No M-protein, 2 % plasma cells, normal light chains, no clone.
MyelomaVisit deep(double time) {
  MyelomaVisit visit = protein(time, 0, 0);
  visit.kappa = 1;
  visit.lambda = 1;
  visit.plasma_cells = 2;
  visit.clonal = 0;
  return visit;
}

std::vector<Assessed> judged(const MyelomaVisit& base, const std::vector<MyelomaVisit>& visits,
                             const ImwgCriteria& criteria = {}) {
  std::vector<Assessed> out(visits.size());
  assess(base, visits, criteria, out);
  return out;
}

Response one(const MyelomaVisit& visit, const MyelomaVisit& base = baseline(), const ImwgCriteria& criteria = {}) {
  return judged(base, {visit}, criteria)[0].response;
}

const ImwgCriteria at_once = {.confirm = false};

/// The response at the second of two visits, rises not confirmed.
Response second(const MyelomaVisit& first, const MyelomaVisit& then, const MyelomaVisit& base = baseline()) {
  return judged(base, {first, then}, at_once)[1].response;
}

MyelomaVisit only_light_chains() {
  MyelomaVisit visit = baseline();
  visit.serum = 0;
  visit.urine = 0;
  return visit;
}

MyelomaVisit light_chains(double time, double kappa, double lambda) {
  MyelomaVisit visit = protein(time, 0, 0);
  visit.kappa = kappa;
  visit.lambda = lambda;
  return visit;
}

}  // namespace

TEST_CASE("myeloma is followed by M-protein from 1 g/dL or 200 mg/24 h, by light chains from 10 mg/dL, by 30 % of marrow") {
  MyelomaVisit visit = only_light_chains();
  visit.serum = 1;
  CHECK(marker(visit, {}) == Marker::Protein);
  visit.serum = 0.99;
  CHECK(marker(visit, {}) == Marker::LightChains);
  visit.urine = 200;
  CHECK(marker(visit, {}) == Marker::Protein);
  visit.urine = 199;
  visit.kappa = 10;
  CHECK(marker(visit, {}) == Marker::LightChains);
  visit.kappa = 9.99;
  CHECK(marker(visit, {}) == Marker::Marrow);
  visit.kappa = 10;
  visit.lambda = 10 / 1.65;  // a normal ratio
  CHECK(marker(visit, {}) == Marker::Marrow);
  visit.lambda = 39;  // the other chain is involved
  CHECK(marker(visit, {}) == Marker::LightChains);
  visit.kappa = visit.lambda = 1;
  visit.plasma_cells = 30;
  CHECK(marker(visit, {}) == Marker::Marrow);
  visit.plasma_cells = 29.9;
  CHECK(marker(visit, {}) == Marker::None);
  CHECK(one(deep(30), visit) == Response::NotEvaluable);
}

TEST_CASE("partial response of myeloma: half of the serum and nine tenths of the urine, or urine below 200 mg") {
  CHECK(one(protein(30, 2, 100)) == Response::Partial);
  CHECK(one(protein(30, 2.01, 100)) == Response::Minimal);
  MyelomaVisit much = baseline();
  much.urine = 3000;
  CHECK(one(protein(30, 2, 300), much) == Response::Partial);
  CHECK(one(protein(30, 2, 301), much) == Response::Minimal);
  CHECK(one(protein(30, 2, 199)) == Response::Partial);
  CHECK(one(protein(30, 2, 200)) == Response::Minimal);
}

TEST_CASE("very good partial response: nine tenths of the serum and urine below 100 mg, or nothing on electrophoresis") {
  CHECK(one(protein(30, 0.4, 99)) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0.4, 100)) == Response::Partial);
  CHECK(one(protein(30, 0.41, 99)) == Response::Partial);
  MyelomaVisit little = baseline();
  little.serum = 0.95;  // not measurable: urine decides, and 0.099 g/dL is seen by immunofixation only
  CHECK(one(protein(30, 0.099, 19.9), little) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0.5, 99), little) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0.5, 101), little) == Response::Partial);
  MyelomaVisit low = baseline();
  low.serum = 0.9;
  low.urine = 210;
  CHECK(one(protein(30, 0.1, 22), low) == Response::Partial);  // 10.5 % of urine left, seen on electrophoresis
  CHECK(one(protein(30, 0.09, 19), low) == Response::VeryGoodPartial);
}

TEST_CASE("an electrophoresis that sees less finds nothing sooner") {
  ImwgCriteria blunt;
  blunt.serum_electrophoresis = 0.5;
  blunt.urine_electrophoresis = 150;
  CHECK(one(protein(30, 0.49, 149), baseline(), blunt) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0.5, 149), baseline(), blunt) == Response::Partial);
  CHECK(one(protein(30, 0.49, 150), baseline(), blunt) == Response::Partial);
  CHECK(one(protein(30, 0.49, 149)) == Response::Partial);
}

TEST_CASE("a compartment counts from the limit on at which it is measurable, and then has to be measured") {
  MyelomaVisit base = baseline();
  base.serum = 1;
  base.urine = 0;
  CHECK(one(protein(30, 0.51, 0), base) == Response::Minimal);
  CHECK(measure(protein(30, 0.51, 7), base, {}) == 0.51);
  CHECK(one(protein(30, 0.5, 199), base) == Response::Partial);
  CHECK(one(protein(30, 0.5, 200), base, at_once) == Response::Progression);  // from none: + 200 mg/24 h
  base.serum = 0;
  base.urine = 200;
  CHECK(one(protein(30, 0, 99), base) == Response::Partial);
  CHECK(one(protein(30, 0, not_done), base) == Response::NotEvaluable);
  CHECK(measure(protein(30, 0.51, 7), base, {}) == 7);
  base.urine = 900;
  CHECK(one(protein(30, 0, 90), base) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0, 90.1), base) == Response::Partial);
  CHECK(one(protein(30, 0, not_done), base) == Response::NotEvaluable);
  CHECK(one(protein(30, not_done, 90), base) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0.4, not_done)) == Response::NotEvaluable);
  CHECK(one(protein(30, not_done, 99)) == Response::NotEvaluable);
  // urine that was below the limit and was not looked at again holds by its baseline
  base = baseline();
  base.urine = 3.9;
  MyelomaVisit visit = deep(30);
  visit.urine = not_done;
  CHECK(one(visit, base) == Response::StringentComplete);
  base.urine = 4;
  CHECK(one(visit, base) == Response::VeryGoodPartial);
}

TEST_CASE("minimal response: a quarter of the serum and half of the urine; it is no response") {
  CHECK(one(protein(30, 3, 500)) == Response::Minimal);
  CHECK(one(protein(30, 3.01, 500)) == Response::Stable);
  CHECK(one(protein(30, 3, 501)) == Response::Stable);
}

TEST_CASE("complete response: immunofixation negative, below 5 % plasma cells, no plasmacytoma") {
  CHECK(one(deep(30)) == Response::StringentComplete);
  MyelomaVisit visit = deep(30);
  visit.kappa = not_done;
  CHECK(one(visit) == Response::Complete);
  visit.serum = 0.0199;
  visit.urine = 3.99;
  CHECK(one(visit) == Response::Complete);
  visit.serum = 0.02;
  CHECK(one(visit) == Response::VeryGoodPartial);
  visit.serum = 0;
  visit.urine = 4;
  CHECK(one(visit) == Response::VeryGoodPartial);
  visit = deep(30);
  visit.plasma_cells = 4.9;
  CHECK(one(visit) == Response::StringentComplete);
  visit.plasma_cells = 5;
  CHECK(one(visit) == Response::VeryGoodPartial);
  visit.plasma_cells = not_done;  // never looked at since infusion
  CHECK(one(visit) == Response::VeryGoodPartial);
}

TEST_CASE("stringent complete response: a normal ratio of light chains, 0.26 to 1.65, and no clone down to 1e-4") {
  MyelomaVisit visit = deep(30);
  visit.kappa = 1.65;
  CHECK(one(visit) == Response::StringentComplete);
  visit.kappa = 1.66;
  CHECK(one(visit) == Response::Complete);
  visit.kappa = 0.26;
  CHECK(one(visit) == Response::StringentComplete);
  visit.kappa = 0.25;
  CHECK(one(visit) == Response::Complete);
  visit = deep(30);
  visit.clonal = 0.99e-4;
  CHECK(one(visit) == Response::StringentComplete);
  visit.clonal = 1e-4;
  CHECK(one(visit) == Response::Complete);
  visit.clonal = not_done;
  CHECK(one(visit) == Response::Complete);
}

TEST_CASE("a marrow holds until the next one, as no second biopsy is asked") {
  MyelomaVisit later = deep(60);
  later.plasma_cells = not_done;
  later.clonal = not_done;
  CHECK(second(deep(30), later) == Response::StringentComplete);
  MyelomaVisit full = deep(30);
  full.plasma_cells = 20;
  CHECK(second(full, later) == Response::VeryGoodPartial);
}

TEST_CASE("MRD of myeloma is negative below 1e-5") {
  MyelomaVisit visit = deep(30);
  visit.clonal = 0.99e-5;
  CHECK(judged(baseline(), {visit})[0].mrd == Mrd::Negative);
  visit.clonal = 1e-5;
  CHECK(judged(baseline(), {visit})[0].mrd == Mrd::Positive);
  visit.clonal = not_done;
  CHECK(judged(baseline(), {visit})[0].mrd == Mrd::NotDone);
}

TEST_CASE("plasmacytomas: gone for CR, nine tenths for VGPR, half for PR and MR") {
  MyelomaVisit base = baseline();
  base.plasmacytoma = 10;
  const auto left = [&base](MyelomaVisit visit, double plasmacytoma) {
    visit.plasmacytoma = plasmacytoma;
    return one(visit, base);
  };
  CHECK(left(deep(30), 0) == Response::StringentComplete);
  CHECK(left(deep(30), 1) == Response::VeryGoodPartial);
  CHECK(left(deep(30), 1.01) == Response::Partial);
  CHECK(left(deep(30), 5) == Response::Partial);
  CHECK(left(deep(30), 5.1) == Response::Stable);
  CHECK(left(protein(30, 3, 500), 5) == Response::Minimal);
  CHECK(left(protein(30, 3, 500), 5.1) == Response::Stable);
  CHECK(left(deep(30), not_done) == Response::Stable);  // the baseline's holds
}

TEST_CASE("light-chain myeloma goes by the difference of the chains, and by their ratio for CR") {
  const MyelomaVisit base = only_light_chains();  // dFLC 59
  CHECK(one(light_chains(30, 30.5, 1), base) == Response::Partial);
  CHECK(one(light_chains(30, 30.6, 1), base) == Response::Stable);
  CHECK(one(light_chains(30, 6.9, 1), base) == Response::VeryGoodPartial);
  CHECK(one(light_chains(30, 6.91, 1), base) == Response::Partial);
  MyelomaVisit visit = light_chains(30, 1.65, 1);
  visit.plasma_cells = 2;
  CHECK(one(visit, base) == Response::Complete);
  visit.kappa = 1.66;
  CHECK(one(visit, base) == Response::VeryGoodPartial);
  CHECK(one(protein(30, 0, 0), base) == Response::NotEvaluable);
  MyelomaVisit lambda = base;
  std::swap(lambda.kappa, lambda.lambda);
  CHECK(one(light_chains(30, 1, 30.5), lambda) == Response::Partial);
}

TEST_CASE("where nothing but marrow is measurable, half of its plasma cells is a partial response") {
  MyelomaVisit base = only_light_chains();
  base.kappa = 1;
  MyelomaVisit visit = protein(30, 0, 0);
  visit.plasma_cells = 20;
  CHECK(one(visit, base) == Response::Partial);
  visit.plasma_cells = 20.1;
  CHECK(one(visit, base) == Response::Stable);
  visit.plasma_cells = 4;
  CHECK(one(visit, base) == Response::Complete);
  CHECK(one(protein(30, 0, 0), base) == Response::NotEvaluable);
}

TEST_CASE("serum progresses with a quarter more and 0.5 g/dL, from 5 g/dL on with 1 g/dL whatever the share") {
  CHECK(second(protein(30, 2, 50), protein(60, 2.5, 50)) == Response::Progression);
  CHECK(second(protein(30, 2, 50), protein(60, 2.49, 50)) == Response::Minimal);
  CHECK(second(protein(30, 1, 50), protein(60, 1.49, 50)) == Response::Partial);  // + 49 %, 0.49 g/dL
  CHECK(second(protein(30, 1.8, 50), protein(60, 2.3, 50)) == Response::Progression);
  CHECK(second(protein(30, 0, 50), protein(60, 0.5, 50)) == Response::Progression);
  MyelomaVisit high = baseline();
  high.serum = 5;
  CHECK(second(protein(30, 5, 50), protein(60, 6, 50), high) == Response::Progression);
  CHECK(second(protein(30, 5, 50), protein(60, 5.99, 50), high) == Response::Stable);
  MyelomaVisit just_below = baseline();
  just_below.serum = 4.9;
  CHECK(second(protein(30, 4.9, 50), protein(60, 5.95, 50), just_below) == Response::Stable);
}

TEST_CASE("urine progresses with a quarter more and 200 mg/24 h") {
  CHECK(second(protein(30, 2, 400), protein(60, 2, 600)) == Response::Progression);
  CHECK(second(protein(30, 2, 400), protein(60, 2, 599)) == Response::Stable);
  CHECK(second(protein(30, 2, 900), protein(60, 2, 1124)) == Response::Stable);
  CHECK(second(protein(30, 2, 900), protein(60, 2, 1125)) == Response::Progression);
}

TEST_CASE("light chains progress with a quarter more and more than 10 mg/dL, only where there is no M-protein to follow") {
  const MyelomaVisit base = only_light_chains();
  CHECK(second(light_chains(30, 21, 1), light_chains(60, 31.1, 1), base) == Response::Progression);
  CHECK(second(light_chains(30, 21, 1), light_chains(60, 31, 1), base) == Response::Stable);
  CHECK(second(light_chains(30, 51, 1), light_chains(60, 63.4, 1), base) == Response::Stable);  // + 24.8 %
  MyelomaVisit low = deep(30);
  MyelomaVisit chains = deep(60);
  chains.kappa = 100;
  CHECK(second(low, chains) == Response::Complete);
}

TEST_CASE("marrow progresses with a quarter more and 10 points, only where nothing else is measurable") {
  MyelomaVisit base = only_light_chains();
  base.kappa = 1;
  MyelomaVisit low = protein(30, 0, 0);
  MyelomaVisit high = protein(60, 0, 0);
  low.plasma_cells = 10;
  high.plasma_cells = 20;
  CHECK(second(low, high, base) == Response::Progression);
  high.plasma_cells = 19.9;
  CHECK(second(low, high, base) == Response::Partial);
  base.plasma_cells = low.plasma_cells = 44;
  high.plasma_cells = 54.9;  // + 24.8 %
  CHECK(second(low, high, base) == Response::Stable);
  // with M-protein to follow, marrow alone says nothing
  low = protein(30, 2, 100);
  high = protein(60, 2, 100);
  low.plasma_cells = 10;
  high.plasma_cells = 60;
  CHECK(second(low, high) == Response::Partial);
}

TEST_CASE("new lesions progress at once, plasmacytomas with half as much again") {
  MyelomaVisit visit = deep(60);
  visit.new_lesion = Seen::Yes;
  CHECK(one(visit) == Response::Progression);
  MyelomaVisit base = baseline();
  base.plasmacytoma = 10;
  MyelomaVisit small = deep(30);
  small.plasmacytoma = 2;
  visit = deep(60);
  visit.plasmacytoma = 3;
  CHECK(second(small, visit, base) == Response::Progression);
  visit.plasmacytoma = 2.99;
  CHECK(second(small, visit, base) == Response::Partial);
  visit.plasmacytoma = 0;
  CHECK(one(visit) == Response::StringentComplete);
  visit.plasmacytoma = 0.1;  // where there had been none
  CHECK(one(visit) == Response::Progression);
}

TEST_CASE("a rise counts from the first time when the next measurement shows it, and not when it does not") {
  // 4 -> 1 -> 1 -> 1.6 -> ...: 0.6 g/dL and 60 % above the lowest value that two measurements reached
  const std::vector<MyelomaVisit> rises = {protein(30, 1, 50), protein(60, 1, 50), protein(90, 1.6, 50),
                                           protein(120, 1.7, 50)};
  auto visits = judged(baseline(), rises);
  CHECK(visits[1].response == Response::Partial);
  CHECK(visits[2].response == Response::Progression);
  const std::vector<MyelomaVisit> spike = {protein(30, 1, 50), protein(60, 1, 50), protein(90, 1.6, 50),
                                           protein(120, 1, 50)};
  visits = judged(baseline(), spike);
  CHECK(visits[2].response == Response::Partial);
  CHECK(visits[3].response == Response::Partial);
  CHECK(judged(baseline(), spike, at_once)[2].response == Response::Progression);
  std::vector<MyelomaVisit> again = spike;
  again.push_back(protein(150, 1.6, 50));
  again.push_back(protein(180, 1.7, 50));
  visits = judged(baseline(), again);
  CHECK(visits[2].response == Response::Partial);
  CHECK(visits[4].response == Response::Progression);
  // a visit without the marker between them is passed over; without a later one nothing is confirmed
  std::vector<MyelomaVisit> gap = rises;
  gap.insert(gap.begin() + 3, protein(100, not_done, not_done));
  CHECK(judged(baseline(), gap)[2].response == Response::Progression);
  gap.pop_back();
  CHECK(judged(baseline(), gap)[2].response == Response::Partial);
}

TEST_CASE("the lowest value is one that two measurements in a row reached") {
  // one dip to 0.2 does not make 0.8 a progression: two in a row never were below 0.8
  const std::vector<MyelomaVisit> dip = {protein(30, 0.8, 50), protein(60, 0.2, 50), protein(90, 0.8, 50),
                                         protein(120, 0.8, 50)};
  CHECK(judged(baseline(), dip)[2].response == Response::Partial);
  CHECK(judged(baseline(), dip, at_once)[2].response == Response::Progression);
}

TEST_CASE("a visit of myeloma sees only what its assays look at, down to their limits") {
  MyelomaVisit truth = baseline();
  truth.serum = 0.019;
  truth.urine = 3.9;
  truth.clonal = 0.9e-5;
  const MyelomaVisit all = observed(truth, Assays::All);
  CHECK(all.serum == 0);
  CHECK(all.urine == 0);
  CHECK(all.clonal == 0);
  CHECK(all.kappa == 60);
  truth.serum = 0.02;
  truth.clonal = 1e-5;
  const MyelomaVisit blood = observed(truth, Assays::Protein | Assays::LightChains);
  CHECK(blood.serum == 0.02);
  CHECK(std::isnan(blood.plasma_cells));
  CHECK(std::isnan(blood.clonal));
  CHECK(std::isnan(blood.plasmacytoma));
  CHECK(blood.new_lesion == Seen::NotDone);
  CHECK(observed(truth, Assays::MarrowMrd).clonal == 1e-5);
}
