#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tissue/fast/sweep.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <array>
#include <vector>

#include "tissue/fast/diffuse.h"
#include "tissue/fast/sweep.h"

HWY_BEFORE_NAMESPACE();
namespace carina::tissue::fast::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::CappedTag<double, 4>;
using V = hn::Vec<D>;
constexpr std::size_t lanes = hn::MaxLanes(D());
constexpr std::size_t rows_together = 8;  // hides the latency of one line's recurrence

// Rows of `lanes` lines at one column become one vector a column, and back: the transpose is its own inverse.
HWY_INLINE void transpose(std::array<V, lanes>& v) {
#if HWY_TARGET == HWY_SCALAR
  static_cast<void>(v);
#else
  const D d;
  if constexpr (lanes == 4) {
    const V a = hn::InterleaveLower(d, v[0], v[1]), b = hn::InterleaveUpper(d, v[0], v[1]);
    const V c = hn::InterleaveLower(d, v[2], v[3]), e = hn::InterleaveUpper(d, v[2], v[3]);
    v[0] = hn::ConcatLowerLower(d, c, a);
    v[1] = hn::ConcatLowerLower(d, e, b);
    v[2] = hn::ConcatUpperUpper(d, c, a);
    v[3] = hn::ConcatUpperUpper(d, e, b);
  } else if constexpr (lanes == 2) {
    const V a = hn::InterleaveLower(d, v[0], v[1]);
    v[1] = hn::InterleaveUpper(d, v[0], v[1]);
    v[0] = a;
  }
#endif
}

// One line.
void along_one(double* u, const Elimination& line) {
  const std::size_t n = line.inverse.size();
  const double *inverse = line.inverse.data(), *carry = line.carry.data();
  double last = 0;
  for (std::size_t i = 0; i < n; ++i) u[i] = last = u[i] * inverse[i] + carry[i] * last;
  for (std::size_t i = n - 1; i-- > 0;) u[i] = last = u[i] + carry[i] * last;
}

// `blocks` times `lanes` lines together. `kept` holds what the way forward leaves, one vector a column and block.
template <std::size_t blocks>
void along_blocks(double* u, std::size_t stride, const Elimination& line, double* kept) {
  const D d;
  const std::size_t n = line.inverse.size();
  const double *inverse = line.inverse.data(), *carry = line.carry.data();
  const std::size_t whole = n - n % lanes;
  std::array<V, blocks> last;
  std::array<std::array<V, lanes>, blocks> column;
  std::array<double, lanes> single{};
  last.fill(hn::Zero(d));
  const auto forward = [&](std::size_t i, std::size_t b, V value) {
    last[b] = hn::MulAdd(hn::Set(d, carry[i]), last[b], hn::Mul(hn::Set(d, inverse[i]), value));
    hn::StoreU(last[b], d, kept + (i * blocks + b) * lanes);
  };
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t b = 0; b < blocks; ++b) {
      for (std::size_t q = 0; q < lanes; ++q) column[b][q] = hn::LoadU(d, u + (b * lanes + q) * stride + i);
      transpose(column[b]);
    }
    for (std::size_t q = 0; q < lanes; ++q) {
      for (std::size_t b = 0; b < blocks; ++b) forward(i + q, b, column[b][q]);
    }
  }
  for (std::size_t i = whole; i < n; ++i) {
    for (std::size_t b = 0; b < blocks; ++b) {
      for (std::size_t q = 0; q < lanes; ++q) single[q] = u[(b * lanes + q) * stride + i];
      forward(i, b, hn::LoadU(d, single.data()));
    }
  }
  last.fill(hn::Zero(d));
  const auto back = [&](std::size_t i, std::size_t b) {
    last[b] = hn::MulAdd(hn::Set(d, carry[i]), last[b], hn::LoadU(d, kept + (i * blocks + b) * lanes));
    return last[b];
  };
  for (std::size_t i = n; i-- > whole;) {
    for (std::size_t b = 0; b < blocks; ++b) {
      hn::StoreU(back(i, b), d, single.data());
      for (std::size_t q = 0; q < lanes; ++q) u[(b * lanes + q) * stride + i] = single[q];
    }
  }
  for (std::size_t i = whole; i > 0;) {
    i -= lanes;
    for (std::size_t q = lanes; q-- > 0;) {
      for (std::size_t b = 0; b < blocks; ++b) column[b][q] = back(i + q, b);
    }
    for (std::size_t b = 0; b < blocks; ++b) {
      transpose(column[b]);
      for (std::size_t q = 0; q < lanes; ++q) hn::StoreU(column[b][q], d, u + (b * lanes + q) * stride + i);
    }
  }
}

void along(double* first, std::size_t count, std::size_t stride, const Elimination& line) {
  constexpr std::size_t blocks = rows_together / lanes;
  const std::size_t n = line.inverse.size();
  thread_local std::vector<double> kept;
  kept.resize(n * rows_together);
  std::size_t row = 0;
  for (; row + rows_together <= count; row += rows_together)
    along_blocks<blocks>(first + row * stride, stride, line, kept.data());
  for (; row + lanes <= count; row += lanes) along_blocks<1>(first + row * stride, stride, line, kept.data());
  for (; row < count; ++row) along_one(first + row * stride, line);
}

void across(double* first, std::size_t count, std::size_t stride, const Elimination& line) {
  const D d;
  const std::size_t n = line.inverse.size(), whole = count - count % lanes;
  const auto scale = [&](double* u, double inverse) {
    for (std::size_t c = 0; c < whole; c += lanes) hn::StoreU(hn::Mul(hn::Set(d, inverse), hn::LoadU(d, u + c)), d, u + c);
    for (std::size_t c = whole; c < count; ++c) u[c] *= inverse;
  };
  const auto step = [&](double* u, const double* last, double inverse, double carry) {
    const V s = hn::Set(d, inverse), e = hn::Set(d, carry);
    for (std::size_t c = 0; c < whole; c += lanes)
      hn::StoreU(hn::MulAdd(e, hn::LoadU(d, last + c), hn::Mul(s, hn::LoadU(d, u + c))), d, u + c);
    for (std::size_t c = whole; c < count; ++c) u[c] = u[c] * inverse + carry * last[c];
  };
  const auto back = [&](double* u, const double* last, double carry) {
    const V e = hn::Set(d, carry);
    for (std::size_t c = 0; c < whole; c += lanes)
      hn::StoreU(hn::MulAdd(e, hn::LoadU(d, last + c), hn::LoadU(d, u + c)), d, u + c);
    for (std::size_t c = whole; c < count; ++c) u[c] += carry * last[c];
  };
  scale(first, line.inverse[0]);
  for (std::size_t i = 1; i < n; ++i) step(first + i * stride, first + (i - 1) * stride, line.inverse[i], line.carry[i]);
  for (std::size_t i = n - 1; i-- > 0;) back(first + i * stride, first + (i + 1) * stride, line.carry[i]);
}

void map(double* u, const double* a, const double* b, std::size_t count) {
  const D d;
  const std::size_t whole = count - count % lanes;
  for (std::size_t c = 0; c < whole; c += lanes)
    hn::StoreU(hn::MulAdd(hn::LoadU(d, a + c), hn::LoadU(d, u + c), hn::LoadU(d, b + c)), d, u + c);
  for (std::size_t c = whole; c < count; ++c) u[c] = a[c] * u[c] + b[c];
}

}  // namespace

void along_any(double* first, std::size_t count, std::size_t stride, const Elimination& line) {
  along(first, count, stride, line);
}
void across_any(double* first, std::size_t count, std::size_t stride, const Elimination& line) {
  across(first, count, stride, line);
}
void map_any(double* u, const double* a, const double* b, std::size_t count) { map(u, a, b, count); }

}  // namespace carina::tissue::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace carina::tissue::fast {

HWY_EXPORT(along_any);
HWY_EXPORT(across_any);
HWY_EXPORT(map_any);

void sweep_along(double* first, std::size_t count, std::size_t stride, const Elimination& line) {
  HWY_DYNAMIC_DISPATCH(along_any)(first, count, stride, line);
}
void sweep_across(double* first, std::size_t count, std::size_t stride, const Elimination& line) {
  HWY_DYNAMIC_DISPATCH(across_any)(first, count, stride, line);
}
void apply(double* u, const double* a, const double* b, std::size_t count) { HWY_DYNAMIC_DISPATCH(map_any)(u, a, b, count); }

}  // namespace carina::tissue::fast

#endif
