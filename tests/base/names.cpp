#include "base/names.h"

#include <doctest/doctest.h>

#include <bit>
#include <charconv>
#include <limits>
#include <vector>

#include "base/random.h"

using namespace carina;

TEST_CASE("the edit distance counts letters changed, added, lost and swapped") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("Tmax", "Tmxa") == 1);
  CHECK(edit_distance("Tmax", "tmax") == 1);
  CHECK(edit_distance("abcdef", "abcdef") == 0);
}

TEST_CASE("a mistyped name finds the nearest known one") {
  const std::vector<std::string> known = {"Tmax", "Cmax", "rho", "alpha", "half_life"};
  CHECK(nearest_name("tmax", known) == "Tmax");
  CHECK(nearest_name("Txam", known).empty());
  CHECK(nearest_name("aplha", known) == "alpha");
  CHECK(nearest_name("halflife", known) == "half_life");
  CHECK(nearest_name("Xmax", known) == "Tmax");  // the first of equals
  CHECK(nearest_name("vaccination", known).empty());
  CHECK(nearest_name("rho", {}).empty());
  CHECK(did_you_mean("aplha", known) == "did you mean \"alpha\"?");
  CHECK(did_you_mean("vaccination", known).empty());
}

TEST_CASE("a number is written as a person would") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(-0.0) == "-0");
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(450) == "450");
  CHECK(number_text(1e6) == "1e6");
  CHECK(number_text(-2.5e-9) == "-2.5e-9");
  CHECK(number_text(1e100) == "1e100");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("a number's text reads back to the same bits") {
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto bits = random::words(1, random::Domain::Resampling, {i})[0];
    const auto value = std::bit_cast<double>(bits);
    if (!(value == value)) continue;
    const std::string text = number_text(value);
    double back = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), back);
    REQUIRE_MESSAGE(read.ptr == text.data() + text.size(), text);
    REQUIRE_MESSAGE(back == value, text);
  }
}
