#include "ensemble/impl/block.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace carina::ensemble {

Block::Block(const Kernels& kernels, std::size_t lane_count)
    : lanes(lane_count),
      states(kernels.states),
      time_row_count(static_cast<std::uint32_t>(kernels.time_rows.size())),
      factor_rows_(kernels.factor_rows) {
  const std::size_t n = states;
  const std::pair<double**, std::size_t> layout[] = {
      {&t, 1},
      {&h, 1},
      {&stop, 1},
      {&next_out, 1},
      {&t_new, 1},
      {&h_next, 1},
      {&growth, 1},
      {&inverse_h, 1},
      {&y, n},
      {&y_new, n},
      {&u, n},
      {&slots, kernels.slots},
      {&open_in, 3},
      {&open_out, n + factor_rows_ + time_row_count},
      {&k, 7 * n},
      {&stage_in, n + 1},
      {&dense, 3 * n},
      {&y_out, n},
      {&columns, kernels.columns},
      {&out_time, 1},
      {&guards, kernels.guards.outputs.size()},
  };
  std::size_t rows = 0;
  for (const auto& [pointer, count] : layout) rows += count;
  const std::size_t doubles = std::max<std::size_t>(1, rows) * lanes;
  memory_ = static_cast<double*>(std::aligned_alloc(64, (doubles * sizeof(double) + 63) / 64 * 64));
  if (memory_ == nullptr) throw std::bad_alloc();
  std::fill_n(memory_, doubles, 0.0);
  double* next = memory_;
  for (const auto& [pointer, count] : layout) {
    *pointer = next;
    next += count * lanes;
  }
}

Block::~Block() { std::free(memory_); }

}  // namespace carina::ensemble
