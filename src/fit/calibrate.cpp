#include "fit/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"
#include "base/names.h"
#include "base/problem.h"
#include "fit/impl/posterior.h"
#include "fit/impl/runs.h"
#include "fit/impl/summarise.h"
#include "fit/impl/train.h"
#include "fit/sensitivity.h"

namespace carina::fit {
namespace {

using impl::Band;
using impl::Dense;
using impl::Index;
using impl::Vector;

// Waves of simulated trials, each where the last posterior was.
class Campaign {
 public:
  Campaign(const Problem& problem, const Options& options)
      : problem_(problem), options_(options), parameters_(problem.parameters.size()) {
    around_.centre = Vector::Zero(static_cast<Index>(parameters_));
    around_.metric = Dense::Identity(around_.centre.size(), around_.centre.size());
    region_ = impl::prior_region(parameters_);
  }

  // False when there is nothing to summarise; the summary says why.
  bool run(Summary& summary) {
    for (std::size_t wave = 1; wave <= options_.waves; ++wave) {
      const std::size_t points = points_left(summary.trials);
      if (points == 0) break;
      if (!simulate(wave, points, summary)) return end(summary, Status::Stopped, fmt::format("in wave {}", wave));
      summary.emulator = impl::train(runs_, region_, options_.threads);
      if (wave == 1) summary.first_emulator = summary.emulator;
      if (!sample(wave, summary)) return end(summary, Status::NoEmulator, fmt::format("in wave {}", wave));
      note_wave(wave, points, summary);
      if (options_.wave_done) options_.wave_done(summary.waves.back());
      const WaveSummary& done = summary.waves.back();
      if (done.worst_error <= options_.tolerance && done.shift <= options_.settled) break;
      move_region();
    }
    return !summary.waves.empty();
  }

  const Chains& chains() const { return chains_; }
  // Of each figure, given the others; 0 where it was not fitted.
  const std::vector<double>& strain() const { return strain_; }

 private:
  static bool end(Summary& summary, Status status, std::string what) {
    summary.status = status;
    summary.notes.push_back({status, std::move(what)});
    return false;
  }

  std::size_t points_left(std::size_t trials) const {
    const auto terms = static_cast<std::size_t>(impl::Index(1 + parameters_ + parameters_ * (parameters_ + 1) / 2));
    const std::size_t wanted = options_.points ? options_.points : std::max<std::size_t>(40, terms * 3 / 2);
    return std::min(wanted, (options_.budget - std::min(options_.budget, trials)) / options_.replicates);
  }

  bool simulate(std::size_t wave, std::size_t points, Summary& summary) {
    Dense places;
    if (wave == 1) {
      places = impl::latin_hypercube(points, parameters_, options_.seed);
    } else {
      // Draws of the last posterior about their mean, blown up; within 5 prior SDs, beyond which models break.
      const Dense draws = impl::thinned(impl::dense(chains_.draws), points);
      const Vector centre = impl::column_means(draws);
      const Dense away = draws.rowwise() - centre.transpose();
      places = ((options_.inflation * away).rowwise() + centre.transpose()).cwiseMin(5).cwiseMax(-5);
    }
    const auto band = static_cast<std::uint64_t>(Band::Wave) + wave - 1;
    const std::vector<impl::Point> fresh = impl::simulate(
        problem_, places, {options_.replicates, options_.seed, band, options_.threads, options_.progress, options_.stop});
    runs_.insert(runs_.end(), fresh.begin(), fresh.end());
    summary.trials += fresh.size() * options_.replicates;
    return !fresh.empty();
  }

  bool sample(std::size_t wave, Summary& summary) {
    const auto figures = impl::calibrated_figures(problem_, summary.emulator, nullptr);
    if (figures.empty()) return false;
    const impl::Posterior posterior(impl::Evaluator(summary.emulator, figures), impl::observed_on_axes(problem_, figures),
                                    impl::standard_prior(static_cast<Index>(parameters_)));
    chains_ = impl::sample_posterior(posterior, around_, {options_.seed, wave, options_.threads, {}, {}}, options_.sampler);
    const Vector mean = impl::column_means(impl::dense(chains_.draws));
    summary.misfit = posterior.misfit(mean);
    const Vector strain = posterior.strain(mean);
    strain_.assign(problem_.figures.size(), 0);
    for (std::size_t k = 0; k < figures.size(); ++k) strain_[figures[k]] = strain[static_cast<Index>(k)];
    summary.misfit_p = impl::chi_squared_tail(summary.misfit, figures.size());
    return true;
  }

  void note_wave(std::size_t wave, std::size_t points, Summary& summary) {
    const Dense draws = impl::dense(chains_.draws);
    const Vector mean = impl::column_means(draws);
    const Dense covariance = impl::column_covariance(draws);
    WaveSummary out;
    out.wave = wave, out.points = points, out.trials = summary.trials;
    out.shift = wave == 1 ? std::numeric_limits<double>::quiet_NaN()
                          : ((mean - around_.centre).array().abs() / covariance.diagonal().array().sqrt()).maxCoeff();
    for (const FigureSummary& figure :
         impl::summarise_figures(problem_, summary.emulator, impl::thinned(draws, options_.draws))) {
      if (!figure.fitted || figure.emulator_sd <= out.worst_error * figure.sampling_sd) continue;
      out.worst_error = figure.emulator_sd / figure.sampling_sd;
      out.worst_figure = figure.name;
    }
    summary.waves.push_back(out);
    around_ = {mean, covariance};
  }

  void move_region() {
    region_.centre = impl::plain(around_.centre);
    region_.spread = impl::table(impl::factor(options_.inflation * options_.inflation * around_.metric));
  }

  const Problem& problem_;
  const Options& options_;
  std::size_t parameters_;
  std::vector<impl::Point> runs_;
  Region region_;
  impl::Around around_;
  Chains chains_;
  std::vector<double> strain_;
};

// One simulated trial at each of some posterior draws; empty when stopped.
Prediction simulated_prediction(const Problem& problem, const Options& options, const Summary& summary) {
  const Dense places = impl::thinned(impl::dense(summary.z_draws), options.simulated_draws);
  const std::vector<impl::Point> trials = impl::simulate(
      problem, places,
      {1, options.seed, static_cast<std::uint64_t>(Band::Prediction), options.threads, options.progress, options.stop});
  if (trials.empty()) return {};
  Matrix replicates(trials.size(), problem.figures.size());
  for (std::size_t i = 0; i < trials.size(); ++i) {
    for (std::size_t f = 0; f < problem.figures.size(); ++f) {
      replicates(i, f) = problem.figures[f].axis.from(trials[i].figures(0, static_cast<Index>(f)));
    }
  }
  return predict(problem, replicates);
}

}  // namespace

void validate(const Options& options) {
  carina::Problems problems;
  const auto expect = [&](bool good, const char* path, double value, const char* rule) {
    if (!good) problems.add({{}, 0, 0, path, number_text(value), rule, {}});
  };
  expect(options.replicates >= 4, "replicates", static_cast<double>(options.replicates), "must be >= 4");
  expect(options.waves >= 1, "waves", static_cast<double>(options.waves), "must be >= 1");
  expect(options.budget >= 40 * options.replicates, "budget", static_cast<double>(options.budget),
         "must be >= 40 replicates");
  expect(options.tolerance > 0, "tolerance", options.tolerance, "must be > 0");
  expect(options.settled > 0, "settled", options.settled, "must be > 0");
  expect(options.inflation >= 1, "inflation", options.inflation, "must be >= 1");
  expect(options.draws >= 100, "draws", static_cast<double>(options.draws), "must be >= 100");
  expect(options.threads >= 0, "threads", options.threads, "must be >= 0");
  expect(options.sampler.chains >= 2, "sampler.chains", static_cast<double>(options.sampler.chains), "must be >= 2");
  expect(options.sampler.warm_up >= 100, "sampler.warm_up", static_cast<double>(options.sampler.warm_up), "must be >= 100");
  expect(options.sampler.iterations >= 100, "sampler.iterations", static_cast<double>(options.sampler.iterations),
         "must be >= 100");
  expect(options.sampler.acceptance > 0 && options.sampler.acceptance < 1, "sampler.acceptance", options.sampler.acceptance,
         "must be between 0 and 1");
  expect(options.simulated_draws == 0 || options.simulated_draws >= 20, "simulated_draws",
         static_cast<double>(options.simulated_draws), "must be 0 or >= 20");
  problems.throw_if_any();
}

Summary calibrate(const Problem& problem, const Options& options) {
  validate(problem);
  validate(options);
  Summary summary;
  Campaign campaign(problem, options);
  if (!campaign.run(summary)) return summary;
  impl::summarise_parameters(problem, campaign.chains(), options.draws, summary);
  const Dense z = impl::dense(summary.z_draws);
  summary.figures = impl::summarise_figures(problem, summary.emulator, z);
  for (std::size_t f = 0; f < summary.figures.size(); ++f) summary.figures[f].strain = campaign.strain()[f];
  summary.prediction = predict(problem, impl::emulated_trials(problem, summary.emulator, z, options.seed));
  if (options.simulated_draws > 0) summary.simulated = simulated_prediction(problem, options, summary);
  if (options.leave_groups_out) summary.groups = leave_groups_out(problem, summary, options);
  if (options.vary_priors) summary.priors = vary_priors(problem, summary, options);
  impl::judge(problem, options, summary);
  return summary;
}

}  // namespace carina::fit
