/// @file
/// What the tests of tissues share.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/random.h"
#include "tissue/cells.h"
#include "tissue/field.h"

namespace carina::tests {

/// The rows of numbers of a case file, its comments left out.
inline std::vector<std::vector<double>> numbers(const std::string& name) {
  std::ifstream file(std::string(CARINA_TEST_CASES) + "/tissue/" + name);
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream words(line);
    rows.emplace_back();
    for (double value = 0; words >> value;) rows.back().push_back(value);
  }
  return rows;
}

/// Cells at random places of a box, with volumes from `least` to `most` um3, of so many types in turn.
inline tissue::Cells crowd(const tissue::Box& box, std::size_t count, double least, double most, std::uint16_t types = 1) {
  tissue::Cells cells;
  for (std::size_t i = 0; i < count; ++i) {
    const auto draw = [&](std::uint32_t index) { return random::uniform(7, random::Domain::Tissue, {0, i, 0, 0, index}); };
    tissue::Vec3 at{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      at[axis] = box.low[axis] + box.length(axis) * draw(static_cast<std::uint32_t>(axis));
    tissue::add_cell(cells, static_cast<std::uint16_t>(i % types), at, least + (most - least) * draw(3));
  }
  return cells;
}

/// The longest distance, um, between cells at the same places.
inline double farthest(const tissue::Cells& a, const tissue::Cells& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, std::hypot(a.x[i] - b.x[i], a.y[i] - b.y[i], a.z[i] - b.z[i]));
  return most;
}

/// A hash of all columns.
inline std::string hash_of(tissue::Cells& cells) {
  Hash hash;
  tissue::for_each_column(cells, [&hash](auto& column) { hash.bytes(column.data(), column.size() * sizeof(column[0])); });
  return hash.hex();
}

}  // namespace carina::tests
