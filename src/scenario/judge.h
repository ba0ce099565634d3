/// @file
/// A trial's recording judged as a whole: how many published figures to calibrate on lie in their prediction intervals, how many
/// would if one of the simulated trials were the published one, and how far all of them together are from the simulated ones.
#pragma once

#include <cstddef>

#include "record/recording.h"

namespace carina::scenario {

/// The judgement. Figures of role `calibrate` that are counted and that the simulated trials have.
struct Judgement {
  std::size_t figures = 0;    ///< how many
  double coverage = 0;        ///< share of them inside their 90 % prediction interval
  double coverage_low = 0;    ///< 5 % quantile of the share that simulated trials reach on the same list
  std::size_t joint = 0;      ///< figures in the joint distance: those that 9 of 10 simulated trials have
  double joint_distance = 0;  ///< Mahalanobis' distance on the figures' scales, squared
  double joint_p = 1;         ///< share of simulated trials as far or farther
};

/// Judges. The recording must be a finished one of a trial.
Judgement judge(const record::Recording& recording);

}  // namespace carina::scenario
