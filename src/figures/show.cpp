#include "figures/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "figures/impl/axis.h"
#include "figures/impl/result.h"
#include "figures/impl/trial.h"
#include "figures/plot.h"

namespace carina::figures {
namespace {

using impl::number;
using impl::Result;

constexpr std::size_t plot_width = 64, plot_height = 13;

// The value at a time, between two output times a straight line.
double value_at(const std::vector<double>& times, const std::vector<double>& values, double time) {
  const auto after = std::lower_bound(times.begin(), times.end(), time);
  if (after == times.end()) return values.back();
  const auto i = static_cast<std::size_t>(after - times.begin());
  if (i == 0 || *after == time) return values[i];
  const double share = (time - times[i - 1]) / (times[i] - times[i - 1]);
  return values[i - 1] + share * (values[i] - values[i - 1]);
}

// A character grid: the band as dots, the median as stars.
std::string text_plot(const Result& result, const impl::Course& course) {
  const auto low = result.probability(0.05), mid = result.probability(0.5), high = result.probability(0.95);
  const std::size_t bottom = low.value_or(0), top = high.value_or(course.quantiles.size() - 1);
  const std::size_t median = mid.value_or(course.quantiles.size() / 2);
  std::vector<double> all;
  for (const std::size_t p : {bottom, median, top})
    all.insert(all.end(), course.quantiles[p].begin(), course.quantiles[p].end());
  const bool log = wants_log(all);
  double smallest = std::numeric_limits<double>::infinity(), largest = -smallest, lowest_median = smallest;
  for (const std::size_t p : {bottom, median, top}) {
    for (const double value : course.quantiles[p]) {
      if (!std::isfinite(value) || (log && value <= 0)) continue;
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
      if (p == median) lowest_median = std::min(lowest_median, value);
    }
  }
  if (!(smallest < largest)) return {};
  if (log)  // the band may run off nine decades below, the median only where forty would not hold it
    smallest = std::max(smallest, std::min(largest * 1e-9, std::max(lowest_median, largest * 1e-40)));
  else if (smallest > 0 && smallest < largest / 2)
    smallest = 0;
  const auto row_of = [&](double value) {
    const double share = log ? std::log(std::max(value, smallest) / smallest) / std::log(largest / smallest)
                             : (value - smallest) / (largest - smallest);
    return std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(plot_height - 1));
  };
  std::vector<std::string> grid(plot_height, std::string(plot_width, ' '));
  const double first = result.times.front(), last = result.times.back();
  for (std::size_t c = 0; c < plot_width; ++c) {
    const double time = first + (last - first) * static_cast<double>(c) / static_cast<double>(plot_width - 1);
    const double from = value_at(result.times, course.quantiles[bottom], time);
    const double to = value_at(result.times, course.quantiles[top], time);
    const double line = value_at(result.times, course.quantiles[median], time);
    if (!std::isfinite(line)) continue;
    for (long r = row_of(from); r <= row_of(to); ++r) grid[static_cast<std::size_t>(r)][c] = '.';
    grid[static_cast<std::size_t>(row_of(line))][c] = '*';
  }
  std::string out;
  for (std::size_t r = plot_height; r-- > 0;) {
    const double share = static_cast<double>(r) / static_cast<double>(plot_height - 1);
    const double value = log ? smallest * std::pow(largest / smallest, share) : smallest + share * (largest - smallest);
    const bool named = r % 4 == 0;
    std::string line = fmt::format("  {:>9} |{}", named ? number(value, 2) : "", grid[r]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  out += "            +" + std::string(plot_width, '-') + "\n";
  const std::string start = number(first, 4), end = number(last, 4) + " " + result.time_unit;
  out += fmt::format("             {}{:>{}}\n", start, end, plot_width - start.size());
  out += fmt::format("  {} in {}{}: median *, {} to {} % of individuals .\n", course.name,
                     impl::unit_text(course.unit).empty() ? "1" : course.unit, log ? ", log axis" : "",
                     number(100 * result.probabilities[bottom]), number(100 * result.probabilities[top]));
  return out;
}

std::string state_text(const Result& result) {
  if (result.complete) return {};
  return fmt::format("  unfinished: {} of {} chunks are there; carina run ... --resume continues\n", result.chunks_done,
                     result.chunks_total);
}

std::string status_lines(const Result& result) {
  std::string out;
  for (const impl::StatusRow& row : result.statuses) {
    out += fmt::format("  {} {}", number(static_cast<double>(row.individuals), 12), row.meaning);
    out += row.advice.empty() ? "\n" : fmt::format(" ({}): {}\n", row.status, row.advice);
  }
  return out;
}

std::string with_column(const Result& result, const impl::EndpointRow& row) {
  const std::string column = result.column_to_name(row);
  return row.endpoint + (column.empty() ? "" : " ") + column;
}

std::string endpoint_lines(const Result& result) {
  if (result.endpoints.empty()) return {};
  std::string out = fmt::format("\n  {:<20} {:>10} {:>8} {:>10} {:>21}  {}\n", "endpoint", "geo. mean", "CV %", "median",
                                "5 to 95 %", "unit");
  for (const impl::EndpointRow& row : result.endpoints) {
    const std::string name = with_column(result, row);
    out += fmt::format("  {:<20} {:>10} {:>8} {:>10} {:>21}  {}\n", name,
                       std::isnan(row.geometric_mean) ? "" : number(row.geometric_mean),
                       std::isnan(row.geometric_cv) ? "" : number(row.geometric_cv), number(row.median),
                       number(row.p5) + " to " + number(row.p95), row.unit == "1" ? "" : row.unit);
  }
  return out + "  on " + result.text("profile") + "\n";
}

// A share of individuals with its interval, in %.
std::string share_text(double value, double low, double high) {
  const auto percent = [](double share) { return number(100 * share); };
  return percent(value) + (std::isnan(low) ? "" : " (" + percent(low) + " to " + percent(high) + ")");
}

std::string event_lines(const Result& result) {
  if (result.events.empty()) return {};
  std::string out = fmt::format("\n  {:<20} {:>16} {:>24} {:>26}\n", "time to event", "events of n", "median (95 %)",
                                "% without at the end");
  for (const impl::EventRow& row : result.events) {
    const auto end = [](double value) { return std::isnan(value) ? std::string("…") : number(value); };
    const std::string median = std::isnan(row.median)
                                   ? "not reached"
                                   : number(row.median) + " (" + end(row.median_low) + " to " + end(row.median_high) + ")";
    out += fmt::format("  {:<20} {:>16} {:>24} {:>26}  {} {}\n", row.endpoint, fmt::format("{} of {}", row.events, row.n),
                       median, share_text(row.survival, row.low, row.high), number(row.until), row.unit);
  }
  for (const impl::EventRow& row : result.events) out += "  " + row.endpoint + " on " + row.on + "\n";
  return out;
}

std::string published_lines(const Result& result) {
  if (result.published.empty()) return {};
  std::string out =
      fmt::format("\n  {:<20} {:<15} {:>12} {:>12}  {}\n", "beside published", "", "published", "here", "unit");
  for (const impl::PublishedRow& row : result.published) {
    const impl::EndpointRow* simulated = result.find(row);
    const std::string name = row.endpoint == "at" ? row.column + " at " + number(row.time) + " " + result.time_unit
                             : simulated          ? with_column(result, *simulated)
                                                  : row.endpoint;
    out += fmt::format("  {:<20} {:<15} {:>12} {:>12}  {}\n", name, row.statistic, number(row.value),
                       number(result.simulated(row)), row.unit);
  }
  return out;
}

std::string table_lines(const record::Recording& recording) {
  std::string out = "\n  tables (carina export --table NAME):";
  std::string line;
  for (const record::Table& table : recording.plan().tables) {
    if (table.role == record::Role::State) continue;
    if (line.size() + table.name.size() > 80) {
      out += "\n   " + line;
      line.clear();
    }
    line += " " + table.name;
  }
  return out + "\n   " + line;
}

nlohmann::json finite(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

nlohmann::json events_json(const Result& result) {
  nlohmann::json list = nlohmann::json::array();
  for (const impl::EventRow& row : result.events) {
    list.push_back({{"endpoint", row.endpoint},
                    {"unit", row.unit},
                    {"on", row.on},
                    {"n", row.n},
                    {"events", row.events},
                    {"median", finite(row.median)},
                    {"median_low", finite(row.median_low)},
                    {"median_high", finite(row.median_high)},
                    {"until", row.until},
                    {"survival", finite(row.survival)},
                    {"low", finite(row.low)},
                    {"high", finite(row.high)}});
  }
  return list;
}

}  // namespace

std::string summary_text(const record::Recording& recording) {
  const Result result = impl::read_result(recording);
  std::string out = result.text("title") + "\n";
  out += fmt::format("  model {}, seed {}, carina {} ({})\n", result.text("model"), result.plan.seed, result.plan.version,
                     result.plan.commit);
  out += state_text(result) + status_lines(result);
  if (impl::is_trial(recording)) return out + impl::trial_text(result, recording) + table_lines(recording);
  if (!result.courses.empty()) out += "\n" + text_plot(result, result.courses.front());
  return out + endpoint_lines(result) + event_lines(result) + published_lines(result) + table_lines(recording);
}

std::string summary_json(const record::Recording& recording) {
  const Result r = impl::read_result(recording);
  nlohmann::json out = {{"title", r.text("title")},     {"model", r.text("model")},        {"complete", r.complete},
                        {"seed", r.plan.seed},          {"version", r.plan.version},       {"commit", r.plan.commit},
                        {"individuals", r.individuals}, {"chunks_done", r.chunks_done},    {"chunks_total", r.chunks_total},
                        {"engine", r.engine},           {"created_by", r.plan.created_by}, {"profile", r.text("profile")}};
  out["statuses"] = out["endpoints"] = out["published"] = out["tables"] = nlohmann::json::array();
  for (const impl::StatusRow& row : r.statuses) {
    out["statuses"].push_back(
        {{"status", row.status}, {"individuals", row.individuals}, {"meaning", row.meaning}, {"advice", row.advice}});
  }
  for (const impl::EndpointRow& row : r.endpoints) {
    out["endpoints"].push_back({{"endpoint", row.endpoint},
                                {"column", row.column},
                                {"unit", row.unit},
                                {"n", row.n},
                                {"geometric_mean", finite(row.geometric_mean)},
                                {"geometric_cv", finite(row.geometric_cv)},
                                {"mean", finite(row.mean)},
                                {"sd", finite(row.sd)},
                                {"median", finite(row.median)},
                                {"p5", finite(row.p5)},
                                {"p95", finite(row.p95)}});
  }
  out["time_to_event"] = events_json(r);
  for (const impl::PublishedRow& row : r.published) {
    out["published"].push_back({{"endpoint", row.endpoint},
                                {"column", row.column},
                                {"statistic", row.statistic},
                                {"value", finite(row.value)},
                                {"unit", row.unit},
                                {"cv", finite(row.cv)},
                                {"low", finite(row.low)},
                                {"high", finite(row.high)},
                                {"n", row.n},
                                {"group", row.group},
                                {"source", row.source},
                                {"simulated", finite(r.simulated(row))}});
  }
  for (const record::Table& table : recording.plan().tables) {
    if (table.role != record::Role::State)
      out["tables"].push_back({{"name", table.name}, {"about", table.about}, {"rows", recording.rows(table.name)}});
  }
  return out.dump(2);
}

}  // namespace carina::figures
