/// @file
/// A broken invariant is our mistake: CARINA_CHECK prints the place and the condition and aborts. It is never used for
/// what a user wrote (base/problem.h) nor for trouble in one individual (a status value in the recording).
#pragma once

namespace carina::impl {
/// Prints `condition` with its place to stderr and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace carina::impl

/// Aborts with place and text when `condition` is false. Always on: it guards no inner loop.
#define CARINA_CHECK(condition) \
  (static_cast<bool>(condition) ? void(0) : ::carina::impl::check_failed(#condition, __FILE__, __LINE__))
