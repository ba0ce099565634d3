#include "base/parallel.h"

#include <doctest/doctest.h>

#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using carina::for_each_chunk;

TEST_CASE("every chunk runs once for any number of threads") {
  for (const int threads : {0, 1, 2, 3, 8}) {
    for (const std::uint64_t count : {0u, 1u, 7u, 1000u}) {
      std::vector<int> runs(count, 0);
      CHECK(for_each_chunk(count, {threads}, [&](std::uint64_t chunk) { runs[chunk] += 1; }));
      CHECK(runs == std::vector<int>(count, 1));
    }
  }
}

TEST_CASE("eight threads really work side by side, also on fewer processors") {
  std::atomic<int> waiting = 0;
  CHECK(for_each_chunk(8, {8}, [&](std::uint64_t) {
    ++waiting;
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (waiting < 8 && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
    if (waiting < 8) throw std::runtime_error("a thread was missing");
  }));
}

TEST_CASE("one thread is the caller's own") {
  std::set<std::thread::id> seen;
  for_each_chunk(5, {1}, [&](std::uint64_t) { seen.insert(std::this_thread::get_id()); });
  CHECK(seen == std::set{std::this_thread::get_id()});
}

TEST_CASE("the exception of the lowest chunk comes back and stops the rest") {
  for (const int threads : {1, 2, 8}) {
    std::atomic<int> started = 0;
    std::string message;
    try {
      for_each_chunk(100000, {threads}, [&](std::uint64_t chunk) {
        ++started;
        if (chunk >= 10) throw std::runtime_error(std::to_string(chunk));
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    CHECK(message == "10");
    CHECK(started < 100000);
  }
}

TEST_CASE("a stopped loop ends what it began and says so") {
  std::atomic<bool> stop = false;
  std::atomic<int> done = 0;
  const bool all = for_each_chunk(100000, {2, &stop}, [&](std::uint64_t chunk) {
    if (chunk == 5) stop = true;
    ++done;
  });
  CHECK_FALSE(all);
  CHECK(done >= 6);
  CHECK(done < 100000);
  CHECK_FALSE(for_each_chunk(3, {1, &stop}, [&](std::uint64_t) { FAIL("started after the stop"); }));
}

TEST_CASE("loops may be nested") {
  std::vector<std::uint64_t> sums(6, 0);
  for_each_chunk(6, {2}, [&](std::uint64_t outer) {
    std::vector<std::uint64_t> slots(10, 0);
    for_each_chunk(10, {2}, [&](std::uint64_t inner) { slots[inner] = outer * inner; });
    sums[outer] = std::accumulate(slots.begin(), slots.end(), std::uint64_t{0});
  });
  CHECK(sums == std::vector<std::uint64_t>{0, 45, 90, 135, 180, 225});
}
