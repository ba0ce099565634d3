// States that are counts of cells, and the flows between them.
#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "model/impl/builder.h"

namespace carina::model::impl {
namespace {

bool is_zero(const std::string& text) { return text.empty() || text == "0"; }

// In parentheses where the text is a sum.
std::string in_parentheses(const std::string& text) {
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0 && (c == '+' || c == '-')) return "(" + text + ")";
  }
  return text;
}

}  // namespace

// Any of the keys of a count makes the state one.
std::optional<Builder::PendingCount> Builder::read_count(Section& section, const State& state,
                                                         const std::optional<Unit>& unit) {
  bool any = false;
  for (const char* key : {"birth", "death", "arrival", "cell", "threshold"}) any = section.find(key) != nullptr || any;
  if (!any) return std::nullopt;
  PendingCount count;
  count.table = &section.node();
  count.path = section.path();
  count.unit = unit.value_or(Unit());
  const auto per_cell = Unit() / time_;
  if (section.find("rate") != nullptr) {
    section.problem(section.find("rate"), "rate", "cannot stand beside birth and death",
                    "a net rate does not define extinction; it follows from what happens to the cells of " + state.name);
  }
  for (const char* key : {"birth", "death"}) section.need(key, "per cell and time, \"0\" for none");
  count.birth = pending(section, "birth", per_cell, false);
  count.death = pending(section, "death", per_cell, false);
  count.arrival = pending(section, "arrival", unit ? std::optional(*unit / time_) : std::nullopt, false);
  count.cell = pending(section, "cell", unit, false);
  count.threshold = read_threshold(section).value_or(count.threshold);
  return count;
}

std::optional<double> Builder::read_threshold(Section& section) {
  const toml::node* node = section.find("threshold");
  const auto cells = amount(section, "threshold", *Unit::parse("cell"));
  if (cells && (!(*cells >= 1 && *cells <= 1e6) || *cells != std::floor(*cells))) {
    section.problem(node, "threshold", "must be a whole number of cells from 1 to 1000000");
    return std::nullopt;
  }
  return cells;
}

void Builder::resolve_count(std::uint32_t state) {
  const PendingCount& pending = counts_.at(state);
  Count count;
  count.state = state;
  count.threshold = pending.threshold;
  const auto text = [](const std::optional<Pending>& p) { return p ? p->formula.text : std::string(); };
  count.birth_text = text(pending.birth);
  count.death_text = text(pending.death);
  count.arrival_text = text(pending.arrival);
  count.cell_text = text(pending.cell);
  if (pending.birth) count.birth = resolve(*pending.birth);
  if (pending.death) count.death = resolve(*pending.death);
  count.arrival = pending.arrival ? resolve(*pending.arrival) : model_.graph.constant(0);
  default_cell(count, pending);
  model_.counts.push_back(std::move(count));
}

void Builder::default_cell(Count& count, const PendingCount& pending) {
  if (pending.cell) {
    count.cell = resolve_parameters_only(*pending.cell, "one cell");
    const expr::Node* node = count.cell == expr::no_node ? nullptr : &model_.graph[count.cell];
    if (node != nullptr && node->op == expr::Op::Constant && !(node->value > 0))
      document_.problems.add(pending.cell->formula.problem(0, 0, "must be above 0"));
    return;
  }
  const Unit cell = *Unit::parse("cell");
  if (cell.convertible(pending.unit)) {
    count.cell = model_.graph.constant(cell.factor_to(pending.unit));
    return;
  }
  document_.problems.add(document_.problem(pending.table, pending.path + ".cell", "is missing",
                                           "one cell in " + pending.unit.text() + ", as in cell = \"1 'cell'/density\""));
}

void Builder::read_flows() {
  for (Section& section : root_.sections("flow")) read_flow(section);
}

// Index into model_.counts of the state named at `key`.
std::optional<std::uint32_t> Builder::read_count_name(Section& section, const std::string& key) {
  const auto name = section.need_text(key, "a state with birth and death");
  if (!name) return std::nullopt;
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < model_.counts.size(); ++i) {
    names.push_back(model_.states[model_.counts[i].state].name);
    if (names.back() == *name) return i;
  }
  const bool state = model_.find_state(*name).has_value();
  section.problem(section.find(key), key, state ? "is no count of cells" : "is no state",
                  state ? "give it birth and death instead of rate" : did_you_mean(*name, names));
  return std::nullopt;
}

void Builder::read_flow(Section& section) {
  static const std::vector<std::string> kinds = {"switching", "migration", "mutation"};
  Flow flow;
  flow.name = section.need_text("name").value_or("");
  flow.about = section.text("about").value_or("");
  const auto from = read_count_name(section, "from");
  const auto to = read_count_name(section, "to");
  section.need("rate", "per cell of `from` and time");
  const auto rate = pending(section, "rate", Unit() / time_, false);
  const auto kind = section.need_text("kind", "switching, migration or mutation");
  if (kind) {
    const auto place = std::find(kinds.begin(), kinds.end(), *kind);
    if (place == kinds.end())
      section.problem(section.find("kind"), "kind", "must be switching, migration or mutation", did_you_mean(*kind, kinds));
    flow.kind = static_cast<Flow::Kind>(std::min<std::ptrdiff_t>(place - kinds.begin(), 2));
  }
  if (from && to && *from == *to) section.problem(section.find("to"), "to", "must be another count than from");
  section.finish();
  if (rate) {
    flow.text = rate->formula.text;
    flow.rate = resolve(*rate);
  }
  if (!from || !to || flow.rate == expr::no_node) return;
  flow.from = *from;
  flow.to = *to;
  model_.flows.push_back(std::move(flow));
}

// The net rate of each count, for the deterministic course.
void Builder::compose_rates() {
  expr::Graph& graph = model_.graph;
  for (std::uint32_t i = 0; i < model_.counts.size(); ++i) {
    const Count& count = model_.counts[i];
    if (count.birth == expr::no_node || count.death == expr::no_node || count.arrival == expr::no_node) continue;
    expr::NodeId each = graph.sub(count.birth, count.death);
    expr::NodeId coming = count.arrival;
    for (const Flow& flow : model_.flows) {
      if (flow.from == i && flow.kind != Flow::Kind::Mutation) each = graph.sub(each, flow.rate);
      if (flow.to != i) continue;
      const Count& source = model_.counts[flow.from];
      expr::NodeId cells = graph.mul(flow.rate, graph.state(source.state));
      if (source.cell != count.cell && source.cell != expr::no_node && count.cell != expr::no_node)
        cells = graph.mul(graph.div(count.cell, source.cell), cells);
      coming = graph.add(coming, cells);
    }
    State& state = model_.states[count.state];
    state.rate = graph.add(graph.mul(each, graph.state(count.state)), coming);
    state.rate_text = rate_text(i);
  }
}

std::string Builder::rate_text(std::uint32_t index) const {
  const Count& count = model_.counts[index];
  std::string each = is_zero(count.birth_text) ? "" : count.birth_text;
  if (!is_zero(count.death_text)) each += (each.empty() ? "-" : " - ") + in_parentheses(count.death_text);
  std::string coming = is_zero(count.arrival_text) ? "" : " + " + count.arrival_text;
  for (const Flow& flow : model_.flows) {
    const std::string rate = in_parentheses(flow.text);
    if (flow.from == index && flow.kind != Flow::Kind::Mutation) each += (each.empty() ? "-" : " - ") + rate;
    if (flow.to == index) coming += " + " + rate + "*" + model_.states[model_.counts[flow.from].state].name;
  }
  const std::string& name = model_.states[count.state].name;
  const std::string own = each.empty() ? "" : in_parentheses(each) + "*" + name;
  const std::string all = own + coming;
  return all.empty() ? "0" : all.starts_with(" + ") ? all.substr(3) : all;
}

}  // namespace carina::model::impl
