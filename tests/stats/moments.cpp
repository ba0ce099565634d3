#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "stats/moments.h"

using namespace carina::stats;
using doctest::Approx;

TEST_CASE("an ordered sum keeps what plain addition loses") {
  OrderedSum sum;
  for (const double value : {1e100, 1.0, -1e100, 1.0}) sum.add(value);
  CHECK(sum.value() == 2);
  OrderedSum tenths;
  for (int i = 0; i < 1'000'000; ++i) tenths.add(0.1);
  CHECK(tenths.value() == 100000.0);
  double plain = 0;
  for (int i = 0; i < 1'000'000; ++i) plain += 0.1;
  CHECK(plain != 100000.0);
}

TEST_CASE("chunk sums merged in order are close to exact and come back from what was kept") {
  OrderedSum whole;
  for (int chunk = 0; chunk < 100; ++chunk) {
    OrderedSum part;
    for (int i = 0; i < 100; ++i) part.add(0.1 * (i % 2 ? 1e12 : 1));
    whole.merge(OrderedSum::from(part.state()));
  }
  CHECK(whole.value() == Approx(5000 * 0.1e12 + 500).epsilon(1e-16));
  OrderedSum infinite;
  infinite.add(std::numeric_limits<double>::infinity());
  infinite.add(1);
  CHECK(infinite.value() == std::numeric_limits<double>::infinity());
}

TEST_CASE("mean and variance of 2, 4, 4, 4, 5, 5, 7, 9 are 5 and 32/7") {
  Moments moments;
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) moments.add(value);
  moments.add(std::nan(""));
  CHECK(moments.count() == 8);
  CHECK(moments.nan_count() == 1);
  CHECK(moments.mean() == 5);
  CHECK(moments.variance() == Approx(32.0 / 7).epsilon(1e-15));
  CHECK(moments.sd() == Approx(std::sqrt(32.0 / 7)).epsilon(1e-15));
  CHECK(std::isnan(Moments().mean()));
  Moments one;
  one.add(3);
  CHECK(one.mean() == 3);
  CHECK(std::isnan(one.variance()));
}

TEST_CASE("a variance survives a large offset, merged or not") {
  Moments whole, parts;
  for (int chunk = 0; chunk < 10; ++chunk) {
    Moments part;
    for (int i = 0; i < 1000; ++i) {
      const double value = 1e9 + i % 3;
      whole.add(value);
      part.add(value);
    }
    parts.merge(Moments::from(part.count(), part.nan_count(), part.mean(), part.squares()));
  }
  // 0, 1, 2 with 334, 333, 333 of each thousand.
  const double mean = (333 + 666) / 1000.0;
  const double variance = (334 * mean * mean + 333 * (1 - mean) * (1 - mean) + 333 * (2 - mean) * (2 - mean)) * 10 / 9999;
  CHECK(whole.variance() == Approx(variance).epsilon(1e-9));
  CHECK(parts.variance() == Approx(variance).epsilon(1e-9));
  CHECK(parts.count() == 10000);
  CHECK(parts.mean() == Approx(1e9 + mean).epsilon(1e-15));
  Moments empty;
  empty.merge(Moments());
  empty.merge(parts);
  empty.merge(Moments());
  CHECK(empty.mean() == parts.mean());
  CHECK(empty.variance() == parts.variance());
}

TEST_CASE("geometric mean and CV are those of the logarithms") {
  GeometricMoments moments;
  for (const double value : {1.0, 10.0, 100.0, 0.0, -2.0}) moments.add(value);
  moments.add(std::nan(""));
  CHECK(moments.mean() == Approx(10).epsilon(1e-14));
  const double log10 = std::log(10.0);
  CHECK(moments.cv() == Approx(std::sqrt(std::exp(log10 * log10) - 1)).epsilon(1e-13));
  CHECK(moments.not_positive() == 2);
  CHECK(moments.logs().count() == 3);
  CHECK(moments.logs().nan_count() == 1);
  GeometricMoments merged = GeometricMoments::from(moments.logs(), moments.not_positive());
  GeometricMoments more;
  more.add(10);
  merged.merge(more);
  CHECK(merged.mean() == Approx(10).epsilon(1e-14));
  CHECK(merged.logs().count() == 4);
  CHECK(std::isnan(GeometricMoments().mean()));
}
