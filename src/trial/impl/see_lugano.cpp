#include "therapy/lugano.h"
#include "trial/impl/see.h"

namespace carina::trial::impl {
namespace {

constexpr int cold = 1, hot = 5;  // Deauville scores: the model has no uptake between

// The mass is one round node of living cells. Its uptake is read as its diameter: what a scanner shows of a lesion shrinks with it.
therapy::LymphomaVisit look(const View& view, std::size_t time) {
  therapy::LymphomaVisit visit;
  visit.time = view.day(time);
  visit.lesions = 1;
  visit.sizes[0] = therapy::round_lesion(view.course.at(time, Column::Mass));
  visit.uptake = visit.sizes[0].ldi;
  visit.deauville = view.course.at(time, Column::Tumour) < view.who(Parameter::AtPet) ? cold : hot;
  visit.clones = view.clones(time);
  visit.b_cells = view.course.at(time, Column::BCells);
  therapy::LymphomaLimits limits;
  limits.b_cells = view.limits.b_cells;
  return therapy::observed(visit, therapy::Assays::All, limits);
}

}  // namespace

Found see_lugano(const View& view) {
  const therapy::LymphomaVisit baseline = look(view, view.baseline);
  std::vector<therapy::LymphomaVisit> visits;
  visits.reserve(view.visits.size());
  for (const std::size_t time : view.visits) visits.push_back(look(view, time));
  Found found;
  found.baseline = therapy::measure(baseline);
  found.visits.resize(visits.size());
  therapy::assess(baseline, visits, {}, found.visits);
  return found;
}

}  // namespace carina::trial::impl
