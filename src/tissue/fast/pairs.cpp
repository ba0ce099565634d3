#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tissue/fast/pairs.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <type_traits>

#include "tissue/fast/pairs.h"

HWY_BEFORE_NAMESPACE();
namespace carina::tissue::fast::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Vectors from several neighbours to a cell, and their radii.
template <class V>
struct Apart {
  V x, y, z, radius;
};

// Single precision: eight neighbours at once where registers are wide enough.
struct SingleKernel {
  using Cell = Near;
  using T = float;
  using D = hn::CappedTag<float, 8>;
  using V = hn::Vec<D>;
  using DI = hn::Rebind<std::int32_t, D>;
  using VI = hn::Vec<DI>;
  static constexpr std::size_t lanes = hn::MaxLanes(D());

  V unit;
  VI x, y, z;
  V radius;

  SingleKernel(const CellView<Cell>& view, std::size_t i) {
    const D d;
    const DI di;
    unit = hn::Set(d, static_cast<float>(view.unit));
    const Cell& own = view.cell[i];
    x = hn::Set(di, own.x), y = hn::Set(di, own.y), z = hn::Set(di, own.z);
    radius = hn::Set(d, own.radius);
  }

  HWY_INLINE Apart<V> apart(const Cell* cells, const std::uint32_t* list) const {
    const D d;
    const DI di;
    VI nx, ny, nz, nr;
#if HWY_TARGET == HWY_SCALAR
    const Cell& c = cells[list[0]];
    nx = hn::Set(di, c.x), ny = hn::Set(di, c.y), nz = hn::Set(di, c.z), nr = hn::BitCast(di, hn::Set(d, c.radius));
#else
    const hn::Full128<std::int32_t> quad;
    const auto one = [&](std::size_t q) { return hn::LoadU(quad, &cells[list[q]].x); };
#if HWY_MAX_BYTES >= 32
    const auto pair = [&](std::size_t q) { return hn::Combine(di, one(q + 4), one(q)); };
#else
    const auto pair = one;
#endif
    const VI a = pair(0), b = pair(1), c = pair(2), e = pair(3);
    const hn::Repartition<std::uint64_t, DI> wide;
    const auto xy_low = hn::BitCast(wide, hn::InterleaveLower(di, a, b)),
               xy_high = hn::BitCast(wide, hn::InterleaveLower(di, c, e));
    const auto zr_low = hn::BitCast(wide, hn::InterleaveUpper(di, a, b)),
               zr_high = hn::BitCast(wide, hn::InterleaveUpper(di, c, e));
    nx = hn::BitCast(di, hn::InterleaveLower(wide, xy_low, xy_high));
    ny = hn::BitCast(di, hn::InterleaveUpper(wide, xy_low, xy_high));
    nz = hn::BitCast(di, hn::InterleaveLower(wide, zr_low, zr_high));
    nr = hn::BitCast(di, hn::InterleaveUpper(wide, zr_low, zr_high));
#endif
    const auto from = [&](VI own, VI other) { return hn::Mul(hn::ConvertTo(d, hn::Sub(own, other)), unit); };
    return {from(x, nx), from(y, ny), from(z, nz), hn::BitCast(d, nr)};
  }
};

// Double precision: four at once.
struct DoubleKernel {
  using Cell = NearDouble;
  using T = double;
  using D = hn::CappedTag<double, 4>;
  using V = hn::Vec<D>;
  static constexpr std::size_t lanes = hn::MaxLanes(D());

  V x, y, z, radius;

  DoubleKernel(const CellView<Cell>& view, std::size_t i) {
    const D d;
    const Cell& own = view.cell[i];
    x = hn::Set(d, own.x), y = hn::Set(d, own.y), z = hn::Set(d, own.z);
    radius = hn::Set(d, own.radius);
  }

  HWY_INLINE Apart<V> apart(const Cell* cells, const std::uint32_t* list) const {
    const D d;
#if HWY_MAX_BYTES >= 32 && HWY_TARGET != HWY_SCALAR
    const V a = hn::LoadU(d, &cells[list[0]].x), b = hn::LoadU(d, &cells[list[1]].x);
    const V c = hn::LoadU(d, &cells[list[2]].x), e = hn::LoadU(d, &cells[list[3]].x);
    const V ab = hn::InterleaveLower(d, a, b), ab_up = hn::InterleaveUpper(d, a, b);
    const V ce = hn::InterleaveLower(d, c, e), ce_up = hn::InterleaveUpper(d, c, e);
    return {hn::Sub(x, hn::ConcatLowerLower(d, ce, ab)), hn::Sub(y, hn::ConcatLowerLower(d, ce_up, ab_up)),
            hn::Sub(z, hn::ConcatUpperUpper(d, ce, ab)), hn::ConcatUpperUpper(d, ce_up, ab_up)};
#else
    HWY_ALIGN double at[4][lanes];
    for (std::size_t q = 0; q < lanes; ++q) {
      const Cell& c = cells[list[q]];
      at[0][q] = c.x, at[1][q] = c.y, at[2][q] = c.z, at[3][q] = c.radius;
    }
    return {hn::Sub(x, hn::Load(d, at[0])), hn::Sub(y, hn::Load(d, at[1])), hn::Sub(z, hn::Load(d, at[2])),
            hn::Load(d, at[3])};
#endif
  }
};

// The nearest image along an axis of this period; none where it is 0.
template <class D, class V>
HWY_INLINE V nearest(D d, V dx, double period) {
  if (period == 0) return dx;
  using T = hn::TFromD<D>;
  const V times = hn::Round(hn::Mul(dx, hn::Set(d, static_cast<T>(1 / period))));
  return hn::NegMulAdd(times, hn::Set(d, static_cast<T>(period)), dx);
}

// What a pair does: how much it is pressed, pulled, and one over its distance.
template <class V>
struct Meeting {
  V pressed, pulled, per_distance;
};

// One division serves 1/d, d/R and d/A. All types alike: A is `reach` times R.
template <class D, class V>
HWY_INLINE Meeting<V> meet_alike(D d, V squared, V touch, V per_reach) {
  const V none = hn::Zero(d), all = hn::Set(d, 1);
  const V over = hn::Div(all, hn::Mul(hn::Sqrt(squared), touch));
  const V apart = hn::Mul(squared, over);
  return {hn::Max(hn::Sub(all, apart), none), hn::Max(hn::NegMulAdd(apart, per_reach, all), none), hn::Mul(touch, over)};
}
template <class D, class V>
HWY_INLINE Meeting<V> meet(D d, V squared, V touch, V most) {
  const V none = hn::Zero(d), all = hn::Set(d, 1);
  const V over = hn::Div(all, hn::Mul(hn::Mul(hn::Sqrt(squared), touch), most));
  const V share = hn::Mul(squared, over);
  return {hn::Max(hn::NegMulAdd(share, most, all), none), hn::Max(hn::NegMulAdd(share, touch, all), none),
          hn::Mul(hn::Mul(touch, most), over)};
}

// What a cell is to the other types, and lanes of it for the neighbours of one list entry.
template <class Kernel, bool one_type>
struct Ties {
  using D = typename Kernel::D;
  using V = typename Kernel::V;
  using T = typename Kernel::T;
  const PairView& pairs;
  const std::uint16_t* type;
  std::size_t row;
  V repulsion, adhesion, reach;

  Ties(const PairView& of, const std::uint16_t* types, std::size_t i)
      : pairs(of), type(types), row(one_type ? 0 : types[i] * of.types) {
    const D d;
    repulsion = hn::Set(d, static_cast<T>(pairs.repulsion[row]));
    adhesion = hn::Set(d, static_cast<T>(pairs.adhesion[row]));
    reach = hn::Set(d, static_cast<T>(pairs.reach[one_type ? 0 : type[i]]));
  }
  HWY_INLINE void look(const std::uint32_t* list) {
    const D d;
    HWY_ALIGN T of_pair[3][Kernel::lanes];
    for (std::size_t q = 0; q < Kernel::lanes; ++q) {
      const std::size_t other = type[list[q]];
      of_pair[0][q] = static_cast<T>(pairs.repulsion[row + other]);
      of_pair[1][q] = static_cast<T>(pairs.adhesion[row + other]);
      of_pair[2][q] = static_cast<T>(pairs.reach[other]);
    }
    repulsion = hn::Load(d, of_pair[0]), adhesion = hn::Load(d, of_pair[1]), reach = hn::Load(d, of_pair[2]);
  }
};

template <class Kernel, bool one_type, bool periodic, bool with_overlap>
void push(const CellView<typename Kernel::Cell>& cells, const PairView& pairs, std::size_t first,
          const Neighbours::Chunk& lists, Pushed& out) {
  using D = typename Kernel::D;
  using V = typename Kernel::V;
  using T = typename Kernel::T;
  const D d;
  const V none = hn::Zero(d), closest = hn::Set(d, static_cast<T>(least_distance * least_distance));
  const std::size_t count = lists.first.size() - 1;
  for (std::size_t n = 0; n < count; ++n) {
    const Kernel own(cells, first + n);
    Ties<Kernel, one_type> ties(pairs, cells.type, first + n);
    const V own_reach = hn::Mul(ties.reach, own.radius), per_reach = hn::Div(hn::Set(d, 1), ties.reach);
    V x = none, y = none, z = none, overlap = none;
    for (std::size_t at = lists.first[n]; at < lists.first[n + 1]; at += Kernel::lanes) {
      const std::uint32_t* list = lists.cell.data() + at;
      Apart<V> to = own.apart(cells.cell, list);
      if constexpr (periodic) {
        to.x = nearest(d, to.x, pairs.period[0]);
        to.y = nearest(d, to.y, pairs.period[1]);
        to.z = nearest(d, to.z, pairs.period[2]);
      }
      if constexpr (!one_type) ties.look(list);
      const V real = hn::MulAdd(to.x, to.x, hn::MulAdd(to.y, to.y, hn::Mul(to.z, to.z)));
      const V squared = hn::Max(real, closest), touch = hn::Add(own.radius, to.radius);
      Meeting<V> pair;
      if constexpr (one_type) {
        pair = meet_alike(d, squared, touch, per_reach);
      } else {
        pair = meet(d, squared, touch, hn::MulAdd(ties.reach, to.radius, own_reach));
      }
      const V pressed2 = hn::Mul(pair.pressed, pair.pressed);
      const V speed = hn::NegMulAdd(ties.adhesion, hn::Mul(pair.pulled, pair.pulled), hn::Mul(ties.repulsion, pressed2));
      const V along = hn::Mul(speed, pair.per_distance);
      x = hn::MulAdd(along, to.x, x), y = hn::MulAdd(along, to.y, y), z = hn::MulAdd(along, to.z, z);
      // the cell itself fills lists up: no distance, no push, and no overlap
      if constexpr (with_overlap) overlap = hn::Add(overlap, hn::IfThenElseZero(hn::Gt(real, none), pressed2));
    }
    out.x[n] = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, x)));
    out.y[n] = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, y)));
    out.z[n] = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, z)));
    if constexpr (with_overlap) out.overlap[n] = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, overlap)));
  }
}

template <class Kernel>
void push_any(const CellView<typename Kernel::Cell>& cells, const PairView& pairs, std::size_t first,
              const Neighbours::Chunk& lists, Pushed& out) {
  const auto choose = [&](auto one_type, auto periodic) {
    if (pairs.overlap) {
      push<Kernel, one_type, periodic, true>(cells, pairs, first, lists, out);
    } else {
      push<Kernel, one_type, periodic, false>(cells, pairs, first, lists, out);
    }
  };
  if (pairs.periodic) {
    pairs.types == 1 ? choose(std::true_type{}, std::true_type{}) : choose(std::false_type{}, std::true_type{});
  } else {
    pairs.types == 1 ? choose(std::true_type{}, std::false_type{}) : choose(std::false_type{}, std::false_type{});
  }
}

}  // namespace

void push_single(const CellView<Near>& cells, const PairView& pairs, std::size_t first, const Neighbours::Chunk& lists,
                 Pushed& out) {
  push_any<SingleKernel>(cells, pairs, first, lists, out);
}
void push_double(const CellView<NearDouble>& cells, const PairView& pairs, std::size_t first, const Neighbours::Chunk& lists,
                 Pushed& out) {
  push_any<DoubleKernel>(cells, pairs, first, lists, out);
}

namespace {

#if HWY_MAX_BYTES >= 32 && HWY_TARGET != HWY_SCALAR
// For each of 256 masks the lanes that it keeps, first to last.
struct Packing {
  alignas(64) std::uint8_t lane[256][8] = {};
  constexpr Packing() {
    for (std::size_t mask = 0; mask < 256; ++mask) {
      std::size_t kept = 0;
      for (std::uint8_t q = 0; q < 8; ++q) {
        if ((mask >> q & 1U) != 0) lane[mask][kept++] = q;
      }
    }
  }
};
constexpr Packing packing;
#endif

// Writes the lanes of the mask side by side to `out`, and anything after them; returns how many.
template <class D, class V, class M>
HWY_INLINE std::size_t keep(D d, V v, M mask, std::uint32_t* out) {
  std::uint8_t byte = 0;
  hn::StoreMaskBits(d, mask, &byte);
  const std::size_t bits = byte;
#if HWY_MAX_BYTES >= 32 && HWY_TARGET != HWY_SCALAR
  const hn::Rebind<std::uint8_t, D> bytes;
  const V lane = hn::PromoteTo(d, hn::Load(bytes, packing.lane[bits]));
  hn::StoreU(hn::TableLookupLanes(v, hn::IndicesFromVec(d, lane)), d, out);
#else
  HWY_ALIGN std::uint32_t lane[hn::MaxLanes(D())];
  hn::Store(v, d, lane);
  std::size_t kept = 0;
  for (std::size_t q = 0; q < hn::MaxLanes(D()); ++q) {
    if ((bits >> q & 1U) != 0) out[kept++] = lane[q];
  }
#endif
  return hwy::PopCount(std::uint64_t{bits});
}

}  // namespace

std::size_t find(const Sorted& sorted, const Run& run, const Seeker& seeker, const PairView& pairs, std::uint32_t* out) {
  using D = hn::CappedTag<float, 8>;
  using DI = hn::Rebind<std::uint32_t, D>;
  const D d;
  const DI di;
  const std::size_t lanes = hn::Lanes(d);
  const auto x = hn::Set(d, seeker.x), y = hn::Set(d, seeker.y), z = hn::Set(d, seeker.z), reach = hn::Set(d, seeker.reach);
  const auto me = hn::Set(di, seeker.self);
  std::size_t found = 0;
  for (std::size_t t = run.from; t < run.to; t += lanes) {
    auto dx = hn::Sub(hn::LoadU(d, sorted.x + t), x);
    auto dy = hn::Sub(hn::LoadU(d, sorted.y + t), y);
    auto dz = hn::Sub(hn::LoadU(d, sorted.z + t), z);
    if (pairs.periodic) {
      dx = nearest(d, dx, pairs.period[0]);
      dy = nearest(d, dy, pairs.period[1]);
      dz = nearest(d, dz, pairs.period[2]);
    }
    const auto limit = hn::Add(hn::LoadU(d, sorted.reach + t), reach);
    const auto squared = hn::MulAdd(dx, dx, hn::MulAdd(dy, dy, hn::Mul(dz, dz)));
    const auto cell = hn::LoadU(di, sorted.cell + t);
    const auto near = hn::And(hn::Lt(squared, hn::Mul(limit, limit)), hn::FirstN(d, run.to - t));
    const auto others = hn::And(hn::Ne(cell, me), hn::RebindMask(di, near));
    found += keep(di, cell, others, out + found);
  }
  return found;
}

namespace {

HWY_INLINE void pack(const MoveView<Near>& cells, std::size_t i, const std::array<double, 3>& at) {
  const auto steps = [&](double x) { return static_cast<std::int32_t>(x / cells.unit + (x < 0 ? -0.5 : 0.5)); };
  cells.next[i] = {steps(at[0]), steps(at[1]), steps(at[2]), cells.now[i].radius};
}
HWY_INLINE void pack(const MoveView<NearDouble>& cells, std::size_t i, const std::array<double, 3>& at) {
  cells.next[i] = {at[0], at[1], at[2], cells.now[i].radius};
}

// One cell; returns the square of its way since lists were made.
template <class Cell>
HWY_INLINE float move_one(const MoveView<Cell>& cells, std::size_t i, const std::array<double, 3>& push) {
  float squared = 0;
  std::array<double, 3> at{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    double v = push[axis];
    if (cells.driven) v += cells.v[axis][i], cells.v[axis][i] = 0;
    double& x = cells.x[axis][i];
    x += cells.step.now * v + cells.step.before * cells.u[axis][i];
    cells.u[axis][i] = v;
    at[axis] = x - cells.middle[axis];
    const float moved = static_cast<float>(at[axis]) - cells.from[axis][i];
    squared += moved * moved;
  }
  pack(cells, i, at);
  return squared;
}

template <class Cell>
HWY_INLINE float move_many(const MoveView<Cell>& cells, std::size_t first, std::size_t count, const Pushed& pushed) {
  using D = hn::CappedTag<double, 4>;
  using V = hn::Vec<D>;
  const D d;
  const hn::Rebind<float, D> df;
  const hn::Rebind<std::int32_t, D> di;
  constexpr std::size_t lanes = hn::MaxLanes(D());
  const std::size_t whole = count - count % lanes;
  const std::array<const double*, 3> push = {pushed.x.data(), pushed.y.data(), pushed.z.data()};
  const V now = hn::Set(d, cells.step.now), before = hn::Set(d, cells.step.before), per_unit = hn::Set(d, 1 / cells.unit);
  auto farthest = hn::Zero(df);
  HWY_ALIGN std::int32_t steps[3][lanes];
  HWY_ALIGN double places[3][lanes];
  for (std::size_t k = 0; k < whole; k += lanes) {
    const std::size_t i = first + k;
    auto squared = hn::Zero(df);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      V v = hn::LoadU(d, push[axis] + k);
      if (cells.driven) {
        v = hn::Add(v, hn::LoadU(d, cells.v[axis] + i));
        hn::StoreU(hn::Zero(d), d, cells.v[axis] + i);
      }
      const V way = hn::MulAdd(now, v, hn::Mul(before, hn::LoadU(d, cells.u[axis] + i)));
      const V x = hn::Add(hn::LoadU(d, cells.x[axis] + i), way);
      hn::StoreU(x, d, cells.x[axis] + i);
      hn::StoreU(v, d, cells.u[axis] + i);
      const V at = hn::Sub(x, hn::Set(d, cells.middle[axis]));
      if constexpr (std::is_same_v<Cell, Near>) {
        hn::Store(hn::DemoteTo(di, hn::Round(hn::Mul(at, per_unit))), di, steps[axis]);
      } else {
        hn::Store(at, d, places[axis]);
      }
      const auto moved = hn::Sub(hn::DemoteTo(df, at), hn::LoadU(df, cells.from[axis] + i));
      squared = hn::MulAdd(moved, moved, squared);
    }
    farthest = hn::Max(farthest, squared);
    for (std::size_t q = 0; q < lanes; ++q) {
      if constexpr (std::is_same_v<Cell, Near>) {
        cells.next[i + q] = {steps[0][q], steps[1][q], steps[2][q], cells.now[i + q].radius};
      } else {
        cells.next[i + q] = {places[0][q], places[1][q], places[2][q], cells.now[i + q].radius};
      }
    }
  }
  float most = hn::GetLane(hn::MaxOfLanes(df, farthest));
  for (std::size_t k = whole; k < count; ++k)
    most = std::max(most, move_one(cells, first + k, {push[0][k], push[1][k], push[2][k]}));
  return most;
}

}  // namespace

float move_single(const MoveView<Near>& cells, std::size_t first, std::size_t count, const Pushed& pushed) {
  return move_many(cells, first, count, pushed);
}
float move_double(const MoveView<NearDouble>& cells, std::size_t first, std::size_t count, const Pushed& pushed) {
  return move_many(cells, first, count, pushed);
}

}  // namespace carina::tissue::fast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace carina::tissue::fast {

HWY_EXPORT(push_single);
HWY_EXPORT(push_double);
HWY_EXPORT(find);
HWY_EXPORT(move_single);
HWY_EXPORT(move_double);

void push_chunk(const CellView<Near>& cells, const PairView& pairs, std::size_t first, const Neighbours::Chunk& lists,
                Pushed& out) {
  HWY_DYNAMIC_DISPATCH(push_single)(cells, pairs, first, lists, out);
}
void push_chunk(const CellView<NearDouble>& cells, const PairView& pairs, std::size_t first, const Neighbours::Chunk& lists,
                Pushed& out) {
  HWY_DYNAMIC_DISPATCH(push_double)(cells, pairs, first, lists, out);
}
std::size_t find_near(const Sorted& sorted, const Run& run, const Seeker& seeker, const PairView& pairs,
                      std::uint32_t* out) {
  return HWY_DYNAMIC_DISPATCH(find)(sorted, run, seeker, pairs, out);
}

float move_chunk(const MoveView<Near>& cells, std::size_t first, std::size_t count, const Pushed& pushed) {
  return HWY_DYNAMIC_DISPATCH(move_single)(cells, first, count, pushed);
}
float move_chunk(const MoveView<NearDouble>& cells, std::size_t first, std::size_t count, const Pushed& pushed) {
  return HWY_DYNAMIC_DISPATCH(move_double)(cells, first, count, pushed);
}

}  // namespace carina::tissue::fast

#endif
