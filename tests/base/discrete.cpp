#include "base/discrete.h"

#include <doctest/doctest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>

using namespace carina::random;
namespace bm = boost::math;

namespace {

// The quantile of u is the first number whose cumulative probability, here Boost's, reaches u.
template <class Cumulative, class Quantile>
void check_quantiles(Cumulative cumulative, Quantile quantile) {
  for (int i = 0; i < 141; ++i) {
    const double u = 0.0005 + 0.0071 * i;
    const double k = quantile(u);
    CAPTURE(u);
    CAPTURE(k);
    CHECK(cumulative(k) >= u - 1e-9);
    if (k > 0) CHECK(cumulative(k - 1) <= u + 1e-9);
  }
}

}  // namespace

TEST_CASE("binomial quantiles are the first numbers whose cumulative probability reaches u") {
  for (const double n : {1.0, 7.0, 100.0, 199.0, 40000.0}) {
    for (const double p : {1e-4, 0.03, 0.5, 0.77, 0.9999}) {
      CAPTURE(n);
      CAPTURE(p);
      const bm::binomial_distribution<> known(n, p);
      check_quantiles([&](double k) { return bm::cdf(known, k); }, [&](double u) { return binomial_quantile(u, n, p); });
    }
  }
  CHECK(binomial_quantile(0.3, 0, 0.5) == 0);
  CHECK(binomial_quantile(0.3, 12, 0) == 0);
  CHECK(binomial_quantile(0.3, 12, 1) == 12);
}

TEST_CASE("Poisson quantiles are the first numbers whose cumulative probability reaches u") {
  for (const double mean : {1e-6, 0.02, 1.0, 9.5, 300.0, 2.5e5}) {
    CAPTURE(mean);
    const bm::poisson_distribution<> known(mean);
    check_quantiles([&](double k) { return bm::cdf(known, k); }, [&](double u) { return poisson_quantile(u, mean); });
  }
  CHECK(poisson_quantile(0.999, 0) == 0);
  // beyond the walk: the normal distribution
  CHECK(poisson_quantile(0.5, 1e12) == doctest::Approx(1e12).epsilon(1e-9));
}

TEST_CASE("negative binomial quantiles are the first numbers whose cumulative probability reaches u") {
  for (const double n : {1.0, 3.0, 150.0}) {
    for (const double q : {1e-5, 0.05, 0.5, 0.99}) {
      CAPTURE(n);
      CAPTURE(q);
      const bm::negative_binomial_distribution<> known(n, 1 - q);
      check_quantiles([&](double k) { return bm::cdf(known, k); },
                      [&](double u) { return negative_binomial_quantile(u, n, q); });
    }
  }
}

TEST_CASE("a negative binomial far beyond the walk keeps its skewed shape") {
  const auto check = [](double n, double q) {
    const bm::negative_binomial_distribution<> known(n, 1 - q);
    for (int i = 0; i < 34; ++i) {
      const double u = 1e-5 + 0.0303 * i;
      CAPTURE(n);
      CAPTURE(q);
      CAPTURE(u);
      CHECK(std::fabs(negative_binomial_quantile(u, n, q) - bm::quantile(known, u)) < 2e-3 * std::sqrt(n * q) / (1 - q) + 1);
    }
  };
  for (const double n : {1.0, 4.0, 75.0, 999.0, 1000.0, 40000.0}) {
    for (const double size : {1e4, 1e7, 1e10}) check(n, size / (1 + size));
  }
  check(2e6, 0.5);
  check(2e6, 0.9);
}

TEST_CASE("draws rise with their random number and the ends of the unit interval give finite draws") {
  double before[3] = {0, 0, 0};
  for (int step = 0; step < 4096; ++step) {
    const double u = 0x1p-53 + step / 4096.0;
    const double now[3] = {binomial_quantile(u, 150, 0.8), poisson_quantile(u, 40), negative_binomial_quantile(u, 20, 0.3)};
    for (int i = 0; i < 3; ++i) {
      CHECK(now[i] >= before[i]);
      before[i] = now[i];
    }
  }
  CHECK(binomial_quantile(1 - 0x1p-53, 150, 0.8) <= 150);
  CHECK(poisson_quantile(1 - 0x1p-53, 40) < 120);
  CHECK(negative_binomial_quantile(1 - 0x1p-53, 20, 0.3) < 100);
}
