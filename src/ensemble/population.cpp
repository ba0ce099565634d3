#include "ensemble/population.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/check.h"
#include "base/hash.h"
#include "base/math.h"
#include "base/random.h"

namespace carina::ensemble {
namespace {

using Kind = model::Variability::Kind;
using Matrix = std::vector<std::vector<double>>;

// A draw belongs to a parameter's name: a parameter added to a model leaves the draws of the others as they are.
std::uint32_t purpose_of(const std::string& name, std::size_t word) {
  return static_cast<std::uint32_t>(std::stoul(hash_text(name).substr(8 * word, 8), nullptr, 16));
}

// The lower Cholesky factor, or nothing when the matrix is not positive definite. Correlations of exactly 1 are allowed:
// their pivot is 0 up to rounding.
std::optional<Matrix> cholesky(Matrix a) {
  constexpr double rounding = 1e-12;
  for (std::size_t j = 0; j < a.size(); ++j) {
    double pivot = a[j][j];
    for (std::size_t k = 0; k < j; ++k) pivot -= a[j][k] * a[j][k];
    if (pivot < -rounding) return std::nullopt;
    a[j][j] = pivot > rounding ? math::sqrt(pivot) : 0;
    for (std::size_t i = j + 1; i < a.size(); ++i) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      if (a[j][j] == 0 && std::fabs(sum) > 1e-9) return std::nullopt;
      a[i][j] = a[j][j] == 0 ? 0 : sum / a[j][j];
    }
  }
  return a;
}

double sd_of(const model::Model& model, const std::vector<double>& sd, std::size_t parameter) {
  return sd.empty() ? model.parameters[parameter].variability.sd : sd[parameter];
}

std::vector<std::uint32_t> varying(const model::Model& model, const std::vector<double>& sd) {
  std::vector<std::uint32_t> list;
  for (std::uint32_t p = 0; p < model.parameters.size(); ++p) {
    const Kind kind = model.parameters[p].variability.kind;
    if (kind != Kind::None && kind != Kind::Choice && sd_of(model, sd, p) > 0) list.push_back(p);
  }
  return list;
}

Matrix correlations(const model::Model& model, const std::vector<std::uint32_t>& list) {
  Matrix matrix(list.size(), std::vector<double>(list.size(), 0.0));
  for (std::size_t i = 0; i < list.size(); ++i) matrix[i][i] = 1;
  const auto place = [&](const std::string& name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](std::uint32_t p) { return model.parameters[p].name == name; });
    return static_cast<std::size_t>(found - list.begin());
  };
  for (const model::Correlation& correlation : model.correlations) {
    const std::size_t i = place(correlation.first), j = place(correlation.second);
    if (i < list.size() && j < list.size()) matrix[i][j] = matrix[j][i] = correlation.value;
  }
  return matrix;
}

double individual_value(double typical, Kind kind, double eta, double low, double high) {
  switch (kind) {
    case Kind::None:
    case Kind::Choice: return typical;
    case Kind::LogNormal: return typical * math::exp(eta);
    case Kind::Normal: return typical + eta;
    case Kind::LogitNormal: {
      const double logit = math::log((typical - low) / (high - typical)) + eta;
      return low + (high - low) / (1 + math::exp(-logit));
    }
    case Kind::Proportional: return std::max(0.0, typical * (1 + eta));
  }
  return typical;
}

double distributed(const Distribution& d, double uniform) {
  switch (d.kind) {
    case Distribution::Kind::Constant: return d.a;
    case Distribution::Kind::Normal: return d.a + d.b * random::normal_quantile(uniform);
    case Distribution::Kind::LogNormal: return d.a * math::exp(d.b * random::normal_quantile(uniform));
    case Distribution::Kind::Uniform: return d.a + (d.b - d.a) * uniform;
    case Distribution::Kind::Bernoulli: return uniform < d.a ? 1 : 0;
  }
  return d.a;
}

}  // namespace

std::string correlation_fault(const model::Model& model, const std::vector<double>& sd) {
  if (cholesky(correlations(model, varying(model, sd)))) return {};
  return "the correlations of the random effects contradict each other: no such joint distribution exists";
}

Draws::Draws(const model::Model& model, const Population& population) : seed_(population.seed) {
  const std::size_t count = model.parameters.size();
  CARINA_CHECK(population.typical.empty() || population.typical.size() == count);
  CARINA_CHECK(population.sd.empty() || population.sd.size() == count);
  typical_ = population.typical;
  if (typical_.empty()) {
    for (const model::Parameter& parameter : model.parameters) typical_.push_back(parameter.value);
  }
  if (population.variability) {
    add_effects(model, population);
    add_choices(model, population);
  }
  for (const Covariate& covariate : population.covariates) {
    CARINA_CHECK(covariate.parameter < count);
    covariates_.push_back({covariate.parameter, covariate, purpose_of(model.parameters[covariate.parameter].name, 0)});
    const bool constant = covariate.values.empty() && covariate.distribution.kind == Distribution::Kind::Constant;
    if (!constant) varied_.push_back(covariate.parameter);
  }
  std::sort(varied_.begin(), varied_.end());
  varied_.erase(std::unique(varied_.begin(), varied_.end()), varied_.end());
}

void Draws::add_effects(const model::Model& model, const Population& population) {
  const std::vector<std::uint32_t> list = varying(model, population.sd);
  const std::optional<Matrix> factor = cholesky(correlations(model, list));
  CARINA_CHECK(factor.has_value());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const model::Parameter& p = model.parameters[list[i]];
    Effect effect{list[i],
                  p.variability.kind,
                  sd_of(model, population.sd, list[i]),
                  p.variability.low,
                  p.variability.high,
                  purpose_of(p.name, 0),
                  purpose_of(p.name, 1),
                  {}};
    for (std::size_t j = 0; j <= i; ++j) {
      if ((*factor)[i][j] != 0) effect.mix.emplace_back(j, (*factor)[i][j]);
    }
    if (effect.mix.size() == 1 && effect.mix.front().first == i) effect.mix.clear();
    effects_.push_back(std::move(effect));
    varied_.push_back(list[i]);
  }
}

void Draws::add_choices(const model::Model& model, const Population& population) {
  for (std::uint32_t i = 0; i < model.parameters.size(); ++i) {
    const model::Parameter& p = model.parameters[i];
    if (p.variability.kind != Kind::Choice || (!population.pinned.empty() && population.pinned[i])) continue;
    choices_.push_back({i, p.variability.among, p.variability.probabilities, purpose_of(p.name, 0), purpose_of(p.name, 1)});
    varied_.push_back(i);
  }
}

double Draws::chosen_value(const Choice& choice, std::uint64_t id) const {
  double left = random::uniform(seed_, random::Domain::Variability, {id, 0, 0, choice.purpose, choice.index});
  for (std::size_t i = 0; i + 1 < choice.among.size(); ++i) {
    if (left < choice.probabilities[i]) return choice.among[i];
    left -= choice.probabilities[i];
  }
  return choice.among.back();
}

double Draws::covariate_value(const Drawn& drawn, std::uint64_t id) const {
  const Covariate& covariate = drawn.covariate;
  if (!covariate.values.empty()) return covariate.values[(id - 1) % covariate.values.size()];
  const Distribution& d = covariate.distribution;
  constexpr std::uint32_t most_tries = 1000;
  double value = d.a;
  for (std::uint32_t attempt = 0; attempt < most_tries; ++attempt) {
    value = distributed(d, random::uniform(seed_, random::Domain::Covariates, {id, 0, 0, drawn.purpose, attempt}));
    if (value >= d.low && value <= d.high) return value;
  }
  return std::clamp(value, d.low, d.high);
}

void Draws::draw(std::uint64_t id, std::span<double> parameters) const {
  CARINA_CHECK(id >= 1 && parameters.size() == typical_.size());
  std::copy(typical_.begin(), typical_.end(), parameters.begin());
  for (const Choice& choice : choices_) parameters[choice.parameter] = chosen_value(choice, id);
  // A covariate's own value is the typical one for a random effect on the same parameter.
  for (const Drawn& drawn : covariates_) parameters[drawn.parameter] = covariate_value(drawn, id);
  thread_local std::vector<double> z;
  z.resize(effects_.size());
  for (std::size_t i = 0; i < effects_.size(); ++i) {
    const Effect& e = effects_[i];
    z[i] = random::normal(seed_, random::Domain::Variability, {id, 0, 0, e.purpose, e.index});
  }
  for (std::size_t i = 0; i < effects_.size(); ++i) {
    const Effect& e = effects_[i];
    double mixed = e.mix.empty() ? z[i] : 0;
    for (const auto& [j, weight] : e.mix) mixed += weight * z[j];
    parameters[e.parameter] = individual_value(parameters[e.parameter], e.kind, e.sd * mixed, e.low, e.high);
  }
}

}  // namespace carina::ensemble
