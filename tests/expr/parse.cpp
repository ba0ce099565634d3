#include "expr/parse.h"

#include <doctest/doctest.h>

#include <string>

using namespace carina;

namespace {

// The tree with every operand in parentheses.
std::string tree(const expr::Ast& ast, std::size_t index) {
  const expr::AstNode& node = ast.nodes[index];
  const auto operand = [&](std::size_t i) { return tree(ast, node.operands[i]); };
  switch (node.kind) {
    case expr::Syntax::Number:
    case expr::Syntax::Name:
    case expr::Syntax::Quantity: return std::string(ast.written(node));
    case expr::Syntax::Negate: return "(-" + operand(0) + ")";
    case expr::Syntax::Not: return "(not " + operand(0) + ")";
    case expr::Syntax::Binary: return "(" + operand(0) + node.text + operand(1) + ")";
    case expr::Syntax::Strip: return "in(" + operand(0) + ",'" + node.text + "')";
    case expr::Syntax::Call: break;
  }
  std::string text = node.text + "(";
  for (std::size_t i = 0; i < node.operands.size(); ++i) text += (i > 0 ? "," : "") + operand(i);
  return text + ")";
}

std::string tree(const std::string& text) {
  expr::SyntaxError error;
  const auto ast = expr::parse(text, error);
  if (!ast) return std::to_string(error.at) + ": " + error.message;
  return tree(*ast, ast->nodes.size() - 1);
}

}  // namespace

TEST_CASE("operators bind as in mathematics") {
  CHECK(tree("a+b*c") == "(a+(b*c))");
  CHECK(tree("a-b-c") == "((a-b)-c)");
  CHECK(tree("a/b/c") == "((a/b)/c)");
  CHECK(tree("a/b*c") == "((a/b)*c)");
  CHECK(tree("a^b^c") == "(a^(b^c))");
  CHECK(tree("-a^b") == "(-(a^b))");
  CHECK(tree("a^-b") == "(a^(-b))");
  CHECK(tree("-a*b") == "((-a)*b)");
  CHECK(tree("a*-b") == "(a*(-b))");
  CHECK(tree("- -a") == "(-(-a))");
  CHECK(tree("+a") == "a");
  CHECK(tree("(a+b)*c") == "((a+b)*c)");
  CHECK(tree("a < b + c") == "(a<(b+c))");
  CHECK(tree("a<b and c>=d or e!=f") == "(((a<b)and(c>=d))or(e!=f))");
  CHECK(tree("not a < b") == "(not (a<b))");
  CHECK(tree("!a && b || c") == "(((not a)andb)orc)");
  CHECK(tree("a == b") == "(a==b)");
}

TEST_CASE("numbers, quantities, calls and in() are read") {
  CHECK(tree("1e-12 'cell/L' * x") == "(1e-12 'cell/L'*x)");
  CHECK(tree(".5 + 1. + 2e3") == "((.5+1.)+2e3)");
  CHECK(tree("hill(x, half, 2)") == "hill(x,half,2)");
  CHECK(tree("in(a + b, 'mg/L')^2") == "(in((a+b),'mg/L')^2)");
  CHECK(tree("f()") == "f()");
  CHECK(tree("min(a,\n  b)") == "min(a,b)");
  CHECK(tree("orb + andy") == "(orb+andy)");
}

TEST_CASE("what is no formula is refused with the place") {
  CHECK(tree("") == "0: is empty");
  CHECK(tree("a +") == "3: ends where a value is expected");
  CHECK(tree("a + * b") == "4: has \"*\" where a value is expected");
  CHECK(tree("(a + b") == "0: has a \"(\" that is not closed");
  CHECK(tree("a + b)") == "5: has a \")\" too many");
  CHECK(tree("a = b") == "2: has a single \"=\"");
  CHECK(tree("a < b < c") == "6: compares twice in a row");
  CHECK(tree("a ** b") == "2: has \"**\"");
  CHECK(tree("2a") == "1: has a number that runs into \"a\"");
  CHECK(tree("1.2.3") == "3: has a number that runs into \".\"");
  CHECK(tree("a 'mg'") == "2: has a unit that follows no number");
  CHECK(tree("5 'mg") == "2: has a unit whose quote is not closed");
  CHECK(tree("in(a)") == "4: has an in() without a unit in single quotes");
  CHECK(tree("a $ b") == "2: has \"$\" where an operator or the end is expected");
  CHECK(tree("a \xc2\xb5") == "2: has \"\xc2\xb5\" where an operator or the end is expected");
  CHECK(tree("1e999") == "0: has a number that cannot be read");
  CHECK(tree("and") == "0: has \"and\" where a value is expected");
}

TEST_CASE("a hostile formula is refused before it can exhaust the stack") {
  const std::string deep(5000, '(');
  CHECK(tree(deep + "a" + std::string(5000, ')')) == "200: is nested deeper than 200 levels");
  CHECK(tree(std::string(5000, '-') + "a").find("nested deeper") != std::string::npos);
  std::string powers = "a";
  std::string nots;
  for (int i = 0; i < 5000; ++i) {
    powers += "^a";
    nots += "not ";
  }
  CHECK(tree(powers).find("nested deeper") != std::string::npos);
  CHECK(tree(nots + "a").find("nested deeper") != std::string::npos);
  CHECK(tree(std::string(200'000, '1')).find("longer than") != std::string::npos);
  // a long sum is no deep one
  std::string sum = "a";
  for (int i = 0; i < 40'000; ++i) sum += "+a";
  expr::SyntaxError error;
  CHECK(expr::parse(sum, error).has_value());
}

TEST_CASE("names are letters, digits and underscores, and no words of the language") {
  CHECK(expr::is_name("Tmax"));
  CHECK(expr::is_name("_x1"));
  CHECK_FALSE(expr::is_name("1x"));
  CHECK_FALSE(expr::is_name("a-b"));
  CHECK_FALSE(expr::is_name(""));
  CHECK_FALSE(expr::is_name("t"));
  CHECK_FALSE(expr::is_name("exp"));
  CHECK_FALSE(expr::is_name("in"));
}
