/// @file
/// What tests and intervals ask of the normal, t and chi-square distributions. Boost.Math computes them with the C library's
/// functions, so nothing here is for hashed columns, with one exception: the normal width of the levels 0.9, 0.95 and 0.99
/// is written down.
#pragma once

namespace carina::stats {

/// A statistic that is chi-square distributed when what is tested holds, and how likely one at least as large then is.
struct ChiSquareTest {
  double statistic = 0;  ///< chi-square; NaN where there is nothing to compare
  unsigned df = 0;       ///< degrees of freedom
  double p = 0;          ///< upper tail; NaN with df = 0 and where `statistic` is NaN
};

/// The test of a statistic with `df` degrees of freedom.
ChiSquareTest chi_square_test(double statistic, unsigned df);

/// z with P(-z < Z < z) = level of a normal Z; 1.96 for 0.95. `level` between 0 and 1.
double normal_width(double level);

/// t with P(-t < T < t) = level of Student's T with `df` > 0 degrees of freedom, a whole number or not.
double t_width(double level, double df);

}  // namespace carina::stats
