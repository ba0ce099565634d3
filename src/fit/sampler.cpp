#include "fit/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "base/parallel.h"
#include "base/random.h"
#include "fit/impl/linear.h"

namespace carina::fit {
namespace {

using impl::Dense;
using impl::Index;
using impl::Vector;

enum Purpose : std::uint32_t { Momentum = 1, Length = 2, Accept = 3 };

constexpr double quarter_turn = 1.5707963267948966;
constexpr double runaway = 1000;  // an energy error beyond it is a divergence, as in Stan

// Step sizes by dual averaging; the constants are those of Hoffman and Gelman 2014, section 3.2.
class StepSize {
 public:
  StepSize(double first, double target) : step_(first), pull_(math::log(10 * first)), target_(target) {}
  void learn(double acceptance) {
    count_ += 1;
    const double share = 1 / (count_ + 10);
    deficit_ = (1 - share) * deficit_ + share * (target_ - acceptance);
    const double log_step = pull_ - math::sqrt(count_) / 0.05 * deficit_;
    const double weight = math::pow(count_, -0.75);
    log_mean_ = weight * log_step + (1 - weight) * log_mean_;
    step_ = math::exp(log_step);
  }
  void settle() { step_ = math::exp(log_mean_); }
  double step() const { return step_; }

 private:
  double step_, pull_, target_;
  double deficit_ = 0, log_mean_ = 0, count_ = 0;
};

// One chain in whitened coordinates y: x = root y, momentum standard normal.
class Chain {
 public:
  Chain(const Density& density, const SamplerStart& start, const SamplerOptions& options, std::size_t number)
      : density_(density), seed_(start.seed), stream_(start.stream), number_(number), options_(options) {
    x_ = impl::vector(start.points.row(number));
    gradient_ = Vector::Zero(x_.size());
    log_density_ = evaluate(x_, gradient_);
    CARINA_CHECK(std::isfinite(log_density_));
  }

  void whiten(const Dense& root) { root_ = root; }
  void learn_step(bool first) {
    const double start = first ? 0.5 * math::pow(static_cast<double>(x_.size()), -0.25) : step_.step();
    step_ = StepSize(start, options_.acceptance);
  }
  void settle() { step_.settle(); }

  // Iterations `from` to `to`; positions go to rows of `out` when there is one.
  void run(std::size_t from, std::size_t to, bool learn, Dense* out) {
    for (std::size_t i = from; i < to; ++i) {
      const double acceptance = iterate(i);
      if (learn) step_.learn(acceptance);
      if (out) out->row(static_cast<Index>(i - from)) = x_.transpose();
      accepted_ += acceptance;
      iterations_ += 1;
    }
  }
  void forget_counts() { accepted_ = iterations_ = leaps_ = 0, divergences_ = 0; }

  double step() const { return step_.step(); }
  double accepted() const { return accepted_ / iterations_; }
  double leaps() const { return leaps_ / iterations_; }
  std::size_t divergences() const { return divergences_; }

 private:
  double evaluate(const Vector& x, Vector& gradient) const {
    const double value = density_({x.data(), static_cast<std::size_t>(x.size())},
                                  {gradient.data(), static_cast<std::size_t>(gradient.size())});
    return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
  }
  double draw(std::size_t iteration, Purpose purpose, std::uint32_t index) const {
    return random::uniform(seed_, random::Domain::Fit, {stream_, number_, iteration, purpose, index});
  }

  // One trajectory and its acceptance; returns the probability of acceptance.
  double iterate(std::size_t iteration) {
    Vector momentum(x_.size());
    for (Index j = 0; j < momentum.size(); ++j) {
      momentum[j] = random::normal_quantile(draw(iteration, Momentum, static_cast<std::uint32_t>(j)));
    }
    // Step and length vary, so that no trajectory closes into a circle time after time (Neal 2011, section 3.2).
    const double step = step_.step() * (0.9 + 0.2 * draw(iteration, Length, 0));
    const double length = quarter_turn * (0.5 + draw(iteration, Length, 1));
    const double leaps = std::clamp(std::ceil(length / step), 1.0, static_cast<double>(options_.max_leaps));
    const double before = log_density_ - 0.5 * momentum.squaredNorm();
    Vector x = x_, gradient = gradient_;
    const double after = leap(x, gradient, momentum, step, static_cast<int>(leaps));
    const double change = after - 0.5 * momentum.squaredNorm() - before;
    if (!(change > -runaway)) {
      ++divergences_;
      return 0;
    }
    const double acceptance = change >= 0 ? 1 : math::exp(change);
    if (draw(iteration, Accept, 0) < acceptance) {
      x_ = x, gradient_ = gradient, log_density_ = after;
    }
    return acceptance;
  }

  double leap(Vector& x, Vector& gradient, Vector& momentum, double step, int leaps) {
    double value = log_density_;
    momentum += 0.5 * step * (root_.transpose() * gradient);
    for (int i = 0; i < leaps; ++i) {
      x += step * (root_ * momentum);
      value = evaluate(x, gradient);
      leaps_ += 1;
      if (!std::isfinite(value)) return -std::numeric_limits<double>::infinity();
      momentum += (i + 1 < leaps ? step : 0.5 * step) * (root_.transpose() * gradient);
    }
    return value;
  }

  const Density& density_;
  std::uint64_t seed_, stream_, number_;
  SamplerOptions options_;
  Vector x_, gradient_;
  Dense root_;
  double log_density_ = 0;
  StepSize step_{1, 0.8};
  double accepted_ = 0, iterations_ = 0, leaps_ = 0;
  std::size_t divergences_ = 0;
};

// The covariance of the second halves of what the chains did in a window, shrunk a little to its diagonal as Stan does.
Dense learnt_metric(const std::vector<Dense>& windows) {
  const Index half = windows.front().rows() / 2;
  Dense joined(half * static_cast<Index>(windows.size()), windows.front().cols());
  for (std::size_t c = 0; c < windows.size(); ++c) {
    joined.middleRows(half * static_cast<Index>(c), half) = windows[c].bottomRows(half);
  }
  const Dense covariance = impl::column_covariance(joined);
  const double n = static_cast<double>(joined.rows());
  const double kept = n / (n + 5 + static_cast<double>(joined.cols()));
  Dense metric = kept * covariance;
  metric.diagonal() = covariance.diagonal() * (kept + (1 - kept)) + Vector::Constant(covariance.rows(), 1e-12);
  return metric;
}

class Sampling {
 public:
  Sampling(const Density& density, const SamplerStart& start, const SamplerOptions& options)
      : start_(start), options_(options), dimensions_(static_cast<Index>(start.points.columns)) {
    for (std::size_t c = 0; c < options.chains; ++c) chains_.emplace_back(density, start, options, c);
    metric_ = start.metric.values.empty() ? Dense(Dense::Identity(dimensions_, dimensions_)) : impl::dense(start.metric);
  }

  // Windows that grow: the first steps lead to the bulk, the later ones learn its shape, the last one the step size for it.
  void warm_up() {
    const std::size_t n = options_.warm_up;
    const std::size_t ends[] = {0, n * 15 / 100, n * 35 / 100, n * 65 / 100, n};
    whiten();
    for (int window = 0; window < 4; ++window) {
      for (Chain& chain : chains_) chain.learn_step(window == 0);
      const std::vector<Dense> done = run(ends[window], ends[window + 1], true);
      for (Chain& chain : chains_) chain.settle();
      const bool enough = (ends[window + 1] - ends[window]) / 2 * chains_.size() > static_cast<std::size_t>(dimensions_) + 4;
      if (window < 3 && enough) {
        metric_ = learnt_metric(done);
        whiten();
      }
    }
    for (Chain& chain : chains_) chain.forget_counts();
  }

  Chains keep() {
    const std::vector<Dense> done = run(options_.warm_up, options_.warm_up + options_.iterations, false);
    Chains out;
    out.chains = options_.chains;
    out.iterations = options_.iterations;
    out.draws = Matrix(out.chains * out.iterations, static_cast<std::size_t>(dimensions_));
    for (std::size_t row = 0; row < out.draws.rows; ++row) {
      const Dense& chain = done[row / out.iterations];
      for (std::size_t j = 0; j < out.draws.columns; ++j) {
        out.draws(row, j) = chain(static_cast<Index>(row % out.iterations), static_cast<Index>(j));
      }
    }
    for (const Chain& chain : chains_) {
      out.steps.push_back(chain.step());
      out.acceptance += chain.accepted() / static_cast<double>(out.chains);
      out.leaps += chain.leaps() / static_cast<double>(out.chains);
      out.divergences += chain.divergences();
    }
    for (std::size_t j = 0; j < out.draws.columns; ++j) out.mixing.push_back(mixing(out.draws.column(j), out.chains));
    out.metric = impl::table(metric_);
    return out;
  }

 private:
  void whiten() {
    const Dense root = impl::factor(metric_);
    for (Chain& chain : chains_) chain.whiten(root);
  }
  std::vector<Dense> run(std::size_t from, std::size_t to, bool learn) {
    std::vector<Dense> out(chains_.size(), Dense(static_cast<Index>(to - from), dimensions_));
    for_each_chunk(chains_.size(), {start_.threads, nullptr},
                   [&](std::uint64_t c) { chains_[c].run(from, to, learn, &out[c]); });
    return out;
  }

  const SamplerStart& start_;
  SamplerOptions options_;
  Index dimensions_;
  std::vector<Chain> chains_;
  Dense metric_;
};

}  // namespace

double Chains::worst_rhat() const {
  double worst = 0;
  for (const Mixing& one : mixing) worst = std::max(worst, one.rhat);
  return worst;
}

double Chains::least_ess() const {
  double least = std::numeric_limits<double>::infinity();
  for (const Mixing& one : mixing) least = std::min({least, one.ess_bulk, one.ess_tail});
  return least;
}

Chains sample(const Density& density, const SamplerStart& start, const SamplerOptions& options) {
  CARINA_CHECK(options.chains > 0 && start.points.rows == options.chains && start.points.columns > 0);
  CARINA_CHECK(options.warm_up >= 20 && options.iterations >= 8);
  Sampling sampling(density, start, options);
  sampling.warm_up();
  return sampling.keep();
}

}  // namespace carina::fit
