/// @file
/// Runs the checks that a model file declares: published or closed-form values that the model must give. Each is computed
/// at rtol 1e-9 by the ensemble engine, extremes and crossings located to rounding.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace carina::scenario {

/// How one check went.
struct CheckResult {
  std::string name;     ///< of the check
  double found = 0;     ///< value that the model gives, in the check's unit; NaN when it gives none
  double wanted = 0;    ///< value that it must give
  double allowed = 0;   ///< largest difference allowed
  bool passed = false;  ///< |found - wanted| <= allowed
  std::string text;     ///< one sentence
};

/// Runs every check of `model`, in order.
std::vector<CheckResult> run_checks(const model::Model& model);

}  // namespace carina::scenario
