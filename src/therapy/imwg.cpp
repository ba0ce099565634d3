#include "therapy/imwg.h"

#include <algorithm>

#include "base/check.h"
#include "therapy/impl/compare.h"

namespace carina::therapy {

using namespace impl;

namespace {

double ratio(const MyelomaVisit& visit) { return visit.kappa / visit.lambda; }

bool ratio_normal(const MyelomaVisit& visit, const ImwgCriteria& criteria) {
  return at_least(ratio(visit), criteria.ratio_low) && at_most(ratio(visit), criteria.ratio_high);
}

/// The lowest value of a marker so far; where confirmation is asked, the lowest that two in a row reached.
class Lowest {
 public:
  Lowest(double baseline, bool confirm) : lowest_(baseline), previous_(baseline), confirm_(confirm) {}
  double value() const { return lowest_; }
  void add(double now) {
    if (!done(now)) return;
    const double reached = confirm_ && done(previous_) ? std::max(previous_, now) : now;
    if (!(lowest_ <= reached)) lowest_ = reached;
    previous_ = now;
  }

 private:
  double lowest_;
  double previous_;
  bool confirm_;
};

/// One patient: what the baseline says, and what earlier visits leave behind.
struct Patient {
  const MyelomaVisit& baseline;
  const ImwgCriteria& criteria;
  Marker marker;
  bool serum;  // is measurable
  bool urine;  // is measurable
  bool kappa;  // is the involved chain
  Lowest serum_lowest, urine_lowest, flc_lowest, marrow_lowest, plasmacytoma_lowest;
  double plasma_cells;  // last known since infusion
  double clonal;        // last known since infusion
  double plasmacytoma;  // last known

  Patient(const MyelomaVisit& base, const ImwgCriteria& rules);
  double dflc(const MyelomaVisit& visit) const { return kappa ? visit.kappa - visit.lambda : visit.lambda - visit.kappa; }
  bool measured(const MyelomaVisit& visit) const;
  bool marker_rose(const MyelomaVisit& visit) const;
  bool lesion_rose(const MyelomaVisit& visit) const;
  bool complete(const MyelomaVisit& visit) const;
  bool protein_left(const MyelomaVisit& visit, double left, double urine_left, double urine_below) const;
  bool electrophoresis_negative(const MyelomaVisit& visit) const;
  Response protein(const MyelomaVisit& visit) const;
  Response judge(const MyelomaVisit& visit) const;
  void remember(const MyelomaVisit& visit);
};

Patient::Patient(const MyelomaVisit& base, const ImwgCriteria& rules)
    : baseline(base),
      criteria(rules),
      marker(therapy::marker(base, rules)),
      serum(at_least(base.serum, rules.serum_measurable)),
      urine(at_least(base.urine, rules.urine_measurable)),
      kappa(above(ratio(base), rules.ratio_high)),
      serum_lowest(base.serum, rules.confirm),
      urine_lowest(base.urine, rules.confirm),
      flc_lowest(dflc(base), rules.confirm),
      marrow_lowest(base.plasma_cells, rules.confirm),
      plasmacytoma_lowest(done(base.plasmacytoma) ? base.plasmacytoma : 0, false),
      plasma_cells(not_done),
      clonal(not_done),
      plasmacytoma(done(base.plasmacytoma) ? base.plasmacytoma : 0) {}

bool Patient::measured(const MyelomaVisit& visit) const {
  switch (marker) {
    case Marker::Protein: return (!serum || done(visit.serum)) && (!urine || done(visit.urine));
    case Marker::LightChains: return done(dflc(visit));
    case Marker::Marrow: return done(visit.plasma_cells);
    case Marker::None: break;
  }
  return false;
}

bool rose(double now, double lowest, double growth) { return at_least(now, growth * lowest) && now > lowest; }

bool Patient::marker_rose(const MyelomaVisit& visit) const {
  const double growth = criteria.growth;
  const double serum_from = serum_lowest.value();
  const bool serum_high =
      at_least(serum_from, criteria.serum_high) && at_least(visit.serum - serum_from, criteria.serum_high_growth);
  const bool serum_rose = rose(visit.serum, serum_from, growth) && !at_least(serum_from, criteria.serum_high) &&
                          at_least(visit.serum - serum_from, criteria.serum_growth);
  const bool urine_rose =
      rose(visit.urine, urine_lowest.value(), growth) && at_least(visit.urine - urine_lowest.value(), criteria.urine_growth);
  if (serum_high || serum_rose || urine_rose) return true;
  if (marker == Marker::LightChains) {
    const double flc_from = flc_lowest.value();
    return rose(dflc(visit), flc_from, growth) && above(dflc(visit) - flc_from, criteria.flc_growth);
  }
  if (marker == Marker::Protein) return false;
  const double marrow_from = marrow_lowest.value();
  return rose(visit.plasma_cells, marrow_from, growth) && at_least(visit.plasma_cells - marrow_from, criteria.marrow_growth);
}

bool Patient::lesion_rose(const MyelomaVisit& visit) const {
  const double smallest = plasmacytoma_lowest.value();
  return visit.new_lesion == Seen::Yes || rose(visit.plasmacytoma, smallest, criteria.plasmacytoma_growth);
}

/// Immunofixation of one compartment; where it was not done, what the baseline says of it holds.
bool immunofixation_negative(double now, double baseline, double limit) {
  return done(now) ? below(now, limit) : !at_least(baseline, limit);
}

bool Patient::complete(const MyelomaVisit& visit) const {
  return immunofixation_negative(visit.serum, baseline.serum, criteria.serum_immunofixation) &&
         immunofixation_negative(visit.urine, baseline.urine, criteria.urine_immunofixation) &&
         below(plasma_cells, criteria.plasma_cells) && plasmacytoma == 0 &&
         (marker != Marker::LightChains || ratio_normal(visit, criteria));
}

bool Patient::electrophoresis_negative(const MyelomaVisit& visit) const {
  const bool serum_gone = done(visit.serum) ? below(visit.serum, criteria.serum_electrophoresis) : !serum;
  const bool urine_gone = done(visit.urine) ? below(visit.urine, criteria.urine_electrophoresis) : !urine;
  return serum_gone && urine_gone;
}

/// A compartment that was not measurable at baseline asks nothing but the urine's absolute limit.
bool Patient::protein_left(const MyelomaVisit& visit, double left, double urine_left, double urine_below) const {
  const bool serum_fell = !serum || at_most(visit.serum, left * baseline.serum);
  const bool urine_fell = urine ? at_most(visit.urine, urine_left * baseline.urine) || below(visit.urine, urine_below)
                                : !at_least(visit.urine, urine_below);
  return serum_fell && urine_fell;
}

Response Patient::protein(const MyelomaVisit& visit) const {
  // VGPR: for urine without a measurable serum the fall is urine's, and the absolute limit holds besides
  const bool urine_low = !at_least(visit.urine, criteria.vgpr_urine);
  const bool serum_left = serum ? at_most(visit.serum, criteria.vgpr_left * baseline.serum)
                                : at_most(visit.urine, criteria.vgpr_left * baseline.urine);
  if (electrophoresis_negative(visit) || (serum_left && urine_low)) return Response::VeryGoodPartial;
  if (protein_left(visit, criteria.pr_left, criteria.pr_urine_left, criteria.pr_urine)) return Response::Partial;
  const bool minimal = protein_left(visit, criteria.mr_left, criteria.mr_urine_left, criteria.pr_urine);
  return minimal ? Response::Minimal : Response::Stable;
}

Response by_share(double now, double baseline, const ImwgCriteria& criteria, bool very_good) {
  if (very_good && at_most(now, criteria.vgpr_left * baseline)) return Response::VeryGoodPartial;
  return at_most(now, criteria.pr_left * baseline) ? Response::Partial : Response::Stable;
}

Response Patient::judge(const MyelomaVisit& visit) const {
  if (!measured(visit)) return Response::NotEvaluable;
  if (complete(visit)) {
    const bool stringent = ratio_normal(visit, criteria) && below(clonal, criteria.clonal);
    return stringent ? Response::StringentComplete : Response::Complete;
  }
  Response response = Response::Stable;
  if (marker == Marker::Protein) response = protein(visit);
  if (marker == Marker::LightChains) response = by_share(dflc(visit), dflc(baseline), criteria, true);
  if (marker == Marker::Marrow) response = by_share(visit.plasma_cells, baseline.plasma_cells, criteria, false);
  if (!(baseline.plasmacytoma > 0)) return response;
  const double left = plasmacytoma / baseline.plasmacytoma;
  if (response == Response::VeryGoodPartial && above(left, criteria.plasmacytoma_vgpr)) response = Response::Partial;
  return above(left, criteria.plasmacytoma_left) ? std::min(response, Response::Stable) : response;
}

void Patient::remember(const MyelomaVisit& visit) {
  serum_lowest.add(visit.serum);
  urine_lowest.add(visit.urine);
  flc_lowest.add(dflc(visit));
  marrow_lowest.add(visit.plasma_cells);
  plasmacytoma_lowest.add(visit.plasmacytoma);
}

/// A rise at the first of `visits` counts when the next visit that measures anything still shows it.
bool progression(const Patient& patient, std::span<const MyelomaVisit> visits) {
  if (patient.lesion_rose(visits.front())) return true;
  if (!patient.marker_rose(visits.front())) return false;
  if (!patient.criteria.confirm) return true;
  for (const MyelomaVisit& next : visits.subspan(1)) {
    if (patient.measured(next) || patient.marker_rose(next)) return patient.marker_rose(next);
  }
  return false;
}

}  // namespace

Marker marker(const MyelomaVisit& baseline, const ImwgCriteria& criteria) {
  if (at_least(baseline.serum, criteria.serum_measurable) || at_least(baseline.urine, criteria.urine_measurable)) {
    return Marker::Protein;
  }
  const double involved = above(ratio(baseline), criteria.ratio_high) ? baseline.kappa : baseline.lambda;
  if (done(ratio(baseline)) && !ratio_normal(baseline, criteria) && at_least(involved, criteria.flc_measurable)) {
    return Marker::LightChains;
  }
  return at_least(baseline.plasma_cells, criteria.marrow_measurable) ? Marker::Marrow : Marker::None;
}

MyelomaVisit observed(const MyelomaVisit& truth, Assays assays, const ImwgCriteria& criteria) {
  MyelomaVisit visit;
  visit.time = truth.time;
  if (has(assays, Assays::Protein)) {
    visit.serum = detected(truth.serum, criteria.serum_immunofixation);
    visit.urine = detected(truth.urine, criteria.urine_immunofixation);
  }
  if (has(assays, Assays::LightChains)) {
    visit.kappa = truth.kappa;
    visit.lambda = truth.lambda;
  }
  if (has(assays, Assays::Marrow)) visit.plasma_cells = truth.plasma_cells;
  if (has(assays, Assays::MarrowMrd)) visit.clonal = detected(truth.clonal, criteria.mrd);
  if (has(assays, Assays::Examination)) {
    visit.plasmacytoma = truth.plasmacytoma;
    visit.new_lesion = truth.new_lesion;
  }
  if (has(assays, Assays::Antigen)) visit.clones = truth.clones;
  if (has(assays, Assays::BCells)) visit.b_cells = truth.b_cells;
  return visit;
}

double measure(const MyelomaVisit& visit, const MyelomaVisit& baseline, const ImwgCriteria& criteria) {
  switch (marker(baseline, criteria)) {
    case Marker::Protein: return at_least(baseline.serum, criteria.serum_measurable) ? visit.serum : visit.urine;
    case Marker::LightChains:
      return above(ratio(baseline), criteria.ratio_high) ? visit.kappa - visit.lambda : visit.lambda - visit.kappa;
    case Marker::Marrow: return visit.plasma_cells;
    case Marker::None: break;
  }
  return not_done;
}

void assess(const MyelomaVisit& baseline, std::span<const MyelomaVisit> visits, const ImwgCriteria& criteria,
            std::span<Assessed> out) {
  CARINA_CHECK(out.size() == visits.size());
  Patient patient(baseline, criteria);
  bool progressed = false;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const MyelomaVisit& visit = visits[i];
    if (done(visit.plasma_cells)) patient.plasma_cells = visit.plasma_cells;
    if (done(visit.clonal)) patient.clonal = visit.clonal;
    if (done(visit.plasmacytoma)) patient.plasmacytoma = visit.plasmacytoma;
    progressed = progressed || progression(patient, visits.subspan(i));
    const Response response = progressed ? Response::Progression : patient.judge(visit);
    patient.remember(visit);
    Mrd mrd = Mrd::NotDone;
    if (done(visit.clonal)) mrd = below(visit.clonal, criteria.mrd) ? Mrd::Negative : Mrd::Positive;
    out[i] = {visit.time, response, mrd, AntigenClass::Unknown, measure(visit, baseline, criteria), visit.b_cells};
    if (is_loss(response)) out[i].antigen = antigen_class(visit.clones, criteria.antigen);
  }
}

}  // namespace carina::therapy
