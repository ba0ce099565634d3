/// @file
/// How a quantity differs between patients or batches, and how its parameters follow from what papers print: a median with
/// a range among n, or a median with the share below a limit. Closed forms, no fitting.
///
/// A range is read as the expected extremes of n independent values: of a standard normal variable the highest of n lies
/// near z(n) = quantile((n - 3/8) / (n + 1/4)) (Blom 1958, Statistical Estimates and Transformed Beta-Variables), the
/// lowest near -z(n).
#pragma once

#include <span>

namespace carina::therapy {

/// A median with the lowest and highest of n values, as published.
struct Range {
  double low = 0;     ///< lowest
  double median = 0;  ///< median
  double high = 0;    ///< highest
  double n = 0;       ///< values; 2 or more
};

/// shift + median exp(sd z) with a standard normal z. With sd = 0 it is the number shift + median.
struct Lognormal {
  double shift = 0;   ///< what it never falls below, in the quantity's unit
  double median = 0;  ///< median above the shift, 0 or more, same unit
  double sd = 0;      ///< standard deviation of the logarithm, 0 or more

  /// The value at z.
  double at(double z) const;
  /// Mean.
  double mean() const;
  /// Variance.
  double variance() const;
};

/// A fraction whose logit is normal.
struct LogitNormal {
  double median = 0.5;  ///< strictly between 0 and 1
  double sd = 0;        ///< standard deviation of the logit, 0 or more

  /// The value at z.
  double at(double z) const;
  /// Where `value` lies, in standard deviations of the logit; sd must be above 0.
  double z(double value) const;
};

/// Expected highest of n standard normal values (Blom); n is 2 or more.
double expected_extreme(double n);

/// Median as it is, sd = log(high / low) / (2 z(n)), no shift.
Lognormal lognormal_from(const Range& range);

/// The lognormal with a shift that meets low, median and high, each exactly: shift = (m^2 - l h) / (2 m - l - h), sd =
/// log((h - shift) / (m - shift)) / z(n). The range must be skewed upwards: h - m > m - l.
Lognormal shifted_lognormal_from(const Range& range);

/// The lognormal above `shift` of that mean and variance; the mean is above the shift.
Lognormal lognormal_with(double shift, double mean, double variance);

/// What must be added to independent `parts` so that the sum has the mean and variance of `total`, which must have more of
/// both.
Lognormal remainder(const Lognormal& total, std::span<const Lognormal> parts);

/// Median as it is, sd = (logit(high) - logit(low)) / (2 z(n)).
LogitNormal logit_normal_from(const Range& range);

/// Median as it is and `share` of the values below `limit`; both are on the same side: limit below the median with share
/// below a half, or above both.
LogitNormal logit_normal_from(double median, double limit, double share);

}  // namespace carina::therapy
