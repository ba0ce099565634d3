/// @file
/// Times to events of a trial's patients as curves: pooled over the simulated trials, with the band of single trials' curves.
#pragma once

#include "record/recording.h"

namespace carina::scenario::impl {

/// The table `curves`. A curve is Kaplan and Meier's, or the cumulative incidence of one of several competing causes. It ends
/// where fewer than half of the simulated trials follow anybody still: NaN from there on.
record::Table curves_table(const record::Recording& recording);

}  // namespace carina::scenario::impl
