#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ensemble/impl/stepper.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>

#include "ensemble/impl/step_parts.h"

HWY_BEFORE_NAMESPACE();
namespace carina::ensemble::HWY_NAMESPACE {

namespace {

// What the first kernel of a step reads.
template <std::size_t lanes>
HWY_INLINE void prepare_open(Block& b) {
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    hn::Store(hn::Load(o.d, b.t + lane), o.d, b.open_in + lane);
    hn::Store(hn::Mul(hn::Load(o.d, b.inverse_h + lane), o.constant(1.0 / rodas5p::gamma)), o.d, b.open_in + lanes + lane);
    hn::Store(hn::Mul(hn::Load(o.d, b.h + lane), o.constant(rodas5p::d[0])), o.d, b.open_in + 2 * lanes + lane);
  });
}

// Inputs of stage `s`: u, and g = (1/h) sum_j b_sj k_j + h d_s df/dt, in one pass over the stages before it.
template <std::size_t lanes, int s>
HWY_INLINE void prepare_stage(Block& b, const std::uint32_t* time_rows) {
  const double* HWY_RESTRICT y = b.y;
  double* HWY_RESTRICT u = b.u;
  double* HWY_RESTRICT g = b.stage_in + lanes;
  constexpr int to_u_row = std::min(s, 5);
  const double* k[7];
  for (int j = 0; j < s; ++j) k[j] = b.stage(j);
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V inverse = hn::Load(o.d, b.inverse_h + lane);
    const V h = hn::Load(o.d, b.h + lane);
    hn::Store(hn::MulAdd(h, o.constant(rodas5p::c[s]), hn::Load(o.d, b.t + lane)), o.d, b.stage_in + lane);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      const V first = hn::Load(o.d, k[0] + at);
      V to_u = s < 6 ? hn::MulAdd(o.constant(rodas5p::a[to_u_row][0]), first, hn::Load(o.d, y + at)) : hn::Load(o.d, u + at);
      V to_g = hn::Mul(o.constant(rodas5p::b[s][0]), first);
      for (int j = 1; j < s; ++j) {
        const V kj = hn::Load(o.d, k[j] + at);
        if (s < 6) {
          to_u = hn::MulAdd(o.constant(rodas5p::a[to_u_row][j < 5 ? j : 4]), kj, to_u);
        } else if (j == s - 1) {
          to_u = hn::Add(to_u, kj);
        }
        to_g = hn::MulAdd(o.constant(rodas5p::b[s][j]), kj, to_g);
      }
      hn::Store(to_u, o.d, u + at);
      hn::Store(hn::Mul(to_g, inverse), o.d, g + at);
    }
    if (rodas5p::d[s] != 0) {
      const V hd = hn::Mul(h, o.constant(rodas5p::d[s]));
      for (std::size_t i = 0; i < b.time_row_count; ++i) {
        double* target = g + time_rows[i] * lanes + lane;
        const V slope = hn::Load(o.d, b.slopes() + i * lanes + lane);
        hn::Store(hn::MulAdd(hd, slope, hn::Load(o.d, target)), o.d, target);
      }
    }
  });
}

template <std::size_t lanes, int s>
HWY_INLINE void run_stage(Block& b, const Kernels& kernels, const StepKernels& run) {
  prepare_stage<lanes, s>(b, kernels.time_rows.data());
  run.stage->run({b.u, b.slots, b.stage_in, b.factors(), b.stage(s)});
}

template <std::size_t lanes>
HWY_INLINE LaneMask finish_step(Block& b, const Tolerance& tolerance) {
  LaneMask accepted = 0;
  const double* k8 = b.stage(7);
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    V sum = o.constant(0.0);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      const V error = hn::Load(o.d, k8 + at);
      const V before = hn::Load(o.d, b.y + at);
      const V after = hn::Add(hn::Load(o.d, b.u + at), error);
      hn::Store(after, o.d, b.y_new + at);
      sum = hn::Add(sum, squared_ratio(o, error, before, after, {tolerance.rtol, tolerance.atol[row]}));
    }
    accepted |= control<lanes>(o, b, sum, lane);
  });
  return accepted;
}

template <std::size_t lanes>
LaneMask attempt(Block& b, const Kernels& kernels, const StepKernels& run, const Tolerance& tolerance) {
  begin_step<lanes>(b);
  prepare_open<lanes>(b);
  run.open->run({b.y, b.slots, b.open_in, nullptr, b.open_out});
  run_stage<lanes, 1>(b, kernels, run);
  run_stage<lanes, 2>(b, kernels, run);
  run_stage<lanes, 3>(b, kernels, run);
  run_stage<lanes, 4>(b, kernels, run);
  run_stage<lanes, 5>(b, kernels, run);
  run_stage<lanes, 6>(b, kernels, run);
  run_stage<lanes, 7>(b, kernels, run);
  return finish_step<lanes>(b, tolerance);
}

template <std::size_t lanes>
void dense(Block& b) {
  const double* k[rodas5p::stages];
  for (int j = 0; j < rodas5p::stages; ++j) k[j] = b.stage(j);
  const std::size_t rows = b.states * lanes;
  const O o{};
  const std::size_t width = hn::Lanes(o.d);
  for (std::size_t at = 0; at < rows; at += width) {
    V e0 = o.constant(0.0), e1 = e0, e2 = e0;
    for (int j = 0; j < rodas5p::stages; ++j) {
      const V kj = hn::Load(o.d, k[j] + at);
      e0 = hn::MulAdd(o.constant(rodas5p::dense[0][j]), kj, e0);
      e1 = hn::MulAdd(o.constant(rodas5p::dense[1][j]), kj, e1);
      e2 = hn::MulAdd(o.constant(rodas5p::dense[2][j]), kj, e2);
    }
    hn::Store(e0, o.d, b.dense + at);
    hn::Store(e1, o.d, b.dense + rows + at);
    hn::Store(e2, o.d, b.dense + 2 * rows + at);
  }
}

template <std::size_t lanes>
void dense_output(Block& b) {
  const std::size_t rows = b.states * lanes;
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V one = o.constant(1.0);
    const V theta =
        hn::Mul(hn::Sub(hn::Load(o.d, b.out_time + lane), hn::Load(o.d, b.t + lane)), hn::Load(o.d, b.inverse_h + lane));
    const V rest = hn::Sub(one, theta);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      const V e0 = hn::Load(o.d, b.dense + at);
      const V e1 = hn::Load(o.d, b.dense + rows + at);
      const V e2 = hn::Load(o.d, b.dense + 2 * rows + at);
      const V bend = hn::MulAdd(theta, hn::MulAdd(theta, e2, e1), e0);
      const V end = hn::MulAdd(rest, bend, hn::Load(o.d, b.y_new + at));
      hn::Store(hn::MulAdd(theta, end, hn::Mul(rest, hn::Load(o.d, b.y + at))), o.d, b.y_out + at);
    }
  });
}

template <std::size_t lanes>
void take_over(Block& b, LaneMask accepted) {
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const std::uint8_t byte[8] = {static_cast<std::uint8_t>(accepted >> lane)};
    const M mask = hn::LoadMaskBits(o.d, byte);
    const V t = hn::Load(o.d, b.t + lane);
    hn::Store(o.select(mask, hn::Load(o.d, b.t_new + lane), t), o.d, b.t + lane);
    hn::Store(hn::Load(o.d, b.h_next + lane), o.d, b.h + lane);
    for (std::size_t row = 0; row < b.states; ++row) {
      const std::size_t at = row * lanes + lane;
      hn::Store(o.select(mask, hn::Load(o.d, b.y_new + at), hn::Load(o.d, b.y + at)), o.d, b.y + at);
    }
  });
}

template <std::size_t lanes>
LaneMask output_lanes(const Block& b, LaneMask inclusive) {
  LaneMask before = 0, at = 0;
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V next = hn::Load(o.d, b.next_out + lane);
    const V t_new = hn::Load(o.d, b.t_new + lane);
    before |= bits<lanes>(o, hn::Lt(next, t_new), lane);
    at |= bits<lanes>(o, hn::Eq(next, t_new), lane);
  });
  return before | (at & inclusive);
}

}  // namespace

// The number of lanes is a constant of the code: one for machine code, one for the virtual machine.
LaneMask attempt_any(Block& b, const Kernels& kernels, const StepKernels& run, const Tolerance& tolerance) {
  return b.lanes == jit_lanes ? attempt<jit_lanes>(b, kernels, run, tolerance)
                              : attempt<vm_lanes>(b, kernels, run, tolerance);
}
void dense_any(Block& b) { b.lanes == jit_lanes ? dense<jit_lanes>(b) : dense<vm_lanes>(b); }
void dense_output_any(Block& b) { b.lanes == jit_lanes ? dense_output<jit_lanes>(b) : dense_output<vm_lanes>(b); }
void take_over_any(Block& b, LaneMask accepted) {
  b.lanes == jit_lanes ? take_over<jit_lanes>(b, accepted) : take_over<vm_lanes>(b, accepted);
}
LaneMask output_lanes_any(const Block& b, LaneMask inclusive) {
  return b.lanes == jit_lanes ? output_lanes<jit_lanes>(b, inclusive) : output_lanes<vm_lanes>(b, inclusive);
}

}  // namespace carina::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace carina::ensemble {

HWY_EXPORT(attempt_any);
HWY_EXPORT(dense_any);
HWY_EXPORT(dense_output_any);
HWY_EXPORT(take_over_any);
HWY_EXPORT(output_lanes_any);

LaneMask attempt_rodas5p(Block& block, const Kernels& kernels, const StepKernels& run, const Tolerance& tolerance) {
  return HWY_DYNAMIC_DISPATCH(attempt_any)(block, kernels, run, tolerance);
}
void make_rodas5p_dense(Block& block) { HWY_DYNAMIC_DISPATCH(dense_any)(block); }
void dense_at_out_time(Block& block) { HWY_DYNAMIC_DISPATCH(dense_output_any)(block); }
void commit(Block& block, LaneMask accepted) { HWY_DYNAMIC_DISPATCH(take_over_any)(block, accepted); }
LaneMask lanes_with_output(const Block& block, LaneMask inclusive) {
  return HWY_DYNAMIC_DISPATCH(output_lanes_any)(block, inclusive);
}

}  // namespace carina::ensemble

#endif
