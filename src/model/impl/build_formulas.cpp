// Derived quantities, states, outputs and events.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/names.h"
#include "model/impl/builder.h"

namespace carina::model::impl {
namespace {

// Stands for something whose formula is wrong, so that what uses it can still be checked.
constexpr std::uint32_t placeholder = 0x7fffffff;

std::string with_default(const std::optional<std::string>& text) { return text ? *text : std::string(); }

}  // namespace

void Builder::read_formulas() {
  declare_derived();
  declare_states();
  resolve_derived();
  resolve_states();
  read_flows();
  compose_rates();
  read_outputs();
  check_closed_form();
  read_events();
  model_.stripped = resolver_.stripped();
}

// The formula at `key`, parsed; nothing when it is missing or no text.
std::optional<Builder::Pending> Builder::pending(Section& section, const std::string& key, const std::optional<Unit>& unit,
                                                 bool needed) {
  const toml::node* node = needed ? section.need(key, "a formula in quotes") : section.find(key);
  if (node == nullptr) return std::nullopt;
  return pending(*node, section.path(key), unit);
}

std::optional<Builder::Pending> Builder::pending(const toml::node& node, std::string path, const std::optional<Unit>& unit) {
  if (!node.is_string()) {
    const std::string written = document_.written(node);
    const std::string hint = node.is_number() ? "as in \"" + written + " 'mg'\", or \"0\"" : "";
    document_.problems.add(
        document_.problem(&node, std::move(path), "must be a formula in quotes, not " + type_text(node), hint));
    return std::nullopt;
  }
  Pending result{document_.formula(node, std::move(path)), std::nullopt, unit};
  result.ast = expr::parse_formula(result.formula, document_.problems);
  return result;
}

expr::NodeId Builder::resolve(const Pending& pending) {
  if (!pending.ast || !pending.unit) return expr::no_node;
  return resolver_.number(pending.formula, *pending.ast, scope_, *pending.unit);
}

expr::NodeId Builder::resolve_parameters_only(const Pending& pending, const std::string& what) {
  const expr::NodeId node = resolve(pending);
  if (node == expr::no_node || (model_.graph[node].depends & ~expr::depends_parameter) == 0) return node;
  const bool state = (model_.graph[node].depends & expr::depends_state) != 0;
  document_.problems.add(pending.formula.problem(0, 0, what + " must not depend on " + (state ? "a state" : "time"),
                                                 "parameters and covariates only"));
  return expr::no_node;
}

void Builder::declare_derived() {
  for (auto& [key, section] : members("derived")) {
    Derived derived;
    derived.name = key->str();
    const auto unit = this->unit(section);
    derived.unit = unit ? with_default(section.text("unit")) : "1";
    derived.about = with_default(section.text("about"));
    const auto formula = pending(section, "is", unit, true);
    section.finish();
    if (!declare(*key, section.path(), unit, model_.graph.parameter(placeholder))) continue;
    if (formula) derived.text = formula->formula.text;
    units_[derived.name] = unit.value_or(Unit());
    derived_.push_back(formula.value_or(Pending{}));
    model_.derived.push_back(std::move(derived));
  }
}

// In an order in which each uses only what is known already; what is left over goes in circles.
void Builder::resolve_derived() {
  std::vector<std::size_t> left;
  std::set<std::string> open;
  for (std::size_t i = 0; i < derived_.size(); ++i) {
    left.push_back(i);
    open.insert(model_.derived[i].name);
  }
  std::vector<std::vector<std::string>> uses(derived_.size());
  for (const std::size_t i : left) {
    if (derived_[i].ast) uses[i] = expr::names_in(*derived_[i].ast);
  }
  for (std::size_t before = left.size() + 1; left.size() < before;) {
    before = left.size();
    std::erase_if(left, [&](std::size_t i) {
      const bool waits =
          std::any_of(uses[i].begin(), uses[i].end(), [&](const std::string& name) { return open.contains(name); });
      if (waits) return false;
      Derived& derived = model_.derived[i];
      derived.node = resolve(derived_[i]);
      if (derived.node != expr::no_node) scope_[derived.name].node = derived.node;
      open.erase(derived.name);
      return true;
    });
  }
  if (!left.empty()) report_cycle(left);
}

// Follows one circle from the first of those left; the others may only hang on it.
void Builder::report_cycle(const std::vector<std::size_t>& left) {
  const auto follow = [&](std::size_t i) {
    for (const std::string& name : expr::names_in(*derived_[i].ast)) {
      for (const std::size_t next : left) {
        if (model_.derived[next].name == name) return next;
      }
    }
    return i;
  };
  std::vector<std::size_t> path = {left.front()};
  std::vector<std::size_t>::iterator start;
  for (;;) {
    const std::size_t next = follow(path.back());
    start = std::find(path.begin(), path.end(), next);
    if (start != path.end()) break;
    path.push_back(next);
  }
  std::string circle;
  for (auto it = start; it != path.end(); ++it) circle += model_.derived[*it].name + " -> ";
  circle += model_.derived[*start].name;
  document_.problems.add(derived_[*start].formula.problem(0, 0, "is defined by itself: " + circle));
}

void Builder::declare_states() {
  for (auto& [key, section] : members("states")) {
    State state;
    state.name = key->str();
    const auto declared = this->unit(section);
    const Unit unit = declared.value_or(Unit());
    state.unit = declared ? with_default(section.text("unit")) : "1";
    state.about = with_default(section.text("about"));
    state.input = section.flag("dose", false);
    read_scale(section, state, unit);
    const auto start = pending(section, "start", declared, false);
    const auto count = read_count(section, state, declared);
    const auto rate = pending(section, "rate", declared ? std::optional(unit / time_) : std::nullopt, !count);
    state.start_text = start ? start->formula.text : "0";
    if (rate) state.rate_text = rate->formula.text;
    section.finish();
    const auto node = model_.graph.state(static_cast<std::uint32_t>(model_.states.size()));
    if (!declare(*key, section.path(), declared, node)) continue;
    units_[state.name] = unit;
    states_.emplace_back(start, rate);
    if (count) counts_.emplace(static_cast<std::uint32_t>(model_.states.size()), *count);
    model_.states.push_back(std::move(state));
  }
}

// Whether the file gives no states; states that are given and wrong are states.
bool Builder::closed_form() const {
  const toml::node* states = document_.root().get("states");
  return states == nullptr || (states->is_table() && states->as_table()->empty());
}

void Builder::check_closed_form() {
  if (!closed_form()) return;
  if (model_.outputs.empty() && document_.problems.empty())
    root_.problem(nullptr, "states", "is missing", "a model has states, or outputs that are formulas of parameters and t");
  if (!model_.method.empty())
    root_.problem(root_.find("method"), "method", "goes with states", "a model without states has nothing to integrate");
}

void Builder::read_scale(Section& section, State& state, const Unit& unit) {
  const toml::node* node = section.need("scale", "a value that matters: errors below rtol * scale do not count");
  if (node == nullptr) return;
  const auto scale = amount(section, "scale", unit);
  if (scale && *scale > 0 && std::isfinite(*scale))
    state.scale = *scale;
  else if (scale)
    section.problem(node, "scale", "must be above 0");
}

void Builder::resolve_states() {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const auto& [start, rate] = states_[i];
    State& state = model_.states[i];
    state.start = start ? resolve_parameters_only(*start, "an initial value") : model_.graph.constant(0);
    if (rate) state.rate = resolve(*rate);
    if (counts_.contains(static_cast<std::uint32_t>(i))) resolve_count(static_cast<std::uint32_t>(i));
  }
}

void Builder::read_outputs() {
  std::set<std::string> seen;
  for (auto& [key, section] : members("outputs")) {
    Output output;
    output.name = key->str();
    const auto unit = this->unit(section);
    output.unit = unit ? with_default(section.text("unit")) : "1";
    output.about = with_default(section.text("about"));
    const auto formula = pending(section, "is", unit, true);
    if (formula) {
      output.text = formula->formula.text;
      output.node = resolve(*formula);
    }
    read_residual(section, output);
    section.finish();
    const auto place = declared_.find(output.name);
    if (!expr::is_name(output.name)) {
      document_.problems.add(
          document_.problem(*key, section.path(), "is not a name", "a letter, then letters, digits and _"));
    } else if (place != declared_.end()) {
      document_.problems.add(document_.problem(*key, section.path(), "is declared twice", "also at " + place->second));
    }
    declared_.try_emplace(output.name, section.path());
    units_[output.name] = unit.value_or(Unit());
    model_.outputs.push_back(std::move(output));
  }
}

void Builder::read_residual(Section& section, const Output& output) {
  auto inner = section.section("residual");
  if (!inner) return;
  Residual residual;
  residual.output = output.name;
  const auto unit = Unit::parse(output.unit);
  residual.proportional = inner->number("proportional").value_or(0);
  residual.log_sd = inner->number("log_sd").value_or(0);
  residual.additive = amount(*inner, "additive", unit.value_or(Unit())).value_or(0);
  residual.source = source(*inner, true);
  for (const double sd : {residual.proportional, residual.log_sd, residual.additive}) {
    if (!(sd >= 0) || std::isinf(sd)) inner->problem(nullptr, "", "must be 0 or more");
  }
  if (residual.proportional == 0 && residual.log_sd == 0 && residual.additive == 0) {
    inner->problem(nullptr, "log_sd", "is missing", "log_sd, proportional or additive");
  }
  if (residual.log_sd > 0 && (residual.proportional > 0 || residual.additive > 0)) {
    inner->problem(inner->find("log_sd"), "log_sd", "stands alone", "it is the whole error on the log scale");
  }
  inner->finish();
  model_.residuals.push_back(std::move(residual));
}

void Builder::read_events() {
  for (Section& section : root_.sections("event")) read_event(section);
}

void Builder::read_event(Section& section) {
  Event event;
  event.name = section.need_text("name").value_or("");
  event.about = with_default(section.text("about"));
  read_event_time(section, event);
  read_assignments(section, event);
  section.finish();
  model_.events.push_back(std::move(event));
}

void Builder::read_event_time(Section& section, Event& event) {
  const auto at = pending(section, "at", time_, false);
  const auto when = pending(section, "when", Unit(), false);
  if (at.has_value() == when.has_value() && (section.find("at") == nullptr) == (section.find("when") == nullptr)) {
    section.problem(nullptr, "", "needs either at or when");
  }
  if (at) {
    event.at = resolve_parameters_only(*at, "the time of an event");
    event.text = at->formula.text;
  }
  if (when) {
    if (when->ast) event.when = resolver_.condition(when->formula, *when->ast, scope_);
    event.text = when->formula.text;
  }
  const auto every = pending(section, "every", time_, false);
  const auto count = pending(section, "count", Unit(), false);
  if (every) {
    event.every = resolve_parameters_only(*every, "an interval");
    event.every_text = every->formula.text;
  }
  if (count) {
    event.count = resolve_parameters_only(*count, "a number of occurrences");
    event.count_text = count->formula.text;
  }
  if (when && (every || count)) section.problem(nullptr, "", "every and count go with at only");
  if (every.has_value() != count.has_value())
    section.problem(nullptr, every ? "count" : "every", "is missing", "every and count belong together");
}

void Builder::read_assignments(Section& section, Event& event) {
  const toml::node* needed = section.need("set", "what changes, as in set = { M = \"0\" }");
  if (closed_form()) {
    if (needed != nullptr)
      section.problem(needed, "set", "finds no state", "a model without states has no events: its formulas may use t");
    return;
  }
  auto set = section.section("set");
  if (!set) return;
  for (const auto& [key, node] : set->entries()) {
    const std::string name(key->str());
    const auto index = model_.find_state(name);
    if (!index) {
      std::vector<std::string> states;
      for (const State& state : model_.states) states.push_back(state.name);
      document_.problems.add(document_.problem(*key, set->path(name), "is no state", did_you_mean(name, states)));
      continue;
    }
    const auto value = pending(*node, set->path(name), units_[name]);
    if (value) event.set.push_back({*index, resolve(*value), value->formula.text});
  }
}

}  // namespace carina::model::impl
