/// @file
/// Elimination along many lines of a grid at once.
#pragma once

#include <cstddef>

namespace carina::tissue::fast {

struct Elimination;

/// Along `count` lines whose values lie side by side; the lines begin `stride` apart.
void sweep_along(double* first, std::size_t count, std::size_t stride, const Elimination& line);

/// Along `count` lines that lie beside each other; the values of a line are `stride` apart.
void sweep_across(double* first, std::size_t count, std::size_t stride, const Elimination& line);

/// u becomes a u + b, for `count` values.
void apply(double* u, const double* a, const double* b, std::size_t count);

}  // namespace carina::tissue::fast
