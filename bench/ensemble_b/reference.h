/// @file
/// Makes the reference solution that the tests of carina's engines read (tests/cases/workload_b/reference.csv).
#pragma once

#include <string>

namespace carina::bench {

/// The reference as CSV text: patients 0 to 50 at eight days; empty where CVODE failed.
std::string reference_b();

}  // namespace carina::bench
