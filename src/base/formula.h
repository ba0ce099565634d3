/// @file
/// exp, log, pow and tanh, each written once as a formula over any arithmetic. The same text is the scalar function
/// (base/math.h), the vector kernel of the virtual machine and the code that the JIT emits, so all three agree to the bit.
///
/// `Ops` is an arithmetic: types V (number) and M (truth), and
///   constant(double), add, sub, mul, div, fma(a, b, c) = a*b + c with one rounding, floor,
///   less(a, b), less_equal(a, b), select(M, a, b),
///   add_exponent(x, n)         x * 2^n for an integral n by an integer addition to the exponent field: x and the result normal
///   exponent(x), mantissa(x)   of a normal x > 0 = mantissa * 2^exponent with 1 <= mantissa < 2.
/// Only IEEE operations with one rounding each and bit operations occur, so the bits are the same on every target with a
/// fused multiply-add.
///
/// Accuracy, against mpmath: exp and log 1 ulp, tanh 2 ulp, pow relative 2e-16 * (1 + |b ln a|). exp gives 0 below -708 (no
/// subnormal results), log takes subnormals for 0.
///
/// The text itself stands in formula.inc, which vector code includes once for each instruction set.
#pragma once

#include <cstddef>
#include <limits>

namespace carina::formula {
#include "base/formula.inc"
}  // namespace carina::formula
