#include "ensemble/impl/timeline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace carina::ensemble {

namespace {

double read(const double* derived, std::size_t stride, std::uint32_t row, double otherwise) {
  return row == absent ? otherwise : derived[row * stride];
}

}  // namespace

bool Timeline::add_dose(const ScheduledDose& dose, const double* derived, std::size_t stride, double start, double end) {
  const double amount = read(derived, stride, dose.amount, 0);
  const double duration = read(derived, stride, dose.duration, 0);
  const double every = read(derived, stride, dose.every, 0);
  const double count = std::floor(read(derived, stride, dose.count, 1));
  const double first = read(derived, stride, dose.at, 0) + read(derived, stride, dose.lag, 0);
  if (!std::isfinite(amount) || !std::isfinite(duration) || std::isnan(first) || std::isnan(count)) return false;
  if (duration < 0 || (count > 1 && !(every > 0)) || first < start) return false;
  for (std::uint64_t i = 0; static_cast<double>(i) < count; ++i) {
    const double time = first + static_cast<double>(i) * every;
    if (time > end) break;
    if (duration > 0) {
      list_.push_back({time, Happening::Kind::RateOn, dose.input, amount / duration});
      list_.push_back({time + duration, Happening::Kind::RateOff, dose.input, amount / duration});
    } else {
      list_.push_back({time, Happening::Kind::Bolus, dose.state, amount});
    }
  }
  return true;
}

bool Timeline::build(const Kernels& kernels, const double* derived, std::size_t stride, double start, double end) {
  list_.clear();
  cursor_ = 0;
  for (std::uint32_t m = 0; m < kernels.modes.size(); ++m) {
    const Mode& mode = kernels.modes[m];
    if (mode.rule != Mode::Rule::Scheduled) continue;
    const double slope = derived[mode.slope * stride];
    const double time = -derived[mode.at * stride] / slope;
    // from the switch on, g = slope * (t - time) has the sign of the slope
    if (time > start && time <= end) list_.push_back({time, Happening::Kind::Switch, m, slope < 0 ? 1.0 : 0.0});
  }
  for (const ScheduledDose& dose : kernels.doses) {
    if (!add_dose(dose, derived, stride, start, end)) return false;
  }
  for (const ScheduledEvent& event : kernels.timed_events) {
    const double first = read(derived, stride, event.at, 0);
    const double every = read(derived, stride, event.every, 0);
    const double count = std::floor(read(derived, stride, event.count, 1));
    if (std::isnan(first) || std::isnan(count) || (count > 1 && !(every > 0))) return false;
    for (double i = 0; i < count && first + i * every <= end; i += 1) {
      if (first + i * every >= start) list_.push_back({first + i * every, Happening::Kind::Event, event.event, 0});
    }
  }
  std::stable_sort(list_.begin(), list_.end(), [](const Happening& a, const Happening& b) { return a.time < b.time; });
  return true;
}

double Timeline::next() const {
  return cursor_ < list_.size() ? list_[cursor_].time : std::numeric_limits<double>::infinity();
}

}  // namespace carina::ensemble
