#include "ensemble/impl/source.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/check.h"
#include "base/formula.h"

namespace carina::ensemble {

namespace {

// What the text rests on: one vector type, and loops over its lanes that a compiler turns into single instructions.
constexpr const char* preamble =
    R"(// Made by carina. Compile with -O3 -march=native -ffp-contract=off -fno-math-errno -fPIC -shared.
#include <cmath>
#include <cstdint>
#include <limits>
typedef double V __attribute__((vector_size({bytes}), may_alias));
typedef std::int64_t M __attribute__((vector_size({bytes}), may_alias));
typedef std::uint64_t U __attribute__((vector_size({bytes}), may_alias));
#define LANES {lanes}
static inline V splat(double x) {{ return V{{}} + x; }}
static inline V fma8(V a, V b, V c) {{ V r; for (int l = 0; l < LANES; ++l) r[l] = __builtin_fma(a[l], b[l], c[l]); return r; }}
static inline V floor8(V a) {{ V r; for (int l = 0; l < LANES; ++l) r[l] = __builtin_floor(a[l]); return r; }}
static inline V sqrt8(V a) {{ V r; for (int l = 0; l < LANES; ++l) r[l] = __builtin_sqrt(a[l]); return r; }}
static inline V abs8(V a) {{ return (V)((U)a & (U{{}} + 0x7fffffffffffffffu)); }}
static inline V add_exponent(V x, V n) {{ return (V)((U)x + ((U)(n + 0x1.8p52) << 52)); }}
static inline V exponent(V x) {{ return (V)(((U)x >> 52) | (U{{}} + 0x4330000000000000u)) - (0x1p52 + 1023.0); }}
static inline V mantissa(V x) {{ return (V)(((U)x & (U{{}} + 0x000fffffffffffffu)) | (U{{}} + 0x3ff0000000000000u)); }}
static inline V number(M m) {{ return m ? splat(1) : splat(0); }}
static inline M truth(V v) {{ return v != 0; }}
)";

// The arithmetic of base/formula.h as lines of text; a value is the name of a variable.
struct TextOps {
  using V = std::string;
  using M = std::string;
  std::string text;
  int count = 0;

  std::string line(const char* type, const std::string& expression) {
    std::string name = fmt::format("v{}", count++);
    text += fmt::format("  const {} {} = {};\n", type, name, expression);
    return name;
  }
  template <class... Parts>
  V number(fmt::format_string<Parts...> format, Parts&&... parts) {
    return line("V", fmt::format(format, std::forward<Parts>(parts)...));
  }
  template <class... Parts>
  M mask(fmt::format_string<Parts...> format, Parts&&... parts) {
    return line("M", fmt::format(format, std::forward<Parts>(parts)...));
  }
  V constant(double c) {
    if (c == formula::infinity) return "splat(std::numeric_limits<double>::infinity())";
    if (c == -formula::infinity) return "splat(-std::numeric_limits<double>::infinity())";
    if (c != c) return "splat(std::numeric_limits<double>::quiet_NaN())";
    return fmt::format("splat({:a})", c);
  }
  V add(const V& a, const V& b) { return number("{} + {}", a, b); }
  V sub(const V& a, const V& b) { return number("{} - {}", a, b); }
  V mul(const V& a, const V& b) { return number("{} * {}", a, b); }
  V div(const V& a, const V& b) { return number("{} / {}", a, b); }
  V fma(const V& a, const V& b, const V& c) { return number("fma8({}, {}, {})", a, b, c); }
  V floor(const V& a) { return number("floor8({})", a); }
  M less(const V& a, const V& b) { return mask("{} < {}", a, b); }
  M less_equal(const V& a, const V& b) { return mask("{} <= {}", a, b); }
  V select(const M& m, const V& a, const V& b) { return number("{} ? {} : {}", m, a, b); }
  V add_exponent(const V& x, const V& n) { return number("add_exponent({}, {})", x, n); }
  V exponent(const V& x) { return number("exponent({})", x); }
  V mantissa(const V& x) { return number("mantissa({})", x); }
};

std::string value_of(TextOps& o, const Instruction& i, const std::vector<std::string>& at) {
  const std::string& a = at[i.a];
  const std::string& b = at[i.b];
  const std::string& c = at[i.c];
  switch (i.code) {
    case Code::Constant: return o.constant(i.value);
    case Code::Row: return o.number("{}[{}]", "abcd"[static_cast<std::size_t>(i.space)], i.row);
    case Code::Neg: return o.number("-{}", a);
    case Code::Sqrt: return o.number("sqrt8({})", a);
    case Code::Exp: return formula::exp(o, a);
    case Code::Log: return formula::log(o, a);
    case Code::Tanh: return formula::tanh(o, a);
    case Code::Floor: return o.floor(a);
    case Code::Abs: return o.number("abs8({})", a);
    case Code::Not: return o.number("number({} == 0)", a);
    case Code::Recip: return o.number("1 / {}", a);
    case Code::Add: return o.add(a, b);
    case Code::Sub: return o.sub(a, b);
    case Code::Mul: return o.mul(a, b);
    case Code::Div: return o.div(a, b);
    case Code::Pow: return formula::pow(o, a, b);
    case Code::Min: return o.number("{} < {} ? {} : {}", a, b, a, b);
    case Code::Max: return o.number("{} < {} ? {} : {}", a, b, b, a);
    case Code::Less: return o.number("number({} < {})", a, b);
    case Code::LessEqual: return o.number("number({} <= {})", a, b);
    case Code::Equal: return o.number("number({} == {})", a, b);
    case Code::And: return o.number("number(truth({}) & truth({}))", a, b);
    case Code::Or: return o.number("number(truth({}) | truth({}))", a, b);
    case Code::Fma: return o.fma(a, b, c);
    case Code::Fms: return o.number("fma8({}, {}, -{})", a, b, c);
    case Code::Fnma: return o.number("fma8(-{}, {}, {})", a, b, c);
    case Code::Select: return o.number("truth({}) ? {} : {}", a, b, c);
  }
  CARINA_CHECK(!"every code is listed");
  return {};
}

class Library final : public JitCode, public std::enable_shared_from_this<Library> {
 public:
  ~Library() override {
    if (handle_ != nullptr) dlclose(handle_);
  }
  bool load(const std::string& path, std::size_t programs) {
    path_ = path;
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    for (std::size_t p = 0; handle_ != nullptr && p < programs; ++p) {
      void* symbol = dlsym(handle_, fmt::format("program_{}", p).c_str());
      if (symbol == nullptr) return false;
      functions_.push_back(reinterpret_cast<ProgramFunction>(symbol));
    }
    return handle_ != nullptr;
  }
  std::unique_ptr<Kernel> kernel(std::size_t index) const override {
    return std::make_unique<FunctionKernel>(shared_from_this(), functions_[index]);
  }
  std::string text() const override { return "library " + path_; }

 private:
  void* handle_ = nullptr;
  std::string path_;
  std::vector<ProgramFunction> functions_;
};

}  // namespace

std::string source_text(const std::vector<const Program*>& programs) {
  TextOps ops;
  ops.text =
      fmt::format(fmt::runtime(preamble), fmt::arg("bytes", jit_lanes * sizeof(double)), fmt::arg("lanes", jit_lanes));
  for (std::size_t p = 0; p < programs.size(); ++p) {
    ops.text += fmt::format(
        "extern \"C\" void program_{}(const V* __restrict a, const V* __restrict b, const V* __restrict c,\n"
        "    const V* __restrict d, V* __restrict out) {{\n  (void)a; (void)b; (void)c; (void)d;\n",
        p);
    std::vector<std::string> at(programs[p]->code.size());
    for (std::size_t id = 0; id < at.size(); ++id) at[id] = value_of(ops, programs[p]->code[id], at);
    for (std::size_t row = 0; row < programs[p]->outputs.size(); ++row) {
      ops.text += fmt::format("  out[{}] = {};\n", row, at[programs[p]->outputs[row]]);
    }
    ops.text += "}\n";
  }
  return ops.text;
}

std::shared_ptr<const JitCode> load_library(const std::string& path, std::size_t programs) {
  auto library = std::make_shared<Library>();
  if (!library->load(path, programs)) return nullptr;
  return library;
}

}  // namespace carina::ensemble
