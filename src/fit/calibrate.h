/// @file
/// Bayesian calibration of parameters to the published figures of a trial, by a synthetic likelihood (Wood 2010, Price et al.
/// 2018) that an emulator of simulated trials gives, sharpened in waves (Vernon et al. 2010). docs/calibration.md has the
/// method with its formulas, and what is approximate.
///
///     Summary summary = calibrate(problem, options);
///
/// The same problem and seed give the same bits for any number of threads, on one machine and build.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "base/progress.h"
#include "fit/problem.h"
#include "fit/sampler.h"
#include "fit/summary.h"

namespace carina::fit {

/// How a calibration runs.
struct Options {
  std::uint64_t seed = 0;       ///< of every draw
  int threads = 0;              ///< 0: one for each processor
  std::size_t replicates = 20;  ///< trials simulated at each point; 4 or more. Their spread is the sampling error
  std::size_t points = 0;       ///< points of a wave; 0: 1.5 for each coefficient of a polynomial, 40 or more
  std::size_t waves = 5;        ///< most waves, 1 or more
  std::size_t budget = 100000;  ///< most trials simulated in all waves
  /// Enough when each figure's emulator SD is below this share of its sampling SD and no posterior mean moved by more than
  /// `settled` posterior SDs: 0.3 makes an interval wider by 4 %.
  double tolerance = 0.3;
  double settled = 0.25;            ///< see `tolerance`
  double inflation = 1.5;           ///< later waves cover the posterior so many times as wide as it is
  SamplerOptions sampler;           ///< of the final posterior; waves before it take as many
  std::size_t draws = 1000;         ///< posterior draws handed out, evenly thinned
  bool leave_groups_out = true;     ///< fit again without each group of figures
  bool vary_priors = true;          ///< fit again with each prior wider and shifted
  std::size_t simulated_draws = 0;  ///< posterior draws at which one trial each is simulated for Summary::simulated; 0: none
  const std::atomic<bool>* stop = nullptr;            ///< turns true to stop
  std::function<void(const WaveSummary&)> wave_done;  ///< called after each wave; may be empty
  ProgressCallback progress;                          ///< trials of the wave under way; may be empty
};

/// Throws InputError with everything that is wrong with options.
void validate(const Options& options);

/// Calibrates. Throws InputError when problem or options are wrong; everything else is a status.
Summary calibrate(const Problem& problem, const Options& options = {});

}  // namespace carina::fit
