/// @file
/// Reads one formula into a syntax tree. Names and units are not looked at here: expr/resolve.h does that.
///
///     formula    := or                              lowest
///     or         := and { ("or" | "||") and }
///     and        := not { ("and" | "&&") not }
///     not        := ("not" | "!") not | comparison
///     comparison := sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
///     sum        := product { ("+" | "-") product }
///     product    := signed { ("*" | "/") signed }
///     signed     := ("-" | "+") signed | power      so -x^2 is -(x^2)
///     power      := primary [ "^" signed ]          right-associative
///     primary    := number [ 'unit' ] | name | name "(" arguments ")" | "(" formula ")"
///
/// A number with a unit in single quotes is a quantity: `1e-12 'cell/L'`. The second argument of `in(x, 'unit')` is a unit.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carina::expr {

/// What a syntax node is.
enum class Syntax {
  Number,    ///< a number without unit
  Quantity,  ///< a number with a unit
  Name,      ///< a name to look up
  Negate,    ///< -a
  Not,       ///< not a
  Binary,    ///< a op b
  Call,      ///< function of its operands
  Strip,     ///< in(a, 'unit')
};

/// One node of the tree. Operands stand before their users in Ast::nodes.
struct AstNode {
  Syntax kind = Syntax::Number;       ///< what it is
  std::string text;                   ///< name, operator or function; the unit of a Quantity or Strip
  double value = 0;                   ///< of a Number or Quantity
  std::vector<std::size_t> operands;  ///< indices into Ast::nodes
  std::size_t begin = 0;              ///< first byte in the text
  std::size_t end = 0;                ///< one past the last byte
  std::size_t mark = 0;               ///< byte of the operator, of the unit's text or of the name
};

/// A formula as a tree; the root is the last node.
struct Ast {
  std::string text;            ///< the formula as written
  std::vector<AstNode> nodes;  ///< operands first
  /// The text that `node` was read from.
  std::string_view written(const AstNode& node) const {
    return std::string_view(text).substr(node.begin, node.end - node.begin);
  }
};

/// Why a text is no formula.
struct SyntaxError {
  std::size_t at = 0;   ///< byte in the text
  std::string message;  ///< what is wrong there
  std::string hint;     ///< what to do; may be empty
};

/// Longest formula in bytes.
inline constexpr std::size_t longest_formula = 100'000;
/// Deepest nesting of parentheses, calls and signs.
inline constexpr int deepest_formula = 200;

/// Reads `text`. On failure returns nothing and fills `error`.
std::optional<Ast> parse(const std::string& text, SyntaxError& error);

/// True for a name that a formula can use: a letter, then letters, digits and underscores, and no word of the language.
bool is_name(std::string_view text);
/// True for `t`, `and`, `or`, `not`, `in` and the names of functions, which nothing else may be called.
bool is_reserved(std::string_view text);
/// Names of all functions, for suggestions and the manual.
const std::vector<std::string>& function_names();

}  // namespace carina::expr
