#include "expr/parse.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace carina::expr {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Recursive descent. A method returns the index of the node that it read; the first error ends it by an exception that
// does not leave this file.
class Parser {
 public:
  explicit Parser(const std::string& text) { ast_.text = text; }

  Ast read() {
    if (ast_.text.size() > longest_formula) fail(0, "is longer than 100000 characters", "split it with [derived] names");
    skip_space();
    if (at_ == ast_.text.size()) fail(at_, "is empty");
    disjunction();
    if (at_ != ast_.text.size()) unexpected();
    return std::move(ast_);
  }

 private:
  [[noreturn]] static void fail(std::size_t at, std::string message, std::string hint = "") {
    throw SyntaxError{at, std::move(message), std::move(hint)};
  }

  [[noreturn]] void unexpected() {
    if (at_ >= ast_.text.size()) fail(at_, "ends too early");
    const char c = ast_.text[at_];
    if (c == '=') fail(at_, "has a single \"=\"", "write == to compare");
    if (c == '\'') fail(at_, "has a unit that follows no number", "a quantity is 5 'mg/L'; in(x, 'mg/L') strips a unit");
    if (c == ')') fail(at_, "has a \")\" too many");
    // the whole UTF-8 character, so that the message stays readable
    std::size_t end = at_ + 1;
    while (end < ast_.text.size() && (static_cast<unsigned char>(ast_.text[end]) & 0xc0u) == 0x80u) ++end;
    fail(at_, "has \"" + ast_.text.substr(at_, end - at_) + "\" where an operator or the end is expected");
  }

  // Counts nesting for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > deepest_formula)
        fail(parser_.at_, "is nested deeper than 200 levels", "name parts of it in [derived]");
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  void skip_space() {
    while (at_ < ast_.text.size() && is_space(ast_.text[at_])) ++at_;
  }

  bool next_is(std::string_view token) const { return ast_.text.compare(at_, token.size(), token) == 0; }

  bool eat(std::string_view token) {
    if (!next_is(token)) return false;
    at_ += token.size();
    skip_space();
    return true;
  }

  bool eat_word(std::string_view word) {
    const std::size_t after = at_ + word.size();
    if (!next_is(word)) return false;
    if (after < ast_.text.size() && (is_letter(ast_.text[after]) || is_digit(ast_.text[after]))) return false;
    return eat(word);
  }

  std::size_t add(AstNode node) {
    ast_.nodes.push_back(std::move(node));
    return ast_.nodes.size() - 1;
  }

  std::size_t add_binary(std::string op, std::size_t mark, std::size_t a, std::size_t b) {
    AstNode node{Syntax::Binary, std::move(op), 0, {a, b}, ast_.nodes[a].begin, ast_.nodes[b].end, mark};
    return add(std::move(node));
  }

  std::size_t disjunction() {
    const Level level(*this);
    std::size_t left = conjunction();
    for (std::size_t mark = at_; eat_word("or") || eat("||"); mark = at_) left = add_binary("or", mark, left, conjunction());
    return left;
  }

  std::size_t conjunction() {
    std::size_t left = negation();
    for (std::size_t mark = at_; eat_word("and") || eat("&&"); mark = at_) left = add_binary("and", mark, left, negation());
    return left;
  }

  std::size_t negation() {
    const std::size_t mark = at_;
    if (!eat_word("not") && !(next_is("!") && !next_is("!=") && eat("!"))) return comparison();
    const Level level(*this);
    const std::size_t a = negation();
    return add({Syntax::Not, "not", 0, {a}, mark, ast_.nodes[a].end, mark});
  }

  std::string comparison_operator() {
    for (const char* op : {"<=", ">=", "==", "!=", "<", ">"}) {
      if (eat(op)) return op;
    }
    return {};
  }

  std::size_t comparison() {
    const std::size_t left = sum();
    std::size_t mark = at_;
    const std::string op = comparison_operator();
    if (op.empty()) return left;
    const std::size_t result = add_binary(op, mark, left, sum());
    mark = at_;
    if (!comparison_operator().empty()) fail(mark, "compares twice in a row", "write a < b and b < c");
    return result;
  }

  std::size_t sum() {
    std::size_t left = product();
    for (std::size_t mark = at_;; mark = at_) {
      if (eat("+"))
        left = add_binary("+", mark, left, product());
      else if (eat("-"))
        left = add_binary("-", mark, left, product());
      else
        return left;
    }
  }

  std::size_t product() {
    std::size_t left = signed_power();
    for (std::size_t mark = at_;; mark = at_) {
      if (next_is("**")) fail(at_, "has \"**\"", "a power is written ^");
      if (eat("*"))
        left = add_binary("*", mark, left, signed_power());
      else if (eat("/"))
        left = add_binary("/", mark, left, signed_power());
      else
        return left;
    }
  }

  std::size_t signed_power() {
    const std::size_t mark = at_;
    const bool plus = eat("+");
    if (!plus && !eat("-")) return power();
    const Level level(*this);
    if (plus) return signed_power();
    const std::size_t a = signed_power();
    return add({Syntax::Negate, "-", 0, {a}, mark, ast_.nodes[a].end, mark});
  }

  std::size_t power() {
    const std::size_t base = primary();
    const std::size_t mark = at_;
    if (!eat("^")) return base;
    const Level level(*this);
    return add_binary("^", mark, base, signed_power());
  }

  std::size_t primary() {
    const std::size_t begin = at_;
    if (at_ >= ast_.text.size()) fail(at_, "ends where a value is expected");
    const char c = ast_.text[at_];
    if (is_digit(c) || c == '.') return number();
    if (is_letter(c)) return name();
    if (!eat("(")) {
      if (c == '\'' || c == '=') unexpected();
      fail(at_, std::string("has \"") + c + "\" where a value is expected");
    }
    const std::size_t inner = disjunction();
    close(begin);
    // the parentheses belong to the term as written
    ast_.nodes[inner].begin = begin;
    ast_.nodes[inner].end = last_end_;
    return inner;
  }

  void close(std::size_t opened) {
    last_end_ = at_ + 1;
    if (at_ >= ast_.text.size()) fail(opened, "has a \"(\" that is not closed");
    if (!eat(")")) unexpected();
  }

  std::size_t number() {
    AstNode node{Syntax::Number, "", 0, {}, at_, 0, at_};
    const char* begin = ast_.text.data() + at_;
    const auto result = std::from_chars(begin, ast_.text.data() + ast_.text.size(), node.value);
    if (result.ec != std::errc() || !std::isfinite(node.value)) fail(at_, "has a number that cannot be read");
    at_ += static_cast<std::size_t>(result.ptr - begin);
    if (at_ < ast_.text.size() && (is_letter(ast_.text[at_]) || ast_.text[at_] == '.')) {
      fail(at_, "has a number that runs into \"" + ast_.text.substr(at_, 1) + "\"",
           "write * between a number and a name, and a unit in single quotes");
    }
    node.end = at_;
    skip_space();
    if (at_ < ast_.text.size() && ast_.text[at_] == '\'') {
      node.kind = Syntax::Quantity;
      node.text = unit_text(node.mark);
      node.end = last_end_;
    }
    return add(std::move(node));
  }

  // 'unit'; `mark` becomes the place of its first character
  std::string unit_text(std::size_t& mark) {
    const std::size_t close = ast_.text.find('\'', at_ + 1);
    if (close == std::string::npos) fail(at_, "has a unit whose quote is not closed");
    mark = at_ + 1;
    std::string unit = ast_.text.substr(mark, close - mark);
    at_ = last_end_ = close + 1;
    skip_space();
    return unit;
  }

  std::size_t name() {
    const std::size_t begin = at_;
    while (at_ < ast_.text.size() && (is_letter(ast_.text[at_]) || is_digit(ast_.text[at_]))) ++at_;
    AstNode node{Syntax::Name, ast_.text.substr(begin, at_ - begin), 0, {}, begin, at_, begin};
    skip_space();
    if (node.text == "and" || node.text == "or" || node.text == "not") {
      fail(begin, "has \"" + node.text + "\" where a value is expected");
    }
    const std::size_t opened = at_;
    if (!eat("(")) return add(std::move(node));
    node.kind = node.text == "in" ? Syntax::Strip : Syntax::Call;
    if (node.kind == Syntax::Strip)
      strip_arguments(node);
    else
      arguments(node);
    close(opened);
    node.end = last_end_;
    return add(std::move(node));
  }

  void arguments(AstNode& node) {
    if (next_is(")")) return;
    do node.operands.push_back(disjunction());
    while (eat(","));
  }

  void strip_arguments(AstNode& node) {
    node.operands.push_back(disjunction());
    const std::size_t at = at_;
    if (!eat(",") || at_ >= ast_.text.size() || ast_.text[at_] != '\'') {
      fail(at, "has an in() without a unit in single quotes", "in(x, 'mg/L') is the value of x in mg/L");
    }
    node.text = unit_text(node.mark);
  }

  Ast ast_;
  std::size_t at_ = 0;
  std::size_t last_end_ = 0;  // end of the last closed parenthesis or unit, before the space after it
  int depth_ = 0;
};

}  // namespace

std::optional<Ast> parse(const std::string& text, SyntaxError& error) {
  try {
    return Parser(text).read();
  } catch (const SyntaxError& caught) {
    error = caught;
    return std::nullopt;
  }
}

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = {"exp", "log",  "log10", "sqrt", "pow",       "min", "max",
                                                 "abs", "tanh", "floor", "hill", "piecewise", "if"};
  return names;
}

bool is_reserved(std::string_view text) {
  for (const char* word : {"t", "and", "or", "not", "in"}) {
    if (text == word) return true;
  }
  const auto& names = function_names();
  return std::find(names.begin(), names.end(), text) != names.end();
}

bool is_name(std::string_view text) {
  if (text.empty() || !is_letter(text[0]) || is_reserved(text)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace carina::expr
