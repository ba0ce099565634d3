/// @file
/// LU factorisation of W = d*I - J for a fixed sparsity pattern as straight-line code: symmetric Markowitz order, diagonal
/// pivots, no pivoting at run time (a zero or NaN pivot shows as a NaN step, which the integrator rejects).
///
/// Off-diagonal entries keep the sign of J where they can (W = d - J would cost a negation each), so a factor row holds
/// either the entry or its negative; which one is known here.
#pragma once

#include <vector>

#include "ensemble/impl/program.h"

namespace carina::ensemble {

class SparseLu {
 public:
  /// Row and column of a non-zero entry.
  struct Place {
    std::uint32_t row = 0, column = 0;
  };

  /// Orders and fills the pattern of an n by n matrix.
  SparseLu(std::uint32_t n, const std::vector<Place>& pattern);
  /// Emits the factorisation; `entries` are the values of J in the order of the pattern. Returns the factor rows.
  std::vector<ValueId> factor(ProgramBuilder& builder, const std::vector<ValueId>& entries, ValueId d) const;
  /// Emits forward and backward substitution; `x` holds the right-hand side.
  std::vector<ValueId> solve(ProgramBuilder& builder, const std::vector<ValueId>& factors, std::vector<ValueId> x) const;
  /// Factor rows: multipliers and upper entries, then reciprocals of the pivots.
  std::uint32_t rows() const { return rows_; }
  /// Entries that appear only through elimination.
  std::uint32_t fill() const { return fill_; }

 private:
  std::uint32_t n_;
  std::vector<Place> pattern_;
  std::vector<std::uint32_t> order_;               // order_[k] is the k-th pivot
  std::vector<std::vector<std::uint32_t>> place_;  // factor row of entry (i, j), or none
  std::vector<std::vector<bool>> negated_;         // the row holds minus the entry
  std::uint32_t rows_ = 0, fill_ = 0;
};

}  // namespace carina::ensemble
