/// @file
/// From chains and an emulator to what a summary says.
#pragma once

#include "fit/calibrate.h"
#include "fit/impl/evaluator.h"

namespace carina::fit::impl {

/// Parameters, directions and thinned draws from chains of z.
void summarise_parameters(const Problem& problem, const Chains& chains, std::size_t draws, Summary& summary);

/// Each figure over draws of z: expected value and the three SDs.
std::vector<FigureSummary> summarise_figures(const Problem& problem, const Emulator& emulator, const Dense& z);

/// Trials drawn from the emulator, one at each row of z; natural values, NaN for figures without an emulator.
Matrix emulated_trials(const Problem& problem, const Emulator& emulator, const Dense& z, std::uint64_t seed);

/// The notes of a summary that has everything else, and its status.
void judge(const Problem& problem, const Options& options, Summary& summary);

/// At most `count` rows, evenly taken.
Dense thinned(const Dense& rows, std::size_t count);

}  // namespace carina::fit::impl
