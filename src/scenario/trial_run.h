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
#include "product/product.h"
#include "scenario/read.h"
#include "scenario/run.h"
#include "trial/fitted.h"
#include "trial/trial.h"
#include "trial/virtual_trial.h"

namespace carina::scenario {

/// A value of the model, or the SD of a random effect, that was set.
struct SetValue {
  std::uint32_t parameter = 0;  ///< number in the model
  bool sd = false;              ///< the SD of its random effect
  double value = 0;             ///< in the parameter's unit
};

/// A trial to be run.
struct TrialRun {
  trial::Trial trial;               ///< as read
  std::string text;                 ///< the file
  std::string use;                  ///< the model's name, with its variant
  product::Product product;         ///< the trial's product
  std::string product_text;         ///< its file
  model::Model model;               ///< the reference patient, with what the product brings
  std::string model_hash;           ///< of the reference patient without that, as a fit notes it
  std::uint64_t seed = 1;           ///< of every draw
  std::uint32_t replicates = 1000;  ///< simulated trials
  std::string cut;                  ///< data cut; empty: the first with a median follow-up
  bool uncertain = true;            ///< each simulated trial takes a draw of the fits' posterior; otherwise the medians
  std::vector<trial::Fitted> fits;  ///< in the order in which they are put on the model's values
  std::vector<SetValue> values;     ///< put on last
  std::vector<std::string> set;     ///< what was set, as written
};

/// Reads a trial file to run. Overrides: `seed`, `replicates`, `cut`, `fit` (`none`, or names with commas; otherwise every fit in
/// the fits' folders that concerns the trial), `uncertainty` (`none`), `model.NAME` (a quantity) and `sd.NAME` (a number: the SD
/// of the parameter's random effect). Throws InputError with all problems.
TrialRun read_trial_run(const std::string& path, const ReadOptions& options);

/// The values of simulated trial `replicate`: the model's, then those of the fits, then what was set.
trial::Theta theta_of(const TrialRun& run, std::uint32_t replicate);

/// The hash of a model that a fit notes: of all that it says, the variant's own values included.
std::string model_hash(const model::Model& model);

/// Runs it into `path`, as `run` does with a scenario.
RunSummary run_trial(const TrialRun& run, const std::string& path, const RunOptions& options);

}  // namespace carina::scenario
