/// @file
/// What a calibration gives: plain data, all of it. `Summary` is filled by `calibrate` (fit/calibrate.h); its default says that
/// nothing was run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fit/emulator.h"
#include "fit/matrix.h"
#include "fit/predict.h"
#include "fit/problem.h"
#include "fit/sampler.h"
#include "fit/status.h"

namespace carina::fit {

/// What happened in one wave of simulated trials.
struct WaveSummary {
  std::size_t wave = 0;      ///< 1, 2, ...
  std::size_t points = 0;    ///< places simulated in it
  std::size_t trials = 0;    ///< trials simulated so far
  double worst_error = 0;    ///< largest emulator SD over sampling SD of a figure to calibrate on, mean over the posterior
  std::string worst_figure;  ///< that figure
  double shift = 0;          ///< largest change of a posterior mean since the wave before, in posterior SDs; NaN in wave 1
};

/// One parameter's posterior.
struct ParameterSummary {
  std::string name;        ///< of the parameter
  std::string unit;        ///< of natural values
  double mean = 0;         ///< natural
  double sd = 0;           ///< natural
  double p05 = 0;          ///< natural, 5 %
  double p50 = 0;          ///< natural, median
  double p95 = 0;          ///< natural, 95 %
  double prior_p05 = 0;    ///< natural, 5 % of the prior
  double prior_p95 = 0;    ///< natural, 95 % of the prior
  double z_mean = 0;       ///< mean of (u - centre)/sd on the prior's scale; 0 is the prior's
  double z_sd = 0;         ///< its SD; 1 is the prior's
  double contraction = 0;  ///< 1 - z_sd^2: 0 the figures say nothing, 1 they say all
  Mixing mixing;           ///< of its chains
};

/// One direction in parameter space: an eigenvector of the posterior's precision in prior SDs.
struct Direction {
  double precision = 1;          ///< eigenvalue: 1 the figures say nothing along it (sloppy); large: stiff
  std::vector<double> loadings;  ///< unit vector, one a parameter, the largest positive
  std::string name;              ///< its largest loadings, e.g. `0.71 growth - 0.70 death`
};

/// One figure as the emulator sees it at the posterior.
struct FigureSummary {
  std::string name;         ///< of the figure
  bool fitted = false;      ///< entered the likelihood
  double expected = 0;      ///< mean over trials and posterior, on the axis and back in the figure's unit
  double parameter_sd = 0;  ///< SD of that mean by what is not known of the parameters, on the axis
  double sampling_sd = 0;   ///< SD over trials of the published size, on the axis
  double emulator_sd = 0;   ///< SD of the emulator's error, on the axis
  /// Observed less expected at the posterior's mean, given all other fitted figures, in SDs: where the figures contradict the
  /// model or each other. Their squares weigh the figures' part of the misfit, though they do not add up to it.
  double strain = 0;
};

/// The posterior without one group of figures.
struct GroupLeftOut {
  std::string group;             ///< left out
  std::vector<double> shift;     ///< of each parameter's mean, in SDs of the full posterior
  std::vector<double> sd_ratio;  ///< of each parameter's SD on the prior's scale over that of the full posterior
  Prediction prediction;         ///< of the group's figures, which had no part in it
  double worst_rhat = 0;         ///< of its chains
};

/// How a prior was changed.
enum class PriorChange : std::uint8_t {
  Wider,   ///< SD times 1.5
  Higher,  ///< centre up by half an SD
  Lower,   ///< centre down by half an SD
};

/// The word for a change: wider, higher, lower.
std::string_view name(PriorChange change);

/// The posterior with one prior changed.
struct PriorSensitivity {
  std::string parameter;                    ///< whose prior
  PriorChange change = PriorChange::Wider;  ///< how
  std::vector<double> figure_change;        ///< change of each expected figure, in its unit; NaN where there is no emulator
  std::vector<double> figure_score;         ///< the same on the axis, in SDs of the predictive distribution
  double largest = 0;                       ///< largest size of a score
  std::string largest_figure;               ///< its figure
  double noise = 0;                         ///< a score below this is Monte Carlo error: 2 SDs
};

/// What came out. Of use (posterior, predictions) when `usable()`.
struct Summary {
  Status status = Status::NotRun;            ///< the worst of the notes
  std::vector<Note> notes;                   ///< all that is to be known
  std::vector<ParameterSummary> parameters;  ///< in the order of Problem
  Matrix draws;                              ///< posterior draws, natural values, draws x parameters
  Matrix z_draws;                            ///< the same on the priors' scales, (u - centre)/sd
  std::vector<FigureSummary> figures;        ///< in the order of Problem
  std::vector<Direction> directions;         ///< from stiff to sloppy
  /// (observed - mean)' covariance^-1 (observed - mean) + |z|^2 at the posterior's mean: how far figures and parameters together
  /// are from what the prior expects. For a right model a chi-squared number with as many degrees as fitted figures.
  double misfit = 0;
  double misfit_p = 1;                   ///< chance of a misfit as large
  Prediction prediction;                 ///< by the emulator, of trials of the published size
  Prediction simulated;                  ///< the same by simulation at posterior draws; empty unless asked for
  std::vector<GroupLeftOut> groups;      ///< one a group that is calibrated on; empty when there is one group only
  std::vector<PriorSensitivity> priors;  ///< three a parameter
  std::vector<WaveSummary> waves;        ///< in order
  std::size_t trials = 0;                ///< trials simulated in waves
  Emulator first_emulator;               ///< of wave 1, over the prior
  Emulator emulator;                     ///< of the last wave, over the posterior
  double worst_rhat = 0;                 ///< of the chains
  double least_ess = 0;                  ///< of the chains
  double acceptance = 0;                 ///< of the chains
  std::size_t divergences = 0;           ///< of the chains

  /// True when there is a posterior: also when the budget was spent or a figure was missing.
  bool usable() const { return status < Status::OutOfReach; }
};

/// 32 hex digits of all numbers of a summary.
std::string hash(const Summary& summary);

/// Some lines for a person: status, notes, parameters, figures.
std::string report(const Problem& problem, const Summary& summary);

}  // namespace carina::fit
