#include "trial/impl/aftercare.h"

#include <algorithm>

#include "base/math.h"

namespace carina::trial::impl {
namespace {

constexpr double ln2 = 0.6931471805599453;
constexpr double febrile_below = 1000;  // neutrophils, cell/uL; CTCAE 5.0: febrile neutropenia is of grade 3 or higher

// A clock that rings once its hazard has used up an exponential number.
class Alarm {
 public:
  explicit Alarm(double amount) : left_(amount) {}

  // A step from `day` of `days` with this hazard on average.
  void step(double day, double days, double hazard) {
    if (rung_ < therapy::never) return;
    const double used = days * hazard;
    if (used >= left_ && hazard > 0) rung_ = day + left_ / hazard;
    left_ -= used;
  }
  double rung() const { return rung_; }

 private:
  double left_;
  double rung_ = therapy::never;
};

bool is_haemophagocytosis(const Individual& who, const Trajectory& course, std::size_t time) {
  const double at_icu = who(Parameter::AtIcu);
  const bool ill = course.at(time, Column::Leak) >= at_icu && course.at(time, Column::Oxygen) >= who(Parameter::AtOxygen);
  return ill && course.at(time, Column::Ferritin) >= who(Parameter::HlhFerritin);
}

// Normal antibody-making at one time, of the patient's own.
double making(const Individual& who, const Trajectory& course, std::size_t time) {
  const double lasting = who(Parameter::IggLasting);
  return lasting + (1 - lasting) * std::clamp(course.at(time, Column::BShare), 0.0, 1.0);
}

// A hazard that fades e-fold in `nervous_fade` days.
void draw_nervous(const Individual& who, const Luck& luck, Aftercare& out) {
  const double fade = who(Parameter::NervousFade), amount = fade * who(Parameter::Nervous);
  const double used = luck.exponential(Purpose::Nervous);
  if (used >= amount) return;
  out.nervous = -fade * math::log(1 - used / amount);
  out.nervous_days = who(Parameter::NervousDays) * luck.exponential(Purpose::NervousDays);
  out.nervous_grade = luck.uniform(Purpose::NervousSevere) < who(Parameter::NervousSevere) ? 3 : 1;
}

}  // namespace

double infections_a_day(const Individual& who, double neutrophils, double igg_share, bool steroids) {
  const double half = who(Parameter::InfectHalf);
  double more = 1 + who(Parameter::InfectNeutrophils) * half / (half + std::max(0.0, neutrophils)) +
                who(Parameter::InfectIgg) * std::max(0.0, 1 - igg_share);
  if (steroids) more *= who(Parameter::InfectSteroids);
  return who(Parameter::Infect) * more;
}

double igg_after(const Individual& who, double share, double made, double days) {
  return made + (share - made) * math::exp(-ln2 / who(Parameter::IggHalfLife) * days);
}

Aftercare aftercare(const Individual& who, const Luck& luck, const Trajectory& course) {
  Aftercare out;
  const double severe_share = who(Parameter::InfectSevere);
  Alarm mild(luck.exponential(Purpose::Infection)), severe(luck.exponential(Purpose::SevereInfection));
  Alarm febrile(luck.exponential(Purpose::FebrileNeutropenia));
  const std::vector<double>& days = *course.times;
  const auto from = static_cast<std::size_t>(std::lower_bound(days.begin(), days.end(), 0.0) - days.begin());
  double igg = 1;
  const auto hazard_at = [&](std::size_t time) {
    const bool steroids = time > 0 && course.at(time, Column::SteroidDays) > course.at(time - 1, Column::SteroidDays) + 0.5;
    return infections_a_day(who, course.at(time, Column::Neutrophils), igg, steroids);
  };
  for (std::size_t time = from; time < days.size(); ++time) {
    if (out.hlh == therapy::never && is_haemophagocytosis(who, course, time)) out.hlh = days[time];
    if (out.low_igg == therapy::never && igg * who(Parameter::Igg0) < who(Parameter::IggLow)) out.low_igg = days[time];
    if (time + 1 == days.size()) break;
    const double day = days[time], step = days[time + 1] - day;
    const double before = hazard_at(time);
    igg = igg_after(who, igg, 0.5 * (making(who, course, time) + making(who, course, time + 1)), step);
    const double hazard = 0.5 * (before + hazard_at(time + 1));
    mild.step(day, step, hazard * (1 - severe_share));
    severe.step(day, step, hazard * severe_share);
    const bool few = course.at(time, Column::Neutrophils) < febrile_below;
    const bool releasing = course.at(time, Column::Temperature) >= static_cast<double>(therapy::fever_from);
    febrile.step(day, step, few && !releasing ? who(Parameter::Febrile) : 0);
  }
  out.severe = severe.rung();
  out.infection = std::min(mild.rung(), out.severe);
  if (luck.uniform(Purpose::FatalInfection) < who(Parameter::InfectFatal)) out.death = out.severe;
  out.febrile = febrile.rung();
  if (who(Parameter::Second) > 0) out.second = luck.exponential(Purpose::SecondMalignancy) / who(Parameter::Second);
  draw_nervous(who, luck, out);
  return out;
}

}  // namespace carina::trial::impl
