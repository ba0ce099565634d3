/// @file
/// Confidence intervals: of a proportion and of the difference of two, of an estimated probability with a standard error, of a
/// geometric mean and of the ratio of two. Those of proportions and means are not for hashed columns: their quantiles come from Boost.Math, which uses
/// the C library's functions.
#pragma once

#include <cstdint>

#include "stats/moments.h"

namespace carina::stats {

/// A range with its ends.
struct Interval {
  double low = 0;   ///< lower end
  double high = 0;  ///< upper end
};

/// On what the estimate of a probability is taken to be normal. Papers with R and SAS use Log and LogLog.
enum class Scale {
  Plain,  ///< the probability p itself; ends are cut to [0, 1]
  Log,    ///< log(p); the upper end is cut to 1
  LogLog  ///< log(-log(p)); stays within [0, 1]
};

/// Which interval is wanted.
struct Confidence {
  double level = 0.95;          ///< between 0 and 1
  Scale scale = Scale::LogLog;  ///< of estimated probabilities
};

/// Interval of an estimated probability `p` with the relative standard error `relative_se` (that of log(p)). [1, 1] for
/// p = 1; NaN ends for p = 0, where no scale has one. Bits are the same everywhere for levels of 0.9, 0.95 and 0.99.
Interval probability_interval(double p, double relative_se, const Confidence& confidence);

/// Clopper and Pearson's interval of a proportion with `events` among `n`; `level` between 0 and 1, e.g. 0.95. Never shorter
/// than the level asks. n = 0 gives [0, 1].
Interval exact_proportion(std::uint64_t events, std::uint64_t n, double level = 0.95);

/// Wilson's score interval of a proportion, without continuity correction; n = 0 gives [0, 1].
Interval wilson_proportion(std::uint64_t events, std::uint64_t n, double level = 0.95);

/// A proportion's number.
struct Proportion {
  std::uint64_t events = 0;  ///< at most n
  std::uint64_t n = 0;       ///< at least 1
};

/// A difference of two proportions.
struct ProportionDifference {
  double difference = 0;  ///< the first less the second
  Interval interval;      ///< within [-1, 1]
};

/// Difference of the proportions of two independent groups, with Newcombe's interval from their Wilson intervals (method 10).
ProportionDifference proportion_difference(const Proportion& first, const Proportion& second, double level = 0.95);

/// Interval of a geometric mean: Student's t on the logarithms. NaN ends below two values.
Interval geometric_mean_interval(const GeometricMoments& values, double level = 0.95);

/// What is taken to be so of the variances of two groups' logarithms.
enum class Variances {
  Own,   ///< each group has its own (Welch and Satterthwaite)
  Equal  ///< one for both, pooled: bioequivalence, analysis of variance
};

/// A ratio of two geometric means.
struct GeometricRatio {
  double ratio = 0;   ///< of the first to the second; NaN when one has no values
  double df = 0;      ///< degrees of freedom of Student's t
  Interval interval;  ///< of the ratio; NaN ends where a variance cannot be had
};

/// Ratio of the geometric means of two independent groups, with the interval of a t test on the logarithms.
GeometricRatio geometric_ratio(const GeometricMoments& first, const GeometricMoments& second,
                               Variances variances = Variances::Own, double level = 0.95);

}  // namespace carina::stats
