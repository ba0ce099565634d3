#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ensemble/impl/tsit5.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ensemble/impl/step_parts.h"
#include "ensemble/impl/tsit5.h"

HWY_BEFORE_NAMESPACE();
namespace carina::ensemble::HWY_NAMESPACE {

namespace {

template <std::size_t lanes, int s>
HWY_INLINE void run_stage(Block& b, const StepKernels& run) {
  double* HWY_RESTRICT u = s == 6 ? b.y_new : b.u;
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V h = hn::Load(o.d, b.h + lane);
    hn::Store(hn::MulAdd(h, o.constant(tsit5::c[s]), hn::Load(o.d, b.t + lane)), o.d, b.stage_in + lane);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      V slope = hn::Mul(o.constant(tsit5::a[s][0]), hn::Load(o.d, b.stage(0) + at));
      for (int j = 1; j < s; ++j) {
        slope = hn::MulAdd(o.constant(tsit5::a[s][j < 6 ? j : 5]), hn::Load(o.d, b.stage(j) + at), slope);
      }
      hn::Store(hn::MulAdd(h, slope, hn::Load(o.d, b.y + at)), o.d, u + at);
    }
  });
  run.rates->run({u, b.slots, s == 6 ? b.t_new : b.stage_in, nullptr, b.stage(s)});
}

template <std::size_t lanes>
HWY_INLINE LaneMask finish_step(Block& b, const Tolerance& tolerance) {
  LaneMask accepted = 0;
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V h = hn::Load(o.d, b.h + lane);
    V sum = o.constant(0.0);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      V error = hn::Mul(o.constant(tsit5::error[0]), hn::Load(o.d, b.stage(0) + at));
      for (int j = 1; j < tsit5::stages; ++j) {
        error = hn::MulAdd(o.constant(tsit5::error[j]), hn::Load(o.d, b.stage(j) + at), error);
      }
      sum = hn::Add(sum, squared_ratio(o, hn::Mul(h, error), hn::Load(o.d, b.y + at), hn::Load(o.d, b.y_new + at),
                                       {tolerance.rtol, tolerance.atol[row]}));
    }
    accepted |= control<lanes>(o, b, sum, lane);
  });
  return accepted;
}

template <std::size_t lanes>
LaneMask attempt(Block& b, const StepKernels& run, const Tolerance& tolerance, bool first_stage_known) {
  begin_step<lanes>(b);
  if (!first_stage_known) run.rates->run({b.y, b.slots, b.t, nullptr, b.stage(0)});
  run_stage<lanes, 1>(b, run);
  run_stage<lanes, 2>(b, run);
  run_stage<lanes, 3>(b, run);
  run_stage<lanes, 4>(b, run);
  run_stage<lanes, 5>(b, run);
  run_stage<lanes, 6>(b, run);
  return finish_step<lanes>(b, tolerance);
}

template <std::size_t lanes>
void dense(Block& b) {
  const std::size_t rows = b.states * lanes;
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V h = hn::Load(o.d, b.h + lane);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      V power2 = o.constant(0.0), power3 = power2, power4 = power2;
      for (int j = 0; j < tsit5::stages; ++j) {
        const V k = hn::Load(o.d, b.stage(j) + at);
        power2 = hn::MulAdd(o.constant(tsit5::dense[j][1]), k, power2);
        power3 = hn::MulAdd(o.constant(tsit5::dense[j][2]), k, power3);
        power4 = hn::MulAdd(o.constant(tsit5::dense[j][3]), k, power4);
      }
      // the same quartic, written so that both ends of the step are met exactly
      const V e2 = hn::Neg(hn::Mul(h, power4));
      const V e1 = hn::NegMulAdd(h, power3, e2);
      hn::Store(hn::NegMulAdd(h, power2, e1), o.d, b.dense + at);
      hn::Store(e1, o.d, b.dense + rows + at);
      hn::Store(e2, o.d, b.dense + 2 * rows + at);
    }
  });
}

}  // namespace

LaneMask attempt_tsit5_any(Block& b, const StepKernels& run, const Tolerance& tolerance, bool first_stage_known) {
  return b.lanes == jit_lanes ? attempt<jit_lanes>(b, run, tolerance, first_stage_known)
                              : attempt<vm_lanes>(b, run, tolerance, first_stage_known);
}
void tsit5_dense_any(Block& b) { b.lanes == jit_lanes ? dense<jit_lanes>(b) : dense<vm_lanes>(b); }

}  // namespace carina::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace carina::ensemble {

HWY_EXPORT(attempt_tsit5_any);
HWY_EXPORT(tsit5_dense_any);

LaneMask attempt_tsit5(Block& block, const StepKernels& run, const Tolerance& tolerance, bool first_stage_known) {
  return HWY_DYNAMIC_DISPATCH(attempt_tsit5_any)(block, run, tolerance, first_stage_known);
}
void make_tsit5_dense(Block& block) { HWY_DYNAMIC_DISPATCH(tsit5_dense_any)(block); }

}  // namespace carina::ensemble

#endif
