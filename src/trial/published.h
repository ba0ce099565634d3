/// @file
/// How exactly a published figure is known: the sampling interval and standard error that its statistic, its n and what was
/// printed beside it imply. For comparison and display, not for hashed columns.
///
/// | statistic | from | scale |
/// |---|---|---|
/// | share, count | n: Clopper and Pearson's interval | linear |
/// | survival, cumulative incidence | its 95 % CI; without one n, as if nobody were censored (too narrow) | log(-log) |
/// | geometric mean | CV and n: s = sqrt(log(1 + CV^2)), Student's t | log |
/// | mean | SD and n, Student's t | linear |
/// | median, hazard ratio with 95 % CI | the CI; where one end was not reached, the other one | log |
/// | median with range or IQR | n: ranks of a binomial(n, 1/2), see `Basis::OrderStatistics` | linear or log |
/// | anything else | nothing | |
#pragma once

#include <cstdint>
#include <string_view>

#include "stats/intervals.h"
#include "trial/trial.h"

namespace carina::trial {

/// What an interval was made from.
enum class Basis : std::uint8_t {
  Nothing,             ///< the figure does not say how exactly it is known
  Binomial,            ///< events among n
  BinomialUncensored,  ///< a survival as if everybody had been followed
  Interval,            ///< the published 95 % CI
  Spread,              ///< CV or SD, and n
  OrderStatistics,  ///< the spread is read off the range (expected extremes of n, Blom) or the IQR on the scale on which the
                    ///< median lies nearer to its middle; the median's interval runs between the ranks k and n + 1 - k
};

/// One word for a basis: nothing, binomial, binomial_uncensored, interval, spread, order_statistics.
std::string_view name(Basis basis);

/// Scale on which the standard error is symmetric.
enum class Scale : std::uint8_t {
  Linear,  ///< the value itself
  Log,     ///< its logarithm
  LogLog,  ///< log(-log(value as a fraction))
};

/// How exactly a figure is known.
struct Sampling {
  Basis basis = Basis::Nothing;  ///< without a basis all that follows is NaN
  Scale scale = Scale::Linear;   ///< of `scale_error`
  double scale_error = 0;        ///< standard error on that scale; linear: in the figure's unit
  double error = 0;              ///< standard error in the figure's unit, by the derivative at the value
  stats::Interval interval;      ///< at the level asked for, in the figure's unit; an end may be infinite
};

/// The sampling interval of `figure` at `level`, e.g. 0.95. A published 95 % CI is given back as it is at 0.95, and stretched
/// on its scale at other levels. The standard error of a share takes (events + 1/2) / (n + 1), so that 0 of n has one.
Sampling sampling(const Figure& figure, double level = 0.95);

}  // namespace carina::trial
