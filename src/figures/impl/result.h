/// @file
/// What figures need of a recording, read once: the course of each column, the endpoints, published values, how it ended.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "record/recording.h"
#include "stats/survival.h"

namespace carina::figures::impl {

/// Quantiles of one recorded column over time.
struct Course {
  std::string name, unit, about;
  std::vector<std::vector<double>> quantiles;  ///< one a probability, each over time
};

/// One row of the summary of endpoints.
struct EndpointRow {
  std::string endpoint, column, unit, about;
  std::int64_t n = 0;
  double geometric_mean = 0, geometric_cv = 0, mean = 0, sd = 0, median = 0, p5 = 0, p95 = 0;
};

/// One endpoint that is the time of an event, over all individuals that finished.
struct EventRow {
  std::string endpoint, unit, on, about;
  std::int64_t n = 0, events = 0;
  double median = 0, median_low = 0, median_high = 0, until = 0, survival = 0, low = 0, high = 0;
};

/// One published row.
struct PublishedRow {
  std::string endpoint, column, statistic, unit, range, group, source;
  double value = 0, time = 0, cv = 0, low = 0, high = 0;
  std::int64_t n = 0;
};

/// One way that integrations ended.
struct StatusRow {
  std::string status, meaning, advice;
  std::int64_t individuals = 0;
};

/// All of it.
struct Result {
  record::Plan plan;
  bool complete = false;
  std::uint64_t chunks_done = 0, chunks_total = 0;
  std::map<std::string, std::string> run;  ///< table `run`: key, value
  std::string time_unit;
  std::vector<double> times, probabilities;
  std::vector<Course> courses;
  std::vector<EndpointRow> endpoints;
  std::vector<EventRow> events;
  std::vector<PublishedRow> published;
  std::vector<StatusRow> statuses;
  std::uint64_t individuals = 0;  ///< that are there
  double seconds = 0;             ///< of all threads together
  std::string engine;             ///< `jit ...`, or several

  /// The text at `key` of the table `run`; empty when absent.
  std::string text(const std::string& key) const;
  /// The column of an endpoint where a reader needs it: empty when the run recorded and analysed one column alone.
  std::string column_to_name(const EndpointRow& row) const;
  /// The endpoint that stands beside a published row, or null.
  const EndpointRow* find(const PublishedRow& row) const;
  /// The simulated value of a published row's statistic; for `at` the quantile course; NaN when there is none.
  double simulated(const PublishedRow& row) const;
  /// Index of a probability, if the recording has it.
  std::optional<std::size_t> probability(double p) const;
};

/// The curve of survival of an endpoint, at every time of an event. The recording must have it.
stats::SurvivalCurve survival_curve(const record::Recording& recording, const std::string& endpoint);

/// Reads what is there; tables that are missing leave their part empty.
Result read_result(const record::Recording& recording);

}  // namespace carina::figures::impl
