/// @file
/// A program: straight-line code in single assignment form, the one thing that defines the bits of a result. It reads rows of
/// up to four input arrays and writes rows of one output array; a row has one number a lane. The virtual machine and the JIT
/// execute the same program; exp, log, pow and tanh stand in it as one instruction, whose meaning is base/formula.h.
///
/// Truth values are 1.0 and 0.0. Programs are values: made once by the lowering (impl/lower.h), then never changed.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace carina::ensemble {

/// What an instruction does with its operands a, b, c.
enum class Code : std::uint8_t {
  Constant,  // value
  Row,       // row `row` of input array `space`
  Neg,
  Sqrt,
  Exp,
  Log,
  Tanh,
  Floor,
  Abs,
  Not,
  Recip,  // 1 / a
  Add,
  Sub,
  Mul,
  Div,
  Pow,
  Min,  // a < b ? a : b
  Max,  // a < b ? b : a
  Less,
  LessEqual,
  Equal,
  And,
  Or,
  Fma,     // a*b + c
  Fms,     // a*b - c
  Fnma,    // c - a*b
  Select,  // a ? b : c
};

/// Number of operands.
int operand_count(Code code);

/// The input arrays of a program.
enum class Space : std::uint8_t { A, B, C, D };

/// Index of a value: the instruction that makes it.
using ValueId = std::uint32_t;

/// One instruction; its own index is the value it makes.
struct Instruction {
  Code code = Code::Constant;
  Space space = Space::A;  // of a Row
  std::uint32_t row = 0;   // of a Row
  ValueId a = 0, b = 0, c = 0;
  double value = 0;  // of a Constant
};

/// Instructions in order, and which values go to which output row.
struct Program {
  std::vector<Instruction> code;
  std::vector<ValueId> outputs;  // output row r is the value outputs[r]

  /// Instructions that compute (neither Constant nor Row).
  std::size_t size() const;
};

/// Makes a program; equal instructions become one.
class ProgramBuilder {
 public:
  ValueId constant(double value);
  ValueId row(Space space, std::uint32_t row);
  ValueId op(Code code, ValueId a, ValueId b = 0, ValueId c = 0);
  /// Appends an output row.
  void output(ValueId value) { program_.outputs.push_back(value); }
  const Instruction& operator[](ValueId id) const { return program_.code[id]; }
  /// The finished program, without what no output needs.
  Program finish();

 private:
  struct Key {
    Code code;
    Space space;
    std::uint32_t row, a, b, c;
    std::uint64_t bits;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  ValueId intern(const Instruction& instruction);

  Program program_;
  std::unordered_map<Key, ValueId, KeyHash> index_;
};

/// The input arrays and the output array of one call; rows of `lanes` doubles. The output overlaps no input.
struct Arrays {
  const double* a = nullptr;
  const double* b = nullptr;
  const double* c = nullptr;
  const double* d = nullptr;
  double* out = nullptr;
};

/// Runs `program` on one lane of arrays whose rows are `stride` doubles apart, `out_stride` in the output: the same operations
/// as the vector engines, so the same bits. For the rare scalar paths (locating a switch, applying an event).
void run_on_lane(const Program& program, const Arrays& arrays, std::size_t stride, std::size_t out_stride,
                 std::vector<double>& scratch);

}  // namespace carina::ensemble
