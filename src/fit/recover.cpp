#include "fit/recover.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/math.h"
#include "base/parallel.h"
#include "base/random.h"
#include "fit/impl/addresses.h"
#include "fit/impl/posterior.h"
#include "fit/impl/runs.h"
#include "stats/quantiles.h"

namespace carina::fit {
namespace {

using impl::Dense;
using impl::Index;
using impl::Vector;

constexpr SamplerOptions short_chains{2, 400, 1000, 0.8, 128};

// The distribution of the truths, and the emulator that is good there.
struct Ground {
  Vector centre;
  Dense covariance;
  const Emulator* emulator = nullptr;
};

Ground ground_of(const Summary& summary, Truths truths) {
  const Dense z = impl::dense(summary.z_draws);
  if (truths == Truths::Posterior) return {impl::column_means(z), impl::column_covariance(z), &summary.emulator};
  return {Vector::Zero(z.cols()), Dense::Identity(z.cols(), z.cols()), &summary.first_emulator};
}

Dense draw_truths(const Ground& ground, const RecoveryOptions& options) {
  const Dense root = impl::factor(ground.covariance);
  Dense out(static_cast<Index>(options.trials), ground.centre.size());
  for (Index i = 0; i < out.rows(); ++i) {
    Vector away(out.cols());
    for (Index j = 0; j < away.size(); ++j) {
      away[j] = random::normal(options.seed, random::Domain::Fit,
                               {static_cast<std::uint64_t>(i), 0, 0, static_cast<std::uint32_t>(impl::Draw::Truth),
                                static_cast<std::uint32_t>(j)});
    }
    out.row(i) = (ground.centre + root * away).transpose();
  }
  return out;
}

// The posterior of one trial of known truth: figures that this trial does not have are left out.
Chains calibrate_one(const Problem& problem, const Ground& ground, const impl::Point& trial, SamplerStart start) {
  std::vector<std::size_t> figures;
  std::vector<double> observed;
  for (const std::size_t f : impl::calibrated_figures(problem, *ground.emulator, nullptr)) {
    const double value = trial.figures(0, static_cast<Index>(f));
    if (std::isnan(value)) continue;
    figures.push_back(f);
    observed.push_back(value);
  }
  const Dense identity = Dense::Identity(ground.centre.size(), ground.centre.size());
  const Dense precision = Eigen::LLT<Dense>(ground.covariance).solve(identity);
  const impl::Posterior posterior(impl::Evaluator(*ground.emulator, figures), impl::vector(observed),
                                  {ground.centre, precision});
  return impl::sample_posterior(posterior, {ground.centre, ground.covariance}, std::move(start), short_chains);
}

// What each trial's posterior says of one parameter, z.
struct Answer {
  double mean = 0, sd = 0, low = 0, high = 0;
};

Answer answer_of(std::vector<double> z) {
  const Vector values = impl::vector(z);
  std::sort(z.begin(), z.end());
  const double n = static_cast<double>(z.size());
  const double sd = math::sqrt((values.array() - values.mean()).square().sum() / (n - 1));
  return {values.mean(), sd, stats::sorted_quantile(z, 0.05), stats::sorted_quantile(z, 0.95)};
}

}  // namespace

Recovery recover(const Problem& problem, const Summary& summary, const RecoveryOptions& options) {
  CARINA_CHECK(options.trials > 0 && summary.z_draws.rows > 0);
  const Ground ground = ground_of(summary, options.truths);
  const Dense truths = draw_truths(ground, options);
  const std::vector<impl::Point> trials =
      impl::simulate(problem, truths, {1, options.seed, static_cast<std::uint64_t>(impl::Band::Recovery), options.threads});
  const std::size_t parameters = problem.parameters.size();
  std::vector<std::vector<Answer>> answers(options.trials);
  std::vector<double> rhats(options.trials);
  for_each_chunk(options.trials, {options.threads, nullptr}, [&](std::uint64_t i) {
    const std::uint64_t stream = static_cast<std::uint64_t>(impl::Sampling::Recovery) + i;
    const Chains chains = calibrate_one(problem, ground, trials[i], {options.seed, stream, 1, {}, {}});
    for (std::size_t j = 0; j < parameters; ++j) answers[i].push_back(answer_of(chains.draws.column(j)));
    rhats[i] = chains.worst_rhat();
  });
  Recovery out;
  out.trials = options.trials;
  out.worst_rhat = *std::max_element(rhats.begin(), rhats.end());
  out.truths = out.low = out.high = Matrix(options.trials, parameters);
  const double n = static_cast<double>(options.trials);
  for (std::size_t j = 0; j < parameters; ++j) {
    const auto k = static_cast<Index>(j);
    const Parameter& parameter = problem.parameters[j];
    const auto value = [&](double z) { return parameter.axis.from(parameter.axis.to(parameter.centre) + parameter.sd * z); };
    const double size = math::sqrt(ground.covariance(k, k));
    ParameterRecovery row{parameter.name, 0, 0, 0};
    for (std::size_t i = 0; i < options.trials; ++i) {
      const Answer& answer = answers[i][j];
      const double truth = truths(static_cast<Index>(i), k);
      row.coverage += (truth >= answer.low && truth <= answer.high ? 1 : 0) / n;
      row.bias += (answer.mean - truth) / size / n;
      row.sd_ratio += answer.sd / size / n;
      out.truths(i, j) = value(truth), out.low(i, j) = value(answer.low), out.high(i, j) = value(answer.high);
    }
    out.coverage += row.coverage / static_cast<double>(parameters);
    out.parameters.push_back(row);
  }
  return out;
}

}  // namespace carina::fit
