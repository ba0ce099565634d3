#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tissue/fast/balance.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "tissue/fast/balance.h"

HWY_BEFORE_NAMESPACE();
namespace carina::tissue::fast::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::CappedTag<float, 8>;
using D = hn::CappedTag<double, 4>;
using H = hn::Rebind<float, D>;  // as many floats as doubles

// b - A u at voxel i and the ones after it.
HWY_INLINE hn::Vec<F> rest(const Stencil& a, const float* b, const float* u, std::size_t i) {
  const F d;
  const std::size_t at = a.pad + i;
  auto sum = hn::NegMulAdd(hn::LoadU(d, a.diagonal.data() + i), hn::LoadU(d, u + at), hn::LoadU(d, b + i));
  sum = hn::MulAdd(hn::LoadU(d, a.x.data() + at), hn::LoadU(d, u + at + 1), sum);
  sum = hn::MulAdd(hn::LoadU(d, a.x.data() + at - 1), hn::LoadU(d, u + at - 1), sum);
  sum = hn::MulAdd(hn::LoadU(d, a.y.data() + at), hn::LoadU(d, u + at + a.row), sum);
  sum = hn::MulAdd(hn::LoadU(d, a.y.data() + at - a.row), hn::LoadU(d, u + at - a.row), sum);
  sum = hn::MulAdd(hn::LoadU(d, a.z.data() + at), hn::LoadU(d, u + at + a.plane), sum);
  return hn::MulAdd(hn::LoadU(d, a.z.data() + at - a.plane), hn::LoadU(d, u + at - a.plane), sum);
}
float rest_one(const Stencil& a, const float* b, const float* u, std::size_t i) {
  const std::size_t at = a.pad + i;
  return b[i] - a.diagonal[i] * u[at] + a.x[at] * u[at + 1] + a.x[at - 1] * u[at - 1] + a.y[at] * u[at + a.row] +
         a.y[at - a.row] * u[at - a.row] + a.z[at] * u[at + a.plane] + a.z[at - a.plane] * u[at - a.plane];
}

}  // namespace

void smooth_any(const Stencil& a, const float* b, const float* u, float* out, Stretch part) {
  const F d;
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d)) {
    const std::size_t at = a.pad + i;
    hn::StoreU(hn::MulAdd(hn::LoadU(d, a.inverse.data() + i), rest(a, b, u, i), hn::LoadU(d, u + at)), d, out + at);
  }
  for (; i < part.to; ++i) out[a.pad + i] = u[a.pad + i] + a.inverse[i] * rest_one(a, b, u, i);
}

void residual_any(const Stencil& a, const float* b, const float* u, float* out, Stretch part) {
  const F d;
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d)) hn::StoreU(rest(a, b, u, i), d, out + i);
  for (; i < part.to; ++i) out[i] = rest_one(a, b, u, i);
}

void first_any(const Stencil& a, const float* b, float* out, Stretch part) {
  const F d;
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d))
    hn::StoreU(hn::Mul(hn::LoadU(d, a.inverse.data() + i), hn::LoadU(d, b + i)), d, out + a.pad + i);
  for (; i < part.to; ++i) out[a.pad + i] = a.inverse[i] * b[i];
}

double multiply_any(const Stencil& a, const double* diagonal, const double* p, double* q, Stretch part) {
  const D d;
  const H half;
  const auto coupling = [&](const float* k) { return hn::PromoteTo(d, hn::LoadU(half, k)); };
  auto sum = hn::Zero(d);
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d)) {
    const std::size_t at = a.pad + i;
    const auto own = hn::LoadU(d, p + at);
    auto out = hn::Mul(hn::LoadU(d, diagonal + i), own);
    out = hn::NegMulAdd(coupling(a.x.data() + at), hn::LoadU(d, p + at + 1), out);
    out = hn::NegMulAdd(coupling(a.x.data() + at - 1), hn::LoadU(d, p + at - 1), out);
    out = hn::NegMulAdd(coupling(a.y.data() + at), hn::LoadU(d, p + at + a.row), out);
    out = hn::NegMulAdd(coupling(a.y.data() + at - a.row), hn::LoadU(d, p + at - a.row), out);
    out = hn::NegMulAdd(coupling(a.z.data() + at), hn::LoadU(d, p + at + a.plane), out);
    out = hn::NegMulAdd(coupling(a.z.data() + at - a.plane), hn::LoadU(d, p + at - a.plane), out);
    hn::StoreU(out, d, q + i);
    sum = hn::MulAdd(own, out, sum);
  }
  double total = hn::GetLane(hn::SumOfLanes(d, sum));
  const auto times = [](float k, double value) { return static_cast<double>(k) * value; };
  for (; i < part.to; ++i) {
    const std::size_t at = a.pad + i;
    q[i] = diagonal[i] * p[at] - times(a.x[at], p[at + 1]) - times(a.x[at - 1], p[at - 1]) - times(a.y[at], p[at + a.row]) -
           times(a.y[at - a.row], p[at - a.row]) - times(a.z[at], p[at + a.plane]) -
           times(a.z[at - a.plane], p[at - a.plane]);
    total += p[at] * q[i];
  }
  return total;
}

double walk_any(const Walk& step, Stretch part, std::size_t pad) {
  const D d;
  const H half;
  const auto alpha = hn::Set(d, step.alpha);
  auto most = hn::Zero(d);
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d)) {
    const auto way = hn::Mul(alpha, hn::LoadU(d, step.p + pad + i));
    most = hn::Max(most, hn::Abs(way));
    hn::StoreU(hn::Add(hn::LoadU(d, step.u + i), way), d, step.u + i);
    const auto r = hn::NegMulAdd(alpha, hn::LoadU(d, step.q + i), hn::LoadU(d, step.r + i));
    hn::StoreU(r, d, step.r + i);
    hn::StoreU(hn::DemoteTo(half, r), half, step.single + i);
  }
  double largest = hn::GetLane(hn::MaxOfLanes(d, most));
  for (; i < part.to; ++i) {
    const double way = step.alpha * step.p[pad + i];
    largest = std::max(largest, std::fabs(way));
    step.u[i] += way;
    step.r[i] -= step.alpha * step.q[i];
    step.single[i] = static_cast<float>(step.r[i]);
  }
  return largest;
}

double dot_any(const double* r, const float* z, Stretch part, std::size_t pad) {
  const D d;
  const H half;
  auto sum = hn::Zero(d);
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d))
    sum = hn::MulAdd(hn::LoadU(d, r + i), hn::PromoteTo(d, hn::LoadU(half, z + pad + i)), sum);
  double total = hn::GetLane(hn::SumOfLanes(d, sum));
  for (; i < part.to; ++i) total += r[i] * static_cast<double>(z[pad + i]);
  return total;
}

void turn_any(const float* z, double beta, double* p, Stretch part, std::size_t pad) {
  const D d;
  const H half;
  const auto b = hn::Set(d, beta);
  std::size_t i = part.from;
  for (; i + hn::Lanes(d) <= part.to; i += hn::Lanes(d)) {
    double* at = p + pad + i;
    hn::StoreU(hn::MulAdd(b, hn::LoadU(d, at), hn::PromoteTo(d, hn::LoadU(half, z + pad + i))), d, at);
  }
  for (; i < part.to; ++i) p[pad + i] = static_cast<double>(z[pad + i]) + beta * p[pad + i];
}

}  // namespace carina::tissue::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace carina::tissue::fast {

HWY_EXPORT(smooth_any);
HWY_EXPORT(residual_any);
HWY_EXPORT(first_any);
HWY_EXPORT(multiply_any);
HWY_EXPORT(walk_any);
HWY_EXPORT(dot_any);
HWY_EXPORT(turn_any);

void smooth(const Stencil& a, const float* b, const float* u, float* out, Stretch part) {
  HWY_DYNAMIC_DISPATCH(smooth_any)(a, b, u, out, part);
}
void residual(const Stencil& a, const float* b, const float* u, float* out, Stretch part) {
  HWY_DYNAMIC_DISPATCH(residual_any)(a, b, u, out, part);
}
void first_sweep(const Stencil& a, const float* b, float* out, Stretch part) {
  HWY_DYNAMIC_DISPATCH(first_any)(a, b, out, part);
}
double multiply(const Stencil& a, const double* diagonal, const double* p, double* q, Stretch part) {
  return HWY_DYNAMIC_DISPATCH(multiply_any)(a, diagonal, p, q, part);
}
double walk(const Walk& step, Stretch part, std::size_t pad) { return HWY_DYNAMIC_DISPATCH(walk_any)(step, part, pad); }
double dot(const double* r, const float* z, Stretch part, std::size_t pad) {
  return HWY_DYNAMIC_DISPATCH(dot_any)(r, z, part, pad);
}
void turn(const float* z, double beta, double* p, Stretch part, std::size_t pad) {
  HWY_DYNAMIC_DISPATCH(turn_any)(z, beta, p, part, pad);
}

}  // namespace carina::tissue::fast

#endif
