/// @file
/// From a formula as text to a node of the graph: names are looked up, units are checked through the whole tree, and
/// where units agree but scales differ (cell/L + cell/uL) the factor is put in. Every problem of a formula is collected,
/// with the term, both units, and its line and column.
///
/// Sums, comparisons, min, max and the branches of if and piecewise need units of one dimension; the number 0 fits any.
/// exp, log, log10, tanh and floor need a dimensionless argument. A power of something with a unit needs a constant
/// exponent. in(x, 'unit') is the value of x in that unit, without unit: the only way round the check, and recorded.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/problem.h"
#include "base/units.h"
#include "expr/graph.h"
#include "expr/parse.h"

namespace carina::expr {

/// What a name stands for.
struct Symbol {
  NodeId node = no_node;  ///< its value; no_node for something wrong that was reported already
  Unit unit;              ///< its unit
};

/// The names that a formula may use. `t` is always there.
using Scope = std::map<std::string, Symbol>;

/// A formula with its place in a file, for messages.
struct Formula {
  std::string text;  ///< as written
  std::string file;  ///< file as the user named it; may be empty
  std::string path;  ///< key path, e.g. `states.E.rate`
  /// Line and column of a byte of `text`; may be empty.
  std::function<std::pair<int, int>(std::size_t)> place;

  /// A problem with the bytes [begin, end) of the text.
  Problem problem(std::size_t begin, std::size_t end, std::string rule, std::string hint = "") const;
};

/// One use of in(): it shows on the manual page.
struct Stripped {
  std::string path;  ///< key path of the formula
  std::string term;  ///< what lost its unit, as written
  std::string unit;  ///< unit in which its value is taken
};

/// Reads a formula; problems are added and nothing is returned when it cannot be read.
std::optional<Ast> parse_formula(const Formula& formula, Problems& problems);

/// The names that a formula uses, each once, without `t`.
std::vector<std::string> names_in(const Ast& ast);

/// Turns formulas into nodes of one graph.
class Resolver {
 public:
  /// `time` is the unit of `t`. The references must outlive the resolver.
  Resolver(Graph& graph, Problems& problems, Unit time);

  /// The node of a formula whose value must have the unit `wanted`, converted to it; no_node after problems.
  NodeId number(const Formula& formula, const Ast& ast, const Scope& scope, const Unit& wanted);
  /// The node of a condition; no_node after problems.
  NodeId condition(const Formula& formula, const Ast& ast, const Scope& scope);
  /// Every in() seen so far.
  const std::vector<Stripped>& stripped() const { return stripped_; }

 private:
  Graph& graph_;
  Problems& problems_;
  Unit time_;
  std::vector<Stripped> stripped_;
};

}  // namespace carina::expr
