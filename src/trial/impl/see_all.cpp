#include "therapy/response_all.h"
#include "trial/impl/see.h"

namespace carina::trial::impl {

Found see_all(const View& view) {
  const therapy::AllLimits limits{100 * view.limits.mrd, view.limits.b_cells};
  std::vector<therapy::AllVisit> visits;
  visits.reserve(view.visits.size());
  for (const std::size_t time : view.visits) {
    therapy::AllVisit visit;
    visit.time = view.day(time);
    visit.blasts = view.course.at(time, Column::Blasts);
    visit.mrd = visit.blasts;
    visit.platelets = view.course.at(time, Column::Platelets);
    visit.neutrophils = view.course.at(time, Column::Neutrophils);
    visit.circulating = visit.blasts >= view.who(Parameter::AtBlood) ? therapy::Seen::Yes : therapy::Seen::No;
    visit.clones = view.clones(time);
    visit.b_cells = view.course.at(time, Column::BCells);
    visits.push_back(therapy::observed(visit, therapy::Assays::All, limits));
  }
  Found found;
  found.visits.resize(visits.size());
  therapy::assess(visits, {}, found.visits);
  return found;
}

Found see(therapy::Disease disease, const View& view) {
  switch (disease) {
    case therapy::Disease::BAll: return see_all(view);
    case therapy::Disease::Lymphoma: return see_lugano(view);
    case therapy::Disease::Myeloma: return see_imwg(view);
  }
  return {};
}

}  // namespace carina::trial::impl
