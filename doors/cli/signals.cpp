#include "signals.h"

#include <csignal>

namespace carina::cli {
namespace {

// A signal handler can reach nothing but these.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> caught = false;
std::atomic<int> number = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void carina_catch_signal(int signal) {
  number = signal;
  caught = true;
  std::signal(signal, SIG_DFL);
}

}  // namespace

CaughtSignals::CaughtSignals() {
  std::signal(SIGINT, carina_catch_signal);
  std::signal(SIGTERM, carina_catch_signal);
}

CaughtSignals::~CaughtSignals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& CaughtSignals::flag() const { return caught; }
int CaughtSignals::exit_code() const { return caught ? 128 + number : 0; }

}  // namespace carina::cli
