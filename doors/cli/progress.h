/// @file
/// How far a run is, on stderr: one line that renews itself on a terminal, one line every 10 % elsewhere.
#pragma once

#include <string>

#include "base/progress.h"

namespace carina::cli {

/// Prints progress of `what` (plural) to stderr.
class ProgressLine {
 public:
  /// `quiet` prints nothing.
  ProgressLine(std::string what, bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// The callback to give to a run; must not outlive this.
  ProgressCallback callback();

 private:
  void show(const Progress& progress);

  std::string what_;
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  int tenths_ = 0;
};

}  // namespace carina::cli
