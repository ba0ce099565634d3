#include "trial/impl/signs.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/math.h"

namespace carina::trial::impl {
namespace {

void support_circulation(const Individual& who, double leak, therapy::Signs& signs) {
  if (leak >= who(Parameter::AtBoluses)) {
    signs.hypotension = therapy::Hypotension::FluidBoluses;
  } else if (leak >= who(Parameter::AtFluid)) {
    signs.hypotension = therapy::Hypotension::FluidBolus;
  }
  if (leak >= who(Parameter::AtPressor)) signs.vasopressors = 1;
  if (leak >= who(Parameter::AtTwo)) signs.vasopressors = 2;
  if (leak >= who(Parameter::AtHigh)) signs.flags |= therapy::sign::high_dose;
  if (leak >= who(Parameter::AtDialysis)) {
    signs.flags |= therapy::sign::dialysis;
    signs.creatinine = 4;
  }
}

void give_oxygen(const Individual& who, double lack, therapy::Signs& signs) {
  if (lack >= who(Parameter::AtVentilator)) {
    signs.oxygen = therapy::Oxygen::Ventilator;
    signs.fio2 = static_cast<float>(who(Parameter::VentilatorFio2));
  } else if (lack >= who(Parameter::AtPressure)) {
    signs.oxygen = therapy::Oxygen::PositivePressure;
    signs.fio2 = static_cast<float>(who(Parameter::PressureFio2));
  } else if (lack >= who(Parameter::AtFlow)) {
    signs.oxygen = therapy::Oxygen::HighFlow;
    signs.fio2 = static_cast<float>(who(Parameter::FlowFio2));
  } else if (lack >= who(Parameter::AtOxygen)) {
    signs.oxygen = therapy::Oxygen::LowFlow;
    signs.fio2 = static_cast<float>(who(Parameter::OxygenFio2));
  }
}

std::uint8_t grade_by_steps(double value, double first, double step) {
  std::uint8_t grade = 0;
  for (double at = first; grade < 4 && value >= at; at *= step) ++grade;
  return grade;
}

}  // namespace

therapy::Signs signs_at(const Individual& who, const Trajectory& course, std::size_t time, std::size_t before) {
  therapy::Signs signs;
  signs.temperature = static_cast<float>(course.at(time, Column::Temperature));
  const double leak = course.at(time, Column::Leak);
  const double lack = course.at(time, Column::Oxygen);
  support_circulation(who, leak, signs);
  give_oxygen(who, lack, signs);
  const double doses = course.at(time, Column::TociDoses) - course.at(before, Column::TociDoses);
  signs.tocilizumab = static_cast<std::uint8_t>(std::lround(doses));
  if (course.at(time, Column::SteroidDays) > course.at(before, Column::SteroidDays) + 0.5)
    signs.flags |= therapy::sign::steroid;
  const bool ill =
      signs.temperature >= therapy::fever_from || leak >= who(Parameter::AtFluid) || lack >= who(Parameter::AtOxygen);
  if (ill) signs.flags |= therapy::sign::attributed | therapy::sign::symptoms | therapy::sign::hospital;
  if (leak >= who(Parameter::AtIcu) || lack >= who(Parameter::AtIcu)) signs.flags |= therapy::sign::icu;
  return signs;
}

double leak_of_grade(const Individual& who, therapy::CrsScale scale, int grade) {
  const bool lee = scale == therapy::CrsScale::Lee, penn = scale == therapy::CrsScale::Penn;
  if (grade <= 2) return who(Parameter::AtFluid);
  if (grade == 3) return who(penn ? Parameter::AtBoluses : lee ? Parameter::AtHigh : Parameter::AtPressor);
  return who(lee ? Parameter::AtDialysis : penn ? Parameter::AtHigh : Parameter::AtTwo);
}

std::uint8_t neuro_grade(const Individual& who, double neurotoxicity) {
  return grade_by_steps(neurotoxicity, who(Parameter::AtNeuro), who(Parameter::NeuroStep));
}

therapy::NeuroSigns neuro_signs(const Individual& who, double neurotoxicity) {
  using therapy::Consciousness;
  therapy::NeuroSigns signs;
  const std::uint8_t grade = neuro_grade(who, neurotoxicity);
  if (grade == 0) return signs;
  signs.attributed = true;
  const double first = who(Parameter::AtNeuro), step = math::log(who(Parameter::NeuroStep));
  const double within = step > 0 ? std::clamp(math::log(neurotoxicity / first) / step - (grade - 1), 0.0, 0.999) : 0;
  // ICE of 9 to 7 is grade 1, 6 to 3 grade 2, 2 to 0 grade 3
  constexpr std::array<int, 4> best = {9, 6, 2, 0}, points = {3, 4, 3, 1};
  constexpr std::array<Consciousness, 4> woken = {Consciousness::Spontaneous, Consciousness::ToVoice, Consciousness::ToTouch,
                                                  Consciousness::Unarousable};
  const std::size_t i = grade - 1U;
  signs.ice = static_cast<std::uint8_t>(best[i] - static_cast<int>(within * points[i]));
  signs.capd = grade >= 3 ? 16 : 8;
  signs.consciousness = woken[i];
  return signs;
}

}  // namespace carina::trial::impl
