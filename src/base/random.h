/// @file
/// Random numbers that have an address instead of a generator: Philox4x64-10 (Salmon et al. 2011, SC '11) of a key (seed,
/// domain) and a counter (individual, cell, occurrence, purpose and index). The same address gives the same bits on every
/// machine, in any order and on any number of threads. Nothing here holds a state.
///
/// Addresses must not be shared between purposes: two draws that are to be independent differ in at least one field.
/// Patients draw by the occurrence of an event or a grid step, never by an adaptive step.
#pragma once

#include <array>
#include <cstdint>

namespace carina::random {

/// Who draws. The numbers are part of every result and never change their meaning.
enum class Domain : std::uint64_t {
  Variability = 1,   ///< parameters of an individual
  Covariates = 2,    ///< covariates of an individual
  Observation = 3,   ///< visits and residual error
  SmallNumbers = 4,  ///< births, deaths and mutations of few cells
  Pathway = 5,       ///< the way of a patient through care
  Tissue = 6,        ///< cells of a tissue
  Trial = 7,         ///< enrolment and arms
  Resampling = 8,    ///< bootstrap
  Fit = 9,           ///< designs, chains and predictions of a calibration
};

/// Where a draw belongs.
struct Address {
  std::uint64_t individual = 0;  ///< replicate x size + number
  std::uint64_t cell = 0;        ///< cell, or clone and site; 0 where there is none
  std::uint64_t occurrence = 0;  ///< occurrence of an event, or step of a fixed grid
  std::uint32_t purpose = 0;     ///< what is drawn, numbered by the room that draws
  std::uint32_t index = 0;       ///< number of the draw within its purpose
};

/// Four words of 64 random bits.
using Words = std::array<std::uint64_t, 4>;

/// The four words at an address.
Words words(std::uint64_t seed, Domain domain, const Address& address);

/// A uniform number in the open interval (0, 1) from random bits: an odd multiple of 2^-53, so p and 1 - p are equally
/// likely and both exact.
constexpr double uniform(std::uint64_t bits) { return static_cast<double>((bits >> 11) | 1) * 0x1p-53; }

/// The uniform number made of the first word at an address.
double uniform(std::uint64_t seed, Domain domain, const Address& address);

/// The standard normal number made of the first word at an address, by inversion: at most 8.21 in absolute value.
double normal(std::uint64_t seed, Domain domain, const Address& address);

/// Quantile of the standard normal distribution, for 0 < p < 1; relative error below 1e-15. Wichura 1988, Applied Statistics
/// 37:477, algorithm AS 241 (PPND16).
double normal_quantile(double p);

}  // namespace carina::random
