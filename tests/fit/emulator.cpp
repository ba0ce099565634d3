#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "base/random.h"
#include "fit/axis.h"
#include "fit/impl/evaluator.h"
#include "fit/impl/polynomial.h"
#include "fit/impl/posterior.h"
#include "fit/impl/runs.h"
#include "fit/impl/train.h"
#include "fit/problems.h"

using namespace carina;
using fit::impl::Dense;
using fit::impl::Index;
using fit::impl::Vector;

namespace {

Vector place(std::uint64_t i, Index p) {
  Vector out(p);
  for (Index j = 0; j < p; ++j) {
    out[j] = random::normal(3, random::Domain::Resampling, {i, static_cast<std::uint64_t>(j), 0, 0, 0});
  }
  return out;
}

// y = 2 + x0 - 3 x1 + x0 x2 + x1^2 + noise.
double formula(const Vector& x) { return 2 + x[0] - 3 * x[1] + x[0] * x[2] + x[1] * x[1]; }

fit::impl::Sample sample_of(Index n, double noise) {
  fit::impl::Sample out;
  out.variables = 3;
  out.terms.resize(n, fit::impl::term_count(3));
  out.x.resize(n, 3), out.y.resize(n), out.growth = Vector::Ones(n), out.sampling = Vector::Constant(n, noise * noise);
  Vector row(out.terms.cols());
  for (Index i = 0; i < n; ++i) {
    const Vector x = place(static_cast<std::uint64_t>(i), 3);
    fit::impl::write_terms(x, row);
    out.terms.row(i) = row.transpose();
    out.x.row(i) = x.transpose();
    out.y[i] = formula(x) + noise * place(static_cast<std::uint64_t>(10000 + i), 1)[0];
  }
  return out;
}

}  // namespace

TEST_CASE("a share of n has the empirical logit, also for none and all") {
  const fit::Axis axis = fit::share_axis(20);
  for (const double k : {0.0, 7.0, 20.0}) {
    CHECK(axis.to(k / 20) == doctest::Approx(std::log((k + 0.5) / (20 - k + 0.5))));
    CHECK(axis.from(axis.to(k / 20)) == doctest::Approx(k / 20));
  }
  CHECK(fit::share_axis(20, 100).to(35) == doctest::Approx(axis.to(0.35)));
  CHECK(std::isnan(fit::log_axis().to(0)));
  CHECK(std::isnan(fit::logit_axis(2, 3).to(3)));
  CHECK(fit::logit_axis(2, 3).from(0) == 2.5);
}

TEST_CASE("the chi-squared tail has the values of tables") {
  // Abramowitz and Stegun, table 26.8.
  CHECK(fit::impl::chi_squared_tail(3.84146, 1) == doctest::Approx(0.05).epsilon(1e-4));
  CHECK(fit::impl::chi_squared_tail(18.3070, 10) == doctest::Approx(0.05).epsilon(1e-4));
  CHECK(fit::impl::chi_squared_tail(37.6973, 15) == doctest::Approx(0.001).epsilon(1e-3));
  CHECK(fit::impl::chi_squared_tail(0, 3) == 1);
  CHECK(fit::impl::chi_squared_tail(2000, 30) < 1e-12);
}

TEST_CASE("a Latin hypercube has one value in each slice of each parameter, and its columns are independent") {
  const Dense design = fit::impl::latin_hypercube(200, 6, 9);
  for (Index j = 0; j < 6; ++j) {
    std::set<int> slices;
    for (Index i = 0; i < 200; ++i) slices.insert(static_cast<int>(200 * 0.5 * std::erfc(-design(i, j) / std::sqrt(2.0))));
    CHECK(slices.size() == 200);
    for (Index k = 0; k < j; ++k) CHECK(std::fabs(design.col(j).dot(design.col(k)) / 200) < 0.25);
  }
}

TEST_CASE("a noisy polynomial is recovered, and the error says how well") {
  const fit::impl::Fit fit = fit::impl::fit_polynomial(sample_of(60, 0.3));
  CHECK(fit.r2 > 0.98);
  CHECK(fit.loo_calibration == doctest::Approx(1).epsilon(0.5));
  Vector row(fit.coefficients.size());
  for (const double r : {0.5, 1.0, 2.0}) {
    double squares = 0;
    for (std::uint64_t i = 0; i < 500; ++i) {
      const Vector x = place(50000 + i, 3).normalized() * r * std::sqrt(3.0);
      fit::impl::write_terms(x, row);
      const double error = row.dot(fit.coefficients) - formula(x);
      squares += error * error / 500;
    }
    const double r2 = r * r;
    const double expected = fit.error[0] + fit.error[1] * r2 + fit.error[2] * r2 * r2 + fit.error[3] * r2 * r2 * r2;
    CAPTURE(r);
    CHECK(squares / expected > 0.2);
    CHECK(squares / expected < 3);
  }
}

TEST_CASE("leave-one-out errors in closed form are those of fits without the point") {
  // What is left out shifts hyperparameters too, hence the tolerance.
  const Index n = 40;
  const fit::impl::Sample all = sample_of(n, 0.5);
  double squares = 0;
  for (Index out = 0; out < n; ++out) {
    fit::impl::Sample rest = all;
    Index row = 0;
    for (Index i = 0; i < n; ++i) {
      if (i == out) continue;
      rest.terms.row(row) = all.terms.row(i);
      rest.y[row++] = all.y[i];
    }
    rest.terms.conservativeResize(n - 1, Eigen::NoChange);
    rest.y.conservativeResize(n - 1), rest.growth.conservativeResize(n - 1), rest.sampling.conservativeResize(n - 1);
    const double error = all.y[out] - all.terms.row(out).dot(fit::impl::fit_polynomial(rest).coefficients);
    squares += error * error / static_cast<double>(n);
  }
  CHECK(fit::impl::fit_polynomial(all).loo_rms == doctest::Approx(std::sqrt(squares)).epsilon(0.05));
}

TEST_CASE("an emulator learns means, variances and correlations over trials") {
  const problems::Linear linear = problems::linear();
  const fit::Problem problem = linear.problem([](int) { return std::string("all"); });
  const auto runs = fit::impl::simulate(problem, fit::impl::latin_hypercube(60, 3, 1), {30, 1, 1, 2});
  const fit::Emulator emulator = fit::impl::train(runs, fit::impl::prior_region(3), 2);
  const fit::impl::Evaluator evaluator(emulator, fit::impl::usable_figures(emulator));
  REQUIRE(evaluator.figures().size() == 5);
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Vector z = 0.7 * place(i, 3);
    const fit::impl::Prospect prospect = evaluator.at(z);
    const Vector mean = linear.slopes * (linear.centre + linear.sd.cwiseProduct(z));
    for (Index f = 0; f < 5; ++f) {
      const double sd = std::sqrt(linear.noise(f, f));
      CHECK(std::fabs(prospect.mean[f] - mean[f]) < 0.2 * sd);
      CHECK(prospect.sd[f] == doctest::Approx(sd).epsilon(0.12));
    }
  }
  for (std::size_t f = 0; f < 5; ++f) {
    for (std::size_t g = 0; g < 5; ++g) {
      const double expected = std::pow(0.6, std::abs(static_cast<double>(f) - static_cast<double>(g)));
      CHECK(std::fabs(emulator.correlation(f, g) - expected) < 0.07);
    }
  }
}

TEST_CASE("the gradient of the posterior is that of its density") {
  const problems::Trial trial;
  const fit::Problem problem = trial.problem();
  const auto runs = fit::impl::simulate(problem, fit::impl::latin_hypercube(60, 3, 1), {20, 1, 1, 2});
  fit::Region region = fit::impl::prior_region(3);
  region.centre = {0.2, -0.1, 0.3};
  region.spread(1, 0) = 0.4, region.spread(2, 2) = 0.7;
  const fit::Emulator emulator = fit::impl::train(runs, region, 2);
  const auto figures = fit::impl::calibrated_figures(problem, emulator, nullptr);
  const fit::impl::Posterior posterior(fit::impl::Evaluator(emulator, figures),
                                       fit::impl::observed_on_axes(problem, figures), fit::impl::standard_prior(3));
  for (std::uint64_t i = 0; i < 10; ++i) {
    const Vector z = place(i, 3);
    std::vector<double> gradient(3), ignored(3);
    posterior.log_density({z.data(), 3}, gradient);
    for (Index j = 0; j < 3; ++j) {
      Vector up = z, down = z;
      up[j] += 1e-5, down[j] -= 1e-5;
      const double slope =
          (posterior.log_density({up.data(), 3}, ignored) - posterior.log_density({down.data(), 3}, ignored)) / 2e-5;
      CHECK(gradient[static_cast<std::size_t>(j)] == doctest::Approx(slope).epsilon(1e-5));
    }
  }
}
