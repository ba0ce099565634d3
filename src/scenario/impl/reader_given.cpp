#include <algorithm>

#include "base/names.h"
#include "scenario/impl/reader.h"

namespace carina::scenario::impl {

void Reader::read_doses() {
  for (Section& section : root_.list("dose")) {
    read_dose(section);
    section.finish();
  }
}

std::optional<std::uint32_t> Reader::dose_target(Section& section, DoseLine& line) {
  const auto into = section.text("into");
  std::vector<std::string> inputs;
  for (const model::State& state : scenario_.model.states) {
    if (state.input) inputs.push_back(state.name);
  }
  std::string all;
  for (const std::string& name : inputs) all += (all.empty() ? "" : ", ") + name;
  const std::string takes = inputs.empty() ? scenario_.use + " takes no doses" : "doses go into " + all;
  if (!into) {
    if (section.find("into") == nullptr) section.missing("into", takes);
    return std::nullopt;
  }
  line.into = *into;
  const auto state = scenario_.model.find_state(*into);
  if (state && scenario_.model.states[*state].input) return state;
  const std::string near = did_you_mean(*into, inputs);
  section.problem("into", state ? "takes no doses" : "is no state of " + scenario_.use, near.empty() ? takes : near);
  return std::nullopt;
}

// A formula over parameters and covariates, or a plain quantity. Absent keys give no_node and leave `text` alone.
expr::NodeId Reader::formula(Section& section, std::string_view key, const KnownUnit& unit, std::string& text) {
  const toml::node* node = section.find(key);
  if (node == nullptr) return expr::no_node;
  const std::string path = section.path(key);
  if (!node->is_string() || is_plain(node->as_string()->get())) {
    const auto value = quantity(section, key, unit);
    if (!value) return expr::no_node;
    text = value->text;
    return scenario_.model.graph.constant(value->value);
  }
  text = node->as_string()->get();
  return formula_text(formula_at(reading_.file, *node, path, text), unit);
}

expr::NodeId Reader::formula_text(const expr::Formula& formula, const KnownUnit& unit) {
  const auto ast = expr::parse_formula(formula, reading_.problems);
  if (!ast) return expr::no_node;
  expr::Resolver resolver(scenario_.model.graph, reading_.problems, time_.unit);
  return resolver.number(formula, *ast, scope_, unit.unit);
}

void Reader::read_dose(Section& section) {
  DoseLine line;
  ensemble::Dose dose;
  const auto target = dose_target(section, line);
  if (!target) {
    // the unit of an amount is not known without its state; the rest can still be read
    section.find("amount");
  } else {
    dose.state = *target;
    dose.amount = formula(section, "amount", known_unit(scenario_.model.states[*target].unit), line.amount);
    if (section.find("amount") == nullptr) section.missing("amount", "of one dose, such as \"1e8 cell\"");
  }
  line.at = with_unit(0, time_.text);
  line.duration = line.lag = line.at;
  line.count = "1";
  dose.at = formula(section, "at", time_, line.at);
  dose.duration = formula(section, "duration", time_, line.duration);
  dose.every = formula(section, "every", time_, line.every);
  dose.count = formula(section, "count", known_unit("1"), line.count);
  dose.lag = formula(section, "lag", time_, line.lag);
  const expr::Graph& graph = scenario_.model.graph;
  const auto check = [&](const char* key, expr::NodeId node, bool positive) {
    if (node == expr::no_node) return;
    if ((graph[node].depends & (expr::depends_state | expr::depends_time | expr::depends_mode)) != 0) {
      section.problem(key, "may use parameters and covariates only, no states and not t");
    } else if (graph[node].op == expr::Op::Constant && (positive ? graph[node].value <= 0 : graph[node].value < 0)) {
      section.problem(key, positive ? "must be > 0" : "must be >= 0");
    }
  };
  check("amount", dose.amount, true);
  check("duration", dose.duration, false);
  check("every", dose.every, true);
  check("count", dose.count, true);
  check("lag", dose.lag, false);
  if (dose.at != expr::no_node) {
    check("at", graph[dose.at].op == expr::Op::Constant ? expr::no_node : dose.at, false);
    if (graph[dose.at].op == expr::Op::Constant && graph[dose.at].value < scenario_.output.from.value) {
      section.problem("at", "lies before the start of the run, " + scenario_.output.from.text);
    }
  }
  const bool has_every = section.find("every") != nullptr, has_count = section.find("count") != nullptr;
  if (has_every && !has_count) section.missing("count", "how many doses are given");
  if (has_count && !has_every) section.missing("every", "the interval between the doses");
  scenario_.doses.push_back(std::move(line));
  scenario_.protocol.doses.push_back(dose);
}

void Reader::read_observe() {
  Section observe = root_.section("observe");
  if (!observe.present()) return;
  ObservePart part;
  part.residual = observe.flag("residual").value_or(true);
  const auto visits = observe.text("visits");
  if (!visits) {
    if (observe.find("visits") == nullptr)
      observe.missing("visits", "when samples are taken, such as \"0, 1, 3, 7 day, then every 30 day\"");
  } else {
    part.visits_text = *visits;
    Refusal refusal;
    const auto schedule = Schedule::parse(*visits, time_, refusal);
    const OutputPart& output = scenario_.output;
    const auto times = schedule ? schedule->times(output.from.value, output.until.value, refusal) : std::nullopt;
    if (!times) {
      observe.problem("visits", refusal.rule, refusal.hint);
    } else if (!output.times.empty() && (times->front() < output.from.value || times->back() > output.until.value)) {
      observe.problem("visits", "visits must lie from " + output.from.text + " to " + output.until.text);
    } else {
      part.visits = *times;
    }
  }
  scenario_.observe = std::move(part);
  read_lloq(observe);
  observe.finish();
}

void Reader::read_lloq(Section& observe) {
  const toml::node* node = observe.find("lloq");
  if (node == nullptr) return;
  auto& list = scenario_.observe->lloq;
  const auto add = [&](const std::string& name, const toml::node& value, const std::string& path) {
    const auto limit = quantity(reading_, value, path, known_unit(column(name)->unit));
    if (!limit) return;
    if (limit->value <= 0)
      reading_.problem(&value, path, "must be > 0");
    else
      list.emplace_back(name, *limit);
  };
  if (const auto* table = node->as_table()) {
    Section lloq(reading_, table, observe.path("lloq"));
    for (const auto& [name, value] : lloq.entries()) {
      const auto& columns = scenario_.output.columns;
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
        reading_.problem(value, lloq.path(name), "is none of output.columns", did_you_mean(name, columns));
      } else {
        add(name, *value, lloq.path(name));
      }
    }
    return;
  }
  if (scenario_.output.columns.size() == 1) {
    add(scenario_.output.columns.front(), *node, observe.path("lloq"));
  } else if (!scenario_.output.columns.empty()) {
    observe.problem("lloq", "there are several columns: say which has this limit",
                    "lloq = { " + scenario_.output.columns.front() + " = ... }");
  }
}

void Reader::read_nca() {
  NcaPart& part = scenario_.nca;
  Section nca = root_.section("nca");
  const OutputPart& output = scenario_.output;
  const auto auc = quantity(nca, "auc", time_);
  const double four_weeks =
      known_unit("day").unit.convertible(time_.unit) ? 28 * known_unit("day").unit.factor_to(time_.unit) : 0;
  if (auc) {
    part.auc = *auc;
    if (auc->value <= 0 || auc->value > output.until.value)
      nca.problem("auc", "must lie after 0 and within the run, which ends at " + output.until.text);
  } else {
    part.auc = output.until.value >= four_weeks ? Written{"28 day", four_weeks} : output.until;
  }
  const auto columns = nca.texts("columns");
  if (!columns) {
    if (!output.columns.empty()) part.columns = {output.columns.front()};
  } else {
    for (const std::string& name : *columns) {
      if (std::find(output.columns.begin(), output.columns.end(), name) == output.columns.end()) {
        nca.problem("columns", "\"" + name + "\" is none of output.columns", did_you_mean(name, output.columns));
      } else {
        part.columns.push_back(name);
      }
    }
  }
  nca.finish();
}

}  // namespace carina::scenario::impl
