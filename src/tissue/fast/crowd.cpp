#include "tissue/fast/crowd.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "tissue/fast/bins.h"
#include "tissue/fast/pairs.h"

namespace carina::tissue::fast {
namespace {

constexpr double rounding = 2e-3;  // um by which lists are made longer, for places that were rounded to single precision

std::uint64_t chunks_of(std::size_t cells) { return (cells + Neighbours::chunk - 1) / Neighbours::chunk; }

PairView view_of(const Pairs& pairs, const Box& box, bool overlap) {
  PairView view{pairs.types, pairs.repulsion.data(), pairs.adhesion.data(), pairs.reach.data(), {0, 0, 0}, false, overlap};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (box.periodic[axis]) view.period[axis] = box.length(axis), view.periodic = true;
  }
  return view;
}

// Those who left a periodic box come back in at the other side.
void wrap(Cells& cells, const Box& box) {
  const std::array<std::vector<double>*, 3> columns = {&cells.x, &cells.y, &cells.z};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!box.periodic[axis]) continue;
    for (double& x : *columns[axis]) x -= box.length(axis) * std::floor((x - box.low[axis]) / box.length(axis));
  }
}

}  // namespace

Crowd::Crowd(Pairs pairs, const Box& box, const CrowdOptions& options)
    : pairs_(std::move(pairs)), box_(box), options_(options) {
  CARINA_CHECK(options.skin > 0);
  double widest = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    middle_[axis] = (box.low[axis] + box.high[axis]) / 2;
    widest = std::max(widest, box.length(axis));
  }
  // differences across the box, and some room outside it, must fit 32 bits
  while (widest * 1.5 / unit_ > 0x1p31) unit_ *= 2;
}

void Crowd::refresh(Cells& cells, const ParallelOptions& parallel) {
  const std::size_t n = cells.size();
  const std::uint64_t chunks = chunks_of(n);
  double longest = 0;
  std::vector<float> reach(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double own = std::max(1.0, pairs_.reach[cells.type[i]]) * cells.radius[i];
    longest = std::max(longest, own);
    reach[i] = static_cast<float>(own + options_.skin + rounding / 2);
  }
  for (auto& [column, from, middle] :
       {std::tuple{&cells.x, &from_x_, middle_[0]}, std::tuple{&cells.y, &from_y_, middle_[1]},
        std::tuple{&cells.z, &from_z_, middle_[2]}}) {
    from->resize(n);
    for (std::size_t i = 0; i < n; ++i) (*from)[i] = static_cast<float>((*column)[i] - middle);
  }
  const Bins bins({from_x_, from_y_, from_z_, reach}, box_, 2 * (longest + options_.skin) + rounding);
  const PairView view = view_of(pairs_, box_, false);
  lists_.chunks.resize(chunks);
  for_each_chunk(chunks, parallel, [&](std::uint64_t c) {
    Neighbours::Chunk& lists = lists_.chunks[c];
    const std::size_t first = c * Neighbours::chunk, last = std::min(n, first + Neighbours::chunk);
    lists.first.clear();
    lists.first.push_back(0);
    std::size_t used = 0;
    for (std::size_t i = first; i < last; ++i) {
      bins.for_each_run(from_x_[i], from_y_[i], from_z_[i], [&](std::size_t from, std::size_t to) {
        if (lists.cell.size() < used + (to - from) + 2 * Neighbours::pad) lists.cell.resize(2 * (used + (to - from)) + 64);
        const Seeker seeker{from_x_[i], from_y_[i], from_z_[i], reach[i], static_cast<std::uint32_t>(i)};
        used += find_near(bins.sorted(), {from, to}, seeker, view, lists.cell.data() + used);
      });
      if (lists.cell.size() < used + Neighbours::pad) lists.cell.resize(used + 64);
      while (used % Neighbours::pad != 0) lists.cell[used++] = static_cast<std::uint32_t>(i);
      lists.first.push_back(static_cast<std::uint32_t>(used));
    }
  });
  ++builds_;
}

// The cells as the pairs see them, after lists were made.
void Crowd::load(const Cells& cells) {
  const std::size_t n = cells.size();
  const bool single = options_.precision == Precision::Single;
  for (auto& buffer : single_) buffer.resize(single ? n : 0);
  for (auto& buffer : double_) buffer.resize(single ? 0 : n);
  for (std::size_t i = 0; i < n; ++i) {
    const Vec3 at = {cells.x[i] - middle_[0], cells.y[i] - middle_[1], cells.z[i] - middle_[2]};
    if (single) {
      single_[0][i] = {static_cast<std::int32_t>(std::lrint(at[0] / unit_)),
                       static_cast<std::int32_t>(std::lrint(at[1] / unit_)),
                       static_cast<std::int32_t>(std::lrint(at[2] / unit_)), static_cast<float>(cells.radius[i])};
    } else {
      double_[0][i] = {at[0], at[1], at[2], cells.radius[i]};
    }
  }
}

template <class N>
void Crowd::run(Cells& cells, const StepOptions& options, Buffers<N>& buffers) {
  const PairView view = view_of(pairs_, box_, options.pressure);
  const std::size_t n = cells.size();
  const MoveView<N> columns{{cells.x.data(), cells.y.data(), cells.z.data()},
                            {cells.ux.data(), cells.uy.data(), cells.uz.data()},
                            {cells.vx.data(), cells.vy.data(), cells.vz.data()},
                            {from_x_.data(), from_y_.data(), from_z_.data()},
                            middle_,
                            options.step,
                            unit_,
                            options.driven,
                            buffers[0].data(),
                            buffers[1].data()};
  const auto limit = static_cast<float>(options_.skin - rounding / 2);
  std::atomic<bool> moved_far = false;
  for_each_chunk(chunks_of(n), options.parallel, [&](std::uint64_t c) {
    thread_local Pushed pushed;
    const std::size_t first = c * Neighbours::chunk, count = std::min(n, first + Neighbours::chunk) - first;
    push_chunk(CellView<N>{buffers[0].data(), unit_, cells.type.data()}, view, first, lists_.chunks[c], pushed);
    if (move_chunk(columns, first, count, pushed) > limit * limit) moved_far = true;
    if (!options.pressure) return;
    for (std::size_t k = 0; k < count; ++k) cells.pressure[first + k] = pushed.overlap[k] / pressure_unit;
  });
  buffers[0].swap(buffers[1]);
  stale_ = moved_far;
}

void Crowd::push_and_move(Cells& cells, const StepOptions& options) {
  if (stale_) {
    wrap(cells, box_);
    refresh(cells, options.parallel);
    load(cells);
  }
  if (options_.precision == Precision::Single) {
    run(cells, options, single_);
  } else {
    run(cells, options, double_);
  }
}

}  // namespace carina::tissue::fast
