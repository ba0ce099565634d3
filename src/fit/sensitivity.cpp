#include "fit/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"
#include "base/parallel.h"
#include "fit/impl/addresses.h"
#include "fit/impl/posterior.h"
#include "fit/impl/summarise.h"

namespace carina::fit {
namespace {

using impl::Dense;
using impl::Index;
using impl::Vector;

// Chains that begin where a posterior like theirs has been sampled already.
constexpr SamplerOptions chains_without_group{2, 400, 1000, 0.8, 128};
constexpr SamplerOptions chains_other_prior{2, 200, 600, 0.8, 128};  // hardly another posterior

impl::Around around_of(const Dense& z) { return {impl::column_means(z), impl::column_covariance(z)}; }

std::vector<std::string> groups_of(const Problem& problem, const Emulator& emulator) {
  std::vector<std::string> out;
  for (const std::size_t f : impl::calibrated_figures(problem, emulator, nullptr)) {
    const std::string& group = problem.figures[f].group;
    if (std::find(out.begin(), out.end(), group) == out.end()) out.push_back(group);
  }
  return out;
}

// The figures to calibrate on of one group.
std::vector<std::size_t> members(const Problem& problem, const std::string& group) {
  std::vector<std::size_t> out;
  for (std::size_t f = 0; f < problem.figures.size(); ++f) {
    if (problem.figures[f].role == Role::Calibrate && problem.figures[f].group == group) out.push_back(f);
  }
  return out;
}

GroupLeftOut leave_out(const Problem& problem, const Summary& summary, const std::string& group, SamplerStart start) {
  const impl::Around around = around_of(impl::dense(summary.z_draws));
  const auto figures = impl::calibrated_figures(problem, summary.emulator, &group);
  const impl::Posterior posterior(impl::Evaluator(summary.emulator, figures), impl::observed_on_axes(problem, figures),
                                  impl::standard_prior(around.centre.size()));
  const std::uint64_t seed = start.seed;
  const Chains chains = impl::sample_posterior(posterior, around, std::move(start), chains_without_group);
  const Dense z = impl::dense(chains.draws);
  const Vector mean = impl::column_means(z);
  const Vector sd = impl::column_covariance(z).diagonal().cwiseSqrt();
  GroupLeftOut out;
  out.group = group;
  for (std::size_t j = 0; j < summary.parameters.size(); ++j) {
    const ParameterSummary& full = summary.parameters[j];
    out.shift.push_back((mean[static_cast<Index>(j)] - full.z_mean) / full.z_sd);
    out.sd_ratio.push_back(sd[static_cast<Index>(j)] / full.z_sd);
  }
  const Matrix trials = impl::emulated_trials(problem, summary.emulator, impl::thinned(z, 1000), seed);
  out.prediction = predict(problem, trials, members(problem, group));
  out.worst_rhat = chains.worst_rhat();
  return out;
}

impl::Prior changed_prior(Index parameters, Index which, PriorChange change) {
  impl::Prior prior = impl::standard_prior(parameters);
  switch (change) {
    case PriorChange::Wider: prior.precision(which, which) = 1 / 2.25; break;
    case PriorChange::Higher: prior.centre[which] = 0.5; break;
    case PriorChange::Lower: prior.centre[which] = -0.5; break;
  }
  return prior;
}

PriorSensitivity vary(const Problem& problem, const Summary& summary, std::size_t number, SamplerStart start) {
  const impl::Around around = around_of(impl::dense(summary.z_draws));
  PriorSensitivity out;
  out.parameter = problem.parameters[number / 3].name;
  out.change = static_cast<PriorChange>(number % 3);
  const auto figures = impl::calibrated_figures(problem, summary.emulator, nullptr);
  const impl::Posterior posterior(impl::Evaluator(summary.emulator, figures), impl::observed_on_axes(problem, figures),
                                  changed_prior(around.centre.size(), static_cast<Index>(number / 3), out.change));
  const Chains chains = impl::sample_posterior(posterior, around, std::move(start), chains_other_prior);
  double ess = std::numeric_limits<double>::infinity();
  for (const Mixing& one : chains.mixing) ess = std::min(ess, one.ess_bulk);
  const auto changed = impl::summarise_figures(problem, summary.emulator, impl::thinned(impl::dense(chains.draws), 1000));
  for (std::size_t f = 0; f < changed.size(); ++f) {
    const FigureSummary& base = summary.figures[f];
    const Axis& axis = problem.figures[f].axis;
    const double variance =
        base.parameter_sd * base.parameter_sd + base.sampling_sd * base.sampling_sd + base.emulator_sd * base.emulator_sd;
    const double score = (axis.to(changed[f].expected) - axis.to(base.expected)) / math::sqrt(variance);
    out.figure_change.push_back(changed[f].expected - base.expected);
    out.figure_score.push_back(score);
    if (!(std::fabs(score) >= out.largest)) continue;
    out.largest = std::fabs(score);
    out.largest_figure = base.name;
    out.noise = 2 * base.parameter_sd / math::sqrt(variance) * math::sqrt(1 / std::min(ess, 1000.0) + 1e-3);
  }
  return out;
}

SamplerStart start_of(const Options& options, impl::Sampling kind, std::uint64_t number) {
  return {options.seed, static_cast<std::uint64_t>(kind) + number, 1, {}, {}};
}

}  // namespace

std::vector<GroupLeftOut> leave_groups_out(const Problem& problem, const Summary& summary, const Options& options) {
  const std::vector<std::string> groups = groups_of(problem, summary.emulator);
  if (groups.size() < 2) return {};
  std::vector<GroupLeftOut> out(groups.size());
  for_each_chunk(out.size(), {options.threads, nullptr}, [&](std::uint64_t g) {
    out[g] = leave_out(problem, summary, groups[g], start_of(options, impl::Sampling::LeaveOut, g));
  });
  return out;
}

std::vector<PriorSensitivity> vary_priors(const Problem& problem, const Summary& summary, const Options& options) {
  std::vector<PriorSensitivity> out(3 * problem.parameters.size());
  for_each_chunk(out.size(), {options.threads, nullptr},
                 [&](std::uint64_t i) { out[i] = vary(problem, summary, i, start_of(options, impl::Sampling::Prior, i)); });
  return out;
}

}  // namespace carina::fit
