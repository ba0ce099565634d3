#include "model/impl/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "model/page.h"

namespace carina::model::impl {
namespace {

std::string joined(const std::string& a, const std::string& between, const std::string& b) {
  return a.empty() ? b : (b.empty() ? a : a + between + b);
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string with_unit(const std::string& unit) { return unit == "1" ? std::string() : unit; }

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string range_text(const Parameter& parameter) {
  const bool low = std::isfinite(parameter.low);
  const bool high = std::isfinite(parameter.high);
  if (low && high) return number_text(parameter.low) + " to " + number_text(parameter.high);
  if (low) return ">= " + number_text(parameter.low);
  return high ? "<= " + number_text(parameter.high) : std::string();
}

// Empty when all rows have the same text in `column`, which is returned in `common`.
void fold_column(Grid& grid, std::size_t column, std::string& common) {
  if (grid.rows.size() < 2) return;
  const std::string first = grid.rows[0][column];
  for (const auto& row : grid.rows) {
    if (row[column] != first) return;
  }
  common = first;
  for (auto& row : grid.rows) row[column].clear();
}

Part equations(const Model& model) {
  Part part{"Equations", {}, {}, {}};
  for (const State& state : model.states) {
    std::string note = joined(with_unit(state.unit), ", ", state.about);
    note = joined(note, "; ", state.name + "(0) = " + one_line(state.start_text));
    if (state.input) note += "; takes doses";
    part.lines.push_back({"d" + state.name + "/dt", one_line(state.rate_text), note});
  }
  return part;
}

Part counts(const Model& model) {
  Part part{"Counts of cells", {}, {}, {}};
  if (model.counts.empty()) return part;
  part.prose.push_back(
      "Below its threshold a count is a whole number of cells; the rates here are per cell, and chance decides.");
  for (const Count& count : model.counts) {
    const std::string& name = model.states[count.state].name;
    part.lines.push_back({name + " birth", one_line(count.birth_text), "1/" + model.time_unit + " per cell"});
    part.lines.push_back({name + " death", one_line(count.death_text), "1/" + model.time_unit + " per cell"});
    if (!count.arrival_text.empty())
      part.lines.push_back({name + " arrival", one_line(count.arrival_text),
                            "from outside, " + model.states[count.state].unit + " per " + model.time_unit});
    part.lines.push_back({name + " cell", count.cell_text.empty() ? "1 cell" : one_line(count.cell_text),
                          "one cell; whole numbers below " + number_text(count.threshold) + " cells"});
  }
  for (const Flow& flow : model.flows) {
    part.lines.push_back(
        {model.states[model.counts[flow.from].state].name + " to " + model.states[model.counts[flow.to].state].name,
         one_line(flow.text), joined(kind_text(flow.kind) + ", " + flow.name, "; ", flow.about)});
  }
  return part;
}

Part derived(const Model& model) {
  Part part{"where", {}, {}, {}};
  for (const Derived& d : model.derived) {
    part.lines.push_back({d.name, one_line(d.text), joined(with_unit(d.unit), ", ", d.about)});
  }
  return part;
}

Part events(const Model& model) {
  Part part{"Events", {}, {}, {}};
  for (const Event& event : model.events) {
    std::string left = (event.when == expr::no_node ? "at " : "when ") + one_line(event.text);
    if (!event.every_text.empty()) left += ", every " + event.every_text + ", " + event.count_text + " times";
    std::string right;
    for (const Assignment& a : event.set)
      right = joined(right, "; ", model.states[a.state].name + " becomes " + one_line(a.text));
    part.lines.push_back({left, right, joined(event.name, ": ", event.about)});
  }
  return part;
}

std::string residual_text(const Model& model, const std::string& output) {
  for (const Residual& residual : model.residuals) {
    if (residual.output != output) continue;
    std::string text;
    if (residual.log_sd > 0) text = "SD of ln " + number_text(residual.log_sd);
    if (residual.proportional > 0) text = fmt::format("{:.6g} %", 100 * residual.proportional);
    if (residual.additive > 0) text = joined(text, " + ", number_text(residual.additive));
    return text;
  }
  return {};
}

Part outputs(const Model& model) {
  Part part{"Outputs", {}, {}, {}};
  for (const Output& output : model.outputs) {
    std::string note = joined(with_unit(output.unit), ", ", output.about);
    const std::string error = residual_text(model, output.name);
    if (!error.empty()) note = joined(note, "; ", "assay error " + error);
    part.lines.push_back({output.name, one_line(output.text), note});
  }
  return part;
}

Part parameters(const Model& model, bool covariates) {
  Part part{covariates ? "Covariates" : "Parameters", {}, {}, {}};
  part.grid.headings = {"name", "value", "unit", "range", "between individuals", "meaning", "source"};
  for (const Parameter& p : model.parameters) {
    if (p.covariate != covariates) continue;
    std::string source = p.source;
    if (p.variability.kind != Variability::Kind::None && p.variability.source != p.source) {
      source += "; variation: " + p.variability.source;
    }
    part.grid.rows.push_back({p.name, number_text(p.value), p.unit, range_text(p), variability_text(p), p.about, source});
  }
  std::string common;
  fold_column(part.grid, 6, common);
  if (!common.empty()) part.prose.push_back("All from " + common + ".");
  fold_column(part.grid, 3, common = "");
  if (!common.empty()) part.prose.push_back("Range of each: " + common + ".");
  return part;
}

Part correlations(const Model& model) {
  Part part{"Correlations between random effects", {}, {}, {}};
  part.grid.headings = {"first", "second", "correlation", "source"};
  for (const Correlation& c : model.correlations) {
    part.grid.rows.push_back({c.first, c.second, fmt::format("{:.3g}", c.value), c.source});
  }
  return part;
}

std::string what_text(const Check& check, const std::string& time_unit) {
  const std::string span = fmt::format("{} to {} {}", number_text(check.from), number_text(check.time), time_unit);
  if (check.statistic == "max") return "largest " + check.column + ", " + span;
  if (check.statistic == "min") return "smallest " + check.column + ", " + span;
  if (check.statistic == "tmax") return "time of the largest " + check.column + ", " + span;
  if (check.statistic == "tmin") return "time of the smallest " + check.column + ", " + span;
  if (check.statistic == "auc") return "area under " + check.column + ", " + span;
  if (check.statistic == "half_life") return "half-life of " + check.column + ", " + span;
  if (check.statistic == "crosses")
    return check.column + " passes " + number_text(check.level) + " after " + number_text(check.from) + " " + time_unit;
  return check.column;
}

std::string tolerance_text(const Check& check) {
  if (check.relative == 1e-6 && check.absolute > 0) return "as printed";
  std::string text;
  if (check.relative >= 1e-3)
    text = fmt::format("{:.6g} %", 100 * check.relative);
  else if (check.relative > 0)
    text = number_text(check.relative) + " relative";
  return check.absolute > 0 ? joined(text, " or ", "+-" + number_text(check.absolute)) : text;
}

std::string conditions_text(const Model& model, const Check& check) {
  std::string text;
  for (const auto& [name, value] : check.set) {
    const auto index = model.find_parameter(name);
    const std::string unit = index ? with_unit(model.parameters[*index].unit) : "";
    text = joined(text, ", ", joined(name + " = " + number_text(value), " ", unit));
  }
  for (const CheckDose& dose : check.doses) {
    const auto index = model.find_state(dose.into);
    const std::string unit = index ? with_unit(model.states[*index].unit) : "";
    std::string one = joined(number_text(dose.amount), " ", unit) + " into " + dose.into +
                      fmt::format(" at {} {}", number_text(dose.at), model.time_unit);
    if (dose.duration > 0) one += fmt::format(" over {:.3g} {}", dose.duration, model.time_unit);
    if (dose.count > 1)
      one += fmt::format(", {} times every {} {}", number_text(dose.count), number_text(dose.every), model.time_unit);
    text = joined(text, ", ", one);
  }
  return text;
}

// Values that stand in one [[check]] are one row again.
Part checks(const Model& model) {
  Part part{"Checked against", {}, {}, {}};
  part.grid.headings = {"what", "time", "expected", "unit", "within", "case", "given", "source"};
  for (std::size_t i = 0; i < model.checks.size();) {
    const Check& first = model.checks[i];
    std::string times;
    std::string values;
    std::size_t j = i;
    const auto same = [&](const Check& c) {
      return c.column == first.column && c.name == first.name && c.statistic == first.statistic && c.unit == first.unit &&
             c.source == first.source && c.set == first.set && tolerance_text(c) == tolerance_text(first) &&
             (j == i || (c.statistic == "at" && c.time > model.checks[j - 1].time));
    };
    for (; j < model.checks.size() && j < i + 8 && same(model.checks[j]); ++j) {
      times = joined(times, ", ", number_text(model.checks[j].time));
      values = joined(values, ", ", number_text(model.checks[j].value));
    }
    const bool at = first.statistic == "at";
    part.grid.rows.push_back({what_text(first, model.time_unit), at ? times + " " + model.time_unit : "", values, first.unit,
                              tolerance_text(first), first.name, conditions_text(model, first), first.source});
    i = j;
  }
  const std::vector<std::pair<std::size_t, std::string>> foldable = {
      {7, "Source of all: "}, {1, "Times: "}, {5, "Case: "}, {6, "Given: "}, {4, "Within: "}};
  for (const auto& [column, text] : foldable) {
    std::string common;
    fold_column(part.grid, column, common);
    if (!common.empty()) part.prose.push_back(text + common + ".");
  }
  return part;
}

Part stripped(const Model& model) {
  Part part{"Where units are put aside", {}, {}, {}};
  part.grid.headings = {"in", "term", "taken in"};
  for (const expr::Stripped& s : model.stripped) part.grid.rows.push_back({s.path, s.term, s.unit});
  return part;
}

Part sources(const Model& model) {
  Part part{"Sources", {}, {}, {}};
  for (const Source& source : model.sources) {
    part.prose.push_back(source.key + ": " + one_line(source.cite) +
                         (source.note.empty() ? "" : " (" + one_line(source.note) + ")"));
  }
  return part;
}

Part variants(const Model& model) {
  Part part{"Variants", {}, {}, {}};
  part.grid.headings = {"use", "what differs"};
  for (const Variant& variant : model.variants) part.grid.rows.push_back({model.name + ":" + variant.name, variant.about});
  return part;
}

}  // namespace

std::string size_text(const Model& model) {
  const auto covariates = static_cast<std::size_t>(
      std::count_if(model.parameters.begin(), model.parameters.end(), [](const Parameter& p) { return p.covariate; }));
  const std::string states = model.closed_form() ? "closed form" : plural(model.states.size(), "state", "states");
  std::string text = states + ", " + plural(model.parameters.size() - covariates, "parameter", "parameters");
  if (covariates > 0) text += ", " + plural(covariates, "covariate", "covariates");
  return text + ", time in " + model.time_unit;
}

std::vector<Part> page_parts(const Model& model) {
  Part first{"", {}, {}, {}};
  if (!model.summary.empty()) first.prose.push_back(one_line(model.summary));
  std::string status = "Status: " + status_text(model.status) + ".";
  if (!model.status_note.empty()) status += " " + one_line(model.status_note);
  first.prose.push_back(status);
  if (!model.erratum.empty()) first.prose.push_back("Erratum: " + one_line(model.erratum));
  std::vector<Part> parts = {
      first,          equations(model),         counts(model),           derived(model),      events(model),
      outputs(model), parameters(model, false), parameters(model, true), correlations(model), variants(model),
      checks(model),  stripped(model),          sources(model)};
  // a closed form is its outputs: they come first, then what they are made of
  if (model.closed_form()) std::swap(parts[3], parts[5]);
  std::erase_if(parts, [](const Part& part) { return part.prose.empty() && part.lines.empty() && part.grid.rows.empty(); });
  return parts;
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string out(indent, ' ');
  std::size_t column = indent;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::size_t length = end - at;
    if (column > indent && column + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      out += ' ';
      ++column;
    }
    out += text.substr(at, length);
    column += length;
    at = end + 1;
  }
  return out + "\n";
}

}  // namespace carina::model::impl
