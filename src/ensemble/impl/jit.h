/// @file
/// The JIT: programs become machine code through LLVM's C API. Optional: built in when LLVM was found.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ensemble/impl/kernel.h"

namespace carina::ensemble {

/// Lanes of a block that machine code runs on.
inline constexpr std::size_t jit_lanes = 8;

/// Machine code of several programs. Shared by every thread.
class JitCode {
 public:
  /// Compiles; null when LLVM is not built in or refuses this machine.
  static std::shared_ptr<const JitCode> make(const std::vector<const Program*>& programs);
  virtual ~JitCode() = default;
  /// A kernel of program number `index`; it keeps the code alive.
  virtual std::unique_ptr<Kernel> kernel(std::size_t index) const = 0;
  /// Such as `llvm 14.0.6, znver3`.
  virtual std::string text() const = 0;
};

/// Machine code of one program.
using ProgramFunction = void (*)(const double*, const double*, const double*, const double*, double*);

/// A kernel that calls machine code and keeps it alive.
class FunctionKernel final : public Kernel {
 public:
  FunctionKernel(std::shared_ptr<const JitCode> code, ProgramFunction function)
      : code_(std::move(code)), function_(function) {}
  void run(const Arrays& x) const override { function_(x.a, x.b, x.c, x.d, x.out); }

 private:
  std::shared_ptr<const JitCode> code_;
  ProgramFunction function_;
};

}  // namespace carina::ensemble
