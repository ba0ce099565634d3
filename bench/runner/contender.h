/// @file
/// What the runner asks of an engine that takes part in a population benchmark: its name, its version, and the outputs
/// of a number of virtual patients in a buffer, in the units of the model. It times nothing itself, except that
/// engines which run in another process report their own processor time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace carina::bench {

/// Work done for the patients of one run, summed over them; zero where an engine does not tell.
struct Effort {
  std::int64_t steps = 0;           ///< accepted integration steps
  std::int64_t rates = 0;           ///< evaluations of the right-hand side
  std::int64_t jacobians = 0;       ///< evaluations of the Jacobian
  std::int64_t factorisations = 0;  ///< factorisations of the iteration matrix
};

/// Result of one run.
struct Outcome {
  std::size_t failures = 0;   ///< patients without a complete answer
  Effort effort;              ///< counts, summed over the patients
  double cpu_seconds = -1.0;  ///< processor time as the engine measured it; negative: the runner's clock counts
};

/// One engine on one benchmark.
class Contender {
 public:
  virtual ~Contender() = default;
  /// Name as printed, with the settings that matter.
  virtual std::string name() const = 0;
  /// Version of the engine and how it was built.
  virtual std::string version() const = 0;
  /// Why it cannot run here; empty when it can.
  virtual std::string absent() const { return {}; }
  /// The most patients that one run of it is given, for engines too slow for all.
  virtual std::size_t most_patients() const { return static_cast<std::size_t>(-1); }
  /// Anything worth saying about the last run, beyond counts.
  virtual std::string remark() const { return {}; }
  /// True for carina's own engines.
  virtual bool ours() const { return false; }
  /// True for the row that the others are compared with: carina's best at the common tolerance.
  virtual bool yardstick() const { return false; }
  /// True when the runner is to search the loosest tolerance that is as accurate as CVODE.
  virtual bool matches_accuracy() const { return false; }
  /// Uses relative tolerance `rtol` from now on, absolute tolerances scaled alongside; false if it cannot.
  virtual bool set_tolerance(double /*rtol*/) { return false; }
  /// True for the contender whose accuracy the others match.
  virtual bool sets_accuracy() const { return false; }
  /// Runs patients 1 to `count`; leaves the daily rows of each patient, one patient after the other, at the beginning
  /// of `out`, which is large enough already (an engine with a buffer of its own may swap it in).
  virtual Outcome run(std::size_t count, std::vector<double>& out) = 0;
};

/// Contenders in the order of their rows.
using Contenders = std::vector<std::unique_ptr<Contender>>;

/// A contender that cannot be had on this machine: its row says why.
class Absent final : public Contender {
 public:
  /// Its name and the reason.
  Absent(std::string name, std::string reason) : name_(std::move(name)), reason_(std::move(reason)) {}
  std::string name() const override { return name_; }
  std::string version() const override { return "-"; }
  std::string absent() const override { return reason_; }
  Outcome run(std::size_t count, std::vector<double>&) override { return {count, {}, -1.0}; }

 private:
  std::string name_, reason_;
};

}  // namespace carina::bench
