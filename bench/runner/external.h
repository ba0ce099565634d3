/// @file
/// A contender that is a program of its own: the patients' numbers go to it in a file of doubles, the answers come back
/// in another, and it reports the processor time of its simulations alone.
#pragma once

#include "runner/contender.h"

#include <functional>
#include <string>
#include <vector>

namespace carina::bench {

/// How to call the program. It answers `COMMAND --version` with one line, and
/// `COMMAND BENCH PATIENTS COUNT ANSWERS` with a last line of JSON: {"cpu_seconds": ..., "failures": ...}.
struct ExternalProgram {
  std::string name;                                              ///< of the contender
  std::string command;                                           ///< words for the shell
  std::string needs;                                             ///< a file that is there once the peer is installed
  std::string bench;                                             ///< name of the benchmark
  std::string folder;                                            ///< for the exchanged files
  std::size_t most_patients = 0;                                 ///< in one run
  std::function<std::vector<double>(std::uint64_t id)> patient;  ///< the numbers of one patient
};

/// The last line that a command prints. Throws when the command fails.
std::string last_line(const std::string& command);

/// The contender; its row says so where the program is not installed.
std::unique_ptr<Contender> external(ExternalProgram program);

}  // namespace carina::bench
