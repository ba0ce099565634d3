/// @file
/// Benchmarks of the tissue engine beside PhysiCell: the answers are compared before a time is told.
#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "runner/measure.h"

namespace carina::bench {

/// More than any time or error.
inline constexpr double infinite = std::numeric_limits<double>::infinity();

/// Rows of one benchmark.
using MakeRows = std::vector<Row> (*)(const Settings& settings);

/// T1 of bench/scenes/tissue_t1.h, mechanics alone and with oxygen.
std::vector<Row> tissue_t1(const Settings& settings);

/// A step of diffusion and decay.
std::vector<Row> tissue_field(const Settings& settings);

/// T2 of bench/scenes/tissue_t2.h, end to end.
std::vector<Row> tissue_t2(const Settings& settings);

/// By the names that script/bench knows.
inline std::vector<std::pair<std::string, MakeRows>> tissue_benches() {
  return {{"tissue_t1", tissue_t1}, {"tissue_field", tissue_field}, {"tissue_t2", tissue_t2}};
}

/// The beginning of a row: of which benchmark and contender, in which unit.
Row begin_row(const std::string& bench, const std::string& contender, const std::string& unit, bool ours);

/// What a peer's program told: its numbers, and the doubles that it left in `file`; nothing where the peer is not built.
struct Told {
  bool there = false;                      ///< the peer is built
  std::string version;                     ///< of the peer
  std::vector<double> answers;             ///< what it left
  double seconds(const char* what) const;  ///< a number of its line of JSON
  std::string line;                        ///< of JSON
};

/// Runs a program of bench/peers/physicell with arguments, the last of which is to be the file of its answers.
Told physicell(const Settings& settings, const std::string& program, const std::string& arguments,
               const std::string& after = {});

/// The checkout that PhysiCell was built from; empty where it is not built.
std::string physicell_checkout(const Settings& settings);

/// Seconds that one thread of this process has spent.
double thread_seconds();

}  // namespace carina::bench
