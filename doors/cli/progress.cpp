#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "text.h"

namespace carina::cli {

ProgressLine::ProgressLine(std::string what, bool quiet)
    : what_(std::move(what)), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
}

ProgressCallback ProgressLine::callback() {
  if (quiet_) return {};
  return [this](const Progress& progress) { show(progress); };
}

void ProgressLine::show(const Progress& progress) {
  const double share = progress.total == 0 ? 1 : static_cast<double>(progress.done) / static_cast<double>(progress.total);
  const int tenths = static_cast<int>(10 * share);
  if (!terminal_ && tenths <= tenths_) return;
  tenths_ = tenths;
  std::string line = fmt::format("{:3.0f} %  {} of {} {}", 100 * share, count_text(static_cast<double>(progress.done)),
                                 count_text(static_cast<double>(progress.total)), what_);
  if (progress.rate > 0) line += fmt::format("  {}/s", count_text(progress.rate));
  if (progress.seconds_left > 0) line += fmt::format("  {} left", duration_text(progress.seconds_left));
  if (terminal_)
    fmt::print(stderr, "\r{}\033[K", line);
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace carina::cli
