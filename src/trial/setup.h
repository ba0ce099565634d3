/// @file
/// From a published trial to the setup of its simulation: who is enrolled, the way to infusion, visits, assays, scales and
/// definitions are those of the trial file; what the file does not say is a declared assumption of trial/people.h and
/// therapy/pathway.h.
#pragma once

#include "base/problem.h"
#include "model/model.h"
#include "product/product.h"
#include "trial/trial.h"
#include "trial/virtual_trial.h"

namespace carina::trial {

/// The reference patient of a disease: `reference_patient`, with its variant where there is one, as model::find_model takes it.
std::string reference_patient_of(const std::string& disease);

/// Sets the parameters of the model that the product brings; a problem for each that the model does not have or that does not fit.
void bring(const product::Product& product, model::Model& model, Problems& problems);

/// The setup of `trial` on `model`, for the data cut called `cut` (empty: the first), and for later cuts with a published follow-up.
/// Patients are followed for at most three years after infusion, or until the latest cut; with `longest`, for at most so many days, and
/// there are no later cuts. Hazards of the way to infusion are set from the published attrition (therapy/attrition.h) of
/// virtual patients of `seed`. Throws InputError with what the trial file lacks for a simulation, or when carina does not know
/// the trial's pathway or endpoint definitions.
VirtualSetup setup_of(const Trial& trial, const model::Model& model, std::uint64_t seed, std::string_view cut = {},
                      double longest = 0);

}  // namespace carina::trial
