/// @file
/// Instructions of the virtual machine: operands are places in arrays, resolved when the kernel is made.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ensemble/impl/program.h"

namespace carina::ensemble {

/// A row: which array, and how many doubles into it.
struct VmOperand {
  std::uint32_t base = 0;
  std::uint32_t offset = 0;
};

/// Which operand is the result of the instruction before.
enum class Held : std::uint8_t { Nothing, A, B, C };

/// dst = code(a, b, c) over a row. Code::Row copies a.
struct VmInstruction {
  Code code = Code::Row;
  Held held = Held::Nothing;
  bool keep = false;  // the result stays in registers for the next instruction and is not stored
  VmOperand dst, a, b, c;
};

}  // namespace carina::ensemble
