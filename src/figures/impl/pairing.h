/// @file
/// What figures/pair.h prints, as numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/recording.h"

namespace carina::figures::impl {

/// Median and the middle 90 % of some values.
struct Middle {
  double median = 0, p5 = 0, p95 = 0;
};

/// A number of each individual in both recordings.
struct PairedNumber {
  std::string endpoint, column, unit;
  std::uint64_t n = 0;          ///< individuals with a value in both
  double median_a = 0;          ///< over them
  double median_b = 0;          ///< over them
  Middle difference;            ///< of B - A
  std::optional<Middle> ratio;  ///< of B / A, when all values are above 0
  double b_above_a = 0;         ///< share
};

/// An event in both recordings.
struct PairedEvent {
  std::string endpoint, unit;
  std::uint64_t n = 0;                    ///< individuals that finished in both
  double until = 0;                       ///< end of follow-up
  double survival_a = 0, survival_b = 0;  ///< share without the event then, Kaplan and Meier, over them
  std::uint64_t a_only = 0, b_only = 0, both = 0, neither = 0;
};

/// Two recordings, paired.
struct Pairing {
  std::string title_a, title_b;
  std::uint64_t individuals = 0, seed = 0;
  std::vector<PairedNumber> numbers;
  std::vector<PairedEvent> events;
};

/// Pairs; throws InputError as figures/pair.h says.
Pairing paired(const record::Recording& a, const record::Recording& b);

}  // namespace carina::figures::impl
