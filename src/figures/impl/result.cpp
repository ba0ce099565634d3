#include "figures/impl/result.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace carina::figures::impl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void read_run(const record::Recording& recording, Result& result) {
  if (!recording.has("run")) return;
  const record::Table table = recording.read("run");
  const auto& keys = table.column("key").texts();
  const auto& values = table.column("value").texts();
  for (std::size_t i = 0; i < keys.size(); ++i) result.run[keys[i]] = values[i];
  result.time_unit = result.text("time_unit");
}

void read_courses(const record::Recording& recording, Result& result) {
  if (!recording.has("quantiles")) return;
  const record::Table table = recording.read("quantiles");
  result.times = table.coordinates.front().doubles();
  result.probabilities = table.column("probability").doubles();
  const auto count = static_cast<std::ptrdiff_t>(result.times.size());
  for (const record::Column& column : table.columns) {
    if (!column.across) continue;
    Course course{column.name, column.unit, column.about, {}};
    for (std::size_t p = 0; p < result.probabilities.size(); ++p) {
      const auto from = column.doubles().begin() + static_cast<std::ptrdiff_t>(p) * count;
      course.quantiles.emplace_back(from, from + count);
    }
    result.courses.push_back(std::move(course));
  }
}

void read_endpoints(const record::Recording& recording, Result& result) {
  if (!recording.has("summary")) return;
  const record::Table t = recording.read("summary");
  const auto text = [&](const char* name, std::size_t i) { return t.column(name).texts()[i]; };
  const auto value = [&](const char* name, std::size_t i) { return t.column(name).doubles()[i]; };
  for (std::size_t i = 0; i < t.rows(); ++i) {
    result.endpoints.push_back({text("endpoint", i), text("column", i), text("unit", i), text("about", i),
                                t.column("n").integers()[i], value("geometric_mean", i), value("geometric_cv", i),
                                value("mean", i), value("sd", i), value("median", i), value("p5", i), value("p95", i)});
  }
}

void read_events(const record::Recording& recording, Result& result) {
  if (!recording.has("time_to_event")) return;
  const record::Table t = recording.read("time_to_event");
  const auto text = [&](const char* name, std::size_t i) { return t.column(name).texts()[i]; };
  const auto value = [&](const char* name, std::size_t i) { return t.column(name).doubles()[i]; };
  for (std::size_t i = 0; i < t.rows(); ++i) {
    result.events.push_back({text("endpoint", i), text("unit", i), text("on", i), text("about", i),
                             t.column("n").integers()[i], t.column("events").integers()[i], value("median", i),
                             value("median_low", i), value("median_high", i), value("until", i), value("survival", i),
                             value("low", i), value("high", i)});
  }
}

void read_published(const record::Recording& recording, Result& result) {
  if (!recording.has("published")) return;
  const record::Table t = recording.read("published");
  const auto text = [&](const char* name, std::size_t i) { return t.column(name).texts()[i]; };
  const auto value = [&](const char* name, std::size_t i) { return t.column(name).doubles()[i]; };
  for (std::size_t i = 0; i < t.rows(); ++i) {
    result.published.push_back({text("endpoint", i), text("column", i), text("statistic", i), text("unit", i),
                                text("range", i), text("group", i), text("source", i), value("value", i), value("time", i),
                                value("cv", i), value("low", i), value("high", i), t.column("n").integers()[i]});
  }
}

void read_statuses(const record::Recording& recording, Result& result) {
  if (!recording.has("statuses")) return;
  const record::Table t = recording.read("statuses");
  for (std::size_t i = 0; i < t.rows(); ++i) {
    result.statuses.push_back({t.column("status").texts()[i], t.column("meaning").texts()[i], t.column("advice").texts()[i],
                               t.column("individuals").integers()[i]});
  }
}

void read_chunks(const record::Recording& recording, Result& result) {
  if (!recording.has("chunks")) return;
  const record::Table t = recording.read("chunks");
  for (const double seconds : t.column("seconds").doubles()) result.seconds += seconds;
  for (const std::string& engine : t.column("engine").texts()) {
    if (result.engine.find(engine) == std::string::npos) result.engine += (result.engine.empty() ? "" : ", ") + engine;
  }
}

}  // namespace

std::string Result::text(const std::string& key) const {
  const auto found = run.find(key);
  return found == run.end() ? "" : found->second;
}

std::string Result::column_to_name(const EndpointRow& row) const {
  const bool several = courses.size() > 1 || std::any_of(endpoints.begin(), endpoints.end(), [&](const EndpointRow& other) {
                         return !other.column.empty() && other.column != row.column;
                       });
  return several ? row.column : "";
}

const EndpointRow* Result::find(const PublishedRow& row) const {
  for (const EndpointRow& endpoint : endpoints) {
    if (endpoint.endpoint == row.endpoint && (endpoint.column.empty() || endpoint.column == row.column)) return &endpoint;
  }
  return nullptr;
}

std::optional<std::size_t> Result::probability(double p) const {
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    if (std::fabs(probabilities[i] - p) < 1e-9) return i;
  }
  return std::nullopt;
}

double Result::simulated(const PublishedRow& row) const {
  if (row.endpoint == "at") {
    const auto median = probability(0.5);
    const auto time = std::lower_bound(times.begin(), times.end(), row.time);
    if (!median || row.statistic != "median" || time == times.end() || *time != row.time) return nan;
    for (const Course& course : courses) {
      if (course.name == row.column) return course.quantiles[*median][static_cast<std::size_t>(time - times.begin())];
    }
    return nan;
  }
  const auto event =
      std::find_if(events.begin(), events.end(), [&](const EventRow& e) { return e.endpoint == row.endpoint; });
  if (event != events.end()) return event->median;
  const EndpointRow* endpoint = find(row);
  if (endpoint == nullptr) return nan;
  if (row.statistic == "geometric mean") return endpoint->geometric_mean;
  return row.statistic == "mean" ? endpoint->mean : endpoint->median;
}

stats::SurvivalCurve survival_curve(const record::Recording& recording, const std::string& endpoint) {
  const record::Column times = recording.read_column("events", endpoint);
  const record::Column events = recording.read_column("events", endpoint + "_event");
  const auto& happened = std::get<std::vector<std::uint8_t>>(events.values);
  std::vector<stats::Observed> observed;
  for (std::size_t i = 0; i < happened.size(); ++i) {
    if (!std::isnan(times.doubles()[i])) observed.push_back({times.doubles()[i], happened[i] != 0});
  }
  return stats::kaplan_meier(observed);
}

Result read_result(const record::Recording& recording) {
  Result result;
  result.plan = recording.plan();
  result.complete = recording.complete();
  result.chunks_done = recording.chunks_done();
  result.chunks_total = recording.chunks_total();
  if (recording.has("individuals")) result.individuals = recording.rows("individuals");
  read_run(recording, result);
  read_courses(recording, result);
  read_endpoints(recording, result);
  read_events(recording, result);
  read_published(recording, result);
  read_statuses(recording, result);
  read_chunks(recording, result);
  return result;
}

}  // namespace carina::figures::impl
