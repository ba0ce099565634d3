/// @file
/// The unit checker behind expr/resolve.h: walks one syntax tree, operands first, and builds its nodes.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "expr/resolve.h"

namespace carina::expr::impl {

/// A subformula: node and unit, or what it is instead.
struct Value {
  NodeId node = no_node;  ///< no_node after a problem
  Unit unit;              ///< unit of a number
  bool any_unit = false;  ///< the literal 0, which fits any unit
  bool truth = false;     ///< a condition
  /// False after a problem, which was reported already.
  bool ok() const { return node != no_node; }
};

/// Walks one tree.
class Checker {
 public:
  /// The references must outlive the checker.
  Checker(Graph& graph, Problems& problems, const Formula& formula, const Ast& ast);

  /// The value of the whole tree.
  Value walk(const Scope& scope, const Unit& time, std::vector<Stripped>& stripped);
  /// `value` in the unit `wanted`, or no_node and a problem.
  NodeId wanted_number(const Value& value, const Unit& wanted);
  /// `value` as a condition, or no_node and a problem.
  NodeId wanted_condition(const Value& value);

 private:
  using Operands = std::vector<std::size_t>;

  void problem(const AstNode& at, std::string rule, std::string hint = "");
  std::string quoted(std::size_t node) const;
  const AstNode& first_term(std::size_t node) const;
  Value number(NodeId node, Unit unit = {}) const;
  Value truth(NodeId node) const;

  Value visit(const AstNode& node, const Scope& scope, const Unit& time);
  Value name(const AstNode& node, const Scope& scope, const Unit& time);
  Value quantity(const AstNode& node);
  Value binary(const AstNode& node);
  Value logic(const AstNode& node);
  Value comparison(const AstNode& node);
  Value call(const AstNode& node);
  Value strip(const AstNode& node);

  Value sum(const AstNode& node, Op op);
  Value extreme(const AstNode& node, Op op);
  Value power(const AstNode& node);
  Value hill(const AstNode& node);
  Value choose(const AstNode& node);
  Value dimensionless_call(const AstNode& node);

  bool numbers(const Operands& operands);
  bool agree(std::size_t first, std::size_t second, bool terms);
  NodeId converted(const Value& value, const Unit& unit);
  NodeId plain(std::size_t operand, const std::string& where);

  Graph& graph_;
  Problems& problems_;
  const Formula& formula_;
  const Ast& ast_;
  std::vector<Value> values_;
  std::set<std::string> unknown_;  // names already reported
  std::vector<Stripped>* stripped_ = nullptr;
};

}  // namespace carina::expr::impl
