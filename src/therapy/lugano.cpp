#include "therapy/lugano.h"

#include <algorithm>

#include "base/check.h"
#include "base/math.h"
#include "therapy/impl/compare.h"

namespace carina::therapy {

using namespace impl;

namespace {

/// What earlier visits leave behind.
struct Past {
  std::array<Lesion, most_lesions> lowest = {};  // each lesion as it was when its product was lowest
  double spleen = not_done;                      // shortest so far
  Seen marrow = Seen::NotDone;                   // last known
  bool metabolic = false;                        // there was a complete metabolic response
  bool progressed = false;
};

bool is_extranodal(const LymphomaVisit& visit, std::size_t lesion) { return (visit.extranodal >> lesion & 1U) != 0; }

bool grew(const Lesion& now, const Lesion& lowest, bool extranodal, const LuganoCriteria& criteria) {
  if (extranodal && lowest.ldi == 0) return above(now.ldi, criteria.extranodal_ldi);  // regrowth of a resolved lesion
  const double growth = at_most(lowest.ldi, criteria.small_lesion) ? criteria.small_growth : criteria.large_growth;
  return above(now.ldi, criteria.normal_ldi) && at_least(product(now), criteria.growth * product(lowest)) &&
         (at_least(now.ldi - lowest.ldi, growth) || at_least(now.sdi - lowest.sdi, growth));
}

/// `shortest` is the shortest length before this visit.
bool spleen_grew(double now, double baseline, double shortest, const LuganoCriteria& criteria) {
  if (!done(now) || !done(baseline)) return false;
  const double excess = baseline - criteria.normal_spleen;
  const bool enlarged_all_along = excess > 0 && above(shortest, criteria.normal_spleen);
  if (enlarged_all_along) return above(now, baseline + criteria.spleen_growth * excess);
  return above(now, criteria.normal_spleen) && at_least(now - std::min(baseline, shortest), criteria.spleen_new);
}

bool ct_progression(const LymphomaVisit& visit, const LymphomaVisit& baseline, const Past& past,
                    const LuganoCriteria& criteria) {
  for (std::size_t i = 0; i < baseline.lesions; ++i) {
    if (grew(visit.sizes[i], past.lowest[i], is_extranodal(baseline, i), criteria)) return true;
  }
  const bool marrow_new = visit.marrow == Seen::Yes && past.marrow == Seen::No;
  return above(visit.new_node, criteria.normal_ldi) || above(visit.new_extranodal, criteria.extranodal_ldi) ||
         visit.nonmeasured == Nonmeasured::Progressed || marrow_new ||
         spleen_grew(visit.spleen, baseline.spleen, past.spleen, criteria);
}

bool ct_complete(const LymphomaVisit& visit, const LymphomaVisit& baseline, const Past& past,
                 const LuganoCriteria& criteria) {
  for (std::size_t i = 0; i < baseline.lesions; ++i) {
    const bool normal =
        is_extranodal(baseline, i) ? visit.sizes[i].ldi == 0 : at_most(visit.sizes[i].ldi, criteria.normal_ldi);
    if (!normal) return false;
  }
  const double spleen = done(visit.spleen) ? visit.spleen : baseline.spleen;
  const Seen marrow = visit.marrow == Seen::NotDone ? past.marrow : visit.marrow;
  return visit.nonmeasured == Nonmeasured::Absent && visit.new_extranodal == 0 && !above(spleen, criteria.normal_spleen) &&
         marrow != Seen::Yes;
}

bool ct_partial(const LymphomaVisit& visit, const LymphomaVisit& baseline, const LuganoCriteria& criteria) {
  const double excess = baseline.spleen - criteria.normal_spleen;
  const double spleen = done(visit.spleen) ? visit.spleen : baseline.spleen;
  const bool spleen_fell = !(excess > 0) || below(spleen, baseline.spleen - criteria.spleen_response * excess);
  return baseline.lesions > 0 && at_most(measure(visit), criteria.response_left * measure(baseline)) && spleen_fell &&
         visit.new_extranodal == 0;
}

Response judge_ct(const LymphomaVisit& visit, const LymphomaVisit& baseline, const Past& past,
                  const LuganoCriteria& criteria) {
  if (!visit.ct || !baseline.ct) return Response::NotEvaluable;
  if (ct_progression(visit, baseline, past, criteria)) return Response::Progression;
  if (ct_complete(visit, baseline, past, criteria)) return Response::Complete;
  return ct_partial(visit, baseline, criteria) ? Response::Partial : Response::Stable;
}

Response judge_pet(const LymphomaVisit& visit, const LymphomaVisit& baseline, const Past& past,
                   const LuganoCriteria& criteria) {
  if (visit.deauville == 0) return Response::NotEvaluable;
  if (visit.new_foci) return Response::Progression;
  if (visit.deauville <= criteria.negative_deauville) return Response::Complete;
  if (past.metabolic) return Response::Progression;  // recurrent involvement
  if (!done(visit.uptake) || !done(baseline.uptake)) return Response::NotEvaluable;
  if (above(visit.uptake, (1 + criteria.uptake_change) * baseline.uptake)) return Response::Progression;
  return below(visit.uptake, (1 - criteria.uptake_change) * baseline.uptake) ? Response::Partial : Response::Stable;
}

Response judge(const LymphomaVisit& visit, const LymphomaVisit& baseline, const Past& past, const LuganoCriteria& criteria) {
  if (past.progressed) return Response::Progression;
  const Response pet = criteria.imaging == Imaging::Ct ? Response::NotEvaluable : judge_pet(visit, baseline, past, criteria);
  if (criteria.imaging == Imaging::Pet || pet == Response::Complete) return pet;
  const Response ct = judge_ct(visit, baseline, past, criteria);
  // a mass that takes up tracer and grows has progressed, whatever its uptake did
  return is_evaluable(pet) && ct != Response::Progression ? pet : ct;
}

void remember(const LymphomaVisit& visit, Past& past, std::size_t lesions) {
  if (visit.ct) {
    for (std::size_t i = 0; i < lesions; ++i) {
      if (product(visit.sizes[i]) <= product(past.lowest[i])) past.lowest[i] = visit.sizes[i];
    }
    if (!(past.spleen <= visit.spleen) && done(visit.spleen)) past.spleen = visit.spleen;
  }
  if (visit.marrow != Seen::NotDone) past.marrow = visit.marrow;
}

}  // namespace

LymphomaVisit observed(const LymphomaVisit& truth, Assays assays, const LymphomaLimits& limits) {
  LymphomaVisit visit;
  visit.time = truth.time;
  visit.lesions = truth.lesions;
  visit.extranodal = truth.extranodal;
  if (has(assays, Assays::Ct)) {
    visit.ct = true;
    for (std::size_t i = 0; i < truth.lesions; ++i) {
      const Lesion& lesion = truth.sizes[i];
      if (below(lesion.ldi, limits.visible)) continue;
      visit.sizes[i] = below(lesion.ldi, limits.measurable) ? Lesion{limits.measurable, limits.measurable} : lesion;
    }
    visit.nonmeasured = truth.nonmeasured;
    visit.new_node = detected(truth.new_node, limits.visible);
    visit.new_extranodal = detected(truth.new_extranodal, limits.visible);
    visit.spleen = truth.spleen;
  }
  if (has(assays, Assays::Pet)) {
    visit.deauville = truth.deauville;
    visit.uptake = truth.uptake;
    visit.new_foci = truth.new_foci;
  }
  if (has(assays, Assays::Marrow)) visit.marrow = truth.marrow;
  if (has(assays, Assays::Antigen)) visit.clones = truth.clones;
  if (has(assays, Assays::BCells)) visit.b_cells = detected(truth.b_cells, limits.b_cells);
  return visit;
}

Lesion round_lesion(double volume) {
  if (!(volume > 0)) return {0, 0};
  constexpr double six_over_pi = 1.90985931710274402923;
  const double diameter = math::pow(six_over_pi * volume, 1.0 / 3);
  return {diameter, diameter};
}

double measure(const LymphomaVisit& visit) {
  if (!visit.ct) return not_done;
  double sum = 0;
  for (std::size_t i = 0; i < visit.lesions; ++i) sum += product(visit.sizes[i]);
  return sum;
}

void assess(const LymphomaVisit& baseline, std::span<const LymphomaVisit> visits, const LuganoCriteria& criteria,
            std::span<Assessed> out) {
  CARINA_CHECK(out.size() == visits.size());
  CARINA_CHECK(baseline.lesions <= most_lesions);
  Past past;
  past.lowest = baseline.sizes;
  past.spleen = baseline.spleen;
  past.marrow = baseline.marrow;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const LymphomaVisit& visit = visits[i];
    CARINA_CHECK(visit.lesions == baseline.lesions);
    const Response response = judge(visit, baseline, past, criteria);
    past.progressed = past.progressed || is_loss(response);
    past.metabolic = past.metabolic || (visit.deauville > 0 && response == Response::Complete);
    remember(visit, past, baseline.lesions);
    out[i] = {visit.time, response, Mrd::NotDone, AntigenClass::Unknown, measure(visit), visit.b_cells};
    if (is_loss(response)) out[i].antigen = antigen_class(visit.clones, criteria.antigen);
  }
}

}  // namespace carina::therapy
