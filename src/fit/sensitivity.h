/// @file
/// How a calibration hangs on what went into it: without each group of figures, and with each prior changed. Both use the
/// emulator that the calibration ended with and simulate nothing; `calibrate` calls them unless told not to.
#pragma once

#include <vector>

#include "fit/calibrate.h"

namespace carina::fit {

/// The posterior without each group of figures, in the order in which groups first appear among the figures to calibrate on;
/// empty when there is one group only. Without a group the posterior may reach beyond the emulator's region: the emulator's
/// error grows there and widens the intervals.
std::vector<GroupLeftOut> leave_groups_out(const Problem& problem, const Summary& summary, const Options& options);

/// The change of every expected figure when one prior is made wider by half, or shifted by half an SD up or down; three rows a
/// parameter.
std::vector<PriorSensitivity> vary_priors(const Problem& problem, const Summary& summary, const Options& options);

}  // namespace carina::fit
