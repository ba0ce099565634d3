/// @file
/// A model without states is a closed form: its columns are formulas of parameters and time, and nothing is integrated.
#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "ensemble/impl/kernel.h"
#include "ensemble/impl/lower.h"
#include "ensemble/integrate.h"

namespace carina::ensemble {

/// What is evaluated.
struct ClosedForm {
  const Kernels& kernels;
  const std::vector<double>& times;
  const Kernel& derive;   // of the virtual machine
  const Kernel& observe;  // for blocks of `lanes` lanes
  std::size_t lanes = 0;
};

/// See Ensemble::integrate. An individual whose column is not finite at some time fails as a whole: NotFinite, and NaN
/// at every time.
void evaluate(const ClosedForm& form, std::span<const double> parameters, std::size_t count, Results& results,
              const std::atomic<bool>* cancel);

}  // namespace carina::ensemble
