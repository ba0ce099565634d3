// The arithmetic of base/formula.h on one vector register. No include guard: Highway compiles it once for each target.
#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace carina::ensemble::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

namespace formula {
#include "base/formula.inc"
}  // namespace formula

struct VectorOps {
  using D = hn::ScalableTag<double>;
  using U = hn::RebindToUnsigned<D>;
  using V = hn::Vec<D>;
  using M = hn::Mask<D>;
  D d;
  U u;

  HWY_INLINE V constant(double c) const { return hn::Set(d, c); }
  HWY_INLINE V add(V a, V b) const { return hn::Add(a, b); }
  HWY_INLINE V sub(V a, V b) const { return hn::Sub(a, b); }
  HWY_INLINE V mul(V a, V b) const { return hn::Mul(a, b); }
  HWY_INLINE V div(V a, V b) const { return hn::Div(a, b); }
  HWY_INLINE V fma(V a, V b, V c) const { return hn::MulAdd(a, b, c); }
  HWY_INLINE V floor(V a) const { return hn::Floor(a); }
  HWY_INLINE M less(V a, V b) const { return hn::Lt(a, b); }
  HWY_INLINE M less_equal(V a, V b) const { return hn::Le(a, b); }
  HWY_INLINE V select(M m, V a, V b) const { return hn::IfThenElse(m, a, b); }
  HWY_INLINE V add_exponent(V x, V n) const {
    const auto shift = hn::ShiftLeft<52>(hn::BitCast(u, hn::Add(n, hn::Set(d, 0x1.8p52))));
    return hn::BitCast(d, hn::Add(hn::BitCast(u, x), shift));
  }
  HWY_INLINE V exponent(V x) const {
    const auto field = hn::Or(hn::ShiftRight<52>(hn::BitCast(u, x)), hn::Set(u, 0x4330000000000000u));
    return hn::Sub(hn::BitCast(d, field), hn::Set(d, 0x1p52 + 1023.0));
  }
  HWY_INLINE V mantissa(V x) const {
    const auto bits = hn::And(hn::BitCast(u, x), hn::Set(u, 0x000fffffffffffffu));
    return hn::BitCast(d, hn::Or(bits, hn::Set(u, 0x3ff0000000000000u)));
  }
};

}  // namespace carina::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
