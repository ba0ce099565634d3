/// @file
/// Who draws in this room. Purposes of the domain Fit, and streams of samplings; no two draws share an address.
#pragma once

#include <cstdint>

namespace carina::fit::impl {

/// Purposes beside the sampler's own 1 to 3 (fit/sampler.cpp).
enum class Draw : std::uint32_t {
  Design = 10,     ///< Latin hypercube: (point, parameter)
  Start = 11,      ///< first points of chains: (stream, chain)
  Replicate = 12,  ///< figures of a trial from the emulator: (stream, draw)
  Truth = 13,      ///< true parameters of a recovery: (0, number)
};

/// Streams of samplings; the waves are 1, 2, ...
enum class Sampling : std::uint64_t {
  LeaveOut = 1000,   ///< + number of the group
  Prior = 2000,      ///< + number of the change
  Recovery = 10000,  ///< + number of the trial
  FirstWave = 900,   ///< the posterior of a recovery over the prior
};

}  // namespace carina::fit::impl
