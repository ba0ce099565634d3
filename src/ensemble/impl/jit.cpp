#include "ensemble/impl/jit.h"

#ifdef CARINA_HAVE_LLVM

#include <llvm-c/Core.h>
#include <llvm-c/Error.h>
#include <llvm-c/LLJIT.h>
#include <llvm-c/Orc.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm/Config/llvm-config.h>

#include <cstring>
#include <mutex>

#include "base/check.h"
#include "base/formula.h"

namespace carina::ensemble {

namespace {

constexpr unsigned width = static_cast<unsigned>(jit_lanes);

// The arithmetic of base/formula.h as instructions appended to a function.
struct LlvmOps {
  using V = LLVMValueRef;
  using M = LLVMValueRef;

  LLVMContextRef context;
  LLVMModuleRef module;
  LLVMBuilderRef builder;
  LLVMTypeRef number, vector, integers;

  V intrinsic(const char* name, std::initializer_list<V> operands) {
    const unsigned id = LLVMLookupIntrinsicID(name, std::strlen(name));
    CARINA_CHECK(id != 0);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(module, id, &vector, 1);
    LLVMTypeRef type = LLVMIntrinsicGetType(context, id, &vector, 1);
    std::vector<V> list(operands);
    return LLVMBuildCall2(builder, type, function, list.data(), static_cast<unsigned>(list.size()), "");
  }
  V splat(LLVMValueRef scalar) {
    std::vector<LLVMValueRef> lanes(width, scalar);
    return LLVMConstVector(lanes.data(), width);
  }
  V constant(double c) { return splat(LLVMConstReal(number, c)); }
  V integer(std::uint64_t c) { return splat(LLVMConstInt(LLVMInt64TypeInContext(context), c, 0)); }
  V add(V a, V b) { return LLVMBuildFAdd(builder, a, b, ""); }
  V sub(V a, V b) { return LLVMBuildFSub(builder, a, b, ""); }
  V mul(V a, V b) { return LLVMBuildFMul(builder, a, b, ""); }
  V div(V a, V b) { return LLVMBuildFDiv(builder, a, b, ""); }
  V neg(V a) { return LLVMBuildFNeg(builder, a, ""); }
  V fma(V a, V b, V c) { return intrinsic("llvm.fma", {a, b, c}); }
  V floor(V a) { return intrinsic("llvm.floor", {a}); }
  M less(V a, V b) { return LLVMBuildFCmp(builder, LLVMRealOLT, a, b, ""); }
  M less_equal(V a, V b) { return LLVMBuildFCmp(builder, LLVMRealOLE, a, b, ""); }
  V select(M m, V a, V b) { return LLVMBuildSelect(builder, m, a, b, ""); }
  V to_bits(V a) { return LLVMBuildBitCast(builder, a, integers, ""); }
  V to_number(V a) { return LLVMBuildBitCast(builder, a, vector, ""); }
  V add_exponent(V x, V n) {
    const V shift = LLVMBuildShl(builder, to_bits(add(n, constant(0x1.8p52))), integer(52), "");
    return to_number(LLVMBuildAdd(builder, to_bits(x), shift, ""));
  }
  V exponent(V x) {
    const V field = LLVMBuildLShr(builder, to_bits(x), integer(52), "");
    const V number_bits = LLVMBuildOr(builder, field, integer(0x4330000000000000u), "");
    return sub(to_number(number_bits), constant(0x1p52 + 1023.0));
  }
  V mantissa(V x) {
    const V bits = LLVMBuildAnd(builder, to_bits(x), integer(0x000fffffffffffffu), "");
    return to_number(LLVMBuildOr(builder, bits, integer(0x3ff0000000000000u), ""));
  }
};

// Turns one program into one function void(a, b, c, d, out).
class Writer {
 public:
  Writer(LlvmOps& ops, const Program& program, LLVMValueRef function)
      : ops_(ops), program_(program), function_(function), values_(program.code.size()), masks_(program.code.size()) {}

  void write() {
    for (ValueId id = 0; id < program_.code.size(); ++id) emit(id);
    for (std::size_t row = 0; row < program_.outputs.size(); ++row) {
      LLVMValueRef store = LLVMBuildStore(ops_.builder, value(program_.outputs[row]), address(4, row));
      LLVMSetAlignment(store, 64);
    }
    LLVMBuildRetVoid(ops_.builder);
  }

 private:
  LLVMValueRef address(unsigned parameter, std::size_t row) {
    LLVMValueRef index = LLVMConstInt(LLVMInt64TypeInContext(ops_.context), row, 0);
    return LLVMBuildGEP2(ops_.builder, ops_.vector, LLVMGetParam(function_, parameter), &index, 1, "");
  }
  // A value as a number, as a truth; each form is made when first asked for.
  LLVMValueRef value(ValueId id) {
    if (values_[id] == nullptr) values_[id] = ops_.select(masks_[id], ops_.constant(1), ops_.constant(0));
    return values_[id];
  }
  LLVMValueRef mask(ValueId id) {
    if (masks_[id] == nullptr) {
      masks_[id] = LLVMBuildFCmp(ops_.builder, LLVMRealUNE, values_[id], ops_.constant(0), "");
    }
    return masks_[id];
  }
  void emit(ValueId id) {
    const Instruction& i = program_.code[id];
    switch (i.code) {
      case Code::Constant: values_[id] = ops_.constant(i.value); return;
      case Code::Row: {
        LLVMValueRef load = LLVMBuildLoad2(ops_.builder, ops_.vector, address(static_cast<unsigned>(i.space), i.row), "");
        LLVMSetAlignment(load, 64);
        values_[id] = load;
        return;
      }
      case Code::Not: masks_[id] = LLVMBuildNot(ops_.builder, mask(i.a), ""); return;
      case Code::Less: masks_[id] = ops_.less(value(i.a), value(i.b)); return;
      case Code::LessEqual: masks_[id] = ops_.less_equal(value(i.a), value(i.b)); return;
      case Code::Equal: masks_[id] = LLVMBuildFCmp(ops_.builder, LLVMRealOEQ, value(i.a), value(i.b), ""); return;
      case Code::And: masks_[id] = LLVMBuildAnd(ops_.builder, mask(i.a), mask(i.b), ""); return;
      case Code::Or: masks_[id] = LLVMBuildOr(ops_.builder, mask(i.a), mask(i.b), ""); return;
      case Code::Select: values_[id] = ops_.select(mask(i.a), value(i.b), value(i.c)); return;
      default: values_[id] = number(i); return;
    }
  }
  LLVMValueRef number(const Instruction& i) {
    const int n = operand_count(i.code);
    LLVMValueRef a = value(i.a);
    LLVMValueRef b = n > 1 ? value(i.b) : nullptr;
    LLVMValueRef c = n > 2 ? value(i.c) : nullptr;
    switch (i.code) {
      case Code::Neg: return ops_.neg(a);
      case Code::Sqrt: return ops_.intrinsic("llvm.sqrt", {a});
      case Code::Exp: return formula::exp(ops_, a);
      case Code::Log: return formula::log(ops_, a);
      case Code::Tanh: return formula::tanh(ops_, a);
      case Code::Floor: return ops_.floor(a);
      case Code::Abs: return ops_.intrinsic("llvm.fabs", {a});
      case Code::Recip: return ops_.div(ops_.constant(1), a);
      case Code::Add: return ops_.add(a, b);
      case Code::Sub: return ops_.sub(a, b);
      case Code::Mul: return ops_.mul(a, b);
      case Code::Div: return ops_.div(a, b);
      case Code::Pow: return formula::pow(ops_, a, b);
      case Code::Min: return ops_.select(ops_.less(a, b), a, b);
      case Code::Max: return ops_.select(ops_.less(a, b), b, a);
      case Code::Fma: return ops_.fma(a, b, c);
      case Code::Fms: return ops_.fma(a, b, ops_.neg(c));
      case Code::Fnma: return ops_.fma(ops_.neg(a), b, c);
      default: CARINA_CHECK(!"no operation"); return nullptr;
    }
  }

  LlvmOps& ops_;
  const Program& program_;
  LLVMValueRef function_;
  std::vector<LLVMValueRef> values_, masks_;
};

// What LLVM says went wrong is of no use to a user: the virtual machine takes over.
bool failed(LLVMErrorRef error) {
  if (error == nullptr) return false;
  LLVMConsumeError(error);
  return true;
}

class LlvmCode final : public JitCode, public std::enable_shared_from_this<LlvmCode> {
 public:
  ~LlvmCode() override {
    if (jit_ != nullptr) failed(LLVMOrcDisposeLLJIT(jit_));
  }

  bool compile(const std::vector<const Program*>& programs) {
    static std::once_flag once;
    std::call_once(once, [] {
      LLVMInitializeNativeTarget();
      LLVMInitializeNativeAsmPrinter();
    });
    if (!create()) return false;
    LLVMOrcThreadSafeContextRef context = LLVMOrcCreateNewThreadSafeContext();
    LLVMModuleRef module = build(LLVMOrcThreadSafeContextGetContext(context), programs);
    LLVMOrcThreadSafeModuleRef safe = LLVMOrcCreateNewThreadSafeModule(module, context);
    LLVMOrcDisposeThreadSafeContext(context);
    if (failed(LLVMOrcLLJITAddLLVMIRModule(jit_, LLVMOrcLLJITGetMainJITDylib(jit_), safe))) return false;
    for (std::size_t p = 0; p < programs.size(); ++p) {
      LLVMOrcExecutorAddress address = 0;
      if (failed(LLVMOrcLLJITLookup(jit_, &address, name(p).c_str()))) return false;
      // LLVM's C API hands out addresses as integers.
      functions_.push_back(reinterpret_cast<ProgramFunction>(address));  // NOLINT(performance-no-int-to-ptr)
    }
    return true;
  }

  std::unique_ptr<Kernel> kernel(std::size_t index) const override {
    return std::make_unique<FunctionKernel>(shared_from_this(), functions_[index]);
  }
  std::string text() const override { return std::string("llvm ") + LLVM_VERSION_STRING + ", " + cpu_; }

 private:
  static std::string name(std::size_t program) { return "program_" + std::to_string(program); }

  bool create() {
    char* triple = LLVMGetDefaultTargetTriple();
    char* cpu = LLVMGetHostCPUName();
    char* features = LLVMGetHostCPUFeatures();
    cpu_ = cpu;
    // explicit fused multiply-adds are part of the result: without the instruction they would be calls
    const bool usable = std::strstr(features, "+fma") != nullptr;
    LLVMTargetRef target = nullptr;
    char* message = nullptr;
    if (usable && LLVMGetTargetFromTriple(triple, &target, &message) == 0) {
      LLVMTargetMachineRef machine = LLVMCreateTargetMachine(target, triple, cpu, features, LLVMCodeGenLevelLess,
                                                             LLVMRelocDefault, LLVMCodeModelJITDefault);
      LLVMOrcLLJITBuilderRef builder = LLVMOrcCreateLLJITBuilder();
      LLVMOrcLLJITBuilderSetJITTargetMachineBuilder(builder, LLVMOrcJITTargetMachineBuilderCreateFromTargetMachine(machine));
      if (failed(LLVMOrcCreateLLJIT(&jit_, builder))) jit_ = nullptr;
    }
    if (message != nullptr) LLVMDisposeMessage(message);
    LLVMDisposeMessage(triple);
    LLVMDisposeMessage(cpu);
    LLVMDisposeMessage(features);
    return jit_ != nullptr;
  }

  LLVMModuleRef build(LLVMContextRef context, const std::vector<const Program*>& programs) const {
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("carina", context);
    LLVMSetDataLayout(module, LLVMOrcLLJITGetDataLayoutStr(jit_));
    LlvmOps ops{context, module, LLVMCreateBuilderInContext(context), LLVMDoubleTypeInContext(context), nullptr, nullptr};
    ops.vector = LLVMVectorType(ops.number, width);
    ops.integers = LLVMVectorType(LLVMInt64TypeInContext(context), width);
    LLVMTypeRef pointer = LLVMPointerType(ops.vector, 0);
    LLVMTypeRef parameters[] = {pointer, pointer, pointer, pointer, pointer};
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(context), parameters, 5, 0);
    const unsigned alias_kind = LLVMGetEnumAttributeKindForName("noalias", 7);
    for (std::size_t p = 0; p < programs.size(); ++p) {
      LLVMValueRef function = LLVMAddFunction(module, name(p).c_str(), type);
      for (unsigned i = 1; i <= 5; ++i) {
        LLVMAddAttributeAtIndex(function, i, LLVMCreateEnumAttribute(context, alias_kind, 0));
      }
      LLVMBasicBlockRef block = LLVMAppendBasicBlockInContext(context, function, "");
      LLVMPositionBuilderAtEnd(ops.builder, block);
      Writer(ops, *programs[p], function).write();
    }
    LLVMDisposeBuilder(ops.builder);
    return module;
  }

  LLVMOrcLLJITRef jit_ = nullptr;
  std::vector<ProgramFunction> functions_;
  std::string cpu_;
};

}  // namespace

std::shared_ptr<const JitCode> JitCode::make(const std::vector<const Program*>& programs) {
  auto code = std::make_shared<LlvmCode>();
  if (!code->compile(programs)) return nullptr;
  return code;
}

}  // namespace carina::ensemble

#else

namespace carina::ensemble {

std::shared_ptr<const JitCode> JitCode::make(const std::vector<const Program*>&) { return nullptr; }

}  // namespace carina::ensemble

#endif
