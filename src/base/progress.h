/// @file
/// How far a run is. The library never prints: whoever starts a run gives a callback, and a ProgressMeter calls it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

namespace carina {

/// A moment of a run.
struct Progress {
  std::uint64_t done = 0;   ///< units done, those of an earlier attempt included
  std::uint64_t total = 0;  ///< units in all
  double rate = 0;          ///< units per second since this attempt began
  double seconds_left = 0;  ///< expected time to the end, s; 0 while nothing is known
};

/// Receives progress; called by one thread at a time, from any thread.
using ProgressCallback = std::function<void(const Progress&)>;

/// Counts what several threads finish and reports it, at most once an interval and once at the end.
class ProgressMeter {
 public:
  /// `done` of `total` units stand already. An empty callback is never called.
  ProgressMeter(ProgressCallback report, std::uint64_t total, std::uint64_t done = 0,
                std::chrono::milliseconds interval = std::chrono::milliseconds(100));
  /// Adds units; any thread.
  void add(std::uint64_t units);

 private:
  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  ProgressCallback report_;
  std::uint64_t total_;
  std::uint64_t before_;
  std::uint64_t done_;
  std::chrono::milliseconds interval_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
};

}  // namespace carina
