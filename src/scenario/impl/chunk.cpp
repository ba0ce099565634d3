#include "scenario/impl/chunk.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "base/check.h"
#include "scenario/impl/names.h"
#include "stats/moments.h"
#include "stats/quantiles.h"

namespace carina::scenario::impl {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class T>
std::vector<T>& values_of(record::Table& table, std::size_t column) {
  return std::get<std::vector<T>>(table.columns[column].values);
}

// What the sizes of sketches travel as, within one column of bytes.
void append_size(std::vector<std::uint8_t>& out, std::size_t size) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(size >> shift));
}

// The sketch of `values`; `sketch` is room that is used again.
void append_sketch(std::vector<std::uint8_t>& out, stats::QuantileSketch& sketch, std::span<const double> values) {
  sketch.clear();
  sketch.add(values);
  const std::vector<std::uint8_t> bytes = sketch.bytes();
  append_size(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

std::string what_happened(const model::Model& model, const ensemble::TraceRow& row) {
  using Kind = ensemble::TraceRow::Kind;
  switch (row.kind) {
    case Kind::Step: return "step";
    case Kind::Rejected: return "rejected";
    case Kind::Switch: return "switch";
    case Kind::Bolus: return "dose into " + model.states[row.index].name;
    case Kind::InfusionStart: return "infusion into " + model.states[row.index].name + " starts";
    case Kind::InfusionEnd: return "infusion into " + model.states[row.index].name + " ends";
    case Kind::Births: return "births, deaths and flows";
    case Kind::Few: return model.states[row.index].name + " has few cells";
    case Kind::Many: return model.states[row.index].name + " has many cells";
    case Kind::Arrival: return "a first cell reaches " + model.states[row.index].name;
    case Kind::Event: break;
  }
  return "event " + model.events[row.index].name;
}

std::vector<double> all_times(const Scenario& s) {
  std::vector<double> times = s.output.times;
  if (s.observe) times.insert(times.end(), s.observe->visits.begin(), s.observe->visits.end());
  for (const Endpoint& endpoint : s.endpoints) {
    if (!endpoint.event) times.push_back(endpoint.at.value);
  }
  // the end of the run is integrated to, whether or not it is an output time: steps do not depend on what is recorded
  times.push_back(s.output.until.value);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

std::vector<std::size_t> places(const std::vector<double>& all, const std::vector<double>& some) {
  std::vector<std::size_t> at;
  for (const double time : some) {
    at.push_back(static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), time) - all.begin()));
  }
  return at;
}

ensemble::Population population_of(const Scenario& s) {
  ensemble::Population population;
  population.seed = s.seed;
  population.variability = s.population.variability;
  population.typical = s.typical;
  population.sd = s.sd;
  population.covariates = s.covariates;
  population.pinned.assign(s.model.parameters.size(), false);
  const auto pin = [&](const std::string& name) { population.pinned[*s.model.find_parameter(name)] = true; };
  for (const auto& [name, value] : s.set) pin(name);
  for (const ensemble::Covariate& covariate : s.covariates) population.pinned[covariate.parameter] = true;
  return population;
}

ensemble::Plan engine_plan(const Scenario& s, const std::vector<double>& times, const Endpoints& endpoints,
                           const ensemble::Draws& draws) {
  ensemble::Plan plan;
  plan.model = &s.model;
  plan.protocol = s.protocol;
  plan.columns = s.output.nodes;
  plan.columns.insert(plan.columns.end(), endpoints.columns().begin(), endpoints.columns().end());
  plan.watched = endpoints.watched();
  plan.times = times;
  plan.start = s.output.from.value;
  std::vector<double> first(s.model.parameters.size());
  draws.draw(1, first);
  plan.shared.assign(first.begin(), first.end());
  for (const std::uint32_t p : draws.varied()) plan.shared[p].reset();
  plan.solver.rtol = s.solver.rtol;
  for (const auto& [state, atol] : s.solver.atol) plan.solver.atol.push_back(atol.value);
  plan.solver.max_steps = s.solver.max_steps;
  plan.small_numbers = {s.solver.stochastic, s.solver.grid.value, s.seed};
  plan.solver.method = s.solver.method == "explicit" ? ensemble::Method::Tsit5 : ensemble::Method::Rodas5p;
  plan.solver.engine = s.solver.engine == "jit"  ? ensemble::Engine::Jit
                       : s.solver.engine == "vm" ? ensemble::Engine::VirtualMachine
                                                 : ensemble::Engine::Auto;
  return plan;
}

}  // namespace

struct ChunkWork::Buffers {
  record::Part part;
  std::map<std::string, record::Table*> table;
  std::vector<double> block;                  // [column][output time][individual of the chunk]
  std::size_t individuals = 0;                // of the chunk
  std::uint64_t first = 1;                    // number of its first individual
  std::vector<double> seen_block;             // [column][visit][individual of the chunk], as reported
  std::vector<std::int64_t> below;            // [column][visit]: values below the limit
  std::vector<double> time, value;            // one profile
  std::vector<std::vector<double>> reported;  // [column][visit], below the limit as the limit
  std::vector<std::vector<double>> seen;      // [column][visit], below the limit as 0
};

ChunkWork::ChunkWork(const Scenario& scenario, const RunOptions& options)
    : scenario_(scenario),
      only_(options.only),
      trace_(options.trace),
      draws_(scenario.model, population_of(scenario)),
      columns_(recorded_columns(scenario)),
      times_(all_times(scenario)),
      endpoints_(scenario, times_),
      output_at_(places(times_, scenario.output.times)),
      plan_(make_plan(scenario, options, draws_.varied())),
      ensemble_(engine_plan(scenario, times_, endpoints_, draws_)) {
  if (scenario.observe) visit_at_ = places(times_, scenario.observe->visits);
  for (const RecordedColumn& column : columns_) {
    std::optional<double> lloq;
    const model::Residual* residual = nullptr;
    if (scenario.observe) {
      for (const auto& [name, limit] : scenario.observe->lloq) {
        if (name == column.name) lloq = limit.value;
      }
      for (const model::Residual& known : scenario.model.residuals) {
        if (known.output == column.name && scenario.observe->residual) residual = &known;
      }
      assays_.emplace_back(scenario.seed, column.name, residual, lloq);
    }
    nca_lloq_.push_back(lloq.value_or(0));
    const auto& analysed = scenario.nca.columns;
    const auto place = std::find(analysed.begin(), analysed.end(), column.name);
    nca_of_.push_back(place != analysed.end() && scenario.output.keep.nca
                          ? std::optional(static_cast<std::size_t>(place - analysed.begin()))
                          : std::nullopt);
  }
  nca_options_.end = scenario.nca.auc.value;
  nca_options_.start = std::max(0.0, scenario.output.from.value);
}

std::uint64_t ChunkWork::batch_size() const {
  constexpr std::uint64_t values = std::uint64_t{1} << 20;
  return std::clamp<std::uint64_t>(values / (times_.size() * width() + 1), 64, 1024);
}

double ChunkWork::thread_bytes() const {
  const double batch = static_cast<double>(batch_size() * times_.size() * width());
  const std::size_t points = scenario_.output.times.size() + (reduces_seen() ? visit_at_.size() : 0);
  const double block = static_cast<double>(chunk_size(scenario_) * points * columns_.size());
  const bool rows = scenario_.output.keep.trajectories;
  return 8 * (batch + block * (rows ? 4 : 1.5)) + 8e6;
}

void ChunkWork::draw(std::uint64_t first, std::uint64_t count, std::vector<double>& parameters) const {
  const std::size_t width = scenario_.model.parameters.size();
  parameters.resize(count * width);
  for (std::uint64_t i = 0; i < count; ++i) draws_.draw(first + i, std::span(parameters).subspan(i * width, width));
}

std::optional<record::Part> ChunkWork::part(std::uint64_t chunk, const std::atomic<bool>* stop,
                                            ProgressMeter* progress) const {
  const std::uint64_t begin = chunk * plan_.chunk_size;
  const std::uint64_t count = std::min(plan_.chunk_size, plan_.individuals - begin);
  return part_of(chunk, only_ == 0 ? begin + 1 : only_, count, stop, progress);
}

record::Part ChunkWork::sample(std::uint64_t count) const {
  return *part_of(0, only_ == 0 ? 1 : only_, count, nullptr, nullptr);
}

std::optional<record::Part> ChunkWork::part_of(std::uint64_t chunk, std::uint64_t first, std::uint64_t count,
                                               const std::atomic<bool>* stop, ProgressMeter* progress) const {
  const auto start = std::chrono::steady_clock::now();
  Buffers buffers;
  buffers.part.chunk = chunk;
  for (const record::Table& table : plan_.tables) {
    if (table.role == record::Role::Rows || table.role == record::Role::State) buffers.part.tables.push_back(table.shape());
  }
  for (record::Table& table : buffers.part.tables) buffers.table[table.name] = &table;
  buffers.individuals = count;
  buffers.first = first;
  const bool reduces = only_ == 0 && (scenario_.output.keep.quantiles || scenario_.output.keep.mean);
  if (reduces) buffers.block.resize(columns_.size() * output_at_.size() * count);
  if (reduces_seen()) buffers.seen_block.resize(columns_.size() * visit_at_.size() * count);
  buffers.below.resize(columns_.size() * visit_at_.size());

  std::vector<double> parameters;
  ensemble::Results results;
  for (std::uint64_t done = 0; done < count; done += batch_size()) {
    const std::uint64_t size = std::min(batch_size(), count - done);
    draw(first + done, size, parameters);
    if (trace_)
      trace(buffers, first + done, parameters, results);
    else
      ensemble_.integrate(parameters, size, results, stop, first + done);
    if (stop != nullptr && stop->load()) return std::nullopt;
    take(buffers, first + done, done, parameters, results);
    if (progress != nullptr) progress->add(size);
  }
  if (reduces) reduce(buffers, count);
  if (reduces_seen()) reduce_seen(buffers, count);
  record::Table& chunks = *buffers.table["chunks"];
  values_of<std::int64_t>(chunks, 0) = {static_cast<std::int64_t>(chunk)};
  values_of<std::int64_t>(chunks, 1) = {static_cast<std::int64_t>(count)};
  values_of<double>(chunks, 2) = {seconds_since(start)};
  values_of<std::string>(chunks, 3) = {ensemble_.engine_text()};
  return std::move(buffers.part);
}

void ChunkWork::trace(Buffers& buffers, std::uint64_t id, const std::vector<double>& parameters,
                      ensemble::Results& results) const {
  record::Table& table = *buffers.table["trace"];
  for (const ensemble::TraceRow& row : ensemble_.trace(parameters, results, id)) {
    values_of<double>(table, 0).push_back(row.time);
    values_of<double>(table, 1).push_back(row.step);
    values_of<std::string>(table, 2).push_back(what_happened(scenario_.model, row));
    for (std::size_t s = 0; s < row.states.size(); ++s) values_of<double>(table, 3 + s).push_back(row.states[s]);
  }
}

void ChunkWork::take(Buffers& buffers, std::uint64_t first, std::size_t offset, const std::vector<double>& parameters,
                     const ensemble::Results& results) const {
  const std::size_t row = scenario_.model.parameters.size();
  const std::size_t stride = times_.size() * width();
  record::Table& individuals = *buffers.table["individuals"];
  const std::size_t count = results.status.size();
  for (std::size_t i = 0; i < count; ++i) {
    values_of<std::int64_t>(individuals, 0).push_back(static_cast<std::int64_t>(first + i));
    values_of<std::uint8_t>(individuals, 1).push_back(static_cast<std::uint8_t>(results.status[i]));
    values_of<std::int32_t>(individuals, 2).push_back(static_cast<std::int32_t>(results.steps[i]));
    values_of<std::int32_t>(individuals, 3).push_back(static_cast<std::int32_t>(results.rejected[i]));
    take_individual(buffers,
                    {first + i, results.status[i] != ensemble::Status::Ok, std::span(parameters).subspan(i * row, row),
                     &results.values[i * stride], results.hits.data() + i * endpoints_.watched().size(), nullptr});
  }
  if (buffers.block.empty()) return;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    for (std::size_t t = 0; t < output_at_.size(); ++t) {
      double* to = &buffers.block[(c * output_at_.size() + t) * buffers.individuals + offset];
      const double* from = &results.values[output_at_[t] * width() + c];
      for (std::size_t i = 0; i < count; ++i) to[i] = from[i * stride];
    }
  }
}

void ChunkWork::take_individual(Buffers& buffers, Outcome outcome) const {
  const auto number = static_cast<std::int64_t>(outcome.id);
  const auto table = [&](const char* name) {
    const auto found = buffers.table.find(name);
    return found == buffers.table.end() ? nullptr : found->second;
  };
  record::Table& individuals = *buffers.table["individuals"];
  for (std::size_t v = 0; v < draws_.varied().size(); ++v) {
    values_of<double>(individuals, 4 + v).push_back(outcome.parameters[draws_.varied()[v]]);
  }
  if (record::Table* trajectories = table("trajectories"); trajectories != nullptr) {
    values_of<std::int64_t>(*trajectories, 0).push_back(number);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      for (const std::size_t at : output_at_)
        values_of<double>(*trajectories, 1 + c).push_back(outcome.values[at * width() + c]);
    }
  }
  if (scenario_.observe) {
    observe(buffers, outcome.id, outcome.values);
    outcome.reported = &buffers.reported;
  }
  endpoints_.take(outcome, table("endpoints"), table("events"));
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (!nca_of_[c]) continue;
    values_of<std::int64_t>(*buffers.table[nca_table(scenario_, columns_[c].name)], 0).push_back(number);
    analyse(buffers, c, outcome.values);
  }
}

void ChunkWork::observe(Buffers& buffers, std::uint64_t id, const double* values) const {
  const auto found = buffers.table.find("observations");
  record::Table* table = found == buffers.table.end() ? nullptr : found->second;
  if (table != nullptr) values_of<std::int64_t>(*table, 0).push_back(static_cast<std::int64_t>(id));
  buffers.reported.assign(columns_.size(), {});
  buffers.seen.assign(columns_.size(), {});
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    for (std::size_t v = 0; v < visit_at_.size(); ++v) {
      const ensemble::Measured measured = assays_[c].measure(id, v, values[visit_at_[v] * width() + c]);
      buffers.reported[c].push_back(measured.value);
      buffers.seen[c].push_back(measured.below ? 0 : measured.value);
      if (!buffers.seen_block.empty()) {
        const std::size_t place = c * visit_at_.size() + v;
        buffers.seen_block[place * buffers.individuals + (id - buffers.first)] = measured.value;
        buffers.below[place] += measured.below ? 1 : 0;
      }
      if (table == nullptr) continue;
      values_of<double>(*table, 1 + 2 * c).push_back(measured.value);
      values_of<std::uint8_t>(*table, 2 + 2 * c).push_back(measured.below ? 1 : 0);
    }
  }
}

void ChunkWork::analyse(Buffers& buffers, std::size_t column, const double* values) const {
  record::Table& table = *buffers.table[nca_table(scenario_, columns_[column].name)];
  stats::NcaOptions options = nca_options_;
  options.lloq = nca_lloq_[column];
  stats::NcaResult result;
  if (scenario_.observe) {
    result = stats::nca(scenario_.observe->visits, buffers.seen[column], options);
  } else {
    buffers.value.resize(output_at_.size());
    for (std::size_t t = 0; t < output_at_.size(); ++t) buffers.value[t] = values[output_at_[t] * width() + column];
    result = stats::nca(scenario_.output.times, buffers.value, options);
  }
  static const std::vector<NcaColumn> shape = nca_columns({{}, {"28 day", 28}}, "1", "day");
  for (std::size_t i = 0; i < shape.size(); ++i) values_of<double>(table, 1 + i).push_back(result.*shape[i].value);
  values_of<std::int32_t>(table, 1 + shape.size()).push_back(result.lambda_z_points);
  values_of<std::uint8_t>(table, 2 + shape.size()).push_back(static_cast<std::uint8_t>(result.status));
}

void ChunkWork::reduce(Buffers& buffers, std::size_t count) const {
  stats::QuantileSketch sketch;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    for (std::size_t t = 0; t < output_at_.size(); ++t) {
      const std::span<const double> values(&buffers.block[(c * output_at_.size() + t) * count], count);
      if (scenario_.output.keep.quantiles) {
        append_sketch(values_of<std::uint8_t>(*buffers.table[sketch_table(columns_[c].name)], 0), sketch, values);
      }
      if (scenario_.output.keep.mean) {
        stats::Moments moments;
        for (const double value : values) moments.add(value);
        record::Table& table = *buffers.table[moments_table(columns_[c].name)];
        values_of<std::int64_t>(table, 0).push_back(static_cast<std::int64_t>(moments.count()));
        values_of<std::int64_t>(table, 1).push_back(static_cast<std::int64_t>(moments.nan_count()));
        values_of<double>(table, 2).push_back(moments.count() == 0 ? 0 : moments.mean());
        values_of<double>(table, 3).push_back(moments.squares());
      }
    }
  }
}

void ChunkWork::reduce_seen(Buffers& buffers, std::size_t count) const {
  stats::QuantileSketch sketch;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const auto limited = buffers.table.find(seen_below_table(columns_[c].name));
    for (std::size_t v = 0; v < visit_at_.size(); ++v) {
      const std::size_t place = c * visit_at_.size() + v;
      const std::span<const double> values(&buffers.seen_block[place * count], count);
      append_sketch(values_of<std::uint8_t>(*buffers.table[seen_sketch_table(columns_[c].name)], 0), sketch, values);
      if (limited != buffers.table.end()) values_of<std::int64_t>(*limited->second, 0).push_back(buffers.below[place]);
    }
  }
}

}  // namespace carina::scenario::impl
