/// @file
/// What becomes of a patient beside the equations: death, transplant, the next therapy, loss to follow-up. Hazards are parameters of
/// the model; a clock is survived until its exponential number is used up.
#pragma once

#include <span>

#include "therapy/outcome.h"
#include "trial/impl/luck.h"
#include "trial/impl/signs.h"
#include "trial/patient_row.h"

namespace carina::trial::impl {

/// What the trial does and how long it looks.
struct Care {
  double transplant_share = 0;   // of responders
  double lost = 0;               // 1/day
  double failure_day = 91.3125;  // a patient without response counts as failed from this day on; 3 months
};

/// Days since infusion; infinity: never.
struct Fate {
  double death = therapy::never;
  Death cause = Death::None;
  double transplant = therapy::never;
  double next_therapy = therapy::never;
  double lost = therapy::never;
};

/// The first visit at which a relapse or progression is seen, or the day from which there is failure without response; infinity: none.
double failed_on(std::span<const therapy::Assessed> visits, double failure_day);

/// Decides. `died_of_release` is the day of death of cytokine release; infinity: none.
Fate fate(const Individual& who, const Luck& luck, const Care& care, std::span<const therapy::Assessed> visits);

}  // namespace carina::trial::impl
