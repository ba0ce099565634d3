#include "therapy/imwg.h"
#include "trial/impl/see.h"

namespace carina::trial::impl {
namespace {

constexpr double litre_of_dL = 0.1;
constexpr double normal_chain = 1;  // mg/dL of each free light chain: a ratio of 1, normal (recalled)

therapy::MyelomaVisit look(const View& view, std::size_t time, const therapy::ImwgCriteria& criteria) {
  therapy::MyelomaVisit visit;
  visit.time = view.day(time);
  visit.serum = litre_of_dL * view.course.at(time, Column::MProtein);
  visit.urine = 0;
  visit.kappa = normal_chain + view.who(Parameter::LightChains) * visit.serum;
  visit.lambda = normal_chain;
  visit.plasma_cells = view.course.at(time, Column::Blasts);
  visit.clonal = visit.plasma_cells / 100;
  visit.clones = view.clones(time);
  visit.b_cells = view.course.at(time, Column::BCells);
  return therapy::observed(visit, therapy::Assays::All, criteria);
}

}  // namespace

Found see_imwg(const View& view) {
  therapy::ImwgCriteria criteria;
  criteria.mrd = view.limits.mrd;
  const therapy::MyelomaVisit baseline = look(view, view.baseline, criteria);
  std::vector<therapy::MyelomaVisit> visits;
  visits.reserve(view.visits.size());
  for (const std::size_t time : view.visits) visits.push_back(look(view, time, criteria));
  Found found;
  found.baseline = therapy::measure(baseline, baseline, criteria);
  found.visits.resize(visits.size());
  therapy::assess(baseline, visits, criteria, found.visits);
  return found;
}

}  // namespace carina::trial::impl
