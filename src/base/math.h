/// @file
/// exp, log, pow and tanh of doubles whose bits are the same everywhere: the scalar form of base/formula.h. Values that end
/// in a recording use these and never the C library's.
#pragma once

namespace carina::math {

/// e^x; 0 below -708, infinity above 709.78; 1 ulp.
double exp(double x);
/// Natural logarithm; -infinity at 0, NaN below 0; 1 ulp.
double log(double x);
/// Logarithm to base 10.
double log10(double x);
/// a^b; for a <= 0: 0 when b > 0, 1 when b = 0, infinity when b < 0.
double pow(double a, double b);
/// Hyperbolic tangent; 2 ulp.
double tanh(double x);
/// Square root, correctly rounded.
double sqrt(double x);

}  // namespace carina::math
