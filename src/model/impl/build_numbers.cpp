// Parameters, covariates and how they vary.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "base/names.h"
#include "model/impl/builder.h"

namespace carina::model::impl {

void Builder::read_numbers() {
  read_parameters("parameters", false);
  read_parameters("covariates", true);
  read_correlated();
}

void Builder::read_parameters(const std::string& key, bool covariate) {
  for (auto& [name, section] : members(key)) read_parameter(*name, section, covariate);
}

void Builder::read_parameter(const toml::key& key, Section& section, bool covariate) {
  Parameter parameter;
  parameter.name = key.str();
  parameter.covariate = covariate;
  parameter.about = section.text("about").value_or("");
  const auto unit = this->unit(section);
  parameter.unit = unit ? section.text("unit").value_or("1") : "1";
  const toml::node* value = section.need("value", "a parameter needs a value, a unit and a source");
  if (value != nullptr) parameter.value = section.number("value").value_or(0);
  if (value != nullptr && !std::isfinite(parameter.value)) section.problem(value, "value", "must be finite");
  parameter.source = source(section, true);
  read_range(section, parameter);
  if (value != nullptr && (parameter.value < parameter.low || parameter.value > parameter.high)) {
    section.problem(value, "value",
                    fmt::format("must lie in the range {} to {}", number_text(parameter.low), number_text(parameter.high)));
  }
  read_variability(section, parameter);
  section.finish();
  const auto node = model_.graph.parameter(static_cast<std::uint32_t>(model_.parameters.size()));
  if (declare(key, section.path(), unit, node)) model_.parameters.push_back(std::move(parameter));
}

void Builder::read_range(Section& section, Parameter& parameter) {
  const toml::node* node = section.find("range");
  if (node == nullptr) return;
  const auto range = numbers(section, "range");
  if (range.size() == 2 && range[0] <= range[1]) {
    parameter.low = range[0];
    parameter.high = range[1];
  } else if (node->is_array()) {
    section.problem(node, "range", "must be two numbers, the smaller first");
  }
}

void Builder::read_variability(Section& section, Parameter& parameter) {
  auto varies = section.section("varies");
  if (!varies) return;
  Variability& v = parameter.variability;
  const std::string as = varies->need_text("as", "log-normal, normal, logit-normal, proportional or choice").value_or("");
  if (as == "log-normal")
    v.kind = Variability::Kind::LogNormal;
  else if (as == "normal")
    v.kind = Variability::Kind::Normal;
  else if (as == "logit-normal")
    v.kind = Variability::Kind::LogitNormal;
  else if (as == "proportional")
    v.kind = Variability::Kind::Proportional;
  else if (as == "choice")
    v.kind = Variability::Kind::Choice;
  else if (!as.empty())
    varies->problem(varies->find("as"), "as", "must be log-normal, normal, logit-normal, proportional or choice");
  if (v.kind == Variability::Kind::None) return;
  v.source = varies->text("source").value_or("");
  if (v.source.empty())
    v.source = parameter.source;
  else
    check_source(*varies, varies->find("source"), v.source);
  if (v.kind == Variability::Kind::Choice)
    read_choice(*varies, parameter);
  else
    read_spread(*varies, parameter);
  if (v.kind == Variability::Kind::LogNormal && !(parameter.value > 0)) {
    varies->problem(varies->find("as"), "as", "a log-normal parameter must have a value above 0");
  }
  varies->finish();
}

// sd, variance or cv; a block of [[correlated]] may give it instead, so a missing one is no problem yet.
void Builder::read_spread(Section& section, Parameter& parameter) {
  Variability& v = parameter.variability;
  int given = 0;
  v.sd = std::nan("");
  for (const char* key : {"sd", "variance", "cv"}) {
    const auto number = section.number(key);
    if (!number) continue;
    ++given;
    const std::string name = key;
    const bool fraction = name == "cv";
    if (!(*number >= 0) || std::isinf(*number)) {
      section.problem(section.find(key), key, "must be 0 or more");
    } else if (fraction && v.kind == Variability::Kind::LogitNormal) {
      section.problem(section.find(key), key, "has no meaning here", "give sd or variance");
    } else if (fraction && v.kind == Variability::Kind::LogNormal) {
      v.sd = math::sqrt(math::log(1 + *number * *number));
    } else if (fraction && v.kind == Variability::Kind::Normal) {
      v.sd = *number * std::fabs(parameter.value);
    } else {
      v.sd = name == "variance" ? math::sqrt(*number) : *number;
    }
  }
  if (given > 0 && std::isnan(v.sd)) v.sd = 0;
  if (given > 1) section.problem(nullptr, "sd", "is given twice", "one of sd, variance and cv");
  const toml::node* between = section.find("between");
  if (v.kind != Variability::Kind::LogitNormal) {
    if (between != nullptr) section.problem(between, "between", "belongs to logit-normal only");
    return;
  }
  if (const auto bounds = numbers(section, "between"); bounds.size() == 2) {
    v.low = bounds[0];
    v.high = bounds[1];
  } else if (between != nullptr) {
    section.problem(between, "between", "must be two numbers, the smaller first");
  }
  if (!(v.low < parameter.value && parameter.value < v.high)) {
    section.problem(between, "between",
                    fmt::format("the value must lie between {} and {}", number_text(v.low), number_text(v.high)));
  }
}

void Builder::read_choice(Section& section, Parameter& parameter) {
  Variability& v = parameter.variability;
  section.need("among", "the values, as in among = [0, 1]");
  section.need("probabilities", "one for each value, as in probabilities = [0.8, 0.2]");
  v.among = numbers(section, "among");
  v.probabilities = numbers(section, "probabilities");
  double sum = 0;
  bool good = v.among.size() == v.probabilities.size();
  for (const double p : v.probabilities) {
    sum += p;
    good = good && p >= 0;
  }
  if (good && !v.among.empty() && std::fabs(sum - 1) <= 1e-9) return;
  section.problem(section.find("probabilities"), "probabilities", "must be one for each value of among, and sum to 1");
}

void Builder::read_correlated() {
  for (Section& section : root_.sections("correlated")) {
    read_correlated_block(section);
    section.finish();
  }
  check_spreads(root_);
  if (document_.problems.empty() && !positive_definite()) {
    root_.problem(root_.find("correlated"), "correlated", "is not positive definite",
                  "no random effects have all these correlations together");
  }
}

void Builder::read_correlated_block(Section& section) {
  section.need("of", "the parameters, as in of = [\"CL\", \"V1\"]");
  const std::string from = source(section, true);
  const std::vector<std::string> named = names(section, "of");
  std::vector<std::uint32_t> of;
  bool good = true;
  for (const std::string& name : named) {
    const auto index = model_.find_parameter(name);
    if (!index)
      section.problem(section.find("of"), "of", "\"" + name + "\" is no parameter", did_you_mean(name, parameter_names()));
    good = good && index && std::find(of.begin(), of.end(), *index) == of.end();
    if (!index) continue;
    of.push_back(*index);
    const auto kind = model_.parameters[*index].variability.kind;
    if (kind == Variability::Kind::None || kind == Variability::Kind::Choice) {
      section.problem(section.find("of"), "of", "\"" + name + "\" has no random effect", "give it varies = { as = ... }");
      good = false;
    }
  }
  const toml::node* correlation = section.find("correlation");
  const toml::node* covariance = section.find("covariance");
  if ((correlation == nullptr) == (covariance == nullptr)) {
    section.problem(nullptr, "", "needs either correlation or covariance");
    return;
  }
  if (good && named.size() < 2) section.problem(section.find("of"), "of", "must be two or more parameters");
  const std::string key = correlation != nullptr ? "correlation" : "covariance";
  if (correlation != nullptr && correlation->is_number() && named.size() == 2) {
    if (good) set_correlations(section, of, {{1}, {*correlation->value<double>(), 1}}, from);
    return;
  }
  const auto matrix = triangle(section, key, named.size());
  if (good && matrix) set_correlations(section, of, *matrix, from);
}

// The lower triangle of a matrix: rows of 1, 2, ... numbers.
std::optional<std::vector<std::vector<double>>> Builder::triangle(Section& section, const std::string& key,
                                                                  std::size_t size) {
  const toml::array* rows = section.find(key)->as_array();
  std::vector<std::vector<double>> matrix;
  bool good = rows != nullptr && rows->size() == size;
  for (std::size_t i = 0; good && i < size; ++i) {
    const toml::array* row = rows->get(i)->as_array();
    good = row != nullptr && row->size() == i + 1;
    matrix.emplace_back();
    for (std::size_t j = 0; good && j <= i; ++j) {
      good = row->get(j)->is_number();
      if (good) matrix.back().push_back(row->get(j)->value<double>().value_or(0));
    }
  }
  if (good) return matrix;
  section.problem(section.find(key), key, "must be the lower triangle of a matrix",
                  "rows of 1, 2, ... numbers, one row for each name in of");
  return std::nullopt;
}

void Builder::set_correlations(Section& section, const std::vector<std::uint32_t>& of,
                               const std::vector<std::vector<double>>& matrix, const std::string& from) {
  const bool covariance = section.find("covariance") != nullptr;
  const std::string key = covariance ? "covariance" : "correlation";
  std::vector<double> sd(of.size(), 1);
  for (std::size_t i = 0; i < of.size(); ++i) {
    Variability& v = model_.parameters[of[i]].variability;
    if (!covariance) {
      if (matrix[i][i] != 1) section.problem(section.find(key), key, "must have 1 on its diagonal");
      continue;
    }
    if (!(matrix[i][i] > 0)) {
      section.problem(section.find(key), key, "must have variances above 0 on its diagonal");
      return;
    }
    sd[i] = math::sqrt(matrix[i][i]);
    if (!std::isnan(v.sd) && std::fabs(v.sd - sd[i]) > 1e-9 * sd[i]) {
      section.problem(section.find(key), key,
                      "gives \"" + model_.parameters[of[i]].name + "\" another variance than varies");
    }
    v.sd = sd[i];
  }
  for (std::size_t i = 0; i < of.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      Correlation correlation{model_.parameters[of[j]].name, model_.parameters[of[i]].name, matrix[i][j] / (sd[i] * sd[j]),
                              from};
      if (!(std::fabs(correlation.value) <= 1)) {
        section.problem(section.find(key), key,
                        fmt::format("the correlation of {} and {} is {}, outside -1 to 1", correlation.first,
                                    correlation.second, number_text(correlation.value)));
      }
      if (correlation.value != 0) model_.correlations.push_back(std::move(correlation));
    }
  }
}

void Builder::check_spreads(Section& root) {
  for (Parameter& parameter : model_.parameters) {
    if (!std::isnan(parameter.variability.sd)) continue;
    parameter.variability.sd = 0;
    const std::string table = parameter.covariate ? "covariates" : "parameters";
    const toml::node* node = document_.root().at_path(table + "." + parameter.name + ".varies").node();
    root.problem(node, table + "." + parameter.name + ".varies", "needs sd, variance or cv",
                 "or a covariance in [[correlated]]");
  }
}

// Cholesky factorisation of the correlations of the random effects that have any.
bool Builder::positive_definite() const {
  std::vector<std::string> names;
  for (const Correlation& correlation : model_.correlations) {
    for (const std::string& name : {correlation.first, correlation.second}) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  const std::size_t n = names.size();
  const auto index = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  std::vector<std::vector<double>> matrix(n, std::vector<double>(n, 0));
  for (std::size_t i = 0; i < n; ++i) matrix[i][i] = 1;
  for (const Correlation& correlation : model_.correlations) {
    const auto [low, high] = std::minmax({index(correlation.first), index(correlation.second)});
    matrix[high][low] = correlation.value;
  }
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= matrix[i][k] * matrix[j][k];
      if (i == j && !(sum > 1e-12)) return false;
      matrix[i][j] = i == j ? math::sqrt(sum) : sum / matrix[j][j];
    }
  }
  return true;
}

}  // namespace carina::model::impl
