/// @file
/// The recovery test: trials with known parameters are simulated and calibrated on the emulator, and the 90 % intervals are
/// to hold the truth in 90 % of cases. It tests emulator, synthetic likelihood and sampler together.
///
/// It is exact in this sense: when the truths are drawn from the prior that the calibrations use, and the likelihood is right,
/// coverage is 90 % for every parameter, also for one of which the figures say nothing (Cook, Gelman and Rubin 2006).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fit/calibrate.h"

namespace carina::fit {

/// Where the true parameters of a recovery test come from.
enum class Truths : std::uint8_t {
  Posterior,  ///< a normal distribution like the posterior, which is also the prior then: tests the final emulator
  Prior,      ///< the prior: tests the emulator of wave 1
};

/// Choices of a recovery test.
struct RecoveryOptions {
  std::size_t trials = 50;            ///< trials with known parameters
  Truths truths = Truths::Posterior;  ///< where these come from
  std::uint64_t seed = 0;             ///< of every draw
  int threads = 0;                    ///< 0: one for each processor
};

/// One parameter's recovery.
struct ParameterRecovery {
  std::string name;     ///< of the parameter
  double coverage = 0;  ///< share of 90 % intervals that hold the truth
  double bias = 0;      ///< mean of (posterior mean - truth), in SDs of the truths
  double sd_ratio = 0;  ///< mean posterior SD over the SD of the truths: 1 nothing is learnt from one trial
};

/// What a recovery test gives.
struct Recovery {
  std::size_t trials = 0;                     ///< calibrated
  std::vector<ParameterRecovery> parameters;  ///< in the order of Problem
  double coverage = 0;                        ///< over all parameters and trials
  double worst_rhat = 0;                      ///< of all chains
  Matrix truths;                              ///< true parameters, natural values, trials x parameters
  Matrix low;                                 ///< 5 % of the posterior, likewise
  Matrix high;                                ///< 95 % of the posterior, likewise

  /// Coverage between 0.80 and 0.98.
  bool passed() const { return coverage >= 0.80 && coverage <= 0.98; }
};

/// Runs the test with a summary that is usable.
Recovery recover(const Problem& problem, const Summary& summary, const RecoveryOptions& options = {});

}  // namespace carina::fit
