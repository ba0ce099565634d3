/// @file
/// Cells by place: bins at least as wide as the longest reach, and not many more than cells, so that whatever touches a cell is in its own bin or a bin beside it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "tissue/cells.h"
#include "tissue/grid.h"

namespace carina::tissue::reference {

/// Bins of one moment. Cells outside the box are in its outermost bins.
class Bins {
 public:
  /// Sorts the cells into bins of edge `reach` or a little more. Each bin keeps the order of places.
  Bins(const Cells& cells, const Box& box, double reach) : box_(box) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      low_[axis] = box.low[axis];
      const double most = box.length(axis) / std::max(reach, 1e-9);
      n_[axis] = static_cast<int>(std::clamp(std::floor(most), 1.0, 1024.0));
    }
    while (static_cast<double>(n_[0]) * n_[1] * n_[2] > 8.0 * static_cast<double>(cells.size()) + 4096) {
      int& longest = *std::max_element(n_.begin(), n_.end());
      longest = (longest + 1) / 2;
    }
    for (std::size_t axis = 0; axis < 3; ++axis) edge_[axis] = box.length(axis) / n_[axis];
    std::vector<std::size_t> bin(cells.size());
    first_.assign(at(0, 0, n_[2]) + 1, 0);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      bin[i] = at(place(0, cells.x[i]), place(1, cells.y[i]), place(2, cells.z[i]));
      ++first_[bin[i] + 1];
    }
    for (std::size_t b = 1; b < first_.size(); ++b) first_[b] += first_[b - 1];
    std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
    members_.resize(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) members_[next[bin[i]]++] = static_cast<std::uint32_t>(i);
  }

  /// Calls `work(j)` for every other cell in the bins around cell i, once each.
  template <class Work>
  void for_each_near(const Cells& cells, std::size_t i, Work work) const {
    const std::array<int, 3> home = {place(0, cells.x[i]), place(1, cells.y[i]), place(2, cells.z[i])};
    std::array<std::array<int, 3>, 3> around{};
    std::array<std::size_t, 3> count{};
    for (std::size_t axis = 0; axis < 3; ++axis) count[axis] = beside(axis, home[axis], around[axis]);
    for (std::size_t c = 0; c < count[2]; ++c) {
      for (std::size_t b = 0; b < count[1]; ++b) {
        for (std::size_t a = 0; a < count[0]; ++a) {
          const std::size_t bin = at(around[0][a], around[1][b], around[2][c]);
          for (std::uint32_t m = first_[bin]; m < first_[bin + 1]; ++m) {
            if (members_[m] != i) work(members_[m]);
          }
        }
      }
    }
  }

 private:
  int place(std::size_t axis, double x) const {
    return std::clamp(static_cast<int>(std::floor((x - low_[axis]) / edge_[axis])), 0, n_[axis] - 1);
  }
  std::size_t at(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(n_[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(n_[0]) +
           static_cast<std::size_t>(i);
  }
  // The bins to look into along an axis, none of them twice.
  std::size_t beside(std::size_t axis, int home, std::array<int, 3>& out) const {
    std::size_t count = 0;
    const auto end = [&out](std::size_t n) { return out.begin() + static_cast<std::ptrdiff_t>(n); };
    for (int step = -1; step <= 1; ++step) {
      int bin = home + step;
      if (box_.periodic[axis]) bin = (bin + n_[axis]) % n_[axis];
      if (bin < 0 || bin >= n_[axis] || std::find(out.begin(), end(count), bin) != end(count)) continue;
      out[count++] = bin;
    }
    return count;
  }

  Box box_;
  Vec3 low_{}, edge_{};
  std::array<int, 3> n_{};
  std::vector<std::uint32_t> first_, members_;  // where each bin begins, cells bin by bin
};

}  // namespace carina::tissue::reference
