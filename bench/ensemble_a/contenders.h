/// @file
/// The foreign and the exact contenders of work load A.
#pragma once

#include "runner/contender.h"

#include <memory>
#include <string>

namespace carina::bench {

struct Task;

/// The closed form evaluated patient by patient.
std::unique_ptr<Contender> closed_form_a();

/// CVODE (BDF, dense, analytic Jacobian) with compiled right-hand side at relative tolerance 1e-6, absolute 1e-6.
std::unique_ptr<Contender> cvode_a();

/// The model `name` of the repository `source`, stein_2019 or its closed form, with the scene's patients. Throws what reading a
/// model throws, and std::runtime_error where a name of the scene is not in the model.
std::shared_ptr<const Task> task_a(const std::string& source, const std::string& name);

}  // namespace carina::bench
