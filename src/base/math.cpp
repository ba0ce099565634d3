#include "base/math.h"

#include <cmath>

#include "base/formula.h"
#include "base/scalar_ops.h"

namespace carina::math {

double exp(double x) {
  ScalarOps ops;
  return formula::exp(ops, x);
}

double log(double x) {
  ScalarOps ops;
  return formula::log(ops, x);
}

double log10(double x) { return log(x) * 0.43429448190325182765; }

double pow(double a, double b) {
  ScalarOps ops;
  return formula::pow(ops, a, b);
}

double tanh(double x) {
  ScalarOps ops;
  return formula::tanh(ops, x);
}

double sqrt(double x) { return std::sqrt(x); }

}  // namespace carina::math
