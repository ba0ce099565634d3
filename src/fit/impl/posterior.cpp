#include "fit/impl/posterior.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "base/random.h"
#include "fit/impl/addresses.h"

namespace carina::fit::impl {

Prior standard_prior(Index parameters) { return {Vector::Zero(parameters), Dense::Identity(parameters, parameters)}; }

Posterior::Posterior(Evaluator evaluator, Vector observed, Prior prior)
    : evaluator_(std::move(evaluator)), observed_(std::move(observed)), prior_(std::move(prior)) {
  CARINA_CHECK(observed_.size() == static_cast<Index>(evaluator_.figures().size()));
}

double Posterior::log_density(std::span<const double> z, std::span<double> gradient) const {
  const Vector place = vector(z);
  const Vector pull = prior_.precision * (place - prior_.centre);
  double value = -0.5 * pull.dot(place - prior_.centre);
  Vector slope = -pull;
  if (observed_.size() > 0) {
    const Prospect prospect = evaluator_.at(place);
    const Dense covariance = evaluator_.covariance(prospect);
    const Eigen::LLT<Dense> llt(covariance);
    if (llt.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
    const Vector rest = observed_ - prospect.mean;
    const Vector alpha = llt.solve(rest);
    const Dense inverse = llt.solve(Dense::Identity(rest.size(), rest.size()));
    value -= 0.5 * rest.dot(alpha);
    for (Index f = 0; f < rest.size(); ++f) value -= math::log(llt.matrixLLT()(f, f));
    // With S = D C D + E and D = exp(log variance/2): d value = alpha' dm + 1/2 tr((alpha alpha' - S^-1) dS).
    const Dense outer = alpha * alpha.transpose() - inverse;
    const Dense scaled = prospect.sd.asDiagonal() * evaluator_.correlation() * prospect.sd.asDiagonal();
    const Vector by_log_variance = 0.5 * outer.cwiseProduct(scaled).rowwise().sum();
    const double by_radius = 0.5 * outer.diagonal().dot(prospect.error_slope);
    slope += evaluator_.pull(prospect, alpha, by_log_variance, by_radius);
  }
  for (std::size_t j = 0; j < gradient.size(); ++j) gradient[j] = slope[static_cast<Index>(j)];
  return value;
}

double Posterior::misfit(const Vector& z) const {
  const Prospect prospect = evaluator_.at(z);
  const Vector rest = observed_ - prospect.mean;
  const Vector away = z - prior_.centre;
  return rest.dot(evaluator_.covariance(prospect).ldlt().solve(rest)) + away.dot(prior_.precision * away);
}

Vector Posterior::strain(const Vector& z) const {
  const Prospect prospect = evaluator_.at(z);
  const Dense precision = evaluator_.covariance(prospect).ldlt().solve(Dense::Identity(observed_.size(), observed_.size()));
  return (precision * (observed_ - prospect.mean)).array() / precision.diagonal().array().sqrt();
}

Density Posterior::density() const {
  return [this](std::span<const double> z, std::span<double> gradient) { return log_density(z, gradient); };
}

std::vector<std::size_t> calibrated_figures(const Problem& problem, const Emulator& emulator, const std::string* except) {
  std::vector<std::size_t> out;
  for (std::size_t f = 0; f < problem.figures.size(); ++f) {
    const Figure& figure = problem.figures[f];
    const bool wanted = figure.role == Role::Calibrate && !(except && figure.group == *except);
    if (wanted && emulator.figures[f].usable) out.push_back(f);
  }
  return out;
}

Vector observed_on_axes(const Problem& problem, const std::vector<std::size_t>& figures) {
  Vector out(static_cast<Index>(figures.size()));
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const Figure& figure = problem.figures[figures[i]];
    out[static_cast<Index>(i)] = figure.axis.to(figure.observed);
  }
  return out;
}

double chi_squared_tail(double value, std::size_t degrees) {
  if (!(value > 0)) return 1;
  // The series of the incomplete gamma function (Abramowitz and Stegun 6.5.29) at a = degrees/2, x = value/2.
  const double a = 0.5 * static_cast<double>(degrees), x = 0.5 * value;
  double log_gamma = degrees % 2 ? 0.5723649429247001 : 0;  // of 1/2, or of 1
  for (std::size_t twice = degrees % 2 ? 1 : 2; twice <= degrees; twice += 2) {
    log_gamma += math::log(0.5 * static_cast<double>(twice));
  }
  double term = 1, sum = 1;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= x / (a + k);
    sum += term;
  }
  return std::clamp(1 - math::exp(a * math::log(x) - x - log_gamma + math::log(sum)), 0.0, 1.0);
}

Chains sample_posterior(const Posterior& posterior, const Around& around, SamplerStart start,
                        const SamplerOptions& options) {
  const Index p = around.centre.size();
  const Dense root = factor(around.metric);
  start.metric = table(around.metric);
  start.points = Matrix(options.chains, static_cast<std::size_t>(p));
  std::vector<double> gradient(static_cast<std::size_t>(p));
  for (std::size_t c = 0; c < options.chains; ++c) {
    Vector away(p);
    for (Index j = 0; j < p; ++j) {
      away[j] = random::normal(start.seed, random::Domain::Fit,
                               {start.stream, c, 0, static_cast<std::uint32_t>(Draw::Start), static_cast<std::uint32_t>(j)});
    }
    // Wide of the bulk, so that R-hat has something to find; nearer where the density is 0 there.
    double width = 1.5;
    for (int attempt = 0; attempt < 60; ++attempt, width *= 0.7) {
      const Vector point = around.centre + width * (root * away);
      for (Index j = 0; j < p; ++j) start.points(c, static_cast<std::size_t>(j)) = point[j];
      if (std::isfinite(posterior.log_density(start.points.row(c), gradient))) break;
    }
  }
  return sample(posterior.density(), start, options);
}

}  // namespace carina::fit::impl
