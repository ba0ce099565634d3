/// @file
/// What a calibration left: parameters with their uncertainty, as a file that a trial's run takes (`fits/NAME.toml`). Plain data,
/// written by the room study.
///
/// Nothing is fitted trial by trial, so each parameter says to which layer it belongs and goes to every trial of that layer: a
/// disease's to its trials, a product's to its trials, patients' to the trial that drew them, common ones to all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "trial/trial.h"
#include "trial/virtual_trial.h"

namespace carina::trial {

/// To what a parameter belongs.
enum class Layer : std::uint8_t {
  Common,   ///< every trial
  Disease,  ///< trials of a disease
  Product,  ///< trials of a product
  Patient,  ///< patients of one trial
};

/// common, disease, product, patient.
std::string_view name(Layer layer);
/// The layer of a word.
std::optional<Layer> layer_of(std::string_view word);

/// Whether what belongs to one of `of` (diseases, products or trials, as trial files name them) goes to `trial`.
bool belongs(Layer layer, const std::vector<std::string>& of, const Trial& trial);

/// One parameter of the model, or the SD of its random effect.
struct FittedParameter {
  std::string parameter;        ///< of the model
  bool sd = false;              ///< the SD of its random effect
  std::string unit;             ///< of the numbers
  std::vector<std::string> of;  ///< diseases, products or trials; none for Layer::Common
  std::string source;           ///< where its prior comes from
  double prior_low = 0;         ///< 5 % of the prior
  double prior_high = 0;        ///< 95 % of the prior
  double low = 0;               ///< 5 % of the posterior
  double median = 0;            ///< posterior median
  double high = 0;              ///< 95 %
  double contraction = 0;       ///< 0: the figures say nothing of it; 1: all
  std::vector<double> draws;    ///< of the joint posterior, as many for each parameter
  Layer layer = Layer::Common;  ///< to what it belongs

  /// `rho`, or `sd.rho`: the name by which `--set` knows it, without `model.`.
  std::string name() const { return sd ? "sd." + parameter : parameter; }
};

/// A file that a fit was made of.
struct FitInput {
  std::string name;  ///< such as `trials/eliana.toml`
  std::string hash;  ///< of its content
};

/// A whole fit.
struct Fitted {
  std::string name;                         ///< file stem
  std::string file;                         ///< as the user named it; empty when just made
  std::string title;                        ///< one line
  std::string command;                      ///< that made it
  std::string version;                      ///< of carina
  std::string status;                       ///< how the calibration ended, in a sentence
  std::uint64_t seed = 0;                   ///< of its draws
  std::vector<std::string> trials;          ///< that it was fitted to
  std::vector<std::string> given;           ///< fits that it took as given
  std::vector<FitInput> inputs;             ///< what it was made of
  std::vector<FittedParameter> parameters;  ///< with their draws

  /// Draws of the joint posterior.
  std::size_t draws() const { return parameters.empty() ? 0 : parameters.front().draws.size(); }
  /// Whether any parameter belongs to `trial`.
  bool concerns(const Trial& trial) const;
};

/// Reads a fit. Throws InputError with all problems.
Fitted read_fitted(const std::string& path);
/// The same from `text`, called `name`.
Fitted read_fitted_text(const std::string& text, const std::string& name);
/// The file: reads back to the same numbers.
std::string write_fitted(const Fitted& fitted);

/// The fits in `folders`, those that others take as given first; of equal names the one in the earlier folder.
std::vector<Fitted> read_fits(const std::vector<std::string>& folders);

/// Puts the parameters of `fitted` that belong to `trial` into `theta`: those of one draw, or the posterior medians. Names that the
/// model does not have are left out; `unknown_parameters` tells them.
void apply(const Fitted& fitted, const Trial& trial, const model::Model& model, std::optional<std::size_t> draw,
           Theta& theta);
/// Parameters that belong to `trial` and that the model does not have.
std::vector<std::string> unknown_parameters(const Fitted& fitted, const Trial& trial, const model::Model& model);

/// The draw that simulated trial `replicate` takes of fit number `fit`: uniform, by address.
std::size_t draw_of(std::uint64_t seed, std::uint32_t replicate, std::size_t fit, std::size_t draws);

}  // namespace carina::trial
