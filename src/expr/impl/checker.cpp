#include "expr/impl/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/names.h"

namespace carina::expr::impl {
namespace {

constexpr double largest_exponent = 50;
constexpr double log10_of_e = 0.43429448190325182765;

std::string plural(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// How many arguments a function takes.
struct Arity {
  std::size_t least;
  std::size_t most;
};

Arity arity_of(const std::string& function) {
  if (function == "pow") return {2, 2};
  if (function == "hill" || function == "if") return {3, 3};
  if (function == "min" || function == "max") return {2, longest_formula};
  if (function == "piecewise") return {3, longest_formula};
  return {1, 1};
}

std::string arity_rule(const std::string& function, std::size_t given) {
  const Arity arity = arity_of(function);
  const std::string wants =
      arity.least == arity.most ? plural(arity.least, "argument") : fmt::format("at least {} arguments", arity.least);
  return fmt::format("{}() takes {}, not {}", function, wants, given);
}

std::string usage(const std::string& function) {
  if (function == "hill") return "hill(x, half, n) is x^n/(half^n + x^n)";
  if (function == "if") return "if(condition, value, otherwise)";
  if (function == "piecewise") return "piecewise(value1, condition1, value2, condition2, ..., otherwise)";
  if (function == "pow") return "pow(base, exponent)";
  return {};
}

}  // namespace

Checker::Checker(Graph& graph, Problems& problems, const Formula& formula, const Ast& ast)
    : graph_(graph), problems_(problems), formula_(formula), ast_(ast) {}

Value Checker::walk(const Scope& scope, const Unit& time, std::vector<Stripped>& stripped) {
  stripped_ = &stripped;
  for (const AstNode& node : ast_.nodes) values_.push_back(visit(node, scope, time));
  return values_.back();
}

void Checker::problem(const AstNode& at, std::string rule, std::string hint) {
  problems_.add(formula_.problem(at.begin, at.end, std::move(rule), std::move(hint)));
}

std::string Checker::quoted(std::size_t node) const {
  std::string text(ast_.written(ast_.nodes[node]));
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return "\"" + text + "\"";
}

// The leftmost term of an unparenthesised sum: the one that a person compares the next term with.
const AstNode& Checker::first_term(std::size_t index) const {
  const AstNode* node = &ast_.nodes[index];
  while (node->kind == Syntax::Binary && (node->text == "+" || node->text == "-") &&
         node->begin == ast_.nodes[node->operands[0]].begin) {
    node = &ast_.nodes[node->operands[0]];
  }
  return *node;
}

Value Checker::number(NodeId node, Unit unit) const { return {node, std::move(unit), false, false}; }
Value Checker::truth(NodeId node) const { return {node, {}, false, true}; }

Value Checker::visit(const AstNode& node, const Scope& scope, const Unit& time) {
  switch (node.kind) {
    case Syntax::Number: return {graph_.constant(node.value), {}, node.value == 0, false};
    case Syntax::Quantity: return quantity(node);
    case Syntax::Name: return name(node, scope, time);
    case Syntax::Negate: {
      if (!numbers(node.operands)) return {};
      Value value = values_[node.operands[0]];
      value.node = graph_.unary(Op::Neg, value.node);
      return value;
    }
    case Syntax::Not:
    case Syntax::Binary: return binary(node);
    case Syntax::Call: return call(node);
    case Syntax::Strip: return strip(node);
  }
  return {};
}

Value Checker::name(const AstNode& node, const Scope& scope, const Unit& time) {
  if (node.text == "t") return number(graph_.time(), time);
  const auto it = scope.find(node.text);
  if (it != scope.end()) return number(it->second.node, it->second.unit);
  if (!unknown_.insert(node.text).second) return {};
  const auto& functions = function_names();
  if (is_reserved(node.text)) {
    problem(node, "\"" + node.text + "\" is a function", "write " + node.text + "(...)");
    return {};
  }
  std::vector<std::string> candidates = {"t"};
  for (const auto& [known, symbol] : scope) candidates.push_back(known);
  candidates.insert(candidates.end(), functions.begin(), functions.end());
  // every one-letter name is one change from every other
  const std::string hint = node.text.size() > 1 ? did_you_mean(node.text, candidates) : std::string();
  problem(node, "the name \"" + node.text + "\" is not known", hint);
  return {};
}

Value Checker::quantity(const AstNode& node) {
  const auto unit = Unit::parse(node.text);
  if (unit) return number(graph_.constant(node.value), *unit);
  problems_.add(formula_.problem(node.mark, node.end - 1, "\"" + node.text + "\" is not a unit", Unit::advice(node.text)));
  return {};
}

// True when all operands are good numbers; a condition among them is reported.
bool Checker::numbers(const Operands& operands) {
  bool good = true;
  for (const std::size_t operand : operands) {
    const Value& value = values_[operand];
    good = good && value.ok() && !value.truth;
    if (value.ok() && value.truth) {
      problem(ast_.nodes[operand], quoted(operand) + " is a condition where a number is expected",
              "if(condition, 1, 0) makes a number of it");
    }
  }
  return good;
}

// True when both operands have units of one dimension; otherwise the second is reported against the first.
bool Checker::agree(std::size_t first, std::size_t second, bool terms) {
  const Value& a = values_[first];
  const Value& b = values_[second];
  if (a.any_unit || b.any_unit || a.unit.convertible(b.unit)) return true;
  const std::string against = terms ? std::string(ast_.written(first_term(first))) : std::string();
  const std::string other = terms && against.size() <= 60 ? "\"" + against + "\"" : quoted(first);
  std::string hint;
  const AstNode& node = ast_.nodes[second];
  if (node.kind == Syntax::Number)
    hint = "a number with a unit is written " + std::string(ast_.written(node)) + " '" + a.unit.text() + "'";
  problem(node,
          fmt::format("the term {} has unit {}, but {} has unit {}", quoted(second), b.unit.text(), other, a.unit.text()),
          hint);
  return false;
}

NodeId Checker::converted(const Value& value, const Unit& unit) {
  if (value.any_unit) return value.node;
  const double factor = value.unit.factor_to(unit);
  if (factor == 1) return value.node;
  return graph_.mul(graph_.constant(factor), value.node);
}

Value Checker::binary(const AstNode& node) {
  if (node.kind == Syntax::Not || node.text == "and" || node.text == "or") return logic(node);
  if (node.text == "+") return sum(node, Op::Add);
  if (node.text == "-") return sum(node, Op::Sub);
  if (node.text == "^") return power(node);
  if (node.text != "*" && node.text != "/") return comparison(node);
  if (!numbers(node.operands)) return {};
  const Value& a = values_[node.operands[0]];
  const Value& b = values_[node.operands[1]];
  if (node.text == "*") return number(graph_.mul(a.node, b.node), a.unit * b.unit);
  return number(graph_.div(a.node, b.node), a.unit / b.unit);
}

Value Checker::logic(const AstNode& node) {
  bool good = true;
  for (const std::size_t operand : node.operands) {
    good = good && values_[operand].ok();
    if (values_[operand].ok() && !values_[operand].truth) {
      problem(ast_.nodes[operand], quoted(operand) + " is a number where a condition is expected",
              "compare it, as in " + std::string(ast_.written(ast_.nodes[operand])).substr(0, 40) + " > 0");
      good = false;
    }
  }
  if (!good) return {};
  const NodeId a = values_[node.operands[0]].node;
  if (node.kind == Syntax::Not) return truth(graph_.unary(Op::Not, a));
  return truth(graph_.binary(node.text == "and" ? Op::And : Op::Or, a, values_[node.operands[1]].node));
}

Value Checker::comparison(const AstNode& node) {
  const std::size_t first = node.operands[0];
  const std::size_t second = node.operands[1];
  if (!numbers(node.operands) || !agree(first, second, false)) return {};
  const Unit& unit = values_[first].any_unit ? values_[second].unit : values_[first].unit;
  const NodeId a = converted(values_[first], unit);
  const NodeId b = converted(values_[second], unit);
  if (node.text == "<") return truth(graph_.binary(Op::Less, a, b));
  if (node.text == "<=") return truth(graph_.binary(Op::LessEqual, a, b));
  if (node.text == ">") return truth(graph_.binary(Op::Less, b, a));
  if (node.text == ">=") return truth(graph_.binary(Op::LessEqual, b, a));
  const NodeId equal = graph_.binary(Op::Equal, a, b);
  return truth(node.text == "==" ? equal : graph_.unary(Op::Not, equal));
}

Value Checker::sum(const AstNode& node, Op op) {
  const Value& a = values_[node.operands[0]];
  const Value& b = values_[node.operands[1]];
  if (!numbers(node.operands)) return {};
  // the sum keeps the unit of its first term, so that later terms are still checked
  if (!agree(node.operands[0], node.operands[1], true)) return {};
  const Unit& unit = a.any_unit ? b.unit : a.unit;
  Value result = number(graph_.binary(op, converted(a, unit), converted(b, unit)), unit);
  result.any_unit = a.any_unit && b.any_unit;
  return result;
}

Value Checker::extreme(const AstNode& node, Op op) {
  if (!numbers(node.operands)) return {};
  std::size_t lead = node.operands[0];
  for (const std::size_t operand : node.operands) {
    if (values_[lead].any_unit) lead = operand;
  }
  bool good = true;
  for (const std::size_t operand : node.operands) good = agree(lead, operand, false) && good;
  if (!good) return {};
  Value result = values_[lead];
  result.node = converted(values_[node.operands[0]], result.unit);
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    result.node = graph_.binary(op, result.node, converted(values_[node.operands[i]], result.unit));
  }
  return result;
}

// The operand without unit (percent becomes a fraction), or no_node and a problem.
NodeId Checker::plain(std::size_t operand, const std::string& where) {
  const Value& value = values_[operand];
  if (value.unit.dimensionless()) return converted(value, Unit());
  problem(ast_.nodes[operand],
          fmt::format("{} {} has unit {}, but must be dimensionless", where, quoted(operand), value.unit.text()),
          "divide it by a reference value");
  return no_node;
}

Value Checker::power(const AstNode& node) {
  if (!numbers(node.operands)) return {};
  const Value& base = values_[node.operands[0]];
  const NodeId exponent = plain(node.operands[1], "the exponent");
  if (exponent == no_node) return {};
  if (base.unit.dimensionless()) return number(graph_.binary(Op::Pow, converted(base, Unit()), exponent));
  if (graph_[exponent].op == Op::Constant && std::fabs(graph_[exponent].value) <= largest_exponent) {
    return number(graph_.binary(Op::Pow, base.node, exponent), base.unit.pow(graph_[exponent].value));
  }
  if (graph_[exponent].op == Op::Constant) {
    problem(ast_.nodes[node.operands[1]], "the exponent is larger than 50");
    return {};
  }
  problem(ast_.nodes[node.operands[1]],
          fmt::format("{} has unit {}, so its exponent {} must be a constant number", quoted(node.operands[0]),
                      base.unit.text(), quoted(node.operands[1])),
          "divide the base by a reference value");
  return {};
}

Value Checker::hill(const AstNode& node) {
  if (!numbers(node.operands)) return {};
  const Value& x = values_[node.operands[0]];
  const Value& half = values_[node.operands[1]];
  const NodeId n = plain(node.operands[2], "the exponent");
  if (n == no_node || !agree(node.operands[0], node.operands[1], false)) return {};
  const NodeId scale = converted(half, x.any_unit ? half.unit : x.unit);
  if (graph_[n].op == Op::Constant) {
    const NodeId top = graph_.binary(Op::Pow, x.node, n);
    return number(graph_.div(top, graph_.add(graph_.binary(Op::Pow, scale, n), top)));
  }
  const NodeId top = graph_.binary(Op::Pow, graph_.div(x.node, scale), n);
  return number(graph_.div(top, graph_.add(graph_.constant(1), top)));
}

// if(condition, a, b) and piecewise(a, condition, ..., b)
Value Checker::choose(const AstNode& node) {
  Operands conditions;
  Operands branches;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    const bool is_condition = node.text == "if" ? i == 0 : i % 2 == 1 && i + 1 < node.operands.size();
    (is_condition ? conditions : branches).push_back(node.operands[i]);
  }
  bool good = numbers(branches);
  for (const std::size_t condition : conditions) {
    good = good && values_[condition].ok();
    if (!values_[condition].ok() || values_[condition].truth) continue;
    problem(ast_.nodes[condition], quoted(condition) + " is a number where a condition is expected", usage(node.text));
    good = false;
  }
  if (!good) return {};
  std::size_t lead = branches[0];
  for (const std::size_t branch : branches) {
    if (values_[lead].any_unit) lead = branch;
  }
  for (const std::size_t branch : branches) good = agree(lead, branch, false) && good;
  if (!good) return {};
  Value result = values_[lead];
  result.node = converted(values_[branches.back()], result.unit);
  for (std::size_t i = conditions.size(); i-- > 0;) {
    result.node = graph_.select(values_[conditions[i]].node, converted(values_[branches[i]], result.unit), result.node);
  }
  return result;
}

Value Checker::dimensionless_call(const AstNode& node) {
  const NodeId a = plain(node.operands[0], "the argument of " + node.text);
  if (a == no_node) return {};
  if (node.text == "exp") return number(graph_.unary(Op::Exp, a));
  if (node.text == "log") return number(graph_.unary(Op::Log, a));
  if (node.text == "log10") return number(graph_.mul(graph_.constant(log10_of_e), graph_.unary(Op::Log, a)));
  if (node.text == "tanh") return number(graph_.unary(Op::Tanh, a));
  return number(graph_.unary(Op::Floor, a));
}

Value Checker::call(const AstNode& node) {
  const std::string& f = node.text;
  const auto& functions = function_names();
  if (std::find(functions.begin(), functions.end(), f) == functions.end()) {
    std::string hint = did_you_mean(f, functions);
    if (hint.empty())
      hint = "the functions are exp log log10 sqrt pow min max abs tanh floor hill piecewise if; a product needs *";
    problem(node, "the function \"" + f + "\" is not known", hint);
    return {};
  }
  const std::size_t given = node.operands.size();
  const Arity arity = arity_of(f);
  if (given < arity.least || given > arity.most || (f == "piecewise" && given % 2 == 0)) {
    const std::string rule = given < arity.least || f != "piecewise" ? arity_rule(f, given)
                                                                     : "piecewise() ends with the value for all other cases";
    problem(node, rule, usage(f));
    return {};
  }
  if (f == "if" || f == "piecewise") return choose(node);
  if (f == "min") return extreme(node, Op::Min);
  if (f == "max") return extreme(node, Op::Max);
  if (f == "pow") return power(node);
  if (f == "hill") return hill(node);
  if (!numbers(node.operands)) return {};
  const Value& a = values_[node.operands[0]];
  if (f == "sqrt") return number(graph_.unary(Op::Sqrt, a.node), a.unit.pow(0.5));
  if (f == "abs") return number(graph_.unary(Op::Abs, a.node), a.unit);
  return dimensionless_call(node);
}

Value Checker::strip(const AstNode& node) {
  if (!numbers(node.operands)) return {};
  const Value& a = values_[node.operands[0]];
  const auto unit = Unit::parse(node.text);
  if (!unit) {
    problems_.add(formula_.problem(node.mark, node.mark + node.text.size(), "\"" + node.text + "\" is not a unit",
                                   Unit::advice(node.text)));
    return {};
  }
  if (!a.any_unit && !a.unit.convertible(*unit)) {
    problem(ast_.nodes[node.operands[0]], fmt::format("{} has unit {}, which cannot be taken in {}",
                                                      quoted(node.operands[0]), a.unit.text(), unit->text()));
    return {};
  }
  stripped_->push_back({formula_.path, std::string(ast_.written(ast_.nodes[node.operands[0]])), node.text});
  return number(converted(a, *unit));
}

NodeId Checker::wanted_number(const Value& value, const Unit& wanted) {
  if (!value.ok()) return no_node;
  const AstNode& root = ast_.nodes.back();
  if (value.truth) {
    problem(root, "is a condition where a number is expected", "if(condition, 1, 0) makes a number of it");
    return no_node;
  }
  if (value.any_unit || value.unit.convertible(wanted)) return converted(value, wanted);
  problem(root, "has unit " + value.unit.text() + ", but must have unit " + wanted.text());
  return no_node;
}

NodeId Checker::wanted_condition(const Value& value) {
  if (!value.ok()) return no_node;
  if (value.truth) return value.node;
  problem(ast_.nodes.back(), "is a number where a condition is expected", "compare it with something");
  return no_node;
}

}  // namespace carina::expr::impl
