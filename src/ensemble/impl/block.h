/// @file
/// The memory of one block of lanes: every array that a step reads or writes, rows of `lanes` doubles, 64-byte aligned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ensemble/impl/kernel.h"
#include "ensemble/impl/lower.h"

namespace carina::ensemble {

/// One bit a lane.
using LaneMask = std::uint64_t;

struct Block {
  Block(const Kernels& kernels, std::size_t lanes);
  ~Block();
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  std::size_t lanes;
  std::uint32_t states;
  std::uint32_t time_row_count;

  // per lane
  double* t;         // time at the start of the step
  double* h;         // step size
  double* stop;      // next time that must be hit
  double* next_out;  // next output time, infinity when there is none
  double* t_new;     // end of the step
  double* h_next;    // step size proposed for the next step
  double* growth;    // largest factor by which the next step may grow: 1 after a rejection
  double* inverse_h;

  // per state and lane
  double* y;
  double* y_new;
  double* u;
  double* k;      // stages 2 to 8
  double* dense;  // three rows a state
  double* y_out;

  double* slots;
  double* open_in;   // t, 1/(gamma h), h d1
  double* open_out;  // k1, factors, df/dt
  double* stage_in;  // t, g
  double* columns;
  double* out_time;
  double* guards;

  double* k1() const { return open_out; }
  double* factors() const { return open_out + states * lanes; }
  double* slopes() const { return factors() + factor_rows_ * lanes; }
  /// Stage number `stage`, 0 to 7.
  double* stage(int stage) const { return stage == 0 ? open_out : k + static_cast<std::size_t>(stage - 1) * states * lanes; }

 private:
  std::uint32_t factor_rows_;
  double* memory_;
};

}  // namespace carina::ensemble
