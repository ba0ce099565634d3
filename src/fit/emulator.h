/// @file
/// The emulator: what a trial's figures are at any parameters, learnt from simulated ones. For each figure, on its axis, a
/// polynomial of second degree for the mean over trials of the published size and one for the logarithm of the variance over
/// trials; one matrix of correlations between figures; and the emulator's own error.
///
/// Parameters enter as z = (u - centre)/sd on the prior's scale, and are centred and whitened to a region: x = spread^-1 (z -
/// centre). The terms of a polynomial are 1, x_j, then row after row (x_j^2 - 1)/sqrt 2 and x_j x_k for j < k. The variance of
/// the error of a mean is a polynomial in r^2 = |x|^2 / p, so that the emulator trusts itself less the farther it is asked:
/// what a polynomial of second degree lacks grows with r^3, what is not known of its coefficients with r^2 at most. Plain
/// data: other programs may evaluate it.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fit/matrix.h"

namespace carina::fit {

/// Where an emulator is good: an ellipsoid in prior standard deviations.
struct Region {
  std::vector<double> centre;  ///< z at its middle
  Matrix spread;               ///< lower triangular; spread x spread^T is the covariance of z in the region
};

/// One figure on its axis.
struct FigureEmulator {
  bool usable = false;               ///< false: it exists in too few simulated trials; everything below is 0
  std::vector<double> mean;          ///< coefficients of the mean over trials
  std::vector<double> log_variance;  ///< coefficients of the logarithm of the variance over trials, before limits
  double log_variance_middle = 0;    ///< the logarithm is middle + reach tanh((polynomial - middle)/reach)
  double log_variance_reach = 1;     ///< so that it does not run away outside of the region
  std::array<double, 4>
      error{};                 ///< variance of the error of the mean: error[0] + error[1] r^2 + error[2] r^4 + error[3] r^6
  double loo_rms = 0;          ///< leave-one-out error of the mean at the design, root mean square in the region
  double loo_calibration = 0;  ///< mean square of leave-one-out errors over their predicted SD; 1 is right
  double r2 = 0;               ///< share of the variance of the means in the region that leave-one-out predicts
  double skewness = 0;         ///< of the figure over trials, in the region; 0 for a normal one
  double excess_kurtosis = 0;  ///< of the figure over trials, in the region; 0 for a normal one
  double missing = 0;          ///< share of simulated trials in the region without the figure
  std::size_t points = 0;      ///< design points that took part
};

/// All figures.
struct Emulator {
  Region region;                        ///< where it is good
  std::vector<FigureEmulator> figures;  ///< in the order of Problem::figures
  Matrix correlation;                   ///< between figures over trials, pooled over the region and shrunk
  double shrinkage = 0;                 ///< share of the identity in `correlation`
};

}  // namespace carina::fit
