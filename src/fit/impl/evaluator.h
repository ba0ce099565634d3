/// @file
/// An emulator at work: means, SDs and errors of chosen figures at a place, with gradients.
#pragma once

#include "fit/emulator.h"
#include "fit/impl/linear.h"

namespace carina::fit::impl {

/// z to coordinates in which the region is the unit ball, near enough.
class Whitening {
 public:
  explicit Whitening(const Region& region);
  /// x = spread^-1 (z - centre).
  Vector to(const Vector& z) const;
  /// A gradient in x becomes one in z.
  Vector pull(const Vector& gradient) const;

 private:
  Vector centre_;
  Dense spread_;
};

/// The variance over trials from its polynomial's value, within limits.
double limited_variance(const FigureEmulator& figure, double raw);

/// Figures at one place.
struct Prospect {
  Vector x;            ///< whitened parameters
  Vector mean;         ///< over trials
  Vector sd;           ///< over trials
  Vector slope;        ///< d log variance / d its polynomial
  Vector error;        ///< variance of the emulator's error of the mean
  Vector error_slope;  ///< d error / d r^2
};

/// Chosen figures of an emulator. Immutable.
class Evaluator {
 public:
  /// `figures` are numbers of usable figures.
  Evaluator(const Emulator& emulator, std::vector<std::size_t> figures);

  /// What the figures are at z.
  Prospect at(const Vector& z) const;
  /// Covariance over trials, with the emulator's error.
  Dense covariance(const Prospect& prospect) const;
  /// Gradient in z of a function with these derivatives by means, by log variances and by r^2.
  Vector pull(const Prospect& prospect, const Vector& by_mean, const Vector& by_log_variance, double by_radius) const;

  const std::vector<std::size_t>& figures() const { return figures_; }
  const Dense& correlation() const { return correlation_; }
  Index parameters() const { return parameters_; }

 private:
  std::vector<std::size_t> figures_;
  Whitening whitening_;
  Index parameters_;
  Dense mean_, log_variance_;  // figures x terms
  Dense error_;                // figures x powers of r^2
  Vector middle_, reach_;
  Dense correlation_;
};

/// Numbers of the figures that an emulator can give.
std::vector<std::size_t> usable_figures(const Emulator& emulator);

}  // namespace carina::fit::impl
