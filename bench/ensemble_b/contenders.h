/// @file
/// The foreign contenders of work load B, with its two infusions (ensemble_b) or 52 weekly ones (ensemble_weekly).
#pragma once

#include "runner/contender.h"
#include "scenes/workload_b.h"

#include <memory>
#include <string>
#include <vector>

namespace carina::bench {

struct Task;

/// CVODE (BDF, dense, analytic Jacobian) with compiled right-hand side at relative tolerance `rtol`; the absolute
/// tolerances are those of the scene times rtol / 1e-6.
std::unique_ptr<Contender> cvode_b(const std::vector<workload_b::Infusion>& infusions, double rtol);

/// The same with two infusions for patients numbered from `first`, absolute tolerances times `atol_factor`.
std::unique_ptr<Contender> cvode_b_from(std::size_t first, double rtol, double atol_factor);

/// models/workload_b.toml of the repository `source`, with the scene's patients and two or 52 weekly infusions. Throws
/// what reading a model throws, and std::runtime_error where a name of the scene is not in the model.
std::shared_ptr<const Task> task_b(const std::string& source, bool weekly);

}  // namespace carina::bench
