#include <algorithm>

#include "base/names.h"
#include "scenario/impl/names.h"
#include "scenario/impl/reader.h"

namespace carina::scenario::impl {

void Reader::read_solver() {
  Section solver = root_.section("solver");
  SolverPart& part = scenario_.solver;
  part.rtol = solver.number("rtol", 1e-12, 1e-2).value_or(1e-5);
  const std::string usual = scenario_.model.method.empty() ? "rosenbrock" : scenario_.model.method;
  part.method = solver.word("method", {"rosenbrock", "explicit"}).value_or(usual);
  part.engine = solver.word("engine", {"auto", "jit", "vm"}).value_or("auto");
  const auto steps = solver.whole("max_steps", 10);
  if (steps && *steps > 4'000'000'000)
    solver.problem("max_steps", "must be at most 4000000000");
  else if (steps)
    part.max_steps = static_cast<std::uint32_t>(*steps);
  part.stochastic = solver.word("small_numbers", {"stochastic", "deterministic"}).value_or("stochastic") == "stochastic";
  const double usual_grid = 0.25 * known_unit("day").unit.factor_to(time_.unit);
  part.grid = quantity(solver, "grid", time_).value_or(Written{with_unit(usual_grid, time_.text), usual_grid});
  if (!(part.grid.value > 0)) solver.problem("grid", "must be > 0");
  read_atol(solver);
  solver.finish();
}

void Reader::read_atol(Section& solver) {
  Section atol = solver.section("atol");
  std::vector<std::string> names;
  for (const model::State& state : scenario_.model.states) {
    names.push_back(state.name);
    const double value = scenario_.solver.rtol * state.scale;
    scenario_.solver.atol.emplace_back(state.name, Written{with_unit(value, state.unit), value});
  }
  for (const auto& [name, node] : atol.entries()) {
    const auto state = scenario_.model.find_state(name);
    if (!state) {
      reading_.problem(node, atol.path(name), "is no state of " + scenario_.use, did_you_mean(name, names));
      continue;
    }
    const auto value = quantity(reading_, *node, atol.path(name), known_unit(scenario_.model.states[*state].unit));
    if (!value) continue;
    if (value->value <= 0)
      reading_.problem(node, atol.path(name), "must be > 0");
    else
      scenario_.solver.atol[*state].second = *value;
  }
}

std::vector<std::string> Reader::nca_names() const {
  std::vector<std::string> names;
  for (const NcaColumn& column : nca_columns(scenario_.nca, "1", scenario_.model.time_unit)) {
    if (column.summarised) names.push_back(column.name);
  }
  return names;
}

void Reader::read_published() {
  for (Section& section : root_.list("published")) {
    read_one_published(section);
    section.finish();
  }
}

// The unit of the simulated value that the row stands beside; nothing, with a problem, when there is none.
std::optional<std::string> Reader::published_unit(Section& section, Published& row) {
  const auto endpoint = section.text("endpoint");
  if (!endpoint) {
    if (section.find("endpoint") == nullptr) section.missing("endpoint", "what was published, such as Cmax");
    return std::nullopt;
  }
  row.endpoint = *endpoint == "AUC" ? auc_name(scenario_.nca) : *endpoint;
  for (const Endpoint& known : scenario_.endpoints) {
    // an endpoint whose unit is none was reported where it stands
    if (known.name == row.endpoint) return Unit::parse(known.unit) ? std::optional(known.unit) : std::nullopt;
  }
  if (row.endpoint == "at") {
    if (section.find("time") == nullptr) section.missing("time", "when the value was seen");
    const auto found = column(row.column);
    return found ? std::optional(found->unit) : std::nullopt;
  }
  std::vector<std::string> names = nca_names();
  for (const Endpoint& known : scenario_.endpoints) names.push_back(known.name);
  names.insert(names.end(), {"at", "AUC"});
  const auto found = column(row.column);
  for (const NcaColumn& known : nca_columns(scenario_.nca, found ? found->unit : "1", scenario_.model.time_unit)) {
    if (known.name != row.endpoint || !known.summarised) continue;
    if (!scenario_.output.keep.nca) {
      section.problem("endpoint", "needs the analysis of each profile", "add \"nca\" to output.reduce");
      return std::nullopt;
    }
    return known.unit;
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  const std::string near = did_you_mean(row.endpoint, names);
  section.problem("endpoint", "is none of the endpoints of this run", near.empty() ? all : near);
  return std::nullopt;
}

void Reader::read_one_published(Section& section) {
  Published row;
  row.column = section.text("column").value_or(scenario_.nca.columns.empty() ? "" : scenario_.nca.columns.front());
  if (section.find("column") != nullptr && std::find(scenario_.output.columns.begin(), scenario_.output.columns.end(),
                                                     row.column) == scenario_.output.columns.end()) {
    section.problem("column", "is none of output.columns", did_you_mean(row.column, scenario_.output.columns));
  }
  const auto unit = published_unit(section, row);
  row.statistic = section.word("statistic", {"geometric mean", "mean", "median"}).value_or("median");
  if (section.find("statistic") == nullptr) section.missing("statistic", "geometric mean, mean or median");
  if (row.endpoint == "at" && row.statistic != "median") {
    section.problem("statistic", "must be median for a value at a time",
                    "an [[endpoint]] with at = that time has the other statistics");
  }
  for (const Endpoint& known : scenario_.endpoints) {
    if (known.event && known.name == row.endpoint && row.statistic != "median")
      section.problem("statistic", "must be median: the time of an event that not everybody had has no mean");
  }
  for (const char* key : {"value", "low", "high"}) {
    if (!unit) section.find(key);  // counts as known; its unit cannot be checked
  }
  if (unit) {
    row.unit = *unit;
    const KnownUnit known = known_unit(*unit);
    if (section.find("value") == nullptr) section.missing("value", "with unit");
    row.value = quantity(section, "value", known).value_or(Written{}).value;
    if (const auto low = quantity(section, "low", known)) row.low = low->value;
    if (const auto high = quantity(section, "high", known)) row.high = high->value;
  }
  if (const auto time = quantity(section, "time", time_)) row.time = time->value;
  if (const auto cv = quantity(section, "cv", known_unit("%"))) row.cv = cv->value;
  row.range = section.text("range").value_or(row.low || row.high ? "range" : "");
  row.n = section.whole("n", 1).value_or(0);
  row.group = section.text("group").value_or("");
  row.source = section.text("source").value_or("");
  if (row.source.empty()) section.missing("source", "a number without a source is not taken");
  scenario_.published.push_back(std::move(row));
}

}  // namespace carina::scenario::impl
