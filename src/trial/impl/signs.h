/// @file
/// From the continuous signs of the model to what is seen and done at the bedside.
#pragma once

#include <span>

#include "therapy/crs.h"
#include "therapy/neurotoxicity.h"
#include "therapy/signs.h"
#include "trial/impl/columns.h"

namespace carina::trial::impl {

/// What is known of the model's parameters of one individual.
struct Individual {
  std::span<const double> parameters;
  const Places* places = nullptr;

  double operator()(Parameter p) const { return parameters[places->of(p)]; }
};

/// The signs of one time. `tocilizumab` and `steroid`: given since the time before.
therapy::Signs signs_at(const Individual& who, const Trajectory& course, std::size_t time, std::size_t before);

/// The leak at which a patient's circulation reaches a CRS grade of 2 to 4 on a scale; above 4 for none.
double leak_of_grade(const Individual& who, therapy::CrsScale scale, int grade);

/// CTCAE-like grade of neurological events that are laid to CAR T cells: 1 at `at_neuro`, each further one at `neuro_step` times the
/// one below.
std::uint8_t neuro_grade(const Individual& who, double neurotoxicity);

/// What an examination for ICANS finds. ICANS grades are taken to need as much neurotoxicity as CTCAE grades do (`at_neuro`,
/// `neuro_step`; assumed); within a grade, ICE falls with its logarithm through the points of the grade. Below 12 years CAPD is 8 up to
/// grade 2 and 16 beyond; assumed.
therapy::NeuroSigns neuro_signs(const Individual& who, double neurotoxicity);

}  // namespace carina::trial::impl
