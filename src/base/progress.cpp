#include "base/progress.h"

namespace carina {

ProgressMeter::ProgressMeter(ProgressCallback report, std::uint64_t total, std::uint64_t done,
                             std::chrono::milliseconds interval)
    : report_(std::move(report)), total_(total), before_(done), done_(done), interval_(interval) {}

void ProgressMeter::add(std::uint64_t units) {
  const std::lock_guard lock(mutex_);
  done_ += units;
  const Clock::time_point now = Clock::now();
  if (!report_ || (done_ < total_ && now - last_ < interval_)) return;
  last_ = now;
  Progress progress{done_, total_};
  const double seconds = std::chrono::duration<double>(now - start_).count();
  if (seconds > 0) progress.rate = static_cast<double>(done_ - before_) / seconds;
  if (progress.rate > 0 && done_ < total_) progress.seconds_left = static_cast<double>(total_ - done_) / progress.rate;
  report_(progress);
}

}  // namespace carina
