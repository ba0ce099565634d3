/// @file
/// The way to infusion in a trial, as far as its file says: waits, doses, bridging, lymphodepletion, and who was lost.
#pragma once

#include <vector>

#include "therapy/attrition.h"
#include "therapy/pathway.h"
#include "trial/trial.h"
#include "trial/virtual_trial.h"

namespace carina::trial::impl {

/// The way, hazards not set. `design.pathway` names one of therapy/published.h; otherwise it has ELIANA's shape: its wait
/// is stretched to the trial's median, of which making the product takes its part. `growth` is that of the cancer, 1/day: bridging
/// holds it. Assumed where the file is silent.
therapy::Pathway way_of(const Trial& trial, double growth);

/// Who of those enrolled was infused and who was lost how. Losses for reasons that were not read are half deaths, half progression;
/// assumed.
therapy::Attrition losses_of(const Trial& trial);

/// The dose levels where the file has several doses without a range; empty otherwise. Levels without sizes are equally many.
std::vector<DoseLevel> levels_of(const Trial& trial);

/// Strength of the lymphodepletion: the mean of fludarabine over 120 mg/m2 and cyclophosphamide over 1000 mg/m2, each in all; assumed.
double strength_of(const Trial& trial);

/// Days from its first to its last drug, 1 or more.
double depletion_days(const Trial& trial);

}  // namespace carina::trial::impl
