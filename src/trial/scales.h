/// @file
/// How a published figure is compared: on which scale it is near normal over trials, and how coarsely it is known. What calibration (room study) and judgement (scenario/judge.h) share.
#pragma once

#include "fit/axis.h"
#include "trial/trial.h"

namespace carina::trial {

/// How one figure is compared.
struct FigureScale {
  fit::Axis axis;    ///< scale, in the figure's unit
  double grain = 0;  ///< it is known to so much and no finer, in its unit: whole percents, visits some days apart
};

/// The scale of a figure, or of the coefficient of variation (%) that stands beside it.
FigureScale scale_of(const Figure& figure, bool cv);

}  // namespace carina::trial
