#include "figures/impl/html.h"

#include <fmt/format.h>

namespace carina::figures::impl {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string cell(const std::string& head, const std::string& text, bool numeric) {
  if (text.empty()) return "<td></td>";
  return fmt::format("<td{} data-h=\"{}\"><span>{}</span></td>", numeric ? " class=\"n\"" : "", escaped(head), text);
}

}  // namespace carina::figures::impl
