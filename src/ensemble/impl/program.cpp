#include "ensemble/impl/program.h"

#include <bit>
#include <cmath>

#include "base/check.h"
#include "base/formula.h"
#include "base/scalar_ops.h"

namespace carina::ensemble {

int operand_count(Code code) {
  switch (code) {
    case Code::Constant:
    case Code::Row: return 0;
    case Code::Neg:
    case Code::Sqrt:
    case Code::Exp:
    case Code::Log:
    case Code::Tanh:
    case Code::Floor:
    case Code::Abs:
    case Code::Not:
    case Code::Recip: return 1;
    case Code::Fma:
    case Code::Fms:
    case Code::Fnma:
    case Code::Select: return 3;
    default: return 2;
  }
}

std::size_t Program::size() const {
  std::size_t n = 0;
  for (const Instruction& instruction : code) n += operand_count(instruction.code) > 0 ? 1u : 0u;
  return n;
}

std::size_t ProgramBuilder::KeyHash::operator()(const Key& key) const {
  std::uint64_t h = (static_cast<std::uint64_t>(key.code) << 8 | static_cast<std::uint64_t>(key.space)) + 1;
  for (const std::uint64_t part :
       {std::uint64_t{key.row}, std::uint64_t{key.a}, std::uint64_t{key.b}, std::uint64_t{key.c}, key.bits}) {
    h = (h ^ part) * 0xff51afd7ed558ccdu;
    h ^= h >> 33;
  }
  return static_cast<std::size_t>(h);
}

ValueId ProgramBuilder::intern(const Instruction& instruction) {
  const Key key{instruction.code,
                instruction.space,
                instruction.row,
                instruction.a,
                instruction.b,
                instruction.c,
                std::bit_cast<std::uint64_t>(instruction.value)};
  const auto [place, added] = index_.try_emplace(key, static_cast<ValueId>(program_.code.size()));
  if (added) program_.code.push_back(instruction);
  return place->second;
}

ValueId ProgramBuilder::constant(double value) {
  Instruction instruction;
  instruction.value = value;
  return intern(instruction);
}

ValueId ProgramBuilder::row(Space space, std::uint32_t row) {
  Instruction instruction;
  instruction.code = Code::Row;
  instruction.space = space;
  instruction.row = row;
  return intern(instruction);
}

ValueId ProgramBuilder::op(Code code, ValueId a, ValueId b, ValueId c) {
  const int n = operand_count(code);
  CARINA_CHECK(n > 0 && a < program_.code.size());
  Instruction instruction;
  instruction.code = code;
  instruction.a = a;
  instruction.b = n > 1 ? b : 0;
  instruction.c = n > 2 ? c : 0;
  return intern(instruction);
}

Program ProgramBuilder::finish() {
  std::vector<bool> needed(program_.code.size(), false);
  for (const ValueId id : program_.outputs) needed[id] = true;
  for (std::size_t id = program_.code.size(); id-- > 0;) {
    if (!needed[id]) continue;
    const Instruction& i = program_.code[id];
    const int n = operand_count(i.code);
    if (n > 0) needed[i.a] = true;
    if (n > 1) needed[i.b] = true;
    if (n > 2) needed[i.c] = true;
  }
  Program compact;
  std::vector<ValueId> place(program_.code.size(), 0);
  for (std::size_t id = 0; id < program_.code.size(); ++id) {
    if (!needed[id]) continue;
    Instruction i = program_.code[id];
    const int n = operand_count(i.code);
    if (n > 0) i.a = place[i.a];
    if (n > 1) i.b = place[i.b];
    if (n > 2) i.c = place[i.c];
    place[id] = static_cast<ValueId>(compact.code.size());
    compact.code.push_back(i);
  }
  for (const ValueId id : program_.outputs) compact.outputs.push_back(place[id]);
  return compact;
}

namespace {

double apply(Code code, double a, double b, double c) {
  ScalarOps ops;
  switch (code) {
    case Code::Neg: return -a;
    case Code::Sqrt: return std::sqrt(a);
    case Code::Exp: return formula::exp(ops, a);
    case Code::Log: return formula::log(ops, a);
    case Code::Tanh: return formula::tanh(ops, a);
    case Code::Floor: return std::floor(a);
    case Code::Abs: return std::fabs(a);
    case Code::Not: return a == 0 ? 1 : 0;
    case Code::Recip: return 1 / a;
    case Code::Add: return a + b;
    case Code::Sub: return a - b;
    case Code::Mul: return a * b;
    case Code::Div: return a / b;
    case Code::Pow: return formula::pow(ops, a, b);
    case Code::Min: return a < b ? a : b;
    case Code::Max: return a < b ? b : a;
    case Code::Less: return a < b ? 1 : 0;
    case Code::LessEqual: return a <= b ? 1 : 0;
    case Code::Equal: return a == b ? 1 : 0;
    case Code::And: return a != 0 && b != 0 ? 1 : 0;
    case Code::Or: return a != 0 || b != 0 ? 1 : 0;
    case Code::Fma: return std::fma(a, b, c);
    case Code::Fms: return std::fma(a, b, -c);
    case Code::Fnma: return std::fma(-a, b, c);
    case Code::Select: return a != 0 ? b : c;
    default: CARINA_CHECK(!"no operation"); return 0;
  }
}

}  // namespace

void run_on_lane(const Program& program, const Arrays& arrays, std::size_t stride, std::size_t out_stride,
                 std::vector<double>& scratch) {
  const double* const bases[] = {arrays.a, arrays.b, arrays.c, arrays.d};
  scratch.resize(program.code.size());
  for (std::size_t id = 0; id < program.code.size(); ++id) {
    const Instruction& i = program.code[id];
    if (i.code == Code::Constant) {
      scratch[id] = i.value;
    } else if (i.code == Code::Row) {
      scratch[id] = bases[static_cast<std::size_t>(i.space)][i.row * stride];
    } else {
      scratch[id] = apply(i.code, scratch[i.a], scratch[i.b], scratch[i.c]);
    }
  }
  for (std::size_t r = 0; r < program.outputs.size(); ++r) arrays.out[r * out_stride] = scratch[program.outputs[r]];
}

}  // namespace carina::ensemble
