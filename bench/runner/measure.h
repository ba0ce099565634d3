/// @file
/// Judges and times the contenders of one benchmark: answers first, then processor time, turn by turn. It prints
/// nothing.
#pragma once

#include "runner/scene.h"

#include <span>
#include <string>
#include <vector>

namespace carina::bench {

/// How far answers are from the reference. Errors of one value are in units of 1e-6 |reference| + atol for `wrms`
/// (root mean square over all values of a patient) and of |reference| + 1000 atol for `largest`.
struct Accuracy {
  bool known = false;           ///< a reference was there
  double wrms_median = 0.0;     ///< over patients
  double wrms_p95 = 0.0;        ///< over patients
  double largest_median = 0.0;  ///< median over patients of the largest relative error
  double largest = 0.0;         ///< over all patients
};

/// One row of the report.
struct Row {
  std::string bench;           ///< name of the benchmark
  std::string contender;       ///< name of the engine with its settings
  std::string version;         ///< of the engine
  std::string absent;          ///< why there is no value; empty if there is
  double value = 0.0;          ///< in `unit`
  std::string unit;            ///< "patients/s/core"
  double speedup = 0.0;        ///< ours at the common tolerance over this one; 0: not to be told
  double speedup_equal = 0.0;  ///< ours at CVODE's accuracy over this one; 0: not to be told
  bool checked = false;        ///< no failures, and the answers agree with the reference
  bool ours = false;           ///< carina's own engine
  std::size_t patients = 0;    ///< in a timed run
  std::size_t failures = 0;    ///< in a timed run
  Effort effort;               ///< of a timed run
  Accuracy accuracy;           ///< on the checked patients
  std::string remark;          ///< anything else worth saying
};

/// Compares `count` patients' answers with the reference.
Accuracy judge(const Scene& scene, std::size_t count, std::span<const double> answers, std::span<const double> reference);

/// Runs the whole benchmark.
std::vector<Row> measure(const Scene& scene, const Settings& settings);

}  // namespace carina::bench
