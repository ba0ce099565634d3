#include "base/units.h"

#include <fmt/format.h>
#include <udunits2.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "base/names.h"

namespace carina {
namespace {

constexpr std::size_t longest_text = 200;
constexpr int deepest_parenthesis = 16;
constexpr double largest_exponent = 50;

// What UDUNITS says about one name.
struct Known {
  std::map<std::string, double> powers;
  double scale = 1;
};

// Conversion factors are ratios of powers of ten and of small integers, which UDUNITS builds by multiplying doubles
// (uL is 1.0000000000000002e-9 there). A value that is a short decimal, or one over it, but for rounding is that decimal.
double snapped(long double x) {
  const auto near_decimal = [](long double value, double& decimal) {
    decimal = std::strtod(fmt::format("{:.13e}", static_cast<double>(value)).c_str(), nullptr);
    return std::fabs(static_cast<double>(value - static_cast<long double>(decimal))) <= 1e-15 * std::fabs(decimal);
  };
  double decimal = 0;
  if (near_decimal(x, decimal)) return decimal;
  if (near_decimal(1.0L / x, decimal)) return 1.0 / decimal;
  return static_cast<double>(x);
}

long double power(double base, double exponent) {
  const auto b = static_cast<long double>(base);
  if (exponent != std::floor(exponent) || std::fabs(exponent) > largest_exponent)
    return std::pow(b, static_cast<long double>(exponent));
  long double product = 1;
  for (int n = static_cast<int>(std::fabs(exponent)); n > 0; --n) product *= b;
  return exponent < 0 ? 1.0L / product : product;
}

// Exponents come from sums such as 1/3 + 2/3, which must meet: a fraction of small denominator is that fraction.
double tidy(double exponent) {
  for (int denominator = 1; denominator <= 12; ++denominator) {
    const double fraction = std::round(exponent * denominator) / denominator;
    if (std::fabs(exponent - fraction) < 1e-9) return fraction;
  }
  return exponent;
}

ut_status visit_basic(const ut_unit* unit, void* arg) {
  auto* known = static_cast<Known*>(arg);
  if (ut_is_dimensionless(unit) != 0) return UT_SUCCESS;  // radian
  const char* name = ut_get_name(unit, UT_ASCII);
  if (name == nullptr) name = ut_get_symbol(unit, UT_ASCII);
  if (name == nullptr) return UT_BAD_ARG;
  known->powers[name] += 1;
  return UT_SUCCESS;
}

ut_status visit_product(const ut_unit*, int count, const ut_unit* const* basic, const int* powers, void* arg) {
  auto* known = static_cast<Known*>(arg);
  for (int i = 0; i < count; ++i) {
    Known one;
    if (const ut_status status = visit_basic(basic[i], &one); status != UT_SUCCESS) return status;
    for (const auto& [name, exponent] : one.powers) known->powers[name] += exponent * powers[i];
  }
  return UT_SUCCESS;
}

ut_status visit_galilean(const ut_unit*, double scale, const ut_unit* underlying, double offset, void* arg);
ut_status visit_timestamp(const ut_unit*, const ut_unit*, double, void*) { return UT_BAD_ARG; }
ut_status visit_logarithmic(const ut_unit*, double, const ut_unit*, void*) { return UT_BAD_ARG; }

const ut_visitor visitor = {visit_basic, visit_product, visit_galilean, visit_timestamp, visit_logarithmic};

ut_status visit_galilean(const ut_unit*, double scale, const ut_unit* underlying, double offset, void* arg) {
  if (offset != 0) return UT_BAD_ARG;
  static_cast<Known*>(arg)->scale *= scale;
  return ut_accept_visitor(underlying, &visitor, arg);
}

// The UDUNITS system with our units added. Everything is called under the mutex: UDUNITS has global state.
class Database {
 public:
  static Database& instance() {
    static Database database;
    return database;
  }

  // The unit called `name`, or nothing and why. Successes are kept.
  std::optional<Known> find(const std::string& name, std::string* why = nullptr) {
    const std::lock_guard lock(mutex_);
    if (const auto it = known_.find(name); it != known_.end()) return it->second;
    ut_unit* unit = ut_parse(system_, name.c_str(), UT_UTF8);
    if (unit == nullptr) return std::nullopt;
    Known known;
    const ut_status status = ut_accept_visitor(unit, &visitor, &known);
    ut_free(unit);
    if (status != UT_SUCCESS) {
      if (why != nullptr) *why = "\"" + name + "\" has an offset or a logarithm; a temperature is in K";
      return std::nullopt;
    }
    std::erase_if(known.powers, [](const auto& power) { return power.second == 0; });
    known.scale = snapped(static_cast<long double>(known.scale));
    known_.emplace(name, known);
    return known;
  }

 private:
  Database() {
    ut_set_error_message_handler(ut_ignore);
    // The usual places first, so that the environment variable that UDUNITS looks at decides nothing there.
    for (const char* path : {"/usr/share/xml/udunits/udunits2.xml", "/usr/share/udunits/udunits2.xml"}) {
      if (system_ == nullptr) system_ = ut_read_xml(path);
    }
    if (system_ == nullptr) system_ = ut_read_xml(nullptr);
    CARINA_CHECK(system_ != nullptr);
    add_base({"cell", "cells"});
    add_base({"copies", "copy"});
    add_base({"IU"});
    add_base({"CI"});
    define("mol/L", {"M", "molar"});
    define("u", {"Da", "dalton"});
    define("365.25 day", {"year", "years", "yr"});
    define("30.4375 day", {"month", "months"});
  }

  void add_base(std::initializer_list<const char*> names) {
    ut_unit* unit = ut_new_base_unit(system_);
    CARINA_CHECK(unit != nullptr);
    CARINA_CHECK(ut_map_unit_to_name(unit, *names.begin(), UT_ASCII) == UT_SUCCESS);
    map_names(unit, names);
  }

  void define(const char* meaning, std::initializer_list<const char*> names) {
    ut_unit* unit = ut_parse(system_, meaning, UT_ASCII);
    CARINA_CHECK(unit != nullptr);
    map_names(unit, names);
  }

  // As symbols: names would take prefixes spelled out (kilocell), symbols take k, M, u, n.
  void map_names(ut_unit* unit, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      ut_unmap_name_to_unit(system_, name, UT_ASCII);
      ut_unmap_symbol_to_unit(system_, name, UT_ASCII);
      CARINA_CHECK(ut_map_symbol_to_unit(name, UT_ASCII, unit) == UT_SUCCESS);
    }
    ut_free(unit);
  }

  std::mutex mutex_;
  ut_system* system_ = nullptr;
  std::unordered_map<std::string, Known> known_;
};

bool is_name_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '%' || byte == '_' || byte >= 0x80;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

// Recursive descent over a unit text. `problem` says what stopped it.
class UnitReader {
 public:
  explicit UnitReader(const std::string& text) : text_(text) {}

  std::optional<Unit> read() {
    if (text_.size() > longest_text) return fail("a unit has at most 200 characters");
    auto unit = product(0);
    if (unit && at_ != text_.size()) return fail("");
    if (unit && !(std::isfinite(unit->scale()) && unit->scale() > 0)) return fail("its scale is out of range");
    return unit;
  }

  const std::string& problem() const { return problem_; }

 private:
  std::optional<Unit> fail(const std::string& problem) {
    if (problem_.empty()) problem_ = problem;
    return std::nullopt;
  }

  bool skip_space() {
    const std::size_t before = at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ != before;
  }

  bool eat(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // factors joined by space, '.', '*' or '/'
  std::optional<Unit> product(int depth) {
    if (depth > deepest_parenthesis) return fail("too many parentheses");
    skip_space();
    auto unit = factor(depth);
    bool divided = false;
    while (unit) {
      skip_space();
      if (at_ == text_.size() || text_[at_] == ')') return unit;
      const bool divide = eat('/');
      if (!divide && !eat('*')) eat('.');
      if (!divide && divided) return fail("put the product after / in parentheses, as in mg/(L day)");
      divided = divided || divide;
      skip_space();
      const auto next = factor(depth);
      if (!next) return std::nullopt;
      unit->multiply(*next, divide ? -1 : 1);
    }
    return unit;
  }

  std::optional<Unit> factor(int depth) {
    std::optional<Unit> unit;
    bool named = false;
    if (eat('(')) {
      unit = product(depth + 1);
      if (unit && !eat(')')) return fail("a parenthesis is not closed");
    } else if (at_ < text_.size() && is_digit(text_[at_])) {
      unit = number();
    } else {
      unit = name();
      named = true;
    }
    if (!unit) return std::nullopt;
    double exponent = 1;
    if (!read_exponent(named, exponent)) return fail("");
    return exponent == 1 ? unit : unit->pow(exponent);
  }

  // `^2`, `^-0.5`, `**2`, and directly after a name `2` or `-1`
  bool read_exponent(bool named, double& exponent) {
    bool marked = eat('^');
    if (!marked && text_.compare(at_, 2, "**") == 0) {
      at_ += 2;
      marked = true;
    }
    const bool sign = at_ < text_.size() && (text_[at_] == '-' || text_[at_] == '+');
    const std::size_t first = at_ + (sign ? 1 : 0);
    const bool digits = first < text_.size() && is_digit(text_[first]);
    if (!marked && !(named && digits)) return true;
    if (!digits) return false;
    const char* begin = text_.data() + first;
    const char* limit = text_.data() + text_.size();
    int whole = 0;
    const auto result =
        marked ? std::from_chars(begin, limit, exponent, std::chars_format::fixed) : std::from_chars(begin, limit, whole);
    if (result.ec != std::errc()) return false;
    if (!marked) exponent = whole;
    if (sign && text_[at_] == '-') exponent = -exponent;
    at_ = static_cast<std::size_t>(result.ptr - text_.data());
    return exponent != 0 && std::fabs(exponent) <= largest_exponent;
  }

  std::optional<Unit> number() {
    double value = 0;
    const auto result = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (result.ec != std::errc() || !(value > 0)) return fail("");
    const std::size_t begin = at_;
    at_ = static_cast<std::size_t>(result.ptr - text_.data());
    Unit unit;
    if (value != 1) unit.atoms_.push_back({text_.substr(begin, at_ - begin), 1, value, false});
    return unit;
  }

  std::optional<Unit> name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    const std::string name = text_.substr(begin, at_ - begin);
    if (name.empty()) return fail("");
    std::string why = name == text_ ? "" : "\"" + name + "\" is not a known unit";
    const auto known = Database::instance().find(name, &why);
    if (!known) return fail(why);
    Unit unit;
    unit.powers_ = known->powers;
    const bool time = known->powers.size() == 1 && known->powers.begin()->first == "second";
    unit.atoms_.push_back({name, 1, known->scale, time});
    return unit;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  std::string problem_;
};

std::optional<Unit> Unit::parse(const std::string& text) { return UnitReader(text).read(); }

std::string Unit::advice(const std::string& text) {
  static const std::vector<std::string> usual = {"day", "hour", "min", "week", "month", "year", "cell", "copies", "mL", "uL",
                                                 "L",   "dL",   "kg",  "g",    "mg",    "ug",   "ng",   "pg",     "mm", "um",
                                                 "mol", "nM",   "uM",  "mM",   "pM",    "IU",   "CI",   "%"};
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    const std::string word = text.substr(at, end - at);
    std::string why;
    if (!word.empty() && word.size() < longest_text && !Database::instance().find(word, &why)) {
      std::string hint = why.empty() ? did_you_mean(word, usual) : why;
      if (!hint.empty()) return hint;
    }
    at = end + 1;
  }
  UnitReader reader(text);
  return reader.read() ? std::string() : reader.problem();
}

void Unit::multiply(const Unit& other, double exponent) {
  for (const auto& [name, power] : other.powers_) {
    double& sum = powers_[name];
    sum = tidy(sum + power * exponent);
    if (sum == 0) powers_.erase(name);
  }
  for (Atom atom : other.atoms_) {
    atom.exponent = tidy(atom.exponent * exponent);
    const auto same = std::find_if(atoms_.begin(), atoms_.end(), [&](const Atom& a) { return a.name == atom.name; });
    if (same == atoms_.end()) {
      atoms_.push_back(std::move(atom));
      continue;
    }
    same->exponent = tidy(same->exponent + atom.exponent);
    if (same->exponent == 0) atoms_.erase(same);
  }
}

Unit Unit::operator*(const Unit& other) const {
  Unit product = *this;
  product.multiply(other, 1);
  return product;
}

Unit Unit::operator/(const Unit& other) const {
  Unit quotient = *this;
  quotient.multiply(other, -1);
  return quotient;
}

Unit Unit::pow(double exponent) const {
  Unit result;
  if (exponent != 0) result.multiply(*this, exponent);
  return result;
}

double Unit::scale() const {
  long double above = 1;
  long double below = 1;
  for (const Atom& atom : atoms_) {
    (atom.exponent > 0 ? above : below) *= power(atom.scale, std::fabs(atom.exponent));
  }
  return snapped(above / below);
}

double Unit::factor_to(const Unit& other) const {
  CARINA_CHECK(convertible(other));
  return (*this / other).scale();
}

std::string Unit::text() const {
  std::vector<Atom> atoms = atoms_;
  std::stable_sort(atoms.begin(), atoms.end(), [](const Atom& a, const Atom& b) { return a.time < b.time; });
  // a number before a name, so that it reads as its factor
  std::stable_sort(atoms.begin(), atoms.end(),
                   [](const Atom& a, const Atom& b) { return is_digit(a.name[0]) && !is_digit(b.name[0]); });
  std::string above;
  std::string below;
  int below_count = 0;
  for (const Atom& atom : atoms) {
    const double size = std::fabs(atom.exponent);
    std::string& side = atom.exponent > 0 ? above : below;
    if (atom.exponent < 0) ++below_count;
    if (!side.empty()) side += ' ';
    side += atom.name;
    if (size != 1) side += "^" + number_text(size);
  }
  if (above.empty()) above = "1";
  if (below_count == 0) return above;
  return above + (below_count > 1 ? "/(" + below + ")" : "/" + below);
}

}  // namespace carina
