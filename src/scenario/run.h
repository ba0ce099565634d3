/// @file
/// Runs a scenario into a recording. The only door into the engines: same scenario, same bits, for any number of threads,
/// shards and interruptions. Prints nothing.
///
/// A recording of an ensemble run has these tables (docs/scenarios.md): `individuals`, `endpoints`, `nca`, `quantiles`,
/// `means`, `trajectories`, `observations`, `summary`, `statuses`, and, not counted as results, `run`, `published`, `chunks`.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "record/recording.h"
#include "record/writer.h"
#include "scenario/scenario.h"

namespace carina::scenario {

/// How to run; nothing here changes a result.
struct RunOptions {
  int threads = 0;                                       ///< 0: one for each processor
  record::Shard shard;                                   ///< which part of the run
  record::Existing existing = record::Existing::Refuse;  ///< what to do with a recording that is there
  std::uint64_t only = 0;                                ///< one individual alone, with its trajectory; 0: everybody
  bool trace = false;                       ///< with `only`: a table of every step, rejection, switch, dose and event
  std::string created_by;                   ///< the command, for people
  ProgressCallback progress;                ///< counts individuals; may be empty
  const std::atomic<bool>* stop = nullptr;  ///< when it turns true the run ends soon, resumable
};

/// How many individuals ended in one way.
struct StatusCount {
  std::string status;             ///< name, e.g. `StepTooSmall`
  std::string meaning;            ///< in a sentence
  std::string advice;             ///< what the user can do
  std::uint64_t individuals = 0;  ///< how many
};

/// What a run did.
struct RunSummary {
  bool complete = false;              ///< the recording is there; false when it was stopped
  std::uint64_t individuals = 0;      ///< of this run or shard
  std::uint64_t integrated = 0;       ///< in this attempt
  double seconds = 0;                 ///< of this attempt, putting together included
  double rate = 0;                    ///< individuals a second while integrating, 0 when there were none
  int threads = 1;                    ///< threads used
  std::string engine;                 ///< what executed the model; empty when nothing was left to do
  std::vector<StatusCount> failures;  ///< statuses other than Ok that occurred, of the complete recording
};

/// What a run will take.
struct RunEstimate {
  std::uint64_t individuals = 0;  ///< of this run or shard
  std::uint64_t chunks = 0;       ///< of this run or shard
  std::uint64_t chunk_size = 0;   ///< individuals in a chunk
  std::uint64_t times = 0;        ///< output times
  double memory = 0;              ///< bytes at most at once
  double memory_free = 0;         ///< bytes that the machine has to give; 0 when unknown
  double disk = 0;                ///< bytes at most at once
  double disk_free = 0;           ///< bytes free where the recording goes; 0 when unknown
  double seconds = 0;             ///< by a part of a chunk that was tried, written and removed
  int threads = 1;                ///< threads that would be used
  std::string engine;             ///< what would execute the model

  /// Empty when the run fits, otherwise what does not, with what to do.
  std::string refusal() const;
};

/// Estimates a run into `path`: compiles the model and, when `try_some`, does the work of some individuals for a second or so,
/// the writing beside `path` included. Nothing stays there.
RunEstimate estimate(const Scenario& scenario, const std::string& path, const RunOptions& options, bool try_some);

/// Runs into `path`. Throws InputError when the recording may not be written or the run does not fit the machine,
/// record::FileError when the disk fails (the parts stay).
RunSummary run(const Scenario& scenario, const std::string& path, const RunOptions& options);

/// Makes the tables that need all chunks; for opening unfinished recordings and for merging shards.
std::vector<record::Table> finish(const record::Recording& recording);

/// Statuses other than Ok that occur in a recording.
std::vector<StatusCount> failures(const record::Recording& recording);

}  // namespace carina::scenario
