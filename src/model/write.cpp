#include "model/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/names.h"

namespace carina::model {
namespace {

// A text as a TOML string. Formulas keep their lines; everything else that TOML forbids is escaped.
std::string quoted(const std::string& text) {
  const bool block = text.find('\n') != std::string::npos;
  std::string out = block ? "\"\"\"\n" : "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"')
      out += "\\\"";
    else if (c == '\\')
      out += "\\\\";
    else if (c == '\n' && block)
      out += '\n';
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04x}", byte);
    else
      out += c;
  }
  return out + (block ? "\"\"\"" : "\"");
}

std::string pair(const std::string& key, const std::string& value) { return key + " = " + value + "\n"; }
std::string text_pair(const std::string& key, const std::string& value) { return pair(key, quoted(value)); }

std::string text_pair_unless_empty(const std::string& key, const std::string& value) {
  return value.empty() ? std::string() : text_pair(key, value);
}

// TOML has integers apart from floats; both read as the same double.
std::string number(double value) {
  std::string text = number_text(value);
  if (std::isfinite(value) && std::fabs(value) >= 9e15 && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string list(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ", ") + number(value);
  return "[" + text + "]";
}

std::string variability_text(const Variability& v) {
  using Kind = Variability::Kind;
  std::string text;
  switch (v.kind) {
    case Kind::None: return {};
    case Kind::LogNormal: text = "as = \"log-normal\", sd = " + number(v.sd); break;
    case Kind::Normal: text = "as = \"normal\", sd = " + number(v.sd); break;
    case Kind::Proportional: text = "as = \"proportional\", sd = " + number(v.sd); break;
    case Kind::LogitNormal:
      text = "as = \"logit-normal\", sd = " + number(v.sd) + ", between = " + list({v.low, v.high});
      break;
    case Kind::Choice:
      text = "as = \"choice\", among = " + list(v.among) + ", probabilities = " + list(v.probabilities);
      break;
  }
  return "{ " + text + ", source = " + quoted(v.source) + " }";
}

std::string status_name(Status status) {
  if (status == Status::Reproduced) return "reproduced";
  return status == Status::Partial ? "partial" : "specified";
}

std::string head(const Model& model) {
  std::string out = "model = 1\n";
  out += text_pair("title", model.title);
  out += text_pair_unless_empty("summary", model.summary);
  out += text_pair("status", status_name(model.status));
  out += text_pair_unless_empty("status_note", model.status_note);
  out += text_pair_unless_empty("erratum", model.erratum);
  out += text_pair("time", model.time_unit);
  out += text_pair_unless_empty("method", model.method);
  for (const Source& source : model.sources) {
    out += "\n[sources." + quoted(source.key) + "]\n" + text_pair("cite", source.cite) +
           text_pair_unless_empty("note", source.note);
  }
  return out;
}

std::string parameter_text(const Parameter& parameter) {
  std::string out = fmt::format("\n[{}.{}]\n", parameter.covariate ? "covariates" : "parameters", parameter.name);
  out += pair("value", number(parameter.value)) + text_pair("unit", parameter.unit);
  out += pair("range", list({parameter.low, parameter.high}));
  const std::string varies = variability_text(parameter.variability);
  if (!varies.empty()) out += pair("varies", varies);
  return out + text_pair("source", parameter.source) + text_pair_unless_empty("about", parameter.about);
}

std::string correlation_text(const Correlation& correlation) {
  return "\n[[correlated]]\n" + pair("of", "[" + quoted(correlation.first) + ", " + quoted(correlation.second) + "]") +
         pair("correlation", number(correlation.value)) + text_pair("source", correlation.source);
}

std::string count_text(const Count& count) {
  return text_pair("birth", count.birth_text) + text_pair("death", count.death_text) +
         text_pair_unless_empty("arrival", count.arrival_text) + text_pair_unless_empty("cell", count.cell_text) +
         pair("threshold", number(count.threshold));
}

std::string state_text(const Model& model, std::uint32_t index) {
  const State& state = model.states[index];
  const auto count =
      std::find_if(model.counts.begin(), model.counts.end(), [&](const Count& c) { return c.state == index; });
  return "\n[states." + state.name + "]\n" + text_pair("unit", state.unit) + pair("scale", number(state.scale)) +
         pair("dose", state.input ? "true" : "false") + text_pair("start", state.start_text) +
         (count == model.counts.end() ? text_pair("rate", state.rate_text) : count_text(*count)) +
         text_pair_unless_empty("about", state.about);
}

std::string flow_text(const Model& model, const Flow& flow) {
  const auto name = [&](std::uint32_t count) { return model.states[model.counts[count].state].name; };
  return "\n[[flow]]\n" + text_pair("name", flow.name) + text_pair("kind", kind_text(flow.kind)) +
         text_pair("from", name(flow.from)) + text_pair("to", name(flow.to)) + text_pair("rate", flow.text) +
         text_pair_unless_empty("about", flow.about);
}

std::string output_text(const Model& model, const Output& output) {
  std::string out = "\n[outputs." + output.name + "]\n" + text_pair("is", output.text) + text_pair("unit", output.unit) +
                    text_pair_unless_empty("about", output.about);
  for (const Residual& residual : model.residuals) {
    if (residual.output != output.name) continue;
    const std::string error = residual.log_sd > 0 ? "log_sd = " + number(residual.log_sd)
                                                  : "proportional = " + number(residual.proportional) +
                                                        ", additive = " + number(residual.additive);
    out += pair("residual", "{ " + error + ", source = " + quoted(residual.source) + " }");
  }
  return out;
}

std::string event_text(const Model& model, const Event& event) {
  std::string out = "\n[[event]]\n" + text_pair("name", event.name) + text_pair_unless_empty("about", event.about);
  out += text_pair(event.when == expr::no_node ? "at" : "when", event.text);
  out += text_pair_unless_empty("every", event.every_text) + text_pair_unless_empty("count", event.count_text);
  std::string set;
  for (const Assignment& assignment : event.set) {
    set += (set.empty() ? "" : ", ") + model.states[assignment.state].name + " = " + quoted(assignment.text);
  }
  return out + pair("set", "{ " + set + " }");
}

std::string check_text(const Model& model, const Check& check) {
  const auto time = [&](double value) { return quoted(number_text(value) + " " + model.time_unit); };
  std::string out = "\n[[check]]\n" + text_pair_unless_empty("name", check.name) + text_pair("of", check.column);
  if (check.statistic == "at")
    out += pair("at", time(check.time));
  else
    out += text_pair("statistic", check.statistic) + pair("from", time(check.from)) + pair("until", time(check.time));
  if (check.statistic == "crosses") out += pair("level", number(check.level));
  out += pair("value", number(check.value)) + text_pair("unit", check.unit);
  out += pair("relative", number(check.relative)) + pair("absolute", number(check.absolute)) +
         text_pair("source", check.source);
  std::string set;
  for (const auto& [name, value] : check.set) set += (set.empty() ? "" : ", ") + name + " = " + number(value);
  if (!set.empty()) out += pair("set", "{ " + set + " }");
  std::string doses;
  for (const CheckDose& dose : check.doses) {
    doses += fmt::format("{}{{ into = \"{}\", amount = {}, at = {}, duration = {}, every = {}, count = {} }}",
                         doses.empty() ? "" : ", ", dose.into, number(dose.amount), number(dose.at), number(dose.duration),
                         number(dose.every), number(dose.count));
  }
  return doses.empty() ? out : out + pair("doses", "[" + doses + "]");
}

}  // namespace

std::string write_resolved(const Model& model) {
  std::string out = head(model);
  for (const Parameter& parameter : model.parameters) out += parameter_text(parameter);
  for (const Correlation& correlation : model.correlations) out += correlation_text(correlation);
  for (const Derived& derived : model.derived) {
    out += "\n[derived." + derived.name + "]\n" + text_pair("is", derived.text) + text_pair("unit", derived.unit) +
           text_pair_unless_empty("about", derived.about);
  }
  for (std::uint32_t i = 0; i < model.states.size(); ++i) out += state_text(model, i);
  for (const Flow& flow : model.flows) out += flow_text(model, flow);
  for (const Output& output : model.outputs) out += output_text(model, output);
  for (const Event& event : model.events) out += event_text(model, event);
  for (const Check& check : model.checks) out += check_text(model, check);
  return out;
}

}  // namespace carina::model
