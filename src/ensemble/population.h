/// @file
/// The individuals of a population: one vector of parameters each, drawn by address. Individual `id` of seed `s` has the
/// same random effects and covariates whatever else a run changes: its doses, other parameters, the size of the population.
///
/// Each random effect is a normal number at the address (id, name of the parameter); correlated ones are mixed by the
/// Cholesky factor of their correlations. Covariates come from a table, or from a distribution. Nothing here is random in
/// any other way, and nothing here integrates.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "model/model.h"

namespace carina::ensemble {

/// How a covariate is distributed, in the parameter's unit. Values outside [low, high] are drawn again.
struct Distribution {
  /// Which one; the comment gives what `a` and `b` are.
  enum class Kind : std::uint8_t {
    Constant,   ///< a: the value
    Normal,     ///< a: mean, b: standard deviation
    LogNormal,  ///< a: median, b: standard deviation of the logarithm
    Uniform,    ///< a: lower end, b: upper end
    Bernoulli,  ///< a: probability of 1, otherwise 0
  };
  Kind kind = Kind::Constant;                             ///< which one
  double a = 0;                                           ///< first number
  double b = 0;                                           ///< second number
  double low = -std::numeric_limits<double>::infinity();  ///< smallest value allowed
  double high = std::numeric_limits<double>::infinity();  ///< largest value allowed
};

/// Where the values of one parameter come from.
struct Covariate {
  std::uint32_t parameter = 0;  ///< index of the parameter in the model
  Distribution distribution;    ///< used when `values` is empty
  std::vector<double> values;   ///< one an individual, individual 1 first; more individuals than values start again
};

/// Everything that makes individuals.
struct Population {
  std::uint64_t seed = 0;             ///< of every draw
  bool variability = true;            ///< false: everybody has the typical parameters
  std::vector<double> typical;        ///< one a parameter; empty: the model's values
  std::vector<double> sd;             ///< SD of eta, one a parameter; empty: the model's
  std::vector<bool> pinned;           ///< one a parameter: true where a Choice is not drawn; empty: none
  std::vector<Covariate> covariates;  ///< at most one a parameter
};

/// Draws individuals. Immutable: any number of threads may draw at once.
class Draws {
 public:
  /// Copies what it needs of the model. `correlation_fault(model, sd)` must be empty.
  Draws(const model::Model& model, const Population& population);

  /// Writes the parameters of individual `id`, counted from 1, into `parameters` (one a parameter of the model).
  void draw(std::uint64_t id, std::span<double> parameters) const;
  /// Indices of the parameters that differ between individuals, ascending.
  const std::vector<std::uint32_t>& varied() const { return varied_; }

 private:
  struct Effect {
    std::uint32_t parameter = 0;
    model::Variability::Kind kind = model::Variability::Kind::None;
    double sd = 0, low = 0, high = 1;
    std::uint32_t purpose = 0, index = 0;             // address of its draw
    std::vector<std::pair<std::size_t, double>> mix;  // effects before it and itself, with weights; empty: itself alone
  };
  struct Drawn {
    std::uint32_t parameter = 0;
    Covariate covariate;
    std::uint32_t purpose = 0;
  };
  struct Choice {
    std::uint32_t parameter = 0;
    std::vector<double> among, probabilities;
    std::uint32_t purpose = 0, index = 0;
  };
  void add_effects(const model::Model& model, const Population& population);
  void add_choices(const model::Model& model, const Population& population);
  double covariate_value(const Drawn& drawn, std::uint64_t id) const;
  double chosen_value(const Choice& choice, std::uint64_t id) const;

  std::uint64_t seed_ = 0;
  std::vector<double> typical_;
  std::vector<Effect> effects_;
  std::vector<Choice> choices_;
  std::vector<Drawn> covariates_;
  std::vector<std::uint32_t> varied_;
};

/// Empty when the correlations of the model can hold at once for effects with these SDs (empty: the model's), otherwise
/// what is wrong with them.
std::string correlation_fault(const model::Model& model, const std::vector<double>& sd = {});

}  // namespace carina::ensemble
