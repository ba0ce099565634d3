/// @file
/// What is known beforehand about one individual: doses, infusions, timed events and timed switches, in order of time.
#pragma once

#include <cstdint>
#include <vector>

#include "ensemble/impl/lower.h"

namespace carina::ensemble {

/// One thing that happens at a known time.
struct Happening {
  enum class Kind : std::uint8_t { Bolus, RateOn, RateOff, Switch, Event };
  double time = 0;
  Kind kind = Kind::Bolus;
  std::uint32_t index = 0;  // state, infusion, infusion, mode, event
  double value = 0;         // amount, rate, rate, new truth, -
};

/// The happenings of one individual up to the end of the run.
class Timeline {
 public:
  /// Builds it from a row of `derive` (`stride` doubles between values). False when a number is not finite or a dose lies
  /// before `start`.
  bool build(const Kernels& kernels, const double* derived, std::size_t stride, double start, double end);
  /// Time of the next happening, infinity when there is none.
  double next() const;
  /// Takes the next happening.
  const Happening& take() { return list_[cursor_++]; }

 private:
  bool add_dose(const ScheduledDose& dose, const double* derived, std::size_t stride, double start, double end);

  std::vector<Happening> list_;
  std::size_t cursor_ = 0;
};

}  // namespace carina::ensemble
