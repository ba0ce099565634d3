/// @file
/// An emulator from simulated trials.
#pragma once

#include "fit/emulator.h"
#include "fit/impl/runs.h"

namespace carina::fit::impl {

/// Learns an emulator for a region from all points so far; distant points count less, by the growth of the error.
Emulator train(const std::vector<Point>& runs, const Region& region, int threads);

/// The whole prior: centre 0, spread 1.
Region prior_region(std::size_t parameters);

}  // namespace carina::fit::impl
