#include <algorithm>
#include <cmath>

#include "scenario/impl/reader.h"

namespace carina::scenario::impl {
namespace {

constexpr std::uint8_t depends_course = expr::depends_state | expr::depends_mode;

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// The visit at `time`, up to the rounding of a schedule.
std::optional<double> visit_at(const std::vector<double>& visits, double time) {
  for (const double visit : visits) {
    if (std::fabs(visit - time) <= 1e-9 * std::max(1.0, std::fabs(time))) return visit;
  }
  return std::nullopt;
}

}  // namespace

void Reader::read_endpoints() {
  for (Section& section : root_.list("endpoint")) {
    read_endpoint(section);
    section.finish();
  }
}

void Reader::read_endpoint(Section& section) {
  Endpoint endpoint;
  read_endpoint_name(section, endpoint);
  endpoint.exact = section.flag("exact").value_or(false);
  endpoint.at = endpoint.until = scenario_.output.until;
  endpoint.event = section.find("when") != nullptr;
  const bool value = section.find("is") != nullptr;
  if (endpoint.event && value) {
    section.problem("when", "cannot stand beside is", "is gives a value at one time, when the time of an event");
  } else if (!endpoint.event && !value) {
    section.missing("is", "a formula over everything that the model names; or when: the condition of an event");
  }
  if (endpoint.event)
    read_event(section, endpoint);
  else
    read_value(section, endpoint);
  scenario_.endpoints.push_back(std::move(endpoint));
}

void Reader::read_endpoint_name(Section& section, Endpoint& endpoint) {
  endpoint.name = section.text("name").value_or("");
  endpoint.about = section.text("about").value_or("");
  if (!expr::is_name(endpoint.name)) {
    if (section.find("name") == nullptr)
      section.missing("name", "of its column in the table of individuals");
    else
      section.problem("name", "must be a letter, then letters, digits and underscores");
  }
  if (endpoint.name == "individual") section.problem("name", "is the name of the first column of the table");
  for (const Endpoint& other : scenario_.endpoints) {
    if (other.name == endpoint.name) section.problem("name", "is the name of two endpoints");
    if (other.name + "_event" == endpoint.name || endpoint.name + "_event" == other.name)
      section.problem("name", "is taken: whether the event of an endpoint was seen stands in a column NAME_event");
  }
}

void Reader::read_value(Section& section, Endpoint& endpoint) {
  endpoint.unit = section.text("unit").value_or("1");
  const std::optional<Unit> unit = Unit::parse(endpoint.unit);
  if (!unit) section.problem("unit", "is not a unit", Unit::advice(endpoint.unit));
  if (section.find("until") != nullptr)
    section.problem("until", "is the end of follow-up of an event, and belongs to when", "at says when a value is taken");
  endpoint.at = quantity(section, "at", time_).value_or(scenario_.output.until);
  const OutputPart& output = scenario_.output;
  if (endpoint.at.value < output.from.value || endpoint.at.value > output.until.value) {
    section.problem("at", "must lie from " + output.from.text + " to " + output.until.text);
  }
  if (!unit) return;
  endpoint.node = formula(section, "is", {*unit, endpoint.unit}, endpoint.formula);
  if (endpoint.node == expr::no_node || !scenario_.observe || endpoint.exact) return;
  // what depends on parameters alone is a property of the individual and not of what was seen
  if ((scenario_.model.graph[endpoint.node].depends & (depends_course | expr::depends_time)) == 0) return;
  see_value(section, endpoint, {*unit, endpoint.unit});
}

void Reader::see_value(Section& section, Endpoint& endpoint, const KnownUnit& unit) {
  const toml::node* node = section.find("is");
  const expr::Formula written = formula_at(reading_.file, *node, section.path("is"), endpoint.formula);
  const auto ast = expr::parse_formula(written, reading_.problems);
  const auto visit = visit_at(scenario_.observe->visits, endpoint.at.value);
  if (!visit && !scenario_.observe->visits.empty()) {
    section.problem("at", "there is no visit at " + endpoint.at.text,
                    "visits are " + scenario_.observe->visits_text + "; exact = true takes the exact solution");
  }
  if (!ast || !all_observed(section, "is", *ast) || !visit) return;
  endpoint.at.value = *visit;
  endpoint.seen = true;
  expr::Resolver resolver(scenario_.model.graph, reading_.problems, time_.unit);
  endpoint.node = resolver.number(written, *ast, reported_scope(), unit.unit);
}

void Reader::read_event(Section& section, Endpoint& endpoint) {
  endpoint.unit = time_.text;
  for (const char* key : {"unit", "at"}) {
    if (section.find(key) != nullptr)
      section.problem(key, "belongs to is, and an event has none", "its time is in the model's time unit, " + time_.text);
  }
  const OutputPart& output = scenario_.output;
  endpoint.until = quantity(section, "until", time_).value_or(output.until);
  if (endpoint.until.value <= output.from.value || endpoint.until.value > output.until.value) {
    section.problem("until", "must lie after " + output.from.text + " and not after " + output.until.text);
  }
  const auto text = section.text("when");
  if (!text) return;
  endpoint.formula = *text;
  const expr::Formula written = formula_at(reading_.file, *section.find("when"), section.path("when"), *text);
  const auto ast = expr::parse_formula(written, reading_.problems);
  if (!ast) return;
  endpoint.seen = scenario_.observe.has_value() && !endpoint.exact;
  if (!endpoint.seen && scenario_.model.closed_form()) {
    section.problem("when", scenario_.use + " has no states, so nothing is integrated on which the event could be located",
                    "[observe] with dense visits sees it at the first of them; or take the model as equations");
  }
  if (endpoint.seen) {
    const auto& visits = scenario_.observe->visits;
    if (!visits.empty() && visits.front() > endpoint.until.value)
      section.problem("until", "lies before the first visit", "exact = true takes the exact solution");
    if (!all_observed(section, "when", *ast)) return;
  }
  expr::Resolver resolver(scenario_.model.graph, reading_.problems, time_.unit);
  endpoint.node = resolver.condition(written, *ast, endpoint.seen ? reported_scope() : scope_);
}

// Whether all that the formula at `key` uses is reported at a visit or known of the individual anyway.
bool Reader::all_observed(Section& section, std::string_view key, const expr::Ast& ast) {
  bool all = true;
  for (const std::string& name : expr::names_in(ast)) {
    const auto found = scope_.find(name);
    if (found == scope_.end() || found->second.node == expr::no_node || contains(scenario_.output.columns, name)) continue;
    if ((scenario_.model.graph[found->second.node].depends & depends_course) == 0) continue;
    section.problem(key, "uses " + name + ", which is not observed", "add it to output.columns, or say exact = true");
    all = false;
  }
  return all;
}

// The names of the model, the recorded columns as what is reported of them: see Endpoint::node.
expr::Scope Reader::reported_scope() {
  expr::Scope scope = scope_;
  auto place = static_cast<std::uint32_t>(scenario_.model.parameters.size());
  for (const std::string& name : scenario_.output.columns) {
    scope[name] = {scenario_.model.graph.parameter(place++), known_unit(column(name)->unit).unit};
  }
  return scope;
}

}  // namespace carina::scenario::impl
