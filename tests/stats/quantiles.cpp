#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "stats/quantiles.h"

using carina::stats::QuantileSketch;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Hyndman and Fan's type 7 of values in order.
double type_7(const std::vector<double>& ordered, double p) {
  const double h = static_cast<double>(ordered.size() - 1) * p;
  const auto k = static_cast<std::size_t>(h);
  if (k + 1 >= ordered.size()) return ordered.back();
  return ordered[k] + (h - static_cast<double>(k)) * (ordered[k + 1] - ordered[k]);
}

/// Values over many orders of magnitude, some zero, some negative; the generator is the standard's, equal everywhere.
std::vector<double> values(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<double> list;
  for (std::size_t i = 0; i < count; ++i) {
    const double u = static_cast<double>(generator() >> 11) * 0x1p-53;
    const double v = static_cast<double>(generator() >> 11) * 0x1p-53;
    const double size = std::exp(60 * (u - 0.5));
    list.push_back(v < 0.01 ? 0.0 : (v < 0.3 ? -size : size));
  }
  return list;
}
}  // namespace

TEST_CASE("quantiles are within 2^-10 of those of the ordered values") {
  std::vector<double> list = values(20000, 1);
  QuantileSketch sketch;
  sketch.add(list);
  std::sort(list.begin(), list.end());
  CHECK(sketch.count() == 20000);
  CHECK(sketch.min() == list.front());
  CHECK(sketch.max() == list.back());
  std::vector<double> probabilities;
  for (int i = 0; i <= 1000; ++i) probabilities.push_back(i / 1000.0);
  const std::vector<double> found = sketch.quantiles(probabilities);
  double worst = 0;
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double expected = type_7(list, probabilities[i]);
    const double h = 19999 * probabilities[i];
    const double scale = std::max(std::abs(list[static_cast<std::size_t>(h)]),
                                  std::abs(list[std::min<std::size_t>(19999, static_cast<std::size_t>(h) + 1)]));
    if (scale > 0) worst = std::max(worst, std::abs(found[i] - expected) / scale);
    CHECK(found[i] == sketch.quantile(probabilities[i]));
  }
  CHECK(worst <= QuantileSketch::relative_error);
  CHECK(worst > QuantileSketch::relative_error / 8);  // the error is that of the bins, not of a lucky case
}

TEST_CASE("the error bound holds at both ends of a bin") {
  for (const double value : {1.0, std::nextafter(1 + 1.0 / 512, 0.0), std::nextafter(2.0, 0.0), 3e-300, 7e299}) {
    QuantileSketch sketch;
    sketch.add(value * 0.5);
    sketch.add(value);
    sketch.add(value * 1.9);
    CHECK(std::abs(sketch.quantile(0.5) - value) <= value * QuantileSketch::relative_error);
  }
}

TEST_CASE("few values give exact ends and type 7 between") {
  QuantileSketch sketch;
  CHECK(std::isnan(sketch.quantile(0.5)));
  CHECK(std::isnan(sketch.min()));
  sketch.add(3.7);
  CHECK(sketch.quantile(0) == 3.7);
  CHECK(sketch.quantile(0.31) == 3.7);
  CHECK(sketch.quantile(1) == 3.7);
  sketch.add(-1.3);
  CHECK(sketch.quantile(0) == -1.3);
  CHECK(sketch.quantile(0.25) == doctest::Approx(-0.05).epsilon(1e-12));
  CHECK(sketch.quantile(1) == 3.7);
}

TEST_CASE("merging gives the same sketch for any order and grouping") {
  const std::vector<double> list = values(5000, 2);
  QuantileSketch whole;
  whole.add(list);
  QuantileSketch parts[3], forward, backward;
  for (std::size_t i = 0; i < list.size(); ++i) parts[i * i % 3].add(list[i]);
  for (const QuantileSketch& part : parts) forward.merge(part);
  for (int i = 2; i >= 0; --i) CHECK(backward.merge_bytes(parts[i].bytes()));
  CHECK(forward.bytes() == whole.bytes());
  CHECK(backward.bytes() == whole.bytes());
  CHECK(forward.quantile(0.371) == whole.quantile(0.371));
}

TEST_CASE("NaNs are counted apart; infinities, zeros and the smallest numbers have their places") {
  QuantileSketch sketch;
  for (const double value : {missing, 2.0, infinity, 0.0, -0.0, 4e-320, -infinity, -2.0, -missing}) sketch.add(value);
  CHECK(sketch.nan_count() == 2);
  CHECK(sketch.count() == 7);
  CHECK(sketch.min() == -infinity);
  CHECK(sketch.max() == infinity);
  CHECK(sketch.quantile(0.5) == 0);
  CHECK(sketch.quantile(1.0 / 6) == doctest::Approx(-2).epsilon(0.001));
  CHECK(sketch.quantile(0.05) == -infinity);
  CHECK(sketch.quantile(0.95) == infinity);
  QuantileSketch copy;
  CHECK(copy.merge_bytes(sketch.bytes()));
  CHECK(copy.bytes() == sketch.bytes());
  CHECK(copy.nan_count() == 2);
}

TEST_CASE("a count goes on beyond 2^32") {
  QuantileSketch sketch;
  sketch.add(1.5);
  for (int i = 0; i < 34; ++i) sketch.merge(sketch);
  CHECK(sketch.count() == std::uint64_t{1} << 34);
  for (int i = 0; i < 3; ++i) sketch.add(1.5);
  sketch.add(1.0);
  CHECK(sketch.count() == (std::uint64_t{1} << 34) + 4);
  QuantileSketch copy;
  CHECK(copy.merge_bytes(sketch.bytes()));
  CHECK(copy.count() == sketch.count());
  CHECK(sketch.quantile(0.5) == doctest::Approx(1.5).epsilon(0.001));
}

TEST_CASE("bytes that are not a sketch are refused and change nothing") {
  QuantileSketch sketch;
  sketch.add(values(200, 3));
  const std::vector<std::uint8_t> good = sketch.bytes();
  QuantileSketch target;
  target.add(1.0);
  const std::vector<std::uint8_t> before = target.bytes();
  for (std::size_t length = 0; length < good.size(); ++length) {
    CHECK_FALSE(target.merge_bytes(std::span(good).first(length)));
  }
  std::vector<std::uint8_t> longer = good;
  longer.push_back(0);
  CHECK_FALSE(target.merge_bytes(longer));
  std::mt19937_64 generator(4);
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint8_t> noise(generator() % 60);
    for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(generator());
    if (!noise.empty()) noise[0] = 1;
    QuantileSketch other;
    other.merge_bytes(noise);
  }
  CHECK(target.bytes() == before);
}

TEST_CASE("clearing forgets the values and a sketch stays small over many orders of magnitude") {
  QuantileSketch sketch;
  for (int i = -300; i <= 300; ++i) sketch.add(std::pow(10.0, i));
  CHECK(sketch.memory() < 4u << 20);
  sketch.clear();
  CHECK(sketch.count() == 0);
  CHECK(sketch.bytes() == QuantileSketch().bytes());
  sketch.add(2);
  CHECK(sketch.quantile(0.5) == 2);
}
