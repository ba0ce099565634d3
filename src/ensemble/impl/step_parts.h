// Parts of a step that every method shares. No include guard: Highway compiles it once for each instruction set.
#include "ensemble/impl/rodas5p.h"
#include "ensemble/impl/stepper.h"
#include "ensemble/impl/vector_ops.h"

HWY_BEFORE_NAMESPACE();
namespace carina::ensemble::HWY_NAMESPACE {
namespace {

using O = VectorOps;
using V = VectorOps::V;
using M = VectorOps::M;

template <std::size_t lanes, class F>
HWY_INLINE void for_lanes(F f) {
  const O o{};
  const std::size_t width = hn::Lanes(o.d);
  for (std::size_t lane = 0; lane < lanes; lane += width) f(o, lane);
}

template <std::size_t lanes>
HWY_INLINE LaneMask bits(const O& o, M mask, std::size_t lane) {
  std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(o.d, mask, bytes);
  return static_cast<LaneMask>(bytes[0]) << lane;
}

// Cuts h so that `stop` is hit exactly and no sliver of a step is left before it.
template <std::size_t lanes>
HWY_INLINE void begin_step(Block& b) {
  for_lanes<lanes>([&](const O& o, std::size_t lane) {
    const V t = hn::Load(o.d, b.t + lane);
    const V stop = hn::Load(o.d, b.stop + lane);
    const V wanted = hn::Load(o.d, b.h + lane);
    const V left = hn::Sub(stop, t);
    const M last = hn::Ge(wanted, hn::Mul(left, o.constant(0.999999)));
    const M half = hn::Gt(wanted, hn::Mul(left, o.constant(0.5)));
    const V h = o.select(last, left, o.select(half, hn::Mul(left, o.constant(0.5)), wanted));
    hn::Store(h, o.d, b.h + lane);
    hn::Store(hn::Div(o.constant(1.0), h), o.d, b.inverse_h + lane);
    hn::Store(o.select(last, stop, hn::Add(t, h)), o.d, b.t_new + lane);
  });
}

// Square of an error in units of the tolerance.
struct Weight {
  double rtol, atol;
};
HWY_INLINE V squared_ratio(const O& o, V error, V before, V after, Weight weight) {
  const V size = hn::Max(hn::Abs(before), hn::Abs(after));
  const V ratio = hn::Div(error, hn::MulAdd(o.constant(weight.rtol), size, o.constant(weight.atol)));
  return hn::Mul(ratio, ratio);
}

// From the sum of squared ratios of all states: whether the step is accepted, and the size of the next.
template <std::size_t lanes>
HWY_INLINE LaneMask control(const O& o, Block& b, V sum, std::size_t lane) {
  const V mean = hn::Mul(sum, o.constant(1.0 / static_cast<double>(b.states)));
  const M fits = hn::Le(mean, o.constant(1.0));
  // safety 0.9, order 5: factor = 0.9 * rms^(-1/5), between 0.1 and 6; a quarter when the step is not a number. A second
  // rejection in a row shows that the error does not yet fall as h^5: then half of that
  const V floor = o.select(hn::Lt(mean, o.constant(1e-18)), o.constant(1e-18), mean);
  const V power = formula::exp(o, hn::Mul(o.constant(-0.1), formula::log(o, floor)));
  const V wanted = hn::Mul(o.constant(0.9), power);
  const M finite = hn::Lt(mean, o.constant(formula::infinity));
  const V most = hn::Load(o.d, b.growth + lane);
  const V upper = o.select(hn::Lt(wanted, most), wanted, most);
  const V clamped = o.select(hn::Lt(upper, o.constant(0.1)), o.constant(0.1), upper);
  const M again = hn::And(hn::Gt(mean, o.constant(1.0)), hn::Eq(most, o.constant(1.0)));
  const V factor = hn::Mul(o.select(finite, clamped, o.constant(0.25)), o.select(again, o.constant(0.5), o.constant(1.0)));
  hn::Store(hn::Mul(hn::Load(o.d, b.h + lane), factor), o.d, b.h_next + lane);
  hn::Store(o.select(fits, o.constant(6.0), o.constant(1.0)), o.d, b.growth + lane);
  return bits<lanes>(o, fits, lane);
}

}  // namespace
}  // namespace carina::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
