#include "therapy/response_all.h"

#include "base/check.h"
#include "therapy/impl/compare.h"

namespace carina::therapy {

using namespace impl;

namespace {

Response judge(const AllVisit& visit, const AllCriteria& criteria, Response before) {
  if (before == Response::Relapse) return before;
  const bool in_remission = is_complete(before);
  const bool marrow = done(visit.blasts);
  const bool disease = (marrow && at_least(visit.blasts, criteria.blasts)) || visit.extramedullary == Seen::Yes ||
                       visit.circulating == Seen::Yes;
  if (disease) return in_remission ? Response::Relapse : Response::NoResponse;
  const bool goes_on = in_remission && criteria.remission_without_marrow && visit.circulating == Seen::No;
  if (!marrow && !goes_on) return Response::NotEvaluable;
  const bool recovered = above(visit.platelets, criteria.platelets) && above(visit.neutrophils, criteria.neutrophils);
  return recovered && !visit.transfused ? Response::Complete : Response::CompleteIncomplete;
}

Mrd judge_mrd(double mrd, double limit) {
  if (!done(mrd)) return Mrd::NotDone;
  return below(mrd, limit) ? Mrd::Negative : Mrd::Positive;
}

}  // namespace

AllVisit observed(const AllVisit& truth, Assays assays, const AllLimits& limits) {
  AllVisit visit;
  visit.time = truth.time;
  visit.transfused = truth.transfused;
  if (has(assays, Assays::Marrow)) visit.blasts = truth.blasts;
  if (has(assays, Assays::MarrowMrd)) visit.mrd = detected(truth.mrd, limits.mrd);
  if (has(assays, Assays::Counts)) {
    visit.platelets = truth.platelets;
    visit.neutrophils = truth.neutrophils;
    visit.circulating = truth.circulating;
  }
  if (has(assays, Assays::Examination)) visit.extramedullary = truth.extramedullary;
  if (has(assays, Assays::Antigen)) visit.clones = truth.clones;
  if (has(assays, Assays::BCells)) visit.b_cells = detected(truth.b_cells, limits.b_cells);
  return visit;
}

void assess(std::span<const AllVisit> visits, const AllCriteria& criteria, std::span<Assessed> out) {
  CARINA_CHECK(out.size() == visits.size());
  Response before = Response::NotEvaluable;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const AllVisit& visit = visits[i];
    const Response response = judge(visit, criteria, before);
    if (is_evaluable(response)) before = response;
    out[i] = {visit.time, response, judge_mrd(visit.mrd, criteria.mrd), AntigenClass::Unknown, visit.blasts, visit.b_cells};
    if (is_loss(response)) out[i].antigen = antigen_class(visit.clones, criteria.antigen);
  }
}

}  // namespace carina::therapy
