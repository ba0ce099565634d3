/// @file
/// The tables that a trial's run leaves: a row for each patient and for each simulated trial, and the comparison made of them.
#pragma once

#include <span>
#include <vector>

#include "record/writer.h"
#include "scenario/trial_run.h"
#include "trial/compare.h"

namespace carina::scenario::impl {

/// What the recording of a trial is told.
record::Plan trial_plan(const TrialRun& run, const trial::Comparer& comparer, const trial::VirtualTrial& simulated,
                        const RunOptions& options, std::uint64_t replicates_per_chunk);
/// A part without rows.
record::Part empty_part(const record::Plan& plan, std::uint64_t chunk);
/// Adds one simulated trial.
void add_replicate(std::span<const trial::PatientRow> rows, const std::vector<double>& figures, record::Part& part);

/// Whether a recording is one of a trial.
bool is_trial(const record::Recording& recording);
/// The table `comparison` of its replicates.
record::Table comparison_table(const record::Recording& recording);

}  // namespace carina::scenario::impl
