/// @file
/// Patients in time, for pictures: the tables `courses` and `lanes` of the first simulated trials.
#pragma once

#include <vector>

#include "record/writer.h"
#include "trial/virtual_trial.h"

namespace carina::scenario::impl {

/// The first simulated trials, whose patients' courses are kept. Many enough for bands over patients, few enough to keep.
inline constexpr std::uint64_t replicates_with_courses = 10;

/// Shapes of `courses` and `lanes`.
std::vector<record::Table> course_tables(const trial::VirtualTrial& trial);
/// Adds what it is handed to a part that has both; the part outlives it.
trial::CourseSink course_sink(record::Part& part);

}  // namespace carina::scenario::impl
