/// @file
/// Exact confidence intervals of a proportion (Clopper and Pearson). Not for hashed columns: beta quantiles come from
/// Boost.Math, which uses the C library's functions.
#pragma once

#include <cstdint>

namespace carina::stats {

/// A range with its ends.
struct Interval {
  double low = 0;   ///< lower end
  double high = 0;  ///< upper end
};

/// Clopper-Pearson interval of a proportion with `events` among `n`; `level` between 0 and 1, e.g. 0.95. Never shorter than
/// the level asks. n = 0 gives [0, 1].
Interval exact_proportion(std::uint64_t events, std::uint64_t n, double level = 0.95);

}  // namespace carina::stats
