#include "expr/resolve.h"

#include <algorithm>
#include <utility>

#include "expr/impl/checker.h"

namespace carina::expr {
namespace {

constexpr std::size_t longest_shown = 70;
constexpr std::size_t shown_before = 24;

bool inside_character(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

// The formula in quotes, on one line; of a long one only the part around the term.
std::string shown(const std::string& text, std::size_t begin) {
  std::string line;
  std::size_t at = 0;  // where `begin` is in the line
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == begin) at = line.size();
    const bool space = text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
    if (!space)
      line += text[i];
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  if (line.size() <= longest_shown) return "\"" + line + "\"";
  std::size_t from = at > shown_before ? at - shown_before : 0;
  from = std::min(from, line.size() - longest_shown);
  std::size_t to = std::min(line.size(), from + longest_shown);
  while (from > 0 && inside_character(line[from])) --from;
  while (to < line.size() && inside_character(line[to])) ++to;
  return (from > 0 ? "\"..." : "\"") + line.substr(from, to - from) + (to < line.size() ? "...\"" : "\"");
}

}  // namespace

Problem Formula::problem(std::size_t begin, std::size_t, std::string rule, std::string hint) const {
  Problem result;
  result.file = file;
  if (place) std::tie(result.line, result.column) = place(begin);
  result.path = path;
  result.value = shown(text, begin);
  result.rule = std::move(rule);
  result.hint = std::move(hint);
  return result;
}

std::optional<Ast> parse_formula(const Formula& formula, Problems& problems) {
  SyntaxError error;
  auto ast = parse(formula.text, error);
  if (!ast) problems.add(formula.problem(error.at, error.at, error.message, error.hint));
  return ast;
}

std::vector<std::string> names_in(const Ast& ast) {
  std::vector<std::string> names;
  for (const AstNode& node : ast.nodes) {
    if (node.kind != Syntax::Name || node.text == "t") continue;
    if (std::find(names.begin(), names.end(), node.text) == names.end()) names.push_back(node.text);
  }
  return names;
}

Resolver::Resolver(Graph& graph, Problems& problems, Unit time)
    : graph_(graph), problems_(problems), time_(std::move(time)) {}

NodeId Resolver::number(const Formula& formula, const Ast& ast, const Scope& scope, const Unit& wanted) {
  impl::Checker checker(graph_, problems_, formula, ast);
  return checker.wanted_number(checker.walk(scope, time_, stripped_), wanted);
}

NodeId Resolver::condition(const Formula& formula, const Ast& ast, const Scope& scope) {
  impl::Checker checker(graph_, problems_, formula, ast);
  return checker.wanted_condition(checker.walk(scope, time_, stripped_));
}

}  // namespace carina::expr
