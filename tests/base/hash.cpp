#include "base/hash.h"

#include <doctest/doctest.h>

#include <limits>
#include <numeric>
#include <vector>

using carina::Hash;
using carina::hash_text;

namespace {

std::string hash_of(std::vector<double> values) {
  Hash hash;
  hash.doubles(values);
  return hash.hex();
}

}  // namespace

TEST_CASE("a text hashes as XXH3-128 does elsewhere") {
  CHECK(hash_text("") == "99aa06d3014798d86001c324468d497f");  // xxhsum -H2 of an empty file
  CHECK(hash_text("carina") != hash_text("Carina"));
}

TEST_CASE("a hash does not depend on how a column was cut") {
  std::vector<double> values(5000);
  std::iota(values.begin(), values.end(), -2500.25);
  Hash pieces;
  const std::span<const double> all(values);
  for (std::size_t first = 0; first < all.size(); first += 700) {
    pieces.doubles(all.subspan(first, std::min<std::size_t>(700, all.size() - first)));
  }
  CHECK(pieces.hex() == hash_of(values));
}

TEST_CASE("every NaN hashes alike and the two zeros differ") {
  const double quiet = std::numeric_limits<double>::quiet_NaN();
  CHECK(hash_of({1, quiet}) == hash_of({1, -quiet}));
  CHECK(hash_of({1, quiet}) == hash_of({1, std::numeric_limits<double>::signaling_NaN()}));
  CHECK(hash_of({0.0}) != hash_of({-0.0}));
  CHECK(hash_of({1.0}) != hash_of({1.0 + 0x1p-52}));
}

TEST_CASE("texts keep their borders and reading a hash does not end it") {
  Hash first, second;
  first.text("ab");
  first.text("c");
  second.text("a");
  CHECK(second.hex() == second.hex());
  second.text("bc");
  CHECK(first.hex() != second.hex());
}

TEST_CASE("whole numbers and floats count with their type and order") {
  Hash numbers, swapped, floats;
  numbers.integers(std::vector<std::int64_t>{1, -2});
  swapped.integers(std::vector<std::int64_t>{-2, 1});
  floats.floats(std::vector<float>{1, -2});
  CHECK(numbers.hex() != swapped.hex());
  CHECK(numbers.hex() != floats.hex());
}
