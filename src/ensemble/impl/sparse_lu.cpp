#include "ensemble/impl/sparse_lu.h"

#include <limits>

#include "base/check.h"

namespace carina::ensemble {

namespace {
constexpr std::uint32_t none = 0xffffffffu;
}

SparseLu::SparseLu(std::uint32_t n, const std::vector<Place>& pattern)
    : n_(n), pattern_(pattern), place_(n, std::vector<std::uint32_t>(n, none)), negated_(n, std::vector<bool>(n, false)) {
  std::vector<std::vector<bool>> present(n, std::vector<bool>(n, false));
  for (const Place& entry : pattern_) {
    present[entry.row][entry.column] = true;
    negated_[entry.row][entry.column] = entry.row != entry.column;
  }
  for (std::uint32_t i = 0; i < n; ++i) present[i][i] = true;

  std::vector<bool> done(n, false);
  for (std::uint32_t step = 0; step < n; ++step) {
    std::uint32_t best = none;
    std::size_t best_cost = std::numeric_limits<std::size_t>::max();
    for (std::uint32_t k = 0; k < n; ++k) {
      if (done[k]) continue;
      std::size_t in_row = 0, in_column = 0;
      for (std::uint32_t j = 0; j < n; ++j) {
        if (done[j] || j == k) continue;
        in_row += present[k][j] ? 1u : 0u;
        in_column += present[j][k] ? 1u : 0u;
      }
      if (in_row * in_column < best_cost) {
        best_cost = in_row * in_column;
        best = k;
      }
    }
    done[best] = true;
    order_.push_back(best);
    for (std::uint32_t i = 0; i < n; ++i) {
      if (done[i] || !present[i][best]) continue;
      for (std::uint32_t j = 0; j < n; ++j) {
        if (done[j] || !present[best][j] || present[i][j]) continue;
        present[i][j] = true;
        // -(l * u) with l and u as stored: the fill starts as the plain product where the signs allow
        negated_[i][j] = negated_[i][best] == negated_[best][j];
        ++fill_;
      }
    }
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t j = 0; j < n; ++j) {
      if (i != j && present[i][j]) place_[i][j] = rows_++;
    }
  }
  for (std::uint32_t i = 0; i < n; ++i) place_[i][i] = rows_++;
}

std::vector<ValueId> SparseLu::factor(ProgramBuilder& builder, const std::vector<ValueId>& entries, ValueId d) const {
  constexpr ValueId empty = 0xffffffffu;
  CARINA_CHECK(entries.size() == pattern_.size());
  std::vector<std::vector<ValueId>> w(n_, std::vector<ValueId>(n_, empty));
  for (std::uint32_t i = 0; i < n_; ++i) w[i][i] = d;
  for (std::size_t e = 0; e < entries.size(); ++e) {
    const auto [row, column] = pattern_[e];
    w[row][column] = row == column ? builder.op(Code::Sub, d, entries[e]) : entries[e];
  }
  for (std::size_t step = 0; step < order_.size(); ++step) {
    const std::uint32_t k = order_[step];
    w[k][k] = builder.op(Code::Recip, w[k][k]);
    for (std::size_t below = step + 1; below < order_.size(); ++below) {
      const std::uint32_t i = order_[below];
      if (place_[i][k] == none) continue;
      w[i][k] = builder.op(Code::Mul, w[i][k], w[k][k]);
      for (std::size_t right = step + 1; right < order_.size(); ++right) {
        const std::uint32_t j = order_[right];
        if (place_[k][j] == none) continue;
        const bool product_negative = negated_[i][k] != negated_[k][j];
        if (w[i][j] == empty) {
          w[i][j] = builder.op(Code::Mul, w[i][k], w[k][j]);
        } else {
          const bool subtract = product_negative == negated_[i][j];
          w[i][j] = builder.op(subtract ? Code::Fnma : Code::Fma, w[i][k], w[k][j], w[i][j]);
        }
      }
    }
  }
  std::vector<ValueId> rows(rows_);
  for (std::uint32_t i = 0; i < n_; ++i) {
    for (std::uint32_t j = 0; j < n_; ++j) {
      if (place_[i][j] != none) rows[place_[i][j]] = w[i][j];
    }
  }
  return rows;
}

std::vector<ValueId> SparseLu::solve(ProgramBuilder& builder, const std::vector<ValueId>& factors,
                                     std::vector<ValueId> x) const {
  const auto subtract = [&](std::uint32_t i, std::uint32_t j) {
    if (place_[i][j] == none) return;
    x[i] = builder.op(negated_[i][j] ? Code::Fma : Code::Fnma, factors[place_[i][j]], x[j], x[i]);
  };
  for (std::size_t step = 0; step < order_.size(); ++step) {
    for (std::size_t left = 0; left < step; ++left) subtract(order_[step], order_[left]);
  }
  for (std::size_t step = order_.size(); step-- > 0;) {
    const std::uint32_t i = order_[step];
    for (std::size_t right = step + 1; right < order_.size(); ++right) subtract(i, order_[right]);
    x[i] = builder.op(Code::Mul, x[i], factors[place_[i][i]]);
  }
  return x;
}

}  // namespace carina::ensemble
