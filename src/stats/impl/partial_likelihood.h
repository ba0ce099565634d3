// Cox's partial likelihood with its score and information, at any coefficients.
#pragma once

#include <cstddef>
#include <vector>

#include "stats/cox.h"
#include "stats/impl/ordered.h"

namespace carina::stats::impl {

using Doubles = std::vector<double>;

// The likelihood at one place. The information's upper triangle is filled too.
struct Place {
  Doubles coefficients;
  double log_likelihood = 0;
  Doubles score, information;
};

// Covariates are shifted by their mean and divided by their mean distance from it, which keeps sums of squares from losing
// digits; all coefficients here belong to those.
class PartialLikelihood {
 public:
  PartialLikelihood(const CoxData& data, Ties ties);

  std::size_t columns() const { return columns_; }
  // What a covariate is divided by; 1 for a constant one.
  double scale(std::size_t column) const { return scale_[column]; }
  // Highest less lowest value of the divided covariate.
  double range(std::size_t column) const { return range_[column]; }
  Place at(Doubles coefficients) const;

 private:
  const double* row(std::size_t individual) const { return &covariates_[individual * columns_]; }
  void add_stratum(std::size_t stratum, const Doubles& predictor, Place& place) const;

  const CoxData& data_;
  Ties ties_;
  std::size_t columns_;
  Ordered order_;
  Doubles covariates_, scale_, range_;
};

}  // namespace carina::stats::impl
