/// @file
/// Quantiles of the binomial, Poisson and negative binomial distributions: the smallest k whose cumulative probability
/// reaches u. With a uniform number in (0, 1) from base/random.h they are exact draws that rise with u, so that runs that
/// share their random numbers stay close. Same bits everywhere: no function of the C library enters.
///
/// The cumulative sum starts nine standard deviations below the mean, where less than 1e-18 is left out, and walks up by the
/// ratio of neighbouring probabilities. A mean above 1e6 is drawn from the normal distribution instead, a negative
/// binomial of few n from the gamma distribution, rounded: wrong by less than 1e-3 of a standard deviation.
#pragma once

namespace carina::random {

/// Successes among `n` trials (a whole number, 0 or more) of probability `p` each, 0 to 1.
double binomial_quantile(double u, double n, double p);
/// Events of a Poisson process with `mean` expected, 0 or more.
double poisson_quantile(double u, double mean);
/// Sum of `n` independent geometric numbers 0, 1, 2 ... with ratio `q` of neighbouring probabilities, 0 <= q < 1; n is a
/// whole number, 0 or more.
double negative_binomial_quantile(double u, double n, double q);

}  // namespace carina::random
