#include "fit/impl/summarise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/math.h"
#include "base/random.h"
#include "fit/impl/addresses.h"
#include "fit/impl/runs.h"
#include "stats/quantiles.h"

namespace carina::fit::impl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double normal95 = 1.6448536269514722;  // 95 % quantile of the standard normal

// The largest loadings, until nine tenths of the length are named; three at most.
std::string direction_name(const Problem& problem, const std::vector<double>& loadings) {
  std::vector<std::size_t> order(loadings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return std::fabs(loadings[a]) > std::fabs(loadings[b]); });
  std::string out;
  double named = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, order.size()) && named < 0.9; ++i) {
    const double loading = loadings[order[i]];
    out += i == 0 ? "" : loading < 0 ? " - " : " + ";
    out += fmt::format("{:.2f} {}", std::fabs(loading), problem.parameters[order[i]].name);
    named += loading * loading;
  }
  return out;
}

std::vector<Direction> directions_of(const Problem& problem, const Dense& covariance) {
  const Eigen::SelfAdjointEigenSolver<Dense> solver(covariance);
  std::vector<Direction> out;
  for (Index k = 0; k < covariance.rows(); ++k) {
    Vector loadings = solver.eigenvectors().col(k);
    Index largest = 0;
    loadings.cwiseAbs().maxCoeff(&largest);
    if (loadings[largest] < 0) loadings = -loadings;
    const double variance = std::max(solver.eigenvalues()[k], std::numeric_limits<double>::min());
    out.push_back({1 / variance, plain(loadings), direction_name(problem, plain(loadings))});
  }
  return out;
}

ParameterSummary summarise_parameter(const Parameter& parameter, const Vector& z, const Mixing& mixing) {
  const double middle = parameter.axis.to(parameter.centre);
  const auto value = [&](double at) { return parameter.axis.from(middle + parameter.sd * at); };
  std::vector<double> natural_values;
  for (const double one : z) natural_values.push_back(value(one));
  const Vector values = vector(natural_values);
  const auto variance = [](const Vector& v) {
    return (v.array() - v.mean()).square().sum() / static_cast<double>(v.size() - 1);
  };
  std::sort(natural_values.begin(), natural_values.end());
  ParameterSummary out;
  out.name = parameter.name, out.unit = parameter.unit;
  out.mean = values.mean(), out.sd = math::sqrt(variance(values));
  out.p05 = stats::sorted_quantile(natural_values, 0.05);
  out.p50 = stats::sorted_quantile(natural_values, 0.5);
  out.p95 = stats::sorted_quantile(natural_values, 0.95);
  out.prior_p05 = value(-normal95), out.prior_p95 = value(normal95);
  out.z_mean = z.mean(), out.z_sd = math::sqrt(variance(z));
  out.contraction = 1 - out.z_sd * out.z_sd;
  out.mixing = mixing;
  return out;
}

class Notes {
 public:
  explicit Notes(Summary& summary) : summary_(summary) {}
  void add(Status status, std::string what) {
    summary_.notes.push_back({status, std::move(what)});
    summary_.status = std::max(summary_.status, status);
  }

 private:
  Summary& summary_;
};

void judge_figures(const Problem& problem, const Summary& summary, Notes& notes) {
  for (std::size_t f = 0; f < problem.figures.size(); ++f) {
    const FigureEmulator& figure = summary.emulator.figures[f];
    if (problem.figures[f].role != Role::Calibrate) continue;
    if (!figure.usable) {
      notes.add(Status::MissingFigure,
                fmt::format("{}: in {:.0f} % of simulated trials", problem.figures[f].name, 100 * (1 - figure.missing)));
    } else if (std::fabs(figure.skewness) > 1 || figure.excess_kurtosis > 3) {
      notes.add(Status::NotNormal, fmt::format("{}: skewness {:.1f}, excess kurtosis {:.1f}", problem.figures[f].name,
                                               figure.skewness, figure.excess_kurtosis));
    }
  }
}

// Figures far outside, named with how far.
std::string far_figures(const Prediction& prediction) {
  std::string out;
  for (const FigurePrediction& figure : prediction.figures) {
    if (figure.role != Role::Calibrate || !(std::fabs(figure.score) > 2)) continue;
    out += fmt::format("; {} by {:.1f} SD", figure.name, figure.score);
  }
  return out;
}

void judge_reach(const Prediction& prediction, std::string_view by, Notes& notes) {
  if (!(prediction.joint_p < 0.01)) return;
  notes.add(Status::OutOfReach, fmt::format("joint p {:.4f} by {}{}", prediction.joint_p, by, far_figures(prediction)));
}

}  // namespace

void summarise_parameters(const Problem& problem, const Chains& chains, std::size_t draws, Summary& summary) {
  const Dense z = dense(chains.draws);
  for (std::size_t j = 0; j < problem.parameters.size(); ++j) {
    summary.parameters.push_back(summarise_parameter(problem.parameters[j], z.col(static_cast<Index>(j)), chains.mixing[j]));
  }
  summary.directions = directions_of(problem, column_covariance(z));
  const Dense kept = thinned(z, draws);
  summary.z_draws = table(kept);
  summary.draws = summary.z_draws;
  for (std::size_t i = 0; i < summary.draws.rows; ++i) {
    const std::vector<double> values = natural(problem, kept.row(static_cast<Index>(i)).transpose());
    std::copy(values.begin(), values.end(), summary.draws.row(i).begin());
  }
  summary.worst_rhat = chains.worst_rhat(), summary.least_ess = chains.least_ess();
  summary.acceptance = chains.acceptance, summary.divergences = chains.divergences;
}

std::vector<FigureSummary> summarise_figures(const Problem& problem, const Emulator& emulator, const Dense& z) {
  const Evaluator evaluator(emulator, usable_figures(emulator));
  const auto count = static_cast<Index>(evaluator.figures().size());
  Dense means(z.rows(), count);
  Vector sampling = Vector::Zero(count), error = Vector::Zero(count);
  for (Index i = 0; i < z.rows(); ++i) {
    const Prospect prospect = evaluator.at(z.row(i).transpose());
    means.row(i) = prospect.mean.transpose();
    sampling += prospect.sd.cwiseAbs2() / static_cast<double>(z.rows());
    error += prospect.error / static_cast<double>(z.rows());
  }
  const Vector centre = column_means(means);
  const Vector spread = (means.rowwise() - centre.transpose()).colwise().squaredNorm().transpose();
  std::vector<FigureSummary> out;
  for (const Figure& figure : problem.figures) out.push_back({figure.name, false, nan, nan, nan, nan});
  for (Index k = 0; k < count; ++k) {
    const std::size_t f = evaluator.figures()[static_cast<std::size_t>(k)];
    out[f].fitted = problem.figures[f].role == Role::Calibrate;
    out[f].expected = problem.figures[f].axis.from(centre[k]);
    out[f].parameter_sd = math::sqrt(spread[k] / static_cast<double>(z.rows() - 1));
    out[f].sampling_sd = math::sqrt(sampling[k]);
    out[f].emulator_sd = math::sqrt(error[k]);
  }
  return out;
}

Matrix emulated_trials(const Problem& problem, const Emulator& emulator, const Dense& z, std::uint64_t seed) {
  const Evaluator evaluator(emulator, usable_figures(emulator));
  Matrix out(static_cast<std::size_t>(z.rows()), problem.figures.size(), nan);
  for (Index i = 0; i < z.rows(); ++i) {
    const Prospect prospect = evaluator.at(z.row(i).transpose());
    Vector noise(prospect.mean.size());
    for (Index k = 0; k < noise.size(); ++k) {
      noise[k] = random::normal(
          seed, random::Domain::Fit,
          {static_cast<std::uint64_t>(i), 0, 0, static_cast<std::uint32_t>(Draw::Replicate), static_cast<std::uint32_t>(k)});
    }
    const Vector trial = prospect.mean + factor(evaluator.covariance(prospect)) * noise;
    for (Index k = 0; k < trial.size(); ++k) {
      const std::size_t f = evaluator.figures()[static_cast<std::size_t>(k)];
      out(static_cast<std::size_t>(i), f) = problem.figures[f].axis.from(trial[k]);
    }
  }
  return out;
}

void judge(const Problem& problem, const Options& options, Summary& summary) {
  Notes notes(summary);
  summary.status = Status::Ok;
  judge_figures(problem, summary, notes);
  for (const ParameterSummary& parameter : summary.parameters) {
    if (std::fabs(parameter.z_mean) > 3) {  // one well-measured parameter in 400 by chance
      notes.add(Status::BeyondPrior, fmt::format("{}: {:+.1f} SD", parameter.name, parameter.z_mean));
    }
  }
  const WaveSummary& last = summary.waves.back();
  if (last.worst_error > options.tolerance) {
    notes.add(Status::BudgetSpent, fmt::format("{}: {:.2f} of the sampling SD after {} waves and {} trials",
                                               last.worst_figure, last.worst_error, last.wave, last.trials));
  } else if (last.wave == 1) {
    notes.add(Status::BudgetSpent, "one wave only: the emulator was not tried where the posterior is");
  } else if (last.shift > options.settled) {
    notes.add(Status::BudgetSpent, fmt::format("the posterior still moved by {:.2f} SD in wave {}", last.shift, last.wave));
  }
  const auto kept = static_cast<double>(options.sampler.chains * options.sampler.iterations);
  if (summary.worst_rhat > 1.02 || static_cast<double>(summary.divergences) > 0.01 * kept) {
    notes.add(Status::NotMixed, fmt::format("largest R-hat {:.3f}, smallest effective number {:.0f}, {} divergences",
                                            summary.worst_rhat, summary.least_ess, summary.divergences));
  }
  if (summary.misfit_p < 0.001) {
    notes.add(Status::OutOfReach,
              fmt::format("misfit {:.1f}, p {:.1e}{}", summary.misfit, summary.misfit_p, far_figures(summary.prediction)));
  }
  judge_reach(summary.prediction, "the emulator", notes);
  if (summary.simulated.replicates > 0) judge_reach(summary.simulated, "simulation", notes);
}

Dense thinned(const Dense& rows, std::size_t count) {
  const auto wanted = std::min(static_cast<Index>(count), rows.rows());
  Dense out(wanted, rows.cols());
  for (Index i = 0; i < wanted; ++i) out.row(i) = rows.row(i * rows.rows() / wanted);
  return out;
}

}  // namespace carina::fit::impl
