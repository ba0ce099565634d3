/// @file
/// Programs as C++ text, to be compiled ahead of time into a shared library: the third way to run them, with the same bits.
#pragma once

#include <string>
#include <vector>

#include "ensemble/impl/jit.h"

namespace carina::ensemble {

/// A translation unit with one function program_N(a, b, c, d, out) a program, for blocks of jit_lanes lanes. It needs GCC's
/// or clang's vector types, a target with fused multiply-adds, and -ffp-contract=off.
std::string source_text(const std::vector<const Program*>& programs);

/// The code of such a library; null when it cannot be loaded or lacks a program.
std::shared_ptr<const JitCode> load_library(const std::string& path, std::size_t programs);

}  // namespace carina::ensemble
