/// @file
/// The posterior of the parameters by the synthetic likelihood of an emulator: log N(observed; mean(z), covariance(z)) + log
/// prior(z), with its gradient.
#pragma once

#include <vector>

#include "fit/impl/evaluator.h"
#include "fit/problem.h"
#include "fit/sampler.h"

namespace carina::fit::impl {

/// A normal prior of z.
struct Prior {
  Vector centre;    ///< mean
  Dense precision;  ///< inverse covariance
};

/// Centre 0, precision 1.
Prior standard_prior(Index parameters);

/// Immutable.
class Posterior {
 public:
  /// `observed` are the values, on their axes, of the evaluator's figures.
  Posterior(Evaluator evaluator, Vector observed, Prior prior);

  /// Logarithm of the density up to a constant, and its gradient.
  double log_density(std::span<const double> z, std::span<double> gradient) const;
  /// As the sampler takes it; refers to this.
  Density density() const;

  /// Squared distance of the figures from their means plus that of the parameters from their prior, in SDs.
  double misfit(const Vector& z) const;
  /// Each figure's distance from its mean given all others, in SDs, signed.
  Vector strain(const Vector& z) const;

 private:
  Evaluator evaluator_;
  Vector observed_;
  Prior prior_;
};

/// Figures to calibrate on that the emulator can give, without those of group `except`.
std::vector<std::size_t> calibrated_figures(const Problem& problem, const Emulator& emulator, const std::string* except);
/// Observed values of some figures, on their axes.
Vector observed_on_axes(const Problem& problem, const std::vector<std::size_t>& figures);

/// Chance that a chi-squared number with `degrees` degrees of freedom is `value` or more; absolute error 1e-12.
double chi_squared_tail(double value, std::size_t degrees);

/// Draws from a posterior. Chains begin at draws of `around` (centre and metric), where there is one, or of the prior.
struct Around {
  Vector centre;  ///< of the first points
  Dense metric;   ///< their covariance, and the sampler's first metric
};
Chains sample_posterior(const Posterior& posterior, const Around& around, SamplerStart start, const SamplerOptions& options);

}  // namespace carina::fit::impl
