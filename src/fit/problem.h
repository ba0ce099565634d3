/// @file
/// What is to be calibrated: parameters with priors, published figures, and a function that simulates a trial. Plain data.
///
/// The figures of a trial are random: the same parameters give other figures in another trial of the same size. `simulate`
/// therefore gives several trials of the published size, one row each. The room knows nothing else of trials or models.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "fit/axis.h"
#include "fit/matrix.h"

namespace carina::fit {

/// A parameter with its prior, normal on its axis.
struct Parameter {
  std::string name;    ///< unique
  std::string unit;    ///< of natural values
  Axis axis;           ///< scale on which the prior is normal
  double centre = 0;   ///< prior median, in `unit`
  double sd = 1;       ///< prior standard deviation on the axis, > 0
  std::string source;  ///< where the prior comes from
};

/// What a published figure is for.
enum class Role : std::uint8_t {
  Calibrate,  ///< the parameters are fitted to it
  Check,      ///< predicted and compared, never fitted
};

/// A published number of a trial.
struct Figure {
  std::string name;                                            ///< unique
  std::string group;                                           ///< figures that are left out together, e.g. `toxicity`
  std::string unit;                                            ///< of natural values
  Axis axis;                                                   ///< scale on which it is near normal over trials
  double observed = std::numeric_limits<double>::quiet_NaN();  ///< published value, in `unit`; NaN: none (Check only)
  Role role = Role::Calibrate;                                 ///< what it is for
};

/// What `simulate` is asked for.
struct Request {
  std::span<const double> parameters;  ///< natural values, in the order of Problem::parameters
  std::size_t replicates = 0;          ///< trials to simulate
  std::uint64_t seed = 0;              ///< Options::seed
  std::uint64_t stream = 0;            ///< differs between requests: draws of two streams must be independent
};

/// What `simulate` gives.
struct Simulated {
  Matrix figures;  ///< exactly replicates x figures, natural values; NaN (or infinite) where a trial has no such figure
};

/// A calibration problem.
struct Problem {
  std::vector<Parameter> parameters;  ///< at least one
  std::vector<Figure> figures;        ///< at least one to calibrate
  /// Simulates trials. Called from several threads at once; the same request must give the same answer.
  std::function<Simulated(const Request&)> simulate;
};

/// Throws InputError with everything that is wrong with a problem, by paths such as `parameters[2].sd`.
void validate(const Problem& problem);

}  // namespace carina::fit
