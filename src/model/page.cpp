#include "model/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "model/impl/content.h"

namespace carina::model {
namespace {

using impl::Grid;
using impl::Line;
using impl::Part;

constexpr std::size_t note_indent = 6;

// Characters as a terminal counts them.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
}

// The columns that say something.
std::vector<std::size_t> used_columns(const Grid& grid) {
  std::vector<std::size_t> used;
  for (std::size_t column = 0; column < grid.headings.size(); ++column) {
    const bool any = std::any_of(grid.rows.begin(), grid.rows.end(), [&](const auto& row) { return !row[column].empty(); });
    if (any) used.push_back(column);
  }
  return used;
}

std::string grid_text(const Grid& grid) {
  const auto used = used_columns(grid);
  std::vector<std::size_t> widths;
  for (const std::size_t column : used) {
    std::size_t width = width_of(grid.headings[column]);
    for (const auto& row : grid.rows) width = std::max(width, width_of(row[column]));
    widths.push_back(width);
  }
  const auto row_text = [&](const std::vector<std::string>& row) {
    std::string line = "  ";
    for (std::size_t i = 0; i < used.size(); ++i) {
      const std::string& cell = row[used[i]];
      line += cell;
      if (i + 1 < used.size()) line += std::string(widths[i] - width_of(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
  };
  std::string out = row_text(grid.headings);
  for (const auto& row : grid.rows) out += row_text(row);
  return out;
}

// `left = right` and the note beside it where both are short; else the right side wrapped under itself, then the note.
std::string lines_text(const std::vector<Line>& lines, std::size_t width) {
  constexpr std::size_t short_right = 44;
  std::size_t left = 0;
  std::size_t right = 0;
  for (const Line& line : lines) {
    left = std::max(left, std::min<std::size_t>(width_of(line.left), 24));
    if (width_of(line.right) <= short_right) right = std::max(right, width_of(line.right));
  }
  std::string out;
  for (const Line& line : lines) {
    const std::size_t pad = left > width_of(line.left) ? left - width_of(line.left) : 0;
    const std::string start =
        "  " + line.left + std::string(pad, ' ') + (line.left.find(' ') == std::string::npos ? " = " : ": ");
    if (width_of(line.right) <= right && start.size() + right + 2 + width_of(line.note) <= width) {
      out += start + line.right;
      if (!line.note.empty()) out += std::string(right - width_of(line.right) + 2, ' ') + line.note;
      out += "\n";
      continue;
    }
    const std::string body = impl::wrapped(line.right, std::max(width, start.size() + 30), start.size());
    out += start + body.substr(start.size());
    if (!line.note.empty()) out += impl::wrapped(line.note, width, note_indent);
  }
  return out;
}

std::string code(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return "`" + text + "`";
}

std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<' || c == '`') out += '\\';
    out += c;
  }
  return out;
}

std::string grid_markdown(const Grid& grid) {
  const auto used = used_columns(grid);
  std::string head = "|";
  std::string rule = "|";
  for (const std::size_t column : used) {
    head += " " + grid.headings[column] + " |";
    rule += "---|";
  }
  std::string out = head + "\n" + rule + "\n";
  for (const auto& row : grid.rows) {
    out += "|";
    for (const std::size_t column : used) {
      const bool name = column == 0 && grid.headings[0] != "what";
      out += " " + (name && !row[column].empty() ? code(row[column]) : plain(row[column])) + " |";
    }
    out += "\n";
  }
  return out + "\n";
}

}  // namespace

std::string status_text(Status status) {
  switch (status) {
    case Status::Reproduced: return "reproduced";
    case Status::Specified: return "specified";
    case Status::Partial: return "partial";
  }
  return {};
}

std::string variability_text(const Parameter& parameter) {
  using Kind = Variability::Kind;
  const Variability& v = parameter.variability;
  const std::string sd = fmt::format("{:.4g}", v.sd);
  switch (v.kind) {
    case Kind::None: return {};
    case Kind::LogNormal: return "log-normal, SD of ln " + sd;
    case Kind::Normal: return "normal, SD " + sd;
    case Kind::LogitNormal:
      return "logit-normal " + number_text(v.low) + " to " + number_text(v.high) + ", SD of logit " + sd;
    case Kind::Proportional: return fmt::format("normal, CV {:.4g} %", 100 * v.sd);
    case Kind::Choice: break;
  }
  std::string text;
  for (std::size_t i = 0; i < v.among.size(); ++i) {
    text += fmt::format("{}{} ({:.4g} %)", text.empty() ? "" : ", ", number_text(v.among[i]), 100 * v.probabilities[i]);
  }
  return text;
}

std::string page_text(const Model& model, std::size_t width) {
  width = std::max<std::size_t>(width, 60);
  const std::string name = model.variant.empty() ? model.name : model.name + ":" + model.variant;
  std::string out = impl::wrapped(name + " - " + model.title, width, 0) + impl::size_text(model) + "\n";
  for (const Part& part : impl::page_parts(model)) {
    out += "\n";
    if (!part.title.empty()) out += part.title + "\n";
    const std::size_t indent = part.title.empty() ? 0 : 2;
    for (std::size_t i = 0; i < part.prose.size(); ++i) {
      if (i > 0 && part.title.empty()) out += "\n";
      out += impl::wrapped(part.prose[i], width, indent);
    }
    out += lines_text(part.lines, width);
    if (!part.grid.rows.empty()) out += grid_text(part.grid);
  }
  return out;
}

std::string page_markdown(const Model& model) {
  std::string out = "# " + model.name + ": " + plain(model.title) + "\n\n" + impl::size_text(model) + "\n\n";
  for (const Part& part : impl::page_parts(model)) {
    if (!part.title.empty()) out += "## " + part.title + "\n\n";
    for (const std::string& paragraph : part.prose) out += plain(paragraph) + "\n\n";
    if (!part.lines.empty()) {
      out += "| | | |\n|---|---|---|\n";
      for (const Line& line : part.lines)
        out += "| " + code(line.left) + " | " + code(line.right) + " | " + plain(line.note) + " |\n";
      out += "\n";
    }
    if (!part.grid.rows.empty()) out += grid_markdown(part.grid);
  }
  while (out.size() > 1 && out[out.size() - 2] == '\n') out.pop_back();
  return out;
}

}  // namespace carina::model
