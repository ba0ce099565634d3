/// @file
/// Runs a trial file: many simulated trials of the real size, each patient a row, each published figure beside the ones that
/// the simulated trials give. Same file, same seed, same bits, for any number of threads, shards and interruptions.
///
/// The recording has the tables `patients` (a row a patient enrolled), `replicates` (a row a simulated trial: every figure),
/// `figures` (the published ones of the file) and, made at the end, `comparison`; docs/trials.md explains them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/model.h"
#include "scenario/read.h"
#include "scenario/run.h"
#include "trial/trial.h"
#include "trial/virtual_trial.h"

namespace carina::scenario {

/// A trial to be run.
struct TrialRun {
  trial::Trial trial;               ///< as read
  std::string text;                 ///< the file
  std::string use;                  ///< the model's name, with its variant
  model::Model model;               ///< the reference patient
  std::uint64_t seed = 1;           ///< of every draw
  std::uint32_t replicates = 1000;  ///< simulated trials
  std::string cut;                  ///< data cut; empty: the first with a median follow-up
  trial::Theta theta;               ///< typical values and SDs of the model's parameters, with what was set
  std::vector<std::string> set;     ///< what was set, as written
};

/// Reads a trial file to run. Overrides: `seed`, `replicates`, `cut`, `model.NAME` (a quantity) and `sd.NAME` (a number: the SD of
/// the parameter's random effect). Throws InputError with all problems.
TrialRun read_trial_run(const std::string& path, const ReadOptions& options);

/// Runs it into `path`, as `run` does with a scenario.
RunSummary run_trial(const TrialRun& run, const std::string& path, const RunOptions& options);

}  // namespace carina::scenario
