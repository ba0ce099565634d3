#include "base/math.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

using namespace carina;

namespace {

// Error in units of the last place of `exact`, which the C library's long double functions give.
double ulps(double value, long double exact) {
  const auto rounded = static_cast<double>(exact);
  const double step = std::nextafter(std::fabs(rounded), HUGE_VAL) - std::fabs(rounded);
  return static_cast<double>(std::fabs(static_cast<long double>(value) - exact) / static_cast<long double>(step));
}

double draw(std::uint64_t i, double low, double high) {
  return low + (high - low) * random::uniform(3, random::Domain::Resampling, {i, 0, 0, 0, 0});
}

}  // namespace

TEST_CASE("exp, log and tanh are as accurate as they say") {
  double worst_exp = 0, worst_log = 0, worst_tanh = 0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    for (const double x : {draw(5 * i, -700, 700), draw(5 * i + 1, -1, 1)}) {
      worst_exp = std::max(worst_exp, ulps(math::exp(x), std::exp(static_cast<long double>(x))));
    }
    for (const double x : {std::exp(draw(5 * i + 2, -700, 700)), draw(5 * i + 3, 0.5, 2)}) {
      worst_log = std::max(worst_log, ulps(math::log(x), std::log(static_cast<long double>(x))));
    }
    const double x = draw(5 * i + 4, -4, 4);
    worst_tanh = std::max(worst_tanh, ulps(math::tanh(x), std::tanh(static_cast<long double>(x))));
  }
  CHECK(worst_exp < 1.2);
  CHECK(worst_log < 1.0);
  CHECK(worst_tanh < 2.0);
}

TEST_CASE("pow loses no more than its documentation allows") {
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const double a = std::exp(draw(2 * i, -20, 20));
    const double b = draw(2 * i + 1, -10, 10);
    const long double exact = std::pow(static_cast<long double>(a), static_cast<long double>(b));
    const double error = std::fabs(static_cast<double>(static_cast<long double>(math::pow(a, b)) / exact - 1));
    REQUIRE(error < 2e-16 * (1.5 + std::fabs(b * std::log(a))));
  }
}

TEST_CASE("the edges of exp, log and pow are as documented") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(math::exp(0) == 1);
  CHECK(math::exp(-709) == 0);
  CHECK(math::exp(-infinity) == 0);
  CHECK(math::exp(710) == infinity);
  CHECK(std::isfinite(math::exp(709.7827)));
  CHECK(std::isnan(math::exp(std::nan(""))));
  CHECK(math::log(1) == 0);
  CHECK(math::log(0) == -infinity);
  CHECK(math::log(infinity) == infinity);
  CHECK(std::isnan(math::log(-1)));
  CHECK(std::isnan(math::log(std::nan(""))));
  CHECK(math::pow(-2, 1.5) == 0);
  CHECK(math::pow(0, 0) == 1);
  CHECK(math::pow(0, -1) == infinity);
  CHECK(std::isnan(math::pow(std::nan(""), 2)));
  CHECK(math::tanh(1000) == 1);
  CHECK(math::tanh(-1000) == -1);
}
