/// @file
/// What a trial's report draws, made of its patients when all are there: curves, attrition, bands of courses, release by day,
/// change of burden. docs/trials.md explains the tables.
#pragma once

#include <vector>

#include "record/recording.h"

namespace carina::scenario::impl {

/// Tables `curves`, `attrition`, `course_bands`, `release_by_day` and `burden_change` of a trial's recording.
std::vector<record::Table> trial_figure_tables(const record::Recording& recording);

}  // namespace carina::scenario::impl
