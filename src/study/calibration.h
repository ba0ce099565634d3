/// @file
/// A calibration as a file says it (`calibrations/NAME.toml`): which trials, which parameters of the reference patient are open
/// with which priors, to what each belongs, and which figures stand aside. docs/calibration.md explains the format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fit/axis.h"
#include "scenario/trial_run.h"
#include "trial/fitted.h"

namespace carina::study {

/// A parameter that is open, with its prior: normal on its axis.
struct Prior {
  std::string parameter;                      ///< of the model
  std::string unit;                           ///< of `median`
  std::vector<std::string> of;                ///< diseases, products or trials that it belongs to; none for Layer::Common
  std::string source;                         ///< where the prior comes from
  std::string about;                          ///< why it is open; may be empty
  fit::Axis axis;                             ///< logarithm, or logit for a parameter between two bounds
  double median = 0;                          ///< of the prior, in `unit`
  double spread = 1;                          ///< SD on the axis, > 0
  trial::Layer layer = trial::Layer::Common;  ///< to what it belongs
  bool sd = false;                            ///< it is the SD of the parameter's random effect

  /// `rho`, or `sd.rho`.
  std::string name() const { return sd ? "sd." + parameter : parameter; }
};

/// A figure to calibrate on that stands aside.
struct LeftOut {
  std::string trial;   ///< file stem
  std::string figure;  ///< id
  std::string reason;  ///< why
};

/// How to calibrate: see fit::Options.
struct Method {
  std::uint64_t seed = 1;       ///< of every draw
  std::size_t replicates = 20;  ///< trials simulated at each point, 4 or more
  std::size_t points = 0;       ///< points of a wave; 0: 1.5 for each coefficient of the emulator
  std::size_t waves = 5;        ///< most waves
  std::size_t draws = 200;      ///< posterior draws kept, 100 or more
};

/// A calibration.
struct Calibration {
  std::string name;                      ///< file stem
  std::string file;                      ///< as the user named it
  std::string text;                      ///< the file
  std::string title;                     ///< one line
  std::string about;                     ///< a few sentences
  std::vector<std::string> given;        ///< fits whose medians are taken as known
  std::vector<scenario::TrialRun> runs;  ///< trials to calibrate on, with what is given
  std::vector<Prior> priors;             ///< what is open
  std::vector<LeftOut> left_out;         ///< figures that stand aside
  Method method;                         ///< how
};

/// Where files of the library lie.
struct Folders {
  std::vector<std::string> models;        ///< model files
  std::vector<std::string> products;      ///< product files
  std::vector<std::string> trials;        ///< trial files
  std::vector<std::string> fits;          ///< fits that may be given
  std::vector<std::string> calibrations;  ///< calibration files
};

/// Reads a calibration. `set` overrides `seed`, `replicates`, `points`, `waves` and `draws`. Throws InputError with all problems.
Calibration read_calibration(const std::string& path, const Folders& folders,
                             const std::vector<scenario::Override>& set = {});

/// The calibration file that `path` means: itself, or for a trial's file the one in `folders` that names the trial. Throws InputError
/// when there is none.
std::string find_calibration(const std::string& path, const Folders& folders);

}  // namespace carina::study
