#include "base/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace carina {

std::string Problem::text() const {
  std::string out;
  if (!file.empty()) out += file + ":";
  if (line > 0) out += fmt::format("{}:", line);
  if (line > 0 && column > 0) out += fmt::format("{}:", column);
  if (!out.empty()) out += " ";
  out += path;
  if (!value.empty()) out += (path.empty() ? "" : " = ") + value;
  if (!path.empty() || !value.empty()) out += ": ";
  out += rule;
  if (!hint.empty()) out += " (" + hint + ")";
  return out;
}

void Problems::throw_if_any() {
  if (list_.empty()) return;
  throw InputError(std::move(list_));
}

namespace {

std::vector<Problem> sorted(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return problems;
}

std::string joined(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    if (!out.empty()) out += '\n';
    out += problem.text();
  }
  return out;
}

}  // namespace

InputError::InputError(std::vector<Problem> problems)
    : std::runtime_error(joined(sorted(problems))), problems_(sorted(std::move(problems))) {
  CARINA_CHECK(!problems_.empty());
}

}  // namespace carina
