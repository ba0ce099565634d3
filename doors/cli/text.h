/// @file
/// Numbers as a person reads them.
#pragma once

#include <string>

namespace carina::cli {

/// `3.2 s`, `5 min 10 s`, `2 h 5 min`.
std::string duration_text(double seconds);
/// `1.5 GB`.
std::string bytes_text(double bytes);
/// Three digits or more, with commas: `12,345`, `0.00123`, `1.5e9`.
std::string count_text(double value);

}  // namespace carina::cli
