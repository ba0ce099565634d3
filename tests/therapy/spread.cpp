#include "therapy/spread.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/random.h"

using namespace carina::therapy;
using doctest::Approx;
namespace random_numbers = carina::random;

TEST_CASE("a shifted lognormal made from a range has its median, and its ends as the expected extremes") {
  const Range range{30, 45, 105, 75};
  const Lognormal wait = shifted_lognormal_from(range);
  CHECK(wait.shift == Approx(25).epsilon(1e-12));
  CHECK(wait.at(0) == Approx(45).epsilon(1e-12));
  CHECK(wait.at(expected_extreme(75)) == Approx(105).epsilon(1e-12));
  CHECK(wait.at(-expected_extreme(75)) == Approx(30).epsilon(1e-12));
}

TEST_CASE("extremes of samples lie on average where Blom says") {
  for (const int n : {37, 75, 146}) {
    double sum = 0;
    const int samples = 4000;
    for (int sample = 0; sample < samples; ++sample) {
      double highest = -100;
      for (int i = 0; i < n; ++i) {
        highest = std::max(highest, random_numbers::normal(1, random_numbers::Domain::Resampling,
                                                           {.individual = static_cast<std::uint64_t>(sample),
                                                            .occurrence = static_cast<std::uint64_t>(i),
                                                            .index = static_cast<std::uint32_t>(n)}));
      }
      sum += highest;
    }
    CAPTURE(n);
    CHECK(sum / samples == Approx(expected_extreme(n)).epsilon(0.015));
  }
}

TEST_CASE("viability with the published median and share below 80 % has the published range, which was not used") {
  struct Published {
    double median, share, low, high, n;
  };
  // B-ALL and NHL, commercial tisagenlecleucel; tolerance: two standard deviations of the extremes of such samples
  for (const Published& published :
       {Published{0.871, 0.135, 0.667, 0.968, 255}, Published{0.838, 0.31, 0.614, 0.949, 155}}) {
    const LogitNormal viability = logit_normal_from(published.median, 0.8, published.share);
    const double extreme = expected_extreme(published.n);
    CHECK(std::abs(viability.z(published.low) + extreme) < 0.8);
    CHECK(std::abs(viability.z(published.high) - extreme) < 0.8);
    CHECK(viability.at(random_numbers::normal_quantile(published.share)) == Approx(0.8).epsilon(1e-12));
  }
}

TEST_CASE("a remainder and its parts sum to the mean and variance of the whole") {
  const Lognormal whole{25, 20, 0.58};
  const std::array<Lognormal, 2> parts{Lognormal{20, 3, 0.9}, Lognormal{4, 2, 0.5}};
  const Lognormal rest = remainder(whole, parts);
  CHECK(rest.mean() + parts[0].mean() + parts[1].mean() == Approx(whole.mean()).epsilon(1e-12));
  CHECK(rest.variance() + parts[0].variance() + parts[1].variance() == Approx(whole.variance()).epsilon(1e-12));
}

TEST_CASE("mean and variance of a lognormal are those of its draws") {
  const Lognormal spread{3, 2, 0.5};
  double sum = 0, squares = 0;
  const int draws = 200'000;
  for (int i = 0; i < draws; ++i) {
    const double value = spread.at(random_numbers::normal_quantile((i + 0.5) / draws));
    sum += value;
    squares += value * value;
  }
  const double mean = sum / draws;
  CHECK(mean == Approx(spread.mean()).epsilon(1e-4));
  CHECK(squares / draws - mean * mean == Approx(spread.variance()).epsilon(2e-3));
}
