/// @file
/// Prints the rows of the benchmarks: a table for people, or JSON.
#pragma once

#include "runner/measure.h"

#include <string>
#include <vector>

namespace carina::bench {

/// The rows as an aligned table.
std::string as_table(const std::vector<Row>& rows);

/// The rows as a JSON array of objects.
std::string as_json(const std::vector<Row>& rows);

}  // namespace carina::bench
