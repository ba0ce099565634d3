#include "base/progress.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "base/parallel.h"

using namespace carina;
using namespace std::chrono_literals;

TEST_CASE("progress is reported at the end, whatever the interval") {
  std::vector<Progress> seen;
  ProgressMeter meter([&](const Progress& progress) { seen.push_back(progress); }, 10, 0, 1h);
  for (int i = 0; i < 5; ++i) meter.add(2);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].done == 10);
  CHECK(seen[0].total == 10);
  CHECK(seen[0].rate > 0);
  CHECK(seen[0].seconds_left == 0);
}

TEST_CASE("the rate counts what this attempt did and tells when it ends") {
  std::vector<Progress> seen;
  ProgressMeter meter([&](const Progress& progress) { seen.push_back(progress); }, 1000, 900, 0ms);
  std::this_thread::sleep_for(20ms);
  meter.add(50);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].done == 950);
  CHECK(seen[0].rate <= 50 / 0.020);
  CHECK(seen[0].seconds_left == doctest::Approx(50 / seen[0].rate));
}

TEST_CASE("progress of many threads only grows and loses nothing") {
  std::vector<std::uint64_t> seen;
  ProgressMeter meter([&](const Progress& progress) { seen.push_back(progress.done); }, 5000, 0, 0ms);
  for_each_chunk(5000, {4}, [&](std::uint64_t) { meter.add(1); });
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.size() == 5000);
  CHECK(seen.back() == 5000);
}
