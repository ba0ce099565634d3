#include "trial/impl/fate.h"

#include <algorithm>

namespace carina::trial::impl {
namespace {

constexpr double early_days = 30;

// The day on which a hazard that is `early` for 30 days and `late` after them has used up `amount`.
double day_of_other_death(const Individual& who, const Luck& luck) {
  const double early = luck.exponential(Purpose::Early) / std::max(who(Parameter::Early), 1e-300);
  if (early < early_days) return early;
  return early_days + luck.exponential(Purpose::Late) / std::max(who(Parameter::Late), 1e-300);
}

double first_remission(std::span<const therapy::Assessed> visits) {
  for (const therapy::Assessed& visit : visits) {
    if (therapy::is_response(visit.response)) return visit.time;
  }
  return therapy::never;
}

}  // namespace

double failed_on(std::span<const therapy::Assessed> visits, double failure_day) {
  bool responded = false;
  for (const therapy::Assessed& visit : visits) {
    responded = responded || therapy::is_response(visit.response);
    if (therapy::is_loss(visit.response)) return visit.time;
    if (!responded && visit.time >= failure_day) return visit.time;
  }
  return therapy::never;
}

Fate fate(const Individual& who, const Luck& luck, const Care& care, std::span<const therapy::Assessed> visits) {
  Fate fate;
  double failed = failed_on(visits, care.failure_day);
  const double remission = first_remission(visits);
  if (remission < therapy::never && luck.uniform(Purpose::Transplant) < care.transplant_share) {
    const double day = remission + who(Parameter::TransplantDay);
    if (day < failed) {
      fate.transplant = day;
      if (luck.uniform(Purpose::TransplantCure) < who(Parameter::TransplantCure)) failed = therapy::never;
    }
  }
  fate.next_therapy = failed;
  const double other = day_of_other_death(who, luck);
  const double disease = failed + luck.exponential(Purpose::Failed) / std::max(who(Parameter::Failed), 1e-300);
  fate.death = std::min(other, disease);
  fate.cause = fate.death < therapy::never ? (disease <= other ? Death::Disease : Death::Other) : Death::None;
  if (care.lost > 0) fate.lost = luck.exponential(Purpose::Lost) / care.lost;
  return fate;
}

}  // namespace carina::trial::impl
