/// @file
/// Predicted figures against published ones: intervals of another trial of the published size, one at a time and all together.
///
/// The joint distance is Mahalanobis' on the figures' axes, (observed - mean)' covariance^-1 (observed - mean) with mean and
/// covariance of the replicates; its p value is the share of replicates that lie as far or farther. Where the parameters were
/// fitted to the same figures the p value is too kind: figures left out say more (fit/sensitivity.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fit/matrix.h"
#include "fit/problem.h"

namespace carina::fit {

/// One figure, in its own unit.
struct FigurePrediction {
  std::string name;             ///< of the figure
  std::string group;            ///< of the figure
  Role role = Role::Calibrate;  ///< of the figure
  double observed = 0;          ///< published value; NaN: none
  double p05 = 0;               ///< 5 % of trials lie below
  double p50 = 0;               ///< median over trials
  double p95 = 0;               ///< 5 % of trials lie above
  bool inside = false;          ///< observed within [p05, p95]
  double score = 0;             ///< (observed - mean)/SD over replicates on the axis; NaN without an observed value
  double missing = 0;           ///< share of replicates without the figure
};

/// Some figures.
struct Prediction {
  std::vector<FigurePrediction> figures;  ///< those asked for
  std::size_t replicates = 0;             ///< trials behind the intervals
  double joint_distance = 0;              ///< of the observed figures; NaN where none can be compared
  double joint_p = 1;                     ///< share of replicates as far or farther, (1 + number)/(1 + replicates)
  std::vector<std::size_t>
      joint_figures;          ///< numbers (in Problem) of figures in the distance: observed, to calibrate on (or
                              ///< all observed where none is), in 9 of 10 replicates
  double coverage = 0;        ///< share of observed figures to calibrate on inside their interval
  double coverage_check = 0;  ///< the same of Role::Check; NaN without any
  double coverage_low = 0;    ///< 5 % quantile of `coverage` over replicates taken as observed
};

/// Compares replicates (trials x all figures of the problem, natural values, NaN where there is none) with the observed values
/// of `figures` (numbers in Problem; empty: all).
Prediction predict(const Problem& problem, const Matrix& replicates, std::vector<std::size_t> figures = {});

}  // namespace carina::fit
