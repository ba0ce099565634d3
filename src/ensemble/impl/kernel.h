/// @file
/// A program made executable over a block of lanes. Two engines make kernels: the virtual machine (impl/vm.h), always there,
/// and the JIT (impl/jit.h). Same program, same bits.
#pragma once

#include <memory>

#include "ensemble/impl/program.h"

namespace carina::ensemble {

/// Something to call: runs over every lane of the block that it was made for.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Array rows have as many doubles as the block has lanes and are aligned to 64 bytes.
  virtual void run(const Arrays& arrays) const = 0;
};

/// Lanes of a block that the virtual machine runs on.
inline constexpr std::size_t vm_lanes = 32;

/// A kernel of the virtual machine. Not for concurrent calls: it owns its scratch rows.
std::unique_ptr<Kernel> make_vm_kernel(const Program& program);

}  // namespace carina::ensemble
