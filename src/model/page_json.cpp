#include <cmath>
#include <nlohmann/json.hpp>

#include "model/page.h"

namespace carina::model {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity: null is no bound.
Json bound(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json parameter_json(const Parameter& p) {
  Json json = {{"name", p.name}, {"value", p.value}, {"unit", p.unit}, {"low", bound(p.low)}, {"high", bound(p.high)}};
  json["covariate"] = p.covariate;
  json["source"] = p.source;
  json["about"] = p.about;
  if (p.variability.kind == Variability::Kind::None) return json;
  static const char* const kinds[] = {"none", "log-normal", "normal", "logit-normal", "proportional", "choice"};
  Json varies = {{"as", kinds[static_cast<int>(p.variability.kind)]}, {"text", variability_text(p)}};
  if (p.variability.kind == Variability::Kind::Choice) {
    varies["among"] = p.variability.among;
    varies["probabilities"] = p.variability.probabilities;
  } else {
    varies["sd"] = p.variability.sd;
  }
  if (p.variability.kind == Variability::Kind::LogitNormal) varies["between"] = {p.variability.low, p.variability.high};
  varies["source"] = p.variability.source;
  json["varies"] = varies;
  return json;
}

Json event_json(const Model& model, const Event& event) {
  Json json = {{"name", event.name}, {event.when == expr::no_node ? "at" : "when", event.text}};
  if (!event.every_text.empty()) json["every"] = event.every_text;
  if (!event.count_text.empty()) json["count"] = event.count_text;
  for (const Assignment& a : event.set) json["set"][model.states[a.state].name] = a.text;
  json["about"] = event.about;
  return json;
}

Json check_json(const Check& check) {
  Json json = {{"name", check.name}, {"of", check.column}, {"statistic", check.statistic}, {"time", check.time}};
  if (check.statistic != "at") json["from"] = check.from;
  if (check.statistic == "crosses") json["level"] = check.level;
  json.update({{"value", check.value}, {"unit", check.unit}, {"relative", check.relative}, {"absolute", check.absolute}});
  json["source"] = check.source;
  for (const auto& [name, value] : check.set) json["set"][name] = value;
  for (const CheckDose& dose : check.doses) {
    json["doses"].push_back({{"into", dose.into},
                             {"amount", dose.amount},
                             {"at", dose.at},
                             {"duration", dose.duration},
                             {"every", dose.every},
                             {"count", dose.count}});
  }
  return json;
}

Json residual_json(const Residual& r) {
  return {{"output", r.output},
          {"proportional", r.proportional},
          {"additive", r.additive},
          {"log_sd", r.log_sd},
          {"source", r.source}};
}

}  // namespace

std::string page_json(const Model& model) {
  Json json = {{"name", model.name}, {"variant", model.variant}, {"title", model.title}, {"summary", model.summary}};
  json.update({{"status", status_text(model.status)}, {"status_note", model.status_note}, {"erratum", model.erratum}});
  json.update({{"time", model.time_unit}, {"method", model.method}, {"file", model.file}});
  for (const char* list : {"parameters", "derived", "states", "counts", "flows", "events", "outputs", "residuals",
                           "correlations", "checks", "variants", "units_put_aside", "sources"}) {
    json[list] = Json::array();
  }
  for (const Parameter& p : model.parameters) json["parameters"].push_back(parameter_json(p));
  for (const Derived& d : model.derived) {
    json["derived"].push_back({{"name", d.name}, {"is", d.text}, {"unit", d.unit}, {"about", d.about}});
  }
  for (const State& s : model.states) {
    json["states"].push_back({{"name", s.name},
                              {"unit", s.unit},
                              {"start", s.start_text},
                              {"rate", s.rate_text},
                              {"scale", s.scale},
                              {"dose", s.input},
                              {"about", s.about}});
  }
  for (const Count& c : model.counts) {
    json["counts"].push_back({{"state", model.states[c.state].name},
                              {"birth", c.birth_text},
                              {"death", c.death_text},
                              {"arrival", c.arrival_text},
                              {"cell", c.cell_text},
                              {"threshold", c.threshold}});
  }
  for (const Flow& f : model.flows) {
    json["flows"].push_back({{"name", f.name},
                             {"kind", kind_text(f.kind)},
                             {"from", model.states[model.counts[f.from].state].name},
                             {"to", model.states[model.counts[f.to].state].name},
                             {"rate", f.text},
                             {"about", f.about}});
  }
  for (const Event& event : model.events) json["events"].push_back(event_json(model, event));
  for (const Output& o : model.outputs) {
    json["outputs"].push_back({{"name", o.name}, {"is", o.text}, {"unit", o.unit}, {"about", o.about}});
  }
  for (const Residual& r : model.residuals) json["residuals"].push_back(residual_json(r));
  for (const Correlation& c : model.correlations) {
    json["correlations"].push_back({{"first", c.first}, {"second", c.second}, {"value", c.value}, {"source", c.source}});
  }
  for (const Check& check : model.checks) json["checks"].push_back(check_json(check));
  for (const Variant& v : model.variants) json["variants"].push_back({{"name", v.name}, {"about", v.about}});
  for (const expr::Stripped& s : model.stripped) {
    json["units_put_aside"].push_back({{"in", s.path}, {"term", s.term}, {"unit", s.unit}});
  }
  for (const Source& s : model.sources) json["sources"].push_back({{"key", s.key}, {"cite", s.cite}, {"note", s.note}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace carina::model
