// The virtual machine: a program as a list of instructions over whole rows. One instruction handles every lane of the block
// before the next is fetched, so the cost of dispatch is shared by all of them. Temporary rows are reused as soon as their
// value is dead, which keeps the block near the first-level cache.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ensemble/impl/vm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "ensemble/impl/kernel.h"
#include "ensemble/impl/vector_ops.h"
#include "ensemble/impl/vm.h"

HWY_BEFORE_NAMESPACE();
namespace carina::ensemble::HWY_NAMESPACE {

namespace {

using O = VectorOps;
using V = VectorOps::V;
using M = VectorOps::M;

HWY_INLINE V truth(const O& o, M m) { return hn::IfThenElseZero(m, o.constant(1.0)); }
// not a number counts as true, as in C
HWY_INLINE M is_true(const O& o, V v) { return hn::Not(hn::Eq(v, o.constant(0.0))); }

// The value of one instruction in one register. One switch over a constant: what is not `code` is never compiled in.
template <Code code>
HWY_INLINE V value_of(const O& o, V a, V b, V c) {
  const V zero = o.constant(0.0);
  const V one = o.constant(1.0);
  switch (code) {
    case Code::Row: return a;
    case Code::Neg: return hn::Neg(a);
    case Code::Sqrt: return hn::Sqrt(a);
    case Code::Exp: return formula::exp(o, a);
    case Code::Log: return formula::log(o, a);
    case Code::Tanh: return formula::tanh(o, a);
    case Code::Floor: return hn::Floor(a);
    case Code::Abs: return hn::Abs(a);
    case Code::Not: return truth(o, hn::Eq(a, zero));
    case Code::Recip: return hn::Div(one, a);
    case Code::Add: return hn::Add(a, b);
    case Code::Sub: return hn::Sub(a, b);
    case Code::Mul: return hn::Mul(a, b);
    case Code::Div: return hn::Div(a, b);
    case Code::Pow: return formula::pow(o, a, b);
    case Code::Min: return hn::IfThenElse(hn::Lt(a, b), a, b);
    case Code::Max: return hn::IfThenElse(hn::Lt(a, b), b, a);
    case Code::Less: return truth(o, hn::Lt(a, b));
    case Code::LessEqual: return truth(o, hn::Le(a, b));
    case Code::Equal: return truth(o, hn::Eq(a, b));
    case Code::And: return truth(o, hn::And(is_true(o, a), is_true(o, b)));
    case Code::Or: return truth(o, hn::Or(is_true(o, a), is_true(o, b)));
    case Code::Fma: return hn::MulAdd(a, b, c);
    case Code::Fms: return hn::MulSub(a, b, c);
    case Code::Fnma: return hn::NegMulAdd(a, b, c);
    case Code::Select: return hn::IfThenElse(is_true(o, a), b, c);
    case Code::Constant: break;
  }
  return zero;
}

constexpr int operands(Code code) {
  if (code >= Code::Fma) return 3;
  return code >= Code::Add ? 2 : 1;
}

// One value a lane of the block.
template <std::size_t lanes>
struct Registers {
  static constexpr std::size_t width = hn::MaxLanes(hn::ScalableTag<double>());
  static constexpr std::size_t count = lanes / width;
  V value[count];
};

template <Code code, Held held, std::size_t lanes>
HWY_INLINE void compute(const VmInstruction& i, double* const* bases, Registers<lanes>& last) {
  const O o{};
  constexpr int n = operands(code);
  constexpr std::size_t width = Registers<lanes>::width;
  const double* a = bases[i.a.base] + i.a.offset;
  const double* b = bases[i.b.base] + i.b.offset;
  const double* c = bases[i.c.base] + i.c.offset;
#pragma GCC unroll 8
  for (std::size_t k = 0; k < Registers<lanes>::count; ++k) {
    const V va = held == Held::A ? last.value[k] : hn::Load(o.d, a + k * width);
    const V vb = n < 2 ? va : (held == Held::B ? last.value[k] : hn::Load(o.d, b + k * width));
    const V vc = n < 3 ? va : (held == Held::C ? last.value[k] : hn::Load(o.d, c + k * width));
    last.value[k] = value_of<code>(o, va, vb, vc);
  }
}

template <std::size_t lanes>
HWY_INLINE void store(const VmInstruction& i, double* const* bases, const Registers<lanes>& last) {
  const O o{};
  double* out = bases[i.dst.base] + i.dst.offset;
#pragma GCC unroll 8
  for (std::size_t k = 0; k < Registers<lanes>::count; ++k) {
    hn::Store(last.value[k], o.d, out + k * Registers<lanes>::width);
  }
}

// An instruction of a chain, with any of its operands in registers.
template <Code code, std::size_t lanes>
HWY_INLINE void link(const VmInstruction& i, double* const* bases, Registers<lanes>& last) {
  switch (i.held) {
    case Held::Nothing: return compute<code, Held::Nothing>(i, bases, last);
    case Held::A: return compute<code, Held::A>(i, bases, last);
    case Held::B: return compute<code, Held::B>(i, bases, last);
    case Held::C: return compute<code, Held::C>(i, bases, last);
  }
}

// A chain: each instruction is the only user of the one before it and takes it from registers, so a link of multiply-adds,
// most of a linear solve, costs two loads and no store. Kept apart from the other instructions, whose need of registers
// would push these out. Returns the last instruction of the chain.
template <std::size_t lanes>
HWY_NOINLINE const VmInstruction* run_chain(const VmInstruction* i, double* const* bases) {
  Registers<lanes> last;
  for (;; ++i) {
    switch (i->code) {
      case Code::Fma: link<Code::Fma>(*i, bases, last); break;
      case Code::Fnma: link<Code::Fnma>(*i, bases, last); break;
      case Code::Fms: link<Code::Fms>(*i, bases, last); break;
      case Code::Mul: link<Code::Mul>(*i, bases, last); break;
      case Code::Add: link<Code::Add>(*i, bases, last); break;
      case Code::Sub: link<Code::Sub>(*i, bases, last); break;
      case Code::Div: link<Code::Div>(*i, bases, last); break;
      case Code::Recip: link<Code::Recip>(*i, bases, last); break;
      default: link<Code::Neg>(*i, bases, last); break;
    }
    if (!i->keep) break;
  }
  store(*i, bases, last);
  return i;
}

template <Code code, std::size_t lanes>
HWY_INLINE void run_one(const VmInstruction& i, double* const* bases) {
  Registers<lanes> value;
  compute<code, Held::Nothing>(i, bases, value);
  store(i, bases, value);
}

template <std::size_t lanes>
HWY_INLINE void run_code(const VmInstruction* code, std::size_t count, double* const* bases) {
  for (const VmInstruction* i = code; i != code + count; ++i) {
    if (i->keep) {
      i = run_chain<lanes>(i, bases);
      continue;
    }
    switch (i->code) {
      case Code::Row: run_one<Code::Row, lanes>(*i, bases); break;
      case Code::Neg: run_one<Code::Neg, lanes>(*i, bases); break;
      case Code::Sqrt: run_one<Code::Sqrt, lanes>(*i, bases); break;
      case Code::Exp: run_one<Code::Exp, lanes>(*i, bases); break;
      case Code::Log: run_one<Code::Log, lanes>(*i, bases); break;
      case Code::Tanh: run_one<Code::Tanh, lanes>(*i, bases); break;
      case Code::Floor: run_one<Code::Floor, lanes>(*i, bases); break;
      case Code::Abs: run_one<Code::Abs, lanes>(*i, bases); break;
      case Code::Not: run_one<Code::Not, lanes>(*i, bases); break;
      case Code::Recip: run_one<Code::Recip, lanes>(*i, bases); break;
      case Code::Add: run_one<Code::Add, lanes>(*i, bases); break;
      case Code::Sub: run_one<Code::Sub, lanes>(*i, bases); break;
      case Code::Mul: run_one<Code::Mul, lanes>(*i, bases); break;
      case Code::Div: run_one<Code::Div, lanes>(*i, bases); break;
      case Code::Pow: run_one<Code::Pow, lanes>(*i, bases); break;
      case Code::Min: run_one<Code::Min, lanes>(*i, bases); break;
      case Code::Max: run_one<Code::Max, lanes>(*i, bases); break;
      case Code::Less: run_one<Code::Less, lanes>(*i, bases); break;
      case Code::LessEqual: run_one<Code::LessEqual, lanes>(*i, bases); break;
      case Code::Equal: run_one<Code::Equal, lanes>(*i, bases); break;
      case Code::And: run_one<Code::And, lanes>(*i, bases); break;
      case Code::Or: run_one<Code::Or, lanes>(*i, bases); break;
      case Code::Fma: run_one<Code::Fma, lanes>(*i, bases); break;
      case Code::Fms: run_one<Code::Fms, lanes>(*i, bases); break;
      case Code::Fnma: run_one<Code::Fnma, lanes>(*i, bases); break;
      case Code::Select: run_one<Code::Select, lanes>(*i, bases); break;
      case Code::Constant: break;
    }
  }
}

}  // namespace

void run_vm(const VmInstruction* code, std::size_t count, double* const* bases) { run_code<vm_lanes>(code, count, bases); }

}  // namespace carina::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace carina::ensemble {

HWY_EXPORT(run_vm);

namespace {

enum Base : std::uint32_t { BaseA, BaseB, BaseC, BaseD, BaseOut, BaseTemporary, BaseConstant, BaseCount };

bool can_be_held(Code code) {
  switch (code) {
    case Code::Neg:
    case Code::Recip:
    case Code::Add:
    case Code::Sub:
    case Code::Mul:
    case Code::Div:
    case Code::Fma:
    case Code::Fms:
    case Code::Fnma: return true;
    default: return false;
  }
}

class VmKernel final : public Kernel {
 public:
  explicit VmKernel(const Program& program) : program_(program) {
    count_uses();
    for (const ValueId root : program.outputs) schedule(root);
    find_last_uses();
    for (std::size_t at = 0; at < order_.size(); ++at) place(at);
    for (std::size_t row = 0; row < program.outputs.size(); ++row) copy_output(row);
    temporary_ = hwy::AllocateAligned<double>(std::max<std::size_t>(1, temporary_rows_) * vm_lanes);
    constant_ = hwy::AllocateAligned<double>(std::max<std::size_t>(1, constants_.size()) * vm_lanes);
    for (std::size_t row = 0; row < constants_.size(); ++row) {
      std::fill_n(constant_.get() + row * vm_lanes, vm_lanes, constants_[row]);
    }
  }

  void run(const Arrays& arrays) const override {
    // inputs are only read: dst never names one of them
    double* const bases[BaseCount] = {const_cast<double*>(arrays.a),
                                      const_cast<double*>(arrays.b),
                                      const_cast<double*>(arrays.c),
                                      const_cast<double*>(arrays.d),
                                      arrays.out,
                                      temporary_.get(),
                                      constant_.get()};
    HWY_DYNAMIC_DISPATCH(run_vm)(code_.data(), code_.size(), bases);
  }

 private:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  void count_uses() {
    const std::size_t size = program_.code.size();
    uses_.assign(size, 0);
    first_output_.assign(size, nowhere);
    place_.resize(size);
    done_.assign(size, false);
    for (const Instruction& i : program_.code) {
      for (int k = 0; k < operand_count(i.code); ++k) ++uses_[operand(i, k)];
    }
    for (std::size_t row = program_.outputs.size(); row-- > 0;) first_output_[program_.outputs[row]] = row;
  }
  static ValueId operand(const Instruction& i, int k) { return k == 0 ? i.a : (k == 1 ? i.b : i.c); }
  bool only_used_once(ValueId id) const {
    return uses_[id] == 1 && first_output_[id] == nowhere && operand_count(program_.code[id].code) > 0;
  }

  // Operands first, and the one that nobody else needs last, so that its user finds it in registers. An explicit stack:
  // a chain may be as long as the program.
  void schedule(ValueId root) {
    std::vector<std::pair<ValueId, bool>> stack{{root, false}};
    while (!stack.empty()) {
      const auto [id, ready] = stack.back();
      stack.pop_back();
      if (done_[id]) continue;
      if (ready) {
        done_[id] = true;
        order_.push_back(id);
        continue;
      }
      stack.emplace_back(id, true);
      const Instruction& i = program_.code[id];
      const int n = operand_count(i.code);
      for (const bool once : {true, false}) {
        for (int k = 0; k < n; ++k) {
          if (only_used_once(operand(i, k)) == once) stack.emplace_back(operand(i, k), false);
        }
      }
    }
  }

  void find_last_uses() {
    last_use_.assign(program_.code.size(), nowhere);
    for (std::size_t at = 0; at < order_.size(); ++at) {
      const Instruction& i = program_.code[order_[at]];
      for (int k = 0; k < operand_count(i.code); ++k) last_use_[operand(i, k)] = at;
    }
  }

  static VmOperand row_of(std::uint32_t base, std::size_t row) { return {base, static_cast<std::uint32_t>(row * vm_lanes)}; }

  void place(std::size_t at) {
    const ValueId id = order_[at];
    const Instruction& i = program_.code[id];
    if (i.code == Code::Constant) {
      place_[id] = row_of(BaseConstant, constants_.size());
      constants_.push_back(i.value);
      return;
    }
    if (i.code == Code::Row) {
      place_[id] = row_of(static_cast<std::uint32_t>(i.space), i.row);
      return;
    }
    const int n = operand_count(i.code);
    VmInstruction made;
    made.code = i.code;
    for (int k = 0; k < n; ++k) {
      (k == 0 ? made.a : (k == 1 ? made.b : made.c)) = place_[operand(i, k)];
      if (operand(i, k) == kept_) made.held = static_cast<Held>(k + 1);
    }
    for (int k = 0; k < n; ++k) release(operand(i, k), at);
    made.keep = stays_in_registers(at);
    kept_ = made.keep ? id : no_value;
    if (first_output_[id] != nowhere) {
      made.dst = row_of(BaseOut, first_output_[id]);
    } else if (!made.keep) {
      if (free_.empty()) free_.push_back(temporary_rows_++);
      made.dst = row_of(BaseTemporary, free_.back());
      free_.pop_back();
    }
    place_[id] = made.dst;
    code_.push_back(made);
  }
  // The next instruction that computes is the only user, and one that can take it from registers.
  bool stays_in_registers(std::size_t at) const {
    const ValueId id = order_[at];
    if (!only_used_once(id) || !can_be_held(program_.code[id].code)) return false;
    std::size_t next = at + 1;
    while (next < order_.size() && operand_count(program_.code[order_[next]].code) == 0) ++next;
    if (next >= order_.size() || last_use_[id] != next) return false;
    return can_be_held(program_.code[order_[next]].code);
  }
  void release(ValueId value, std::size_t at) {
    if (last_use_[value] != at || value == kept_ || place_[value].base != BaseTemporary) return;
    free_.push_back(place_[value].offset / static_cast<std::uint32_t>(vm_lanes));
    last_use_[value] = nowhere;  // an operand that stands twice is released once
  }
  void copy_output(std::size_t row) {
    const VmOperand from = place_[program_.outputs[row]];
    const VmOperand to = row_of(BaseOut, row);
    if (from.base == to.base && from.offset == to.offset) return;
    VmInstruction copy;
    copy.dst = to;
    copy.a = from;
    code_.push_back(copy);
  }

  static constexpr ValueId no_value = 0xffffffffu;
  const Program& program_;  // read while the kernel is made
  std::vector<VmInstruction> code_;
  std::vector<ValueId> order_;
  std::vector<VmOperand> place_;
  std::vector<std::uint32_t> uses_;
  std::vector<std::size_t> last_use_, first_output_;
  std::vector<bool> done_;
  std::vector<std::uint32_t> free_;
  std::vector<double> constants_;
  ValueId kept_ = no_value;
  std::uint32_t temporary_rows_ = 0;
  hwy::AlignedFreeUniquePtr<double[]> temporary_, constant_;
};

}  // namespace

std::unique_ptr<Kernel> make_vm_kernel(const Program& program) { return std::make_unique<VmKernel>(program); }

}  // namespace carina::ensemble

#endif
