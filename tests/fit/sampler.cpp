#include "fit/sampler.h"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "base/hash.h"
#include "base/random.h"

using namespace carina;

namespace {

double normal(std::uint64_t stream, std::uint64_t i) {
  return random::normal(5, random::Domain::Resampling, {stream, i, 0, 0, 0});
}

fit::SamplerStart start_at(std::size_t chains, std::size_t dimensions, int threads = 2) {
  fit::SamplerStart start;
  start.seed = 11, start.stream = 3, start.threads = threads;
  start.points = fit::Matrix(chains, dimensions);
  for (std::size_t c = 0; c < chains; ++c) {
    for (std::size_t j = 0; j < dimensions; ++j) start.points(c, j) = 2 * normal(c, j);
  }
  return start;
}

// A normal distribution in six dimensions with SDs from 0.01 to 10 and correlations up to 0.9.
struct Normal {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance, precision;

  Normal() {
    mean = Eigen::VectorXd::LinSpaced(6, -1, 1);
    covariance.resize(6, 6);
    for (int i = 0; i < 6; ++i) {
      for (int j = 0; j < 6; ++j) {
        covariance(i, j) = std::pow(0.9, std::abs(i - j)) * std::pow(10.0, -2 + 0.6 * i) * std::pow(10.0, -2 + 0.6 * j);
      }
    }
    precision = covariance.inverse();
  }
  fit::Density density() const {
    return [this](std::span<const double> x, std::span<double> gradient) {
      const Eigen::VectorXd away = Eigen::Map<const Eigen::VectorXd>(x.data(), 6) - mean;
      Eigen::Map<Eigen::VectorXd>(gradient.data(), 6) = -precision * away;
      return -0.5 * away.dot(precision * away);
    };
  }
};

}  // namespace

TEST_CASE("the sampler finds mean and covariance of a badly scaled normal distribution") {
  const Normal normal_distribution;
  const fit::Chains chains = fit::sample(normal_distribution.density(), start_at(4, 6));
  CHECK(chains.worst_rhat() < 1.01);
  CHECK(chains.least_ess() > 1000);
  CHECK(chains.divergences == 0);
  CHECK(chains.acceptance == doctest::Approx(0.8).epsilon(0.2));
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::MatrixXd draws = Eigen::Map<const RowMajor>(chains.draws.values.data(), 4000, 6);
  const Eigen::VectorXd mean = draws.colwise().mean();
  const Eigen::MatrixXd centred = draws.rowwise() - draws.colwise().mean();
  const Eigen::MatrixXd covariance = centred.transpose() * centred / 3999;
  for (int i = 0; i < 6; ++i) {
    const double sd = std::sqrt(normal_distribution.covariance(i, i));
    CHECK(std::fabs(mean[i] - normal_distribution.mean[i]) / sd < 0.08);  // 4 standard errors at an ess of 2500
    for (int j = 0; j < 6; ++j) {
      const double size = sd * std::sqrt(normal_distribution.covariance(j, j));
      CHECK(std::fabs(covariance(i, j) - normal_distribution.covariance(i, j)) / size < 0.12);
    }
  }
}

TEST_CASE("the sampler bends round a banana") {
  // x ~ N(0, 1), y | x ~ N(x^2, 1/4): mean of y 1, variance 2 + 1/4.
  const fit::Density banana = [](std::span<const double> at, std::span<double> gradient) {
    const double rest = at[1] - at[0] * at[0];
    gradient[0] = -at[0] + 8 * rest * at[0];
    gradient[1] = -4 * rest;
    return -0.5 * at[0] * at[0] - 2 * rest * rest;
  };
  fit::SamplerOptions options;
  options.iterations = 5000, options.acceptance = 0.9;
  const fit::Chains chains = fit::sample(banana, start_at(4, 2), options);
  CHECK(chains.worst_rhat() < 1.02);
  double x = 0, xx = 0, y = 0, yy = 0, beyond = 0;
  for (std::size_t i = 0; i < chains.draws.rows; ++i) {
    const double a = chains.draws(i, 0), b = chains.draws(i, 1);
    x += a / 20000, xx += a * a / 20000, y += b / 20000, yy += b * b / 20000;
    beyond += std::fabs(a) > 1.6448536 ? 1.0 / 20000 : 0;
  }
  CHECK(std::fabs(x) < 0.06);
  CHECK(xx == doctest::Approx(1).epsilon(0.08));
  CHECK(y == doctest::Approx(1).epsilon(0.08));
  CHECK(yy - y * y == doctest::Approx(2.25).epsilon(0.2));
  CHECK(beyond == doctest::Approx(0.1).epsilon(0.15));
}

TEST_CASE("draws have the same bits for one, two and three threads") {
  const Normal normal_distribution;
  std::vector<std::string> hashes;
  for (const int threads : {1, 2, 3}) {
    Hash hash;
    hash.doubles(fit::sample(normal_distribution.density(), start_at(4, 6, threads), {4, 100, 100}).draws.values);
    hashes.push_back(hash.hex());
  }
  CHECK(hashes[0] == hashes[1]);
  CHECK(hashes[0] == hashes[2]);
}

TEST_CASE("independent chains count whole, slow ones by their autocorrelation, and parted ones are found out") {
  std::vector<double> independent, slow, parted, widths;
  for (std::uint64_t c = 0; c < 4; ++c) {
    double value = normal(c, 999999);
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const double e = normal(10 + c, i);
      independent.push_back(e);
      value = 0.5 * value + std::sqrt(0.75) * e;
      slow.push_back(value);
      parted.push_back(e + (c == 0 ? 1.0 : 0.0));
      widths.push_back(e * (c == 0 ? 3.0 : 1.0));
    }
  }
  const fit::Mixing good = fit::mixing(independent, 4);
  CHECK(good.rhat < 1.002);
  CHECK(good.ess_bulk == doctest::Approx(8000).epsilon(0.12));
  CHECK(good.ess_tail == doctest::Approx(8000).epsilon(0.15));
  CHECK(fit::mixing(slow, 4).ess_bulk == doctest::Approx(8000.0 / 3).epsilon(0.12));  // (1 - 0.5)/(1 + 0.5)
  CHECK(fit::mixing(parted, 4).rhat > 1.05);
  CHECK(fit::mixing(widths, 4).rhat > 1.05);  // only the folded one sees it
}
