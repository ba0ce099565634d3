/// @file
/// A population benchmark: what is written for each patient, how the answers are judged, and who takes part. All
/// values are in the units of the model that the benchmark runs.
#pragma once

#include "runner/contender.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace carina::bench {

/// What the command line decides.
struct Settings {
  std::size_t patients = 0;   ///< patients a run; 0: the benchmark's own number
  std::size_t checked = 200;  ///< patients whose answers are compared with the reference before timing
  int repeats = 3;            ///< timed runs a contender; the fastest counts
  bool json = false;          ///< one JSON array in place of the table
  std::string source;         ///< the repository, for models and peer scripts
  std::string peers;          ///< where the peers were installed
};

/// A population benchmark: 366 daily rows of a few columns a patient.
struct Scene {
  std::string name;          ///< as given to script/bench
  std::vector<double> atol;  ///< absolute tolerance of each column at rtol 1e-6
  std::size_t patients;      ///< patients a run unless told otherwise
  double allowed_error;      ///< answers agree when half the patients stay below this largest relative error
  /// Fills the exact or tightly integrated answer of patients 1 to `count`; false where it cannot be had.
  std::function<bool(std::size_t count, std::vector<double>& out)> reference;
  Contenders contenders;  ///< in the order of their rows

  /// Values a row.
  std::size_t columns() const { return atol.size(); }
  /// Values a patient.
  std::size_t values() const { return 366 * atol.size(); }
};

/// Work load A: Stein 2019 with located switches (ensemble_a).
Scene ensemble_a(const Settings& settings);
/// Work load B with its two infusions (ensemble_b).
Scene ensemble_b(const Settings& settings);
/// Work load B with 52 weekly infusions (ensemble_weekly).
Scene ensemble_weekly(const Settings& settings);
/// What machine code brings: JIT against the virtual machine on work load B (jit).
Scene jit(const Settings& settings);

}  // namespace carina::bench
