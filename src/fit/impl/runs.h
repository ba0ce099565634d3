/// @file
/// Simulated trials: where they were simulated, and their figures on their axes. Parameters are z = (u - centre)/sd on the
/// scales of the priors, so that the prior of z is standard normal.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/progress.h"
#include "fit/impl/linear.h"
#include "fit/problem.h"

namespace carina::fit::impl {

/// Trials at one place.
struct Point {
  Vector z;       ///< parameters
  Dense figures;  ///< replicates x figures, on their axes; NaN where a trial has no such figure
};

/// Bands of streams: two requests of one calibration never share a stream.
enum class Band : std::uint64_t { Wave = 1, Prediction = 1000, Recovery = 2000, Truths = 3000 };

/// The stream of request `index` of a band (of wave Wave + k).
inline std::uint64_t stream(std::uint64_t band, std::uint64_t index) { return band << 32 | index; }

/// How trials are simulated.
struct SimulationPlan {
  std::size_t replicates = 1;               ///< trials a point
  std::uint64_t seed = 0;                   ///< of the calibration
  std::uint64_t band = 0;                   ///< of the streams
  int threads = 0;                          ///< 0: one for each processor
  ProgressCallback progress = {};           ///< told of trials; may be empty
  const std::atomic<bool>* stop = nullptr;  ///< turns true to stop
};

/// Natural values of parameters.
std::vector<double> natural(const Problem& problem, const Vector& z);

/// Trials at each row of `places`; empty when stopped.
std::vector<Point> simulate(const Problem& problem, const Dense& places, const SimulationPlan& plan);

/// A Latin hypercube over the standard normal prior, points x parameters: each parameter's values lie in n slices of equal
/// probability, one in each, in an order of its own.
Dense latin_hypercube(std::size_t points, std::size_t parameters, std::uint64_t seed);

}  // namespace carina::fit::impl
