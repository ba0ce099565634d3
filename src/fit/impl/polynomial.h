/// @file
/// The terms of a polynomial of second degree, and its fit: Bayesian ridge regression with hyperparameters of largest marginal
/// likelihood and leave-one-out errors in closed form.
#pragma once

#include <array>

#include "fit/impl/linear.h"

namespace carina::fit::impl {

/// Number of terms for p variables: 1 + p + p (p + 1)/2.
inline Index term_count(Index p) { return 1 + p + p * (p + 1) / 2; }

/// The terms at x, in the order of fit/emulator.h.
void write_terms(const Vector& x, Eigen::Ref<Vector> terms);

/// The gradient in x of the polynomial with these coefficients.
Vector gradient(const Vector& x, const Vector& coefficients);

/// r^2 = |x|^2/p.
inline double radius_squared(const Vector& x) { return x.squaredNorm() / static_cast<double>(x.size()); }
/// Growth of the variance of the lack of fit with distance, (1 + r^6)/2: a remainder of third order.
double lack_growth(const Vector& x);

/// What a polynomial is fitted to.
struct Sample {
  Index variables = 0;  ///< p
  Dense terms;          ///< points x terms
  Vector y;             ///< values
  Vector sampling;      ///< variance of each value by sampling, known
  Dense x;              ///< points x variables
  Vector growth;        ///< lack_growth at each point
};

/// A fitted polynomial.
struct Fit {
  Vector coefficients;            ///< of the terms
  std::array<double, 4> error{};  ///< variance of its error, by powers of r^2: lack of fit and uncertainty of coefficients
  double loo_rms = 0, loo_calibration = 0, r2 = 0;
};

/// Coefficients are normal a priori: 1 with SD 10, linear and quadratic terms each with an SD of their own, in SDs of y; the
/// lack of fit is independent normal with a variance that grows. These three have the largest marginal likelihood, found by a
/// compass search on logarithms.
Fit fit_polynomial(const Sample& sample);

}  // namespace carina::fit::impl
