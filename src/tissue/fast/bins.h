/// @file
/// Cells sorted by place, so that all that may be near a cell lies in a few stretches of memory.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "tissue/fast/pairs.h"
#include "tissue/grid.h"

namespace carina::tissue::fast {

/// Where cells are, um from the middle of the box, and how far they reach, um.
struct Places {
  const std::vector<float>& x;      ///< by place
  const std::vector<float>& y;      ///< by place
  const std::vector<float>& z;      ///< by place
  const std::vector<float>& reach;  ///< by place
};

/// Bins of one moment, at least as wide as the longest reach of a pair.
class Bins {
 public:
  /// Sorts cells. Along periodic axes the bins fill the box, along others the
  /// cells. Within a bin cells keep their order.
  Bins(const Places& of, const Box& box, double edge) {
    const std::array<const std::vector<float>*, 3> places = {&of.x, &of.y, &of.z};
    Vec3 lengths{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      periodic_[axis] = box.periodic[axis];
      const auto [low, high] = std::minmax_element(places[axis]->begin(), places[axis]->end());
      low_[axis] = periodic_[axis] ? static_cast<float>(-box.length(axis) / 2) : of.x.empty() ? 0 : *low;
      const double length = periodic_[axis] ? box.length(axis) : of.x.empty() ? 0 : static_cast<double>(*high - *low);
      n_[axis] = static_cast<int>(std::clamp(length / edge, 1.0, 1024.0));
      lengths[axis] = length;
    }
    while (static_cast<double>(n_[0]) * n_[1] * n_[2] >
           8.0 * static_cast<double>(of.x.size()) + 4096) {  // few cells in much room
      int& longest = *std::max_element(n_.begin(), n_.end());
      longest = (longest + 1) / 2;
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (periodic_[axis] && n_[axis] < 3) n_[axis] = 1;
      per_edge_[axis] = static_cast<float>(n_[axis] / std::max(lengths[axis] * (1 + 1e-6), edge));
    }
    sort(of);
  }

  /// Calls `work(from, to)` for each stretch of sorted cells that may be near a place; stretches do not overlap.
  template <class Work>
  void for_each_run(float x, float y, float z, Work work) const {
    std::array<int, 3> ys{}, zs{};
    const std::size_t rows = beside(1, y, ys), planes = beside(2, z, zs);
    const int home = place(0, x);
    for (std::size_t c = 0; c < planes; ++c) {
      for (std::size_t b = 0; b < rows; ++b) {
        const auto run = [&](int from, int to) { work(start_[at(from, ys[b], zs[c])], start_[at(to, ys[b], zs[c]) + 1]); };
        if (periodic_[0] && n_[0] >= 3 && home == 0) run(n_[0] - 1, n_[0] - 1);
        run(std::max(0, home - 1), std::min(n_[0] - 1, home + 1));
        if (periodic_[0] && n_[0] >= 3 && home == n_[0] - 1) run(0, 0);
      }
    }
  }

  /// The cells in order.
  Sorted sorted() const { return {x_.data(), y_.data(), z_.data(), reach_.data(), cell_.data()}; }

 private:
  int place(std::size_t axis, float x) const {
    return std::clamp(static_cast<int>((x - low_[axis]) * per_edge_[axis]), 0, n_[axis] - 1);
  }
  std::size_t at(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(n_[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(n_[0]) +
           static_cast<std::size_t>(i);
  }
  std::size_t beside(std::size_t axis, float x, std::array<int, 3>& out) const {
    std::size_t count = 0;
    const int home = place(axis, x), n = n_[axis];
    for (int step = -1; step <= 1; ++step) {
      const int bin = home + step;
      if (bin >= 0 && bin < n) {
        out[count++] = bin;
      } else if (periodic_[axis] && n >= 3) {
        out[count++] = (bin + n) % n;
      }
    }
    return count;
  }
  void sort(const Places& of) {
    const std::size_t n = of.x.size(), padded = n + Neighbours::pad;
    std::vector<std::uint32_t> bin(n);
    start_.assign(at(0, 0, n_[2]) + 1, 0);
    for (std::size_t i = 0; i < n; ++i) {
      bin[i] = static_cast<std::uint32_t>(at(place(0, of.x[i]), place(1, of.y[i]), place(2, of.z[i])));
      ++start_[bin[i] + 1];
    }
    for (std::size_t b = 1; b < start_.size(); ++b) start_[b] += start_[b - 1];
    std::vector<std::uint32_t> next(start_.begin(), start_.end() - 1);
    x_.resize(padded), y_.resize(padded), z_.resize(padded), reach_.resize(padded), cell_.resize(padded);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t to = next[bin[i]]++;
      x_[to] = of.x[i], y_[to] = of.y[i], z_[to] = of.z[i], reach_[to] = of.reach[i],
      cell_[to] = static_cast<std::uint32_t>(i);
    }
  }

  std::array<bool, 3> periodic_{};
  std::array<float, 3> low_{}, per_edge_{};
  std::array<int, 3> n_{};
  std::vector<std::uint32_t> start_;
  std::vector<float> x_, y_, z_, reach_;
  std::vector<std::uint32_t> cell_;
};

}  // namespace carina::tissue::fast
