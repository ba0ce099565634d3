#include "base/hash.h"
#include "base/names.h"
#include "base/quantity.h"
#include "scenario/scenario.h"

namespace carina::scenario {
namespace {

std::string quoted(const std::string& text) {
  static const char* digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (code < 0x20 || code == 0x7f)
      out += std::string("\\u00") + digits[code >> 4] + digits[code & 15];
    else
      out += c;
  }
  return out + "\"";
}

// TOML writes a float with a point or an exponent; a whole number is as good for us.
std::string number(double value) { return number_text(value); }

std::string list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

// Lines of one table: key = value.
class Lines {
 public:
  explicit Lines(std::string& out) : out_(out) {}
  void head(const std::string& head) { out_ += "\n" + head + "\n"; }
  void raw(const std::string& key, const std::string& value) { out_ += key + " = " + value + "\n"; }
  void text(const std::string& key, const std::string& value) { raw(key, quoted(value)); }
  void some(const std::string& key, const std::string& value) {
    if (!value.empty()) text(key, value);
  }

 private:
  std::string& out_;
};

void write_values(Lines& lines, const std::string& head, const std::vector<std::pair<std::string, Written>>& values) {
  if (values.empty()) return;
  lines.head(head);
  for (const auto& [name, value] : values) lines.text(name, value.text);
}

void write_population(Lines& lines, const Scenario& s) {
  lines.head("[population]");
  lines.raw("size", std::to_string(s.population.size));
  lines.raw("variability", s.population.variability ? "true" : "false");
  write_values(lines, "[population.sd]", s.population.sd);
  if (s.population.covariates.empty() && s.population.covariate_file.empty()) return;
  lines.head("[population.covariates]");
  if (!s.population.covariate_file.empty()) {
    lines.text("file", s.population.covariate_file);
    lines.raw("cycle", s.population.cycle ? "true" : "false");
  }
  for (const CovariateLine& line : s.population.covariates) lines.text(line.name, line.text);
}

void write_doses(Lines& lines, const Scenario& s) {
  for (const DoseLine& dose : s.doses) {
    lines.head("[[dose]]");
    lines.text("into", dose.into);
    lines.text("amount", dose.amount);
    lines.text("at", dose.at);
    lines.text("duration", dose.duration);
    lines.text("lag", dose.lag);
    if (dose.every.empty()) continue;
    lines.text("every", dose.every);
    lines.text("count", dose.count);
  }
}

void write_observe(Lines& lines, const ObservePart& observe) {
  lines.head("[observe]");
  lines.text("visits", observe.visits_text);
  lines.raw("residual", observe.residual ? "true" : "false");
  write_values(lines, "[observe.lloq]", observe.lloq);
}

void write_output(Lines& lines, const Scenario& s) {
  const OutputPart& output = s.output;
  lines.head("[output]");
  lines.text("from", output.from.text);
  lines.text("until", output.until.text);
  lines.text("times", output.times_text);
  lines.raw("columns", list(output.columns));
  std::vector<std::string> reduce;
  if (output.keep.quantiles) reduce.emplace_back("quantiles");
  if (output.keep.mean) reduce.emplace_back("mean");
  if (output.keep.nca) reduce.emplace_back("nca");
  if (output.keep.trajectories) reduce.emplace_back("trajectories");
  if (output.keep.observations) reduce.emplace_back("observations");
  lines.raw("reduce", list(reduce));
  std::string probabilities;
  for (const double p : output.quantiles) probabilities += (probabilities.empty() ? "" : ", ") + number(p);
  lines.raw("quantiles", "[" + probabilities + "]");
  lines.head("[nca]");
  lines.raw("columns", list(s.nca.columns));
  lines.text("auc", s.nca.auc.text);
}

void write_endpoints(Lines& lines, const Scenario& s) {
  for (const Endpoint& endpoint : s.endpoints) {
    lines.head("[[endpoint]]");
    lines.text("name", endpoint.name);
    if (endpoint.event) {
      lines.text("when", endpoint.formula);
      lines.text("until", endpoint.until.text);
    } else {
      lines.text("is", endpoint.formula);
      lines.text("unit", endpoint.unit);
      lines.text("at", endpoint.at.text);
    }
    if (endpoint.exact) lines.raw("exact", "true");
    lines.some("about", endpoint.about);
  }
}

void write_solver(Lines& lines, const Scenario& s) {
  const SolverPart& solver = s.solver;
  lines.head("[solver]");
  // a closed form takes no steps: only the engine matters
  if (s.model.closed_form()) return lines.text("engine", solver.engine);
  lines.raw("rtol", number(solver.rtol));
  lines.text("method", solver.method);
  lines.text("engine", solver.engine);
  lines.raw("max_steps", std::to_string(solver.max_steps));
  if (!s.model.counts.empty()) {
    lines.text("small_numbers", solver.stochastic ? "stochastic" : "deterministic");
    lines.text("grid", solver.grid.text);
  }
  write_values(lines, "[solver.atol]", solver.atol);
}

void write_published(Lines& lines, const Scenario& s) {
  for (const Published& row : s.published) {
    const auto value = [&](const std::optional<double>& x, const std::string& unit, const char* key) {
      if (x) lines.text(key, with_unit(*x, unit));
    };
    lines.head("[[published]]");
    lines.text("endpoint", row.endpoint);
    lines.text("column", row.column);
    lines.text("statistic", row.statistic);
    value(row.value, row.unit, "value");
    value(row.time, s.model.time_unit, "time");
    value(row.cv, "%", "cv");
    value(row.low, row.unit, "low");
    value(row.high, row.unit, "high");
    lines.some("range", row.range);
    if (row.n > 0) lines.raw("n", std::to_string(row.n));
    lines.some("group", row.group);
    lines.text("source", row.source);
  }
}

}  // namespace

std::string resolved_text(const Scenario& s) {
  std::string out = "scenario = 1\n";
  Lines lines(out);
  lines.text("title", s.title);
  lines.some("about", s.about);
  lines.raw("seed", std::to_string(s.seed));
  lines.head("[model]");
  lines.text("use", s.use);
  lines.text("hash", hash_text(s.model.text));
  write_values(lines, "[model.set]", s.set);
  write_population(lines, s);
  write_doses(lines, s);
  if (s.observe) write_observe(lines, *s.observe);
  write_output(lines, s);
  write_endpoints(lines, s);
  write_solver(lines, s);
  write_published(lines, s);
  return out;
}

}  // namespace carina::scenario
