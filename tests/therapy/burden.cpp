#include "therapy/burden.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace carina::therapy;
using doctest::Approx;

namespace {

// Growth to the limit, then regression, then a standstill that is nearly none.
BurdenPath winding() {
  BurdenPath path = start_burden(10, 1e11, 0.1, 3e12);
  change_growth(path, 60, -0.05);
  change_growth(path, 90, 1e-9);
  return path;
}

double summed(const BurdenPath& path, double exponent, double from, double to) {
  const int steps = 200'000;
  double sum = 0;
  for (int i = 0; i < steps; ++i) {
    const double day = from + (to - from) * (i + 0.5) / steps;
    sum += std::pow(burden_on(path, day) / reference_burden, exponent);
  }
  return sum * (to - from) / steps;
}

}  // namespace

TEST_CASE("burden grows exponentially to its limit and shrinks from there") {
  const BurdenPath path = winding();
  CHECK(burden_on(path, 10) == Approx(1e11));
  CHECK(burden_on(path, 20) == Approx(1e11 * std::exp(1.0)));
  CHECK(burden_on(path, 50) == Approx(3e12));
  CHECK(burden_on(path, 60) == Approx(3e12));
  CHECK(burden_on(path, 80) == Approx(3e12 * std::exp(-1.0)));
}

TEST_CASE("a change before the limit was reached takes the limit's leg away") {
  BurdenPath path = start_burden(0, 1e10, 0.1, 1e12);
  change_growth(path, 20, 0);
  CHECK(burden_on(path, 400) == Approx(1e10 * std::exp(2.0)));
  CHECK(exposure(path, 1, 0, 120) == Approx(0.01 * (std::exp(2.0) - 1) / 0.1 + std::exp(2.0)));
}

TEST_CASE("exposure is the integral of the burden's power") {
  const BurdenPath path = winding();
  for (const double exponent : {0.0, 0.3, 1.0, 2.0}) {
    CAPTURE(exponent);
    CHECK(exposure(path, exponent, 10, 120) == Approx(summed(path, exponent, 10, 120)).epsilon(1e-6));
    CHECK(exposure(path, exponent, 33, 77) == Approx(summed(path, exponent, 33, 77)).epsilon(1e-6));
  }
}

TEST_CASE("the day on which an exposure is reached turns the exposure round") {
  const BurdenPath path = winding();
  for (const double exponent : {0.0, 0.3, 1.0}) {
    for (const double day : {10.5, 30.0, 44.0, 59.999, 61.0, 89.0, 95.0, 400.0}) {
      CAPTURE(exponent);
      CAPTURE(day);
      CHECK(exposure_reached(path, exponent, 10, exposure(path, exponent, 10, day)) == Approx(day).epsilon(1e-9));
    }
  }
}

TEST_CASE("an exposure that a shrinking burden never brings is never reached") {
  const BurdenPath path = start_burden(0, 1e12, -0.1, 5e12);
  CHECK(exposure_reached(path, 1, 0, 9.99) < 100);
  CHECK(exposure_reached(path, 1, 0, 10.01) == std::numeric_limits<double>::infinity());
}

TEST_CASE("the share of drop-outs by a day is that of the cumulative hazard, cause by cause") {
  const BurdenPath path = start_burden(0, 2e11, 0.03, 5e12);
  Hazards hazards;
  hazards[0] = {0.004, 0.3};
  hazards[2] = {0.002, 0};
  const int patients = 40'000;
  int dead = 0, adverse = 0;
  for (int i = 0; i < patients; ++i) {
    const Exit exit = first_exit(path, hazards, 0, {1, static_cast<std::uint64_t>(i)});
    if (exit.day > 60) continue;
    ++(exit.why == DropOut::Death ? dead : adverse);
  }
  const double cumulative = 0.004 * exposure(path, 0.3, 0, 60) + 0.002 * 60;
  const double out = 1 - std::exp(-cumulative);
  const double error = std::sqrt(out * (1 - out) / patients);
  CHECK(std::abs(static_cast<double>(dead + adverse) / patients - out) < 4 * error);
  CHECK(dead > adverse);
}

TEST_CASE("more burden never makes death later for the same luck") {
  Hazards hazards;
  hazards[0] = {0.01, 0.3};
  for (std::uint64_t i = 0; i < 200; ++i) {
    double last = std::numeric_limits<double>::infinity();
    for (const double burden : {1e9, 1e10, 1e11, 1e12}) {
      const double day = first_exit(start_burden(0, burden, 0.05, 5e12), hazards, 0, {7, i}).day;
      CHECK(day <= last);
      last = day;
    }
  }
}
