/// @file
/// The vector parts of a step, one call for all lanes of a block. Compiled once for each instruction set and chosen when the
/// program runs.
#pragma once

#include "ensemble/impl/block.h"
#include "ensemble/impl/jit.h"
#include "ensemble/impl/kernel.h"

namespace carina::ensemble {

/// The kernels that a step runs.
struct StepKernels {
  std::unique_ptr<Kernel> rates, open, stage, observe, guards;  // those that the method and the model need
};

/// Error weights: |error| is measured in atol[s] + rtol * |y|.
struct Tolerance {
  double rtol = 0;
  const double* atol = nullptr;
};

/// One step of every lane from (t, y) with size h, which is cut to hit `stop` exactly. Writes y_new, t_new, h_next and the
/// stages; commits nothing. Returns the lanes whose error is within tolerance.
LaneMask attempt_rodas5p(Block& block, const Kernels& kernels, const StepKernels& run, const Tolerance& tolerance);
/// The same with Tsit5. `first_stage_known` says that stage 0 already holds the rates at (t, y) of every lane.
LaneMask attempt_tsit5(Block& block, const StepKernels& run, const Tolerance& tolerance, bool first_stage_known);

/// Coefficients of the dense output of the step, for dense_at_out_time: y(theta) = (1-theta) y_0 + theta (y_1 + (1-theta)
/// (e_0 + theta (e_1 + theta e_2))).
void make_rodas5p_dense(Block& block);
/// The same after attempt_tsit5.
void make_tsit5_dense(Block& block);

/// y_out = the dense output at out_time, for every lane.
void dense_at_out_time(Block& block);

/// Takes over y_new and t_new in the lanes of `accepted`, and h_next in all.
void commit(Block& block, LaneMask accepted);

/// Lanes with next_out before (or, when `inclusive` has their bit, at) t_new.
LaneMask lanes_with_output(const Block& block, LaneMask inclusive);

}  // namespace carina::ensemble
