#include "base/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

using namespace carina::random;

namespace {

constexpr std::uint64_t seed = 20240917;

template <class Draw>
std::vector<double> sample(int count, Draw draw) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(draw(static_cast<std::uint64_t>(i)));
  return values;
}

/// Largest distance between the distribution of a sample and a given one, times the root of the size.
template <class Cdf>
double kolmogorov(std::vector<double> values, Cdf cdf) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double p = cdf(values[i]);
    const auto rank = static_cast<double>(i);
    distance = std::max({distance, p - rank / n, (rank + 1) / n - p});
  }
  return distance * std::sqrt(n);
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;  // both uniform: mean 1/2, variance 1/12
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - 0.5) * (b[i] - 0.5);
  return 12 * sum / static_cast<double>(a.size());
}

}  // namespace

// Vectors published with Random123 (tests/kat_vectors, "philox4x64 10"). The domain is the second word of the key, purpose
// and index are the last word of the counter.
TEST_CASE("words are those of Philox4x64-10 as published") {
  CHECK(words(0, Domain{0}, {}) == Words{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b});
  const std::uint64_t ones = ~std::uint64_t{0};
  CHECK(words(ones, Domain{ones}, {ones, ones, ones, ~std::uint32_t{0}, ~std::uint32_t{0}}) ==
        Words{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0});
  CHECK(words(0x452821e638d01377, Domain{0xbe5466cf34e90c6c},
              {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98, 0xec4e6c89}) ==
        Words{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6});
}

TEST_CASE("every part of an address matters") {
  const Address home{7, 8, 9, 10, 11};
  std::set<Words> seen = {words(seed, Domain::Variability, home), words(seed + 1, Domain::Variability, home),
                          words(seed, Domain::Observation, home)};
  Address other = home;
  other.individual = 8;
  seen.insert(words(seed, Domain::Variability, other));
  other = home;
  other.cell = 9;
  seen.insert(words(seed, Domain::Variability, other));
  other = home;
  other.occurrence = 10;
  seen.insert(words(seed, Domain::Variability, other));
  other = home;
  other.purpose = 11;
  seen.insert(words(seed, Domain::Variability, other));
  other = home;
  other.index = 12;
  seen.insert(words(seed, Domain::Variability, other));
  CHECK(seen.size() == 8);
}

TEST_CASE("a uniform number lies inside (0, 1), its complement too") {
  CHECK(uniform(0) == 0x1p-53);
  CHECK(uniform(~std::uint64_t{0}) == 1 - 0x1p-53);
  const double p = uniform(words(seed, Domain::Trial, {})[0]);
  CHECK(1 - (1 - p) == p);
}

// Quantiles computed with 60 digits by mpmath: sqrt(2) erfinv(2p - 1) of the double next to p.
TEST_CASE("the normal quantile is right to 1e-15 in the middle, the flanks and the tails") {
  const double expected[][2] = {{0.25, -0.6744897501960817432},       {0.075, -1.4395314709384559349},
                                {0.0749, -1.4402382675279636631},     {0.925, 1.4395314709384562291},
                                {0.975, 1.9599639845400538556},       {0.9, 1.2815515655446005935},
                                {1e-3, -3.0902323061678135354},       {1e-9, -5.9978070150076868614},
                                {1e-11, -6.7060231554951362961},      {1.3e-11, -6.6676114565107408347},
                                {1e-15, -7.9413453261709967713},      {0x1p-53, -8.2095361516013868556},
                                {1 - 0x1p-53, 8.2095361516013868556}, {0.5 + 0x1p-40, 2.2797651350911114627e-12}};
  for (const auto& [p, z] : expected) CHECK(std::abs(normal_quantile(p) / z - 1) < 1e-15);
  CHECK(normal_quantile(0.5) == 0);
}

// The seed is fixed, so these either hold or do not; a right generator fails each bound for one seed in a thousand.
TEST_SUITE("statistics") {
  TEST_CASE("uniform numbers of neighbouring individuals are uniform and independent") {
    const int n = 100000;
    const auto first = sample(n, [](std::uint64_t i) { return uniform(seed, Domain::Variability, {i}); });
    const auto next = sample(n, [](std::uint64_t i) { return uniform(seed, Domain::Variability, {i + 1}); });
    const auto index = sample(n, [](std::uint64_t i) { return uniform(seed, Domain::Variability, {i, 0, 0, 0, 1}); });
    const auto domain = sample(n, [](std::uint64_t i) { return uniform(seed, Domain::Observation, {i}); });
    const auto reseeded = sample(n, [](std::uint64_t i) { return uniform(seed + 1, Domain::Variability, {i}); });
    CHECK(kolmogorov(first, [](double u) { return u; }) < 1.95);
    const double bound = 3.29 / std::sqrt(static_cast<double>(n));
    for (const auto& other : {next, index, domain, reseeded}) CHECK(std::abs(correlation(first, other)) < bound);
  }

  TEST_CASE("normal numbers follow the normal distribution into its tails") {
    const int n = 200000;
    const auto z = sample(n, [](std::uint64_t i) { return normal(seed, Domain::Variability, {i, 0, 0, 3}); });
    CHECK(kolmogorov(z, [](double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }) < 1.95);
    const auto beyond = static_cast<double>(std::count_if(z.begin(), z.end(), [](double x) { return std::abs(x) > 3; }));
    const double expected = 0.0026997960632601866 * n;
    CHECK(std::abs(beyond - expected) < 3.29 * std::sqrt(expected));
  }

  TEST_CASE("each of the 256 bits of a draw is a fair coin") {
    const int n = 20000;
    std::array<int, 256> ones{};
    for (int i = 0; i < n; ++i) {
      const Words draw = words(seed, Domain::Tissue, {static_cast<std::uint64_t>(i)});
      for (std::size_t bit = 0; bit < 256; ++bit) ones[bit] += static_cast<int>(draw[bit / 64] >> (bit % 64) & 1);
    }
    double chi_squared = 0;
    for (const int count : ones) chi_squared += std::pow(2 * count - n, 2) / n;
    CHECK(chi_squared < 330.5);  // 0.999 quantile of chi-squared with 256 degrees of freedom
    CHECK(chi_squared > 190.0);  // 0.001 quantile
  }
}
