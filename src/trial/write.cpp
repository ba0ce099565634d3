#include "trial/write.h"

#include <fmt/format.h>

#include <cmath>

#include "base/names.h"
#include "trial/impl/shape.h"

namespace carina::trial {
namespace {

using impl::Need;

std::string quoted(const std::string& text) {
  const bool block = text.find('\n') != std::string::npos;
  std::string out = block ? "\"\"\"\n" : "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n' && block)
      out += '\n';
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out + (block ? "\"\"\"" : "\"");
}

// A quantity as TOML: a text where it has a unit.
std::string quantity_text(const Quantity& q) { return q.text.find(' ') == std::string::npos ? q.text : quoted(q.text); }

std::string flag_text(bool value) { return value ? "true" : "false"; }

std::string provenance_text(const Provenance& of) {
  std::string out = of.source.empty() ? "" : ", source = " + quoted(of.source);
  out += ", assumed = " + flag_text(of.assumed) + ", recalled = " + flag_text(of.recalled);
  return out + (of.note.empty() ? "" : ", note = " + quoted(of.note));
}

// A key that TOML takes without quotes.
std::string key_text(const std::string& key) {
  const bool bare =
      !key.empty() &&
      key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
  return bare ? key : quoted(key);
}

// Keys come before inner tables in every shape, as TOML wants it.
class Writer {
 public:
  Writer(std::string& out, std::string path) : out_(&out), path_(std::move(path)) {}

  void text(const char* key, const std::string& value, Need) {
    if (!value.empty()) line(key, quoted(value));
  }
  void word(const char* key, const std::string& value, const std::vector<std::string>&, Need need) {
    text(key, value, need);
  }
  template <class Enum>
  void choice(const char* key, Enum value, const std::vector<std::string>& words, Need need) {
    text(key, words[static_cast<std::size_t>(value)], need);
  }
  void flag(const char* key, bool value) { line(key, flag_text(value)); }
  void maybe_flag(const char* key, std::optional<bool> value) {
    if (value) flag(key, *value);
  }
  void whole(const char* key, std::uint64_t value) { line(key, std::to_string(value)); }
  void maybe_whole(const char* key, std::optional<std::uint64_t> value) {
    if (value) whole(key, *value);
  }
  void number(const char* key, double value) { line(key, number_text(value)); }
  void maybe_number(const char* key, std::optional<double> value) {
    if (value) number(key, *value);
  }
  void quantity(const char* key, const Quantity& value, const std::string&) { line(key, quantity_text(value)); }
  void maybe_quantity(const char* key, const std::optional<Quantity>& value, const std::string& unit) {
    if (value) quantity(key, *value, unit);
  }
  void quantities(const char* key, const std::vector<Quantity>& values, const std::string&) {
    std::string list;
    for (const Quantity& value : values) list += (list.empty() ? "" : ", ") + quantity_text(value);
    line(key, "[" + list + "]");
  }
  void texts(const char* key, const std::vector<std::string>& values) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + quoted(value);
    line(key, "[" + list + "]");
  }
  void stated(const char* key, const std::optional<Stated>& value, const std::string&, Need) {
    if (value) line(key, "{ value = " + quantity_text(value->value) + provenance_text(value->of) + " }");
  }
  void named(const char* key, const std::optional<Named>& value, const std::vector<std::string>&, Need) {
    if (value) line(key, "{ name = " + quoted(value->name) + provenance_text(value->of) + " }");
  }
  template <class T, class Shape>
  void table(const char* key, const T& value, Shape shape) {
    open("[", key, "]");
    Writer inner(*out_, path(key));
    shape(inner, value);
  }
  template <class T, class Shape>
  void table(const char* key, const std::optional<T>& value, Shape shape) {
    if (value) table(key, *value, shape);
  }
  template <class T, class Shape>
  void list(const char* key, const std::vector<T>& values, Shape shape) {
    for (const T& value : values) {
      open("[[", key, "]]");
      Writer inner(*out_, path(key));
      shape(inner, value);
    }
  }
  template <class T, class Shape>
  void keyed(const char* key, const std::vector<T>& values, Shape shape) {
    for (const T& value : values) table((std::string(key) + "." + key_text(value.key)).c_str(), value, shape);
  }

 private:
  void line(const char* key, const std::string& value) { *out_ += std::string(key) + " = " + value + "\n"; }
  void open(const char* before, const std::string& key, const char* after) {
    *out_ += "\n" + (before + path(key)) + after + "\n";
  }
  std::string path(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

  std::string* out_;
  std::string path_;
};

}  // namespace

std::string write_resolved(const Trial& trial) {
  std::string out = "trial = 1\n";
  Writer writer(out, "");
  impl::shape_trial(writer, trial);
  return out;
}

}  // namespace carina::trial
