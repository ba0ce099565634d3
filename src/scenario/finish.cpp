#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "ensemble/status.h"
#include "scenario/impl/names.h"
#include "scenario/impl/survival.h"
#include "scenario/impl/tables.h"
#include "scenario/impl/trial_figures.h"
#include "scenario/impl/trial_tables.h"
#include "scenario/run.h"
#include "stats/moments.h"
#include "stats/quantiles.h"

namespace carina::scenario {
namespace {

using impl::make_column;
using record::Column;
using record::Recording;
using record::Role;
using record::Table;

Table made(std::string name, std::string about, std::string row) {
  return impl::make_table(std::move(name), std::move(about), std::move(row), Role::Made);
}

// The State tables whose names begin so, in the order of the plan; what follows is the recorded column.
std::vector<const Table*> states(const Recording& recording, const std::string& beginning) {
  std::vector<const Table*> list;
  for (const Table& table : recording.plan().tables) {
    if (table.role == Role::State && table.name.starts_with(beginning)) list.push_back(&table);
  }
  return list;
}

std::vector<stats::QuantileSketch> merged(const Recording& recording, const Table& state) {
  std::vector<stats::QuantileSketch> sketches(state.coordinates.front().doubles().size());
  recording.each_state(state.name, [&](std::uint64_t, const Table& part) {
    const auto& bytes = std::get<std::vector<std::uint8_t>>(part.columns.front().values);
    std::size_t at = 0;
    for (stats::QuantileSketch& sketch : sketches) {
      CARINA_CHECK(at + 4 <= bytes.size());
      std::size_t size = 0;
      for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{bytes[at + i]} << (8 * i);
      at += 4;
      CARINA_CHECK(at + size <= bytes.size());
      CARINA_CHECK(sketch.merge_bytes(std::span(bytes).subspan(at, size)));
      at += size;
    }
  });
  return sketches;
}

// The quantiles of the sketches of one State table as a column across its times.
Column quantile_column(const Table& state, const std::string& name, const std::vector<stats::QuantileSketch>& sketches) {
  const std::vector<double>& probabilities = state.coordinates.back().doubles();
  std::vector<double> values(probabilities.size() * sketches.size());
  for (std::size_t t = 0; t < sketches.size(); ++t) {
    const std::vector<double> quantiles = sketches[t].quantiles(probabilities);
    for (std::size_t p = 0; p < probabilities.size(); ++p) values[p * sketches.size() + t] = quantiles[p];
  }
  Column column = make_column(name, state.columns.front().unit, state.about, std::move(values));
  column.across = true;
  return column;
}

Table quantile_table(const Table& state, const std::string& name, const std::string& about) {
  Table table = made(name, about, "probability");
  table.coordinates.push_back(state.coordinates.front());
  table.columns.push_back(
      make_column("probability", "1", "share of the individuals at or below the value", state.coordinates.back().doubles()));
  return table;
}

void add_quantiles(const Recording& recording, std::vector<Table>& tables) {
  const auto list = states(recording, impl::sketch_table(""));
  if (list.empty()) return;
  Table table =
      quantile_table(*list.front(), "quantiles", "quantiles over the individuals that finished, within 0.1 % of each value");
  for (const Table* state : list) {
    const std::string name = state->name.substr(impl::sketch_table("").size());
    table.columns.push_back(quantile_column(*state, name, merged(recording, *state)));
  }
  tables.push_back(std::move(table));
}

// How many values of a column were below its limit at each visit; empty for a column without one.
std::vector<std::int64_t> below_limit(const Recording& recording, const std::string& name) {
  std::vector<std::int64_t> below;
  const std::string wanted = impl::seen_below_table(name);
  const auto& known = recording.plan().tables;
  if (std::none_of(known.begin(), known.end(), [&](const Table& table) { return table.name == wanted; })) return below;
  recording.each_state(wanted, [&](std::uint64_t, const Table& part) {
    const std::vector<std::int64_t>& more = part.columns.front().integers();
    below.resize(more.size());
    for (std::size_t v = 0; v < more.size(); ++v) below[v] += more[v];
  });
  return below;
}

// Values below the limit are the smallest and were counted as the limit: a quantile among them is the limit itself.
void put_limits(Column& column, const std::vector<stats::QuantileSketch>& sketches, const std::vector<std::int64_t>& below,
                const std::vector<double>& probabilities) {
  auto& values = std::get<std::vector<double>>(column.values);
  for (std::size_t v = 0; v < below.size(); ++v) {
    for (std::size_t p = 0; p < probabilities.size() && below[v] > 0; ++p) {
      const double place = std::ceil(static_cast<double>(sketches[v].count() - 1) * probabilities[p]);
      if (place < static_cast<double>(below[v])) values[p * below.size() + v] = sketches[v].min();
    }
  }
}

// The same in the row of each probability.
Column below_column(const std::string& name, const std::vector<stats::QuantileSketch>& sketches,
                    const std::vector<std::int64_t>& below, std::size_t probabilities) {
  std::vector<double> shares;
  for (std::size_t p = 0; p < probabilities; ++p) {
    for (std::size_t v = 0; v < below.size(); ++v)
      shares.push_back(static_cast<double>(below[v]) / static_cast<double>(sketches[v].count()));
  }
  Column column =
      make_column(name + "_below", "1", "share of the individuals below the limit of quantification", std::move(shares));
  column.across = true;
  return column;
}

void add_observed_quantiles(const Recording& recording, std::vector<Table>& tables) {
  const auto list = states(recording, impl::seen_sketch_table(""));
  if (list.empty()) return;
  Table table =
      quantile_table(*list.front(), "observed_quantiles",
                     "quantiles of what a trial would have seen, values below the limit counted as the limit, within "
                     "0.1 % of each value");
  const std::vector<double> probabilities = table.columns.front().doubles();
  for (const Table* state : list) {
    const std::string name = state->name.substr(impl::seen_sketch_table("").size());
    const auto sketches = merged(recording, *state);
    const std::vector<std::int64_t> below = below_limit(recording, name);
    table.columns.push_back(quantile_column(*state, name, sketches));
    put_limits(table.columns.back(), sketches, below, probabilities);
    if (!below.empty()) table.columns.push_back(below_column(name, sketches, below, probabilities.size()));
  }
  tables.push_back(std::move(table));
}

void add_means(const Recording& recording, std::vector<Table>& tables) {
  const auto list = states(recording, "sums_");
  if (list.empty()) return;
  Table table = made("means", "mean and standard deviation over the individuals that finished", "statistic");
  table.coordinates.push_back(list.front()->coordinates.front());
  table.columns.push_back(make_column("statistic", "", "what the values are", std::vector<std::string>{"mean", "sd"}));
  for (const Table* state : list) {
    const std::size_t times = state->coordinates.front().doubles().size();
    std::vector<stats::Moments> moments(times);
    recording.each_state(state->name, [&](std::uint64_t, const Table& part) {
      for (std::size_t t = 0; t < times; ++t) {
        moments[t].merge(stats::Moments::from(static_cast<std::uint64_t>(part.columns[0].integers()[t]),
                                              static_cast<std::uint64_t>(part.columns[1].integers()[t]),
                                              part.columns[2].doubles()[t], part.columns[3].doubles()[t]));
      }
    });
    std::vector<double> values(2 * times);
    for (std::size_t t = 0; t < times; ++t) {
      values[t] = moments[t].mean();
      values[times + t] = moments[t].sd();
    }
    table.columns.push_back(
        make_column(state->name.substr(5), state->columns.front().unit, state->about, std::move(values)));
    table.columns.back().across = true;
  }
  tables.push_back(std::move(table));
}

// The rows of the summary under way.
struct Summary {
  static constexpr double probabilities[] = {0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};
  std::vector<std::string> endpoint, column, unit, about;
  std::vector<std::int64_t> n;
  std::vector<double> geometric_mean, geometric_cv, mean, sd, quantiles[7];

  void add(const Column& values, const std::string& of) {
    endpoint.push_back(values.name);
    column.push_back(of);
    unit.push_back(values.unit);
    about.push_back(values.about);
    stats::GeometricMoments geometric;
    stats::Moments moments;
    std::vector<double> sorted;
    for (const double value : values.doubles()) {
      geometric.add(value);
      moments.add(value);
      if (!std::isnan(value)) sorted.push_back(value);
    }
    std::sort(sorted.begin(), sorted.end());
    n.push_back(static_cast<std::int64_t>(sorted.size()));
    // a geometric mean of some of the values would flatter: it is given only when all of them are above 0
    const bool positive = geometric.not_positive() == 0;
    geometric_mean.push_back(positive ? geometric.mean() : std::numeric_limits<double>::quiet_NaN());
    geometric_cv.push_back(positive ? 100 * geometric.cv() : std::numeric_limits<double>::quiet_NaN());
    mean.push_back(moments.mean());
    sd.push_back(moments.sd());
    for (std::size_t i = 0; i < 7; ++i) quantiles[i].push_back(stats::sorted_quantile(sorted, probabilities[i]));
  }
};

bool summarised(const std::string& name) {
  static const std::vector<std::string> names = {"Cmax", "Tmax", "AUClast", "AUCinf", "half_life", "Tlast"};
  return name.starts_with("AUC0-") || std::find(names.begin(), names.end(), name) != names.end();
}

// Which recorded column an analysis is of: its name says so, but for the first one.
std::string analysed_column(const Recording& recording, const Table& table) {
  if (table.name != "nca") return table.name.substr(4);
  const std::string beginning = "analysis of the profile of ";
  const std::string rest = table.about.substr(std::min(table.about.size(), beginning.size()));
  (void)recording;
  return rest.substr(0, rest.find(','));
}

void add_summary(const Recording& recording, std::vector<Table>& tables) {
  Summary summary;
  for (const Table& table : recording.plan().tables) {
    if (table.role != Role::Rows) continue;
    const bool nca = table.name == "nca" || table.name.starts_with("nca_");
    if (!nca && table.name != "endpoints") continue;
    const std::string of = nca ? analysed_column(recording, table) : "";
    for (const Column& column : table.columns) {
      if (column.values.index() != 0 || (nca && !summarised(column.name))) continue;
      summary.add(recording.read_column(table.name, column.name), of);
    }
  }
  if (summary.n.empty()) return;
  Table table = made("summary", "endpoints over the individuals that have a value", "row");
  auto& q = summary.quantiles;
  table.columns = {make_column("endpoint", "", "endpoint", summary.endpoint),
                   make_column("column", "", "recorded column that it is of", summary.column),
                   make_column("unit", "", "unit of the values", summary.unit),
                   make_column("n", "", "individuals with a value", summary.n),
                   make_column("geometric_mean", "", "in `unit`; none when a value is not above 0", summary.geometric_mean),
                   make_column("geometric_cv", "%", "geometric coefficient of variation", summary.geometric_cv),
                   make_column("mean", "", "in `unit`", summary.mean),
                   make_column("sd", "", "standard deviation, in `unit`", summary.sd),
                   make_column("min", "", "in `unit`", q[0]),
                   make_column("p5", "", "5 % quantile, in `unit`", q[1]),
                   make_column("p25", "", "25 % quantile, in `unit`", q[2]),
                   make_column("median", "", "in `unit`", q[3]),
                   make_column("p75", "", "75 % quantile, in `unit`", q[4]),
                   make_column("p95", "", "95 % quantile, in `unit`", q[5]),
                   make_column("max", "", "in `unit`", q[6]),
                   make_column("about", "", "meaning", summary.about)};
  tables.push_back(std::move(table));
}

std::vector<std::uint64_t> status_counts(const Recording& recording) {
  std::vector<std::uint64_t> counts(ensemble::status_count);
  const Column status = recording.read_column("individuals", "status");
  for (const std::uint8_t code : std::get<std::vector<std::uint8_t>>(status.values)) {
    CARINA_CHECK(code < counts.size());
    ++counts[code];
  }
  return counts;
}

void add_statuses(const Recording& recording, std::vector<Table>& tables) {
  Table table = made("statuses", "how many integrations ended in which way", "row");
  std::vector<std::string> names, meanings, advice;
  std::vector<std::int64_t> individuals;
  const auto counts = status_counts(recording);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto status = static_cast<ensemble::Status>(i);
    names.emplace_back(ensemble::status_name(status));
    meanings.emplace_back(ensemble::status_sentence(status));
    advice.emplace_back(ensemble::status_advice(status));
    individuals.push_back(static_cast<std::int64_t>(counts[i]));
  }
  table.columns = {make_column("status", "", "status", names), make_column("individuals", "", "how many", individuals),
                   make_column("meaning", "", "what happened", meanings), make_column("advice", "", "what to do", advice)};
  tables.push_back(std::move(table));
}

}  // namespace

std::vector<Table> finish(const Recording& recording) {
  std::vector<Table> tables;
  if (impl::is_trial(recording)) {
    tables.push_back(impl::comparison_table(recording));
    for (Table& table : impl::trial_figure_tables(recording)) tables.push_back(std::move(table));
    return tables;
  }
  if (!recording.has("individuals")) return tables;
  add_quantiles(recording, tables);
  add_observed_quantiles(recording, tables);
  add_means(recording, tables);
  add_summary(recording, tables);
  impl::add_survival(recording, tables);
  add_statuses(recording, tables);
  return tables;
}

std::vector<StatusCount> failures(const Recording& recording) {
  std::vector<StatusCount> list;
  if (!recording.has("individuals")) return list;
  const auto counts = status_counts(recording);
  for (std::size_t i = 1; i < counts.size(); ++i) {
    const auto status = static_cast<ensemble::Status>(i);
    if (counts[i] == 0) continue;
    list.push_back({std::string(ensemble::status_name(status)), std::string(ensemble::status_sentence(status)),
                    std::string(ensemble::status_advice(status)), counts[i]});
  }
  return list;
}

}  // namespace carina::scenario
