#include "scenario/impl/tables.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "base/check.h"
#include "base/installation.h"
#include "base/names.h"
#include "scenario/impl/names.h"

namespace carina::scenario::impl {
namespace {

using record::Column;
using record::Role;
using record::Table;
using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;
using Small = std::vector<std::int32_t>;
using Bytes = std::vector<std::uint8_t>;
using Texts = std::vector<std::string>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Column time_coordinate(const Scenario& s, const std::vector<double>& times) {
  return make_column("time", s.model.time_unit, "time since the start of the model's clock", times);
}

Column id_column() { return make_column("individual", "", "number of the individual, from 1", Integers{}); }

Table individuals_table(const Scenario& s, const std::vector<std::uint32_t>& varied) {
  Table table =
      make_table("individuals", "how each integration ended, and the parameters that vary", "individual", Role::Rows);
  table.columns.push_back(id_column());
  table.columns.push_back(make_column("status", "", "how the integration ended", Bytes{}));
  table.columns.back().labels = status_labels();
  table.columns.push_back(make_column("steps", "", "accepted steps", Small{}));
  table.columns.push_back(make_column("rejected", "", "rejected steps", Small{}));
  for (const std::uint32_t p : varied) {
    const model::Parameter& parameter = s.model.parameters[p];
    table.columns.push_back(make_column(parameter.name, parameter.unit, parameter.about, Doubles{}));
  }
  return table;
}

std::string profile_text(const Scenario& s) {
  if (!s.observe) return "the exact solution at the output times";
  std::string text = "what a trial would have seen: visits " + s.observe->visits_text;
  if (s.observe->residual) text += ", with assay error";
  for (const auto& [column, limit] : s.observe->lloq) text += ", LLOQ of " + column + " " + limit.text;
  return text;
}

// Which of the two an endpoint is computed on, where there are two.
std::string basis_text(const Scenario& s, const Endpoint& endpoint) {
  if (endpoint.seen) return profile_text(s);
  const auto depends = s.model.graph[endpoint.node].depends;
  const bool course = (depends & (expr::depends_state | expr::depends_mode | expr::depends_time)) != 0;
  return !course && !endpoint.event ? "" : endpoint.event ? "the exact solution" : "the exact solution at that time";
}

std::string endpoint_about(const Scenario& s, const Endpoint& endpoint) {
  std::string text = endpoint.about;
  if (text.empty()) text = endpoint.event ? endpoint.formula : endpoint.formula + " at " + endpoint.at.text;
  const std::string basis = s.observe || endpoint.event ? basis_text(s, endpoint) : "";
  return basis.empty() ? text : text + "; on " + basis;
}

Table endpoints_table(const Scenario& s) {
  Table table = make_table("endpoints", "numbers of each individual", "individual", Role::Rows);
  table.columns.push_back(id_column());
  for (const Endpoint& endpoint : s.endpoints) {
    if (!endpoint.event)
      table.columns.push_back(make_column(endpoint.name, endpoint.unit, endpoint_about(s, endpoint), Doubles{}));
  }
  return table;
}

Table events_table(const Scenario& s) {
  Table table = make_table("events", "when each individual had an event, or left without it", "individual", Role::Rows);
  table.columns.push_back(id_column());
  for (const Endpoint& endpoint : s.endpoints) {
    if (!endpoint.event) continue;
    table.columns.push_back(make_column(endpoint.name, endpoint.unit,
                                        "time of the event, or of the end of follow-up: " + endpoint_about(s, endpoint),
                                        Doubles{}));
    table.columns.push_back(
        make_column(endpoint.name + "_event", "", "1 where the event was seen, 0 where follow-up ended first", Bytes{}));
  }
  return table;
}

// What the curves of survival need beside the events.
Table follow_up_table(const Scenario& s) {
  Table table = make_table("follow_up", "how long individuals are followed for each event", "endpoint", Role::Fixed);
  table.result = false;
  table.coordinates.push_back(time_coordinate(s, s.output.times));
  Texts names, conditions, bases, abouts;
  Doubles until;
  Bytes followed;
  for (const Endpoint& endpoint : s.endpoints) {
    if (!endpoint.event) continue;
    names.push_back(endpoint.name);
    conditions.push_back(endpoint.formula);
    bases.push_back(basis_text(s, endpoint));
    abouts.push_back(endpoint.about);
    until.push_back(endpoint.until.value);
    for (const double time : s.output.times) followed.push_back(time <= endpoint.until.value ? 1 : 0);
  }
  table.columns = {make_column("endpoint", "", "endpoint", names),
                   make_column("when", "", "condition of the event", conditions),
                   make_column("until", s.model.time_unit, "end of follow-up", until),
                   make_column("on", "", "what the condition is looked at on", bases),
                   make_column("about", "", "meaning", abouts),
                   make_column("followed", "", "1 at the output times within follow-up", followed)};
  table.columns.back().across = true;
  return table;
}

Table nca_table_shape(const Scenario& s, const RecordedColumn& column) {
  Table table =
      make_table(nca_table(s, column.name), "analysis of the profile of " + column.name + ", on " + profile_text(s),
                 "individual", Role::Rows);
  table.columns.push_back(id_column());
  for (const NcaColumn& entry : nca_columns(s.nca, column.unit, s.model.time_unit)) {
    table.columns.push_back(make_column(entry.name, entry.unit, entry.about, Doubles{}));
  }
  table.columns.push_back(make_column("lambda_z_points", "", "samples of the best-fit line, 0 when there is none", Small{}));
  table.columns.push_back(make_column("status", "", "whether there is a half-life", Bytes{}));
  for (const auto status :
       {stats::NcaStatus::Ok, stats::NcaStatus::Empty, stats::NcaStatus::FewPoints, stats::NcaStatus::NotFalling}) {
    table.columns.back().labels.emplace_back(stats::name(status));
  }
  return table;
}

Table across_table(const Scenario& s, const std::string& name, const std::string& about, const std::vector<double>& times) {
  Table table = make_table(name, about, "individual", Role::Rows);
  table.coordinates.push_back(time_coordinate(s, times));
  table.columns.push_back(id_column());
  for (const RecordedColumn& column : recorded_columns(s)) {
    table.columns.push_back(make_column(column.name, column.unit, column.about, Doubles{}));
    table.columns.back().across = true;
    if (name != "observations") continue;
    table.columns.push_back(
        make_column(column.name + "_below", "", "1 where it is below the limit of quantification", Bytes{}));
    table.columns.back().across = true;
  }
  return table;
}

Table trace_table(const Scenario& s) {
  Table table = make_table("trace", "every step of the individual and what happened to it", "row", Role::Rows);
  table.columns.push_back(make_column("time", s.model.time_unit, "end of the step, start of a rejected one", Doubles{}));
  table.columns.push_back(
      make_column("step", s.model.time_unit, "size of the step, 0 for what happens at a time", Doubles{}));
  table.columns.push_back(
      make_column("what", "", "step, rejected, switch, dose, infusion, event, births of few cells", Texts{}));
  for (const model::State& state : s.model.states) {
    table.columns.push_back(make_column(state.name, state.unit, state.about, Doubles{}));
  }
  return table;
}

Table sketches_table(const Scenario& s, const std::string& name, const RecordedColumn& column, const Doubles& times) {
  Table table = make_table(name, column.about, "byte", Role::State);
  table.coordinates.push_back(time_coordinate(s, times));
  table.coordinates.push_back(make_column("probability", "1", "probabilities of the quantiles", s.output.quantiles));
  table.columns.push_back(make_column("bytes", column.unit, "sketches, one for each time", Bytes{}));
  return table;
}

bool has_limit(const Scenario& s, const std::string& column) {
  const auto& limits = s.observe->lloq;
  return std::any_of(limits.begin(), limits.end(), [&](const auto& limit) { return limit.first == column; });
}

void add_states(const Scenario& s, std::vector<Table>& tables) {
  for (const RecordedColumn& column : recorded_columns(s)) {
    if (s.output.keep.quantiles) tables.push_back(sketches_table(s, sketch_table(column.name), column, s.output.times));
    if (s.output.keep.quantiles && s.observe) {
      tables.push_back(sketches_table(s, seen_sketch_table(column.name), column, s.observe->visits));
      if (has_limit(s, column.name)) {
        Table table = make_table(seen_below_table(column.name), column.about, "visit", Role::State);
        table.columns.push_back(make_column("below", "", "values below the limit of quantification", Integers{}));
        tables.push_back(std::move(table));
      }
    }
    if (s.output.keep.mean) {
      Table table = make_table(moments_table(column.name), column.about, "point", Role::State);
      table.coordinates.push_back(time_coordinate(s, s.output.times));
      table.columns.push_back(make_column("count", column.unit, "values", Integers{}));
      table.columns.push_back(make_column("missing", "", "values that are none", Integers{}));
      table.columns.push_back(make_column("mean", column.unit, "mean", Doubles{}));
      table.columns.push_back(make_column("squares", "", "sum of squares about the mean", Doubles{}));
      tables.push_back(std::move(table));
    }
  }
}

Table published_table(const Scenario& s) {
  Table table = make_table("published", "results that others published", "row", Role::Fixed);
  table.result = false;
  Texts endpoint, column, statistic, unit, range, group, source;
  Doubles value, time, cv, low, high;
  Integers n;
  for (const Published& row : s.published) {
    endpoint.push_back(row.endpoint);
    column.push_back(row.column);
    statistic.push_back(row.statistic);
    unit.push_back(row.unit);
    range.push_back(row.range);
    group.push_back(row.group);
    source.push_back(row.source);
    value.push_back(row.value);
    time.push_back(row.time.value_or(nan));
    cv.push_back(row.cv.value_or(nan));
    low.push_back(row.low.value_or(nan));
    high.push_back(row.high.value_or(nan));
    n.push_back(static_cast<std::int64_t>(row.n));
  }
  table.columns = {make_column("endpoint", "", "what was published", endpoint),
                   make_column("column", "", "of which column", column),
                   make_column("statistic", "", "geometric mean, mean or median", statistic),
                   make_column("value", "", "in `unit`", value),
                   make_column("unit", "", "unit of the values", unit),
                   make_column("time", s.model.time_unit, "for values at one time", time),
                   make_column("cv", "%", "coefficient of variation", cv),
                   make_column("low", "", "lower end of `range`", low),
                   make_column("high", "", "upper end of `range`", high),
                   make_column("range", "", "what low and high are", range),
                   make_column("n", "", "patients, 0 when unknown", n),
                   make_column("group", "", "who they were", group),
                   make_column("source", "", "where it stands", source)};
  return table;
}

Table run_table(const Scenario& s, const RunOptions& options) {
  Table table = make_table("run", "what was run, for people", "row", Role::Fixed);
  table.result = false;
  Texts keys, values;
  const auto add = [&](const char* key, std::string value) {
    keys.emplace_back(key);
    values.push_back(std::move(value));
  };
  add("title", s.title.empty() ? s.model.title : s.title);
  add("about", s.about);
  add("model", s.use);
  add("model_title", s.model.title);
  add("model_status", s.model.status_note);
  add("time_unit", s.model.time_unit);
  add("individuals", std::to_string(s.population.size));
  add("variability", s.population.variability ? "true" : "false");
  add("doses", std::to_string(s.doses.size()));
  add("until", s.output.until.text);
  const bool closed_form = s.model.closed_form();
  add("method", closed_form ? "closed form" : s.solver.method == "explicit" ? "Tsit5" : "Rodas5P");
  add("rtol", closed_form ? "" : number_text(s.solver.rtol));
  if (!s.model.counts.empty())
    add("small_numbers", s.solver.stochastic ? "stochastic, drawn every " + s.solver.grid.text : "deterministic");
  add("profile", profile_text(s));
  add("only", options.only == 0 ? "" : std::to_string(options.only));
  table.columns = {make_column("key", "", "what", keys), make_column("value", "", "text", values)};
  return table;
}

Table chunks_table() {
  Table table = make_table("chunks", "who did the work, and how long it took", "chunk", Role::Rows);
  table.result = false;
  table.columns = {make_column("chunk", "", "number of the chunk, from 0", Integers{}),
                   make_column("individuals", "", "individuals in it", Integers{}),
                   make_column("seconds", "s", "time it took one thread", Doubles{}),
                   make_column("engine", "", "what executed the model", Texts{})};
  return table;
}

bool any_endpoint(const Scenario& s, bool event) {
  return std::any_of(s.endpoints.begin(), s.endpoints.end(), [&](const Endpoint& e) { return e.event == event; });
}

}  // namespace

Column make_column(std::string name, std::string unit, std::string about, record::Values values) {
  Column column;
  column.name = std::move(name);
  column.unit = std::move(unit);
  column.about = std::move(about);
  column.values = std::move(values);
  return column;
}

Table make_table(std::string name, std::string about, std::string row, Role role) {
  Table table;
  table.name = std::move(name);
  table.about = std::move(about);
  table.row = std::move(row);
  table.role = role;
  return table;
}

std::vector<std::string> status_labels() {
  std::vector<std::string> labels;
  for (int i = 0; i < ensemble::status_count; ++i)
    labels.emplace_back(ensemble::status_name(static_cast<ensemble::Status>(i)));
  return labels;
}

std::vector<RecordedColumn> recorded_columns(const Scenario& s) {
  std::vector<RecordedColumn> columns;
  for (std::size_t i = 0; i < s.output.columns.size(); ++i) {
    const std::string& name = s.output.columns[i];
    const auto add = [&](const auto& items) {
      const auto item = std::find_if(items.begin(), items.end(), [&](const auto& known) { return known.name == name; });
      if (item == items.end()) return false;
      columns.push_back({name, item->unit, item->about, s.output.nodes[i]});
      return true;
    };
    const bool found = add(s.model.outputs) || add(s.model.states) || add(s.model.derived);
    CARINA_CHECK(found);
  }
  return columns;
}

std::uint64_t chunk_size(const Scenario& s) {
  // Large chunks waste less on files and sketches, many chunks keep many threads busy; a chunk's values stay below 64 MiB.
  constexpr std::uint64_t least = 512, most = 16'384, pieces = 16, values = std::uint64_t{8} << 20;
  const std::size_t visits = s.observe && s.output.keep.quantiles ? s.observe->visits.size() : 0;
  const std::uint64_t width = (s.output.times.size() + visits) * s.output.columns.size() + 1;
  const std::uint64_t wanted = std::clamp((s.population.size + pieces - 1) / pieces, least, most);
  return std::max<std::uint64_t>(64, std::min(wanted, values / width));
}

record::Plan make_plan(const Scenario& s, const RunOptions& options, const std::vector<std::uint32_t>& varied) {
  record::Plan plan;
  plan.version = version();
  plan.commit = commit();
  plan.created_by = options.created_by;
  plan.scenario = resolved_text(s);
  plan.seed = s.seed;
  plan.individuals = options.only == 0 ? s.population.size : 1;
  plan.chunk_size = chunk_size(s);
  plan.chunks = (plan.individuals + plan.chunk_size - 1) / plan.chunk_size;
  plan.shard = options.shard;
  plan.files.push_back({std::filesystem::path(s.file).filename().string(), "scenario", s.text, ""});
  for (const NamedFile& file : s.files) plan.files.push_back({file.name, file.kind, file.text, ""});

  const Keep& keep = s.output.keep;
  std::vector<Table>& tables = plan.tables;
  tables.push_back(run_table(s, options));
  tables.push_back(individuals_table(s, varied));
  if (any_endpoint(s, false)) tables.push_back(endpoints_table(s));
  if (any_endpoint(s, true)) tables.push_back(events_table(s));
  if (keep.nca) {
    for (const RecordedColumn& column : recorded_columns(s)) {
      const auto& wanted = s.nca.columns;
      if (std::find(wanted.begin(), wanted.end(), column.name) != wanted.end()) tables.push_back(nca_table_shape(s, column));
    }
  }
  if (keep.trajectories || options.only != 0)
    tables.push_back(across_table(s, "trajectories", "course of each individual, exact", s.output.times));
  if (options.trace) tables.push_back(trace_table(s));
  if (s.observe && (keep.observations || options.only != 0)) {
    tables.push_back(across_table(s, "observations", "what a trial would have seen of each individual", s.observe->visits));
  }
  if (options.only == 0) add_states(s, tables);
  if (any_endpoint(s, true)) tables.push_back(follow_up_table(s));
  if (!s.published.empty()) tables.push_back(published_table(s));
  tables.push_back(chunks_table());
  return plan;
}

}  // namespace carina::scenario::impl
