/// @file
/// Ctrl-C and SIGTERM turn a flag on, so that a run ends at the next step with everything that is finished kept. A second
/// signal ends the program at once.
#pragma once

#include <atomic>

namespace carina::cli {

/// While it lives, signals are caught.
class CaughtSignals {
 public:
  CaughtSignals();
  ~CaughtSignals();
  CaughtSignals(const CaughtSignals&) = delete;
  CaughtSignals& operator=(const CaughtSignals&) = delete;

  /// Turns true at the first signal.
  const std::atomic<bool>& flag() const;
  /// 130 after Ctrl-C, 143 after SIGTERM, 0 when none came.
  int exit_code() const;
};

}  // namespace carina::cli
