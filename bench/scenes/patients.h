/// @file
/// The virtual patients that every engine of a benchmark shares: standard normal deviates that follow from the number
/// of the patient alone (splitmix64 and Box-Muller), so that no file has to travel between programs in C++, Python
/// and R. These draws serve the benchmarks only; carina's own draws are Philox4x64.
#pragma once

#include <cmath>
#include <cstdint>

namespace carina::bench {

/// One round of splitmix64: a bijection of 64-bit integers.
inline std::uint64_t splitmix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// Uniform deviate number `k` of patient `id`, in (0, 1).
inline double uniform_deviate(std::uint64_t id, std::uint64_t k) {
  const std::uint64_t bits = splitmix64(splitmix64(id) + k) >> 11;
  return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

/// Standard normal deviate number `j` of patient `id`.
inline double normal_deviate(std::uint64_t id, std::uint64_t j) {
  const double two_pi = 6.283185307179586476925286766559;
  return std::sqrt(-2.0 * std::log(uniform_deviate(id, 2 * j))) * std::cos(two_pi * uniform_deviate(id, 2 * j + 1));
}

}  // namespace carina::bench
