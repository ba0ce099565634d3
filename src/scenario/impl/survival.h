/// @file
/// The tables made of the events of all individuals: a curve of survival for each endpoint, and one row each on it.
#pragma once

#include <vector>

#include "record/recording.h"

namespace carina::scenario::impl {

/// Adds `survival_NAME` for each endpoint with an event, and `time_to_event`; nothing when there are no events. Kaplan and
/// Meier's estimate of all individuals that finished, with 95 % intervals.
void add_survival(const record::Recording& recording, std::vector<record::Table>& tables);

}  // namespace carina::scenario::impl
