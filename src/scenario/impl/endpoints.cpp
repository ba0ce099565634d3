#include "scenario/impl/endpoints.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace carina::scenario::impl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class T>
void push(record::Table& table, std::size_t column, T value) {
  std::get<std::vector<T>>(table.columns[column].values).push_back(value);
}

}  // namespace

Endpoints::Endpoints(const Scenario& scenario, const std::vector<double>& times) : scenario_(scenario) {
  for (const Endpoint& endpoint : scenario.endpoints) {
    Entry entry;
    entry.endpoint = &endpoint;
    if (endpoint.seen) {
      const auto& visits = scenario.observe->visits;
      for (std::size_t v = 0; v < visits.size(); ++v) {
        if (endpoint.event ? visits[v] <= endpoint.until.value : visits[v] == endpoint.at.value) entry.visits.push_back(v);
      }
      entry.formulas.emplace(scenario.model.graph, std::vector{endpoint.node});
    } else if (endpoint.event) {
      entry.place = watched_.size();
      watched_.push_back(endpoint.node);
    } else {
      entry.time = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), endpoint.at.value) - times.begin());
      entry.place = columns_.size();
      columns_.push_back(endpoint.node);
    }
    entries_.push_back(std::move(entry));
  }
}

double Endpoints::seen(const Entry& entry, const Outcome& outcome, std::size_t visit) const {
  std::vector<double> leaves(outcome.parameters.begin(), outcome.parameters.end());
  for (const std::vector<double>& column : *outcome.reported) leaves.push_back(column[visit]);
  double value = nan;
  entry.formulas->evaluate(scenario_.observe->visits[visit], leaves, {&value, 1});
  return value;
}

double Endpoints::value(const Entry& entry, const Outcome& outcome) const {
  if (entry.endpoint->seen) return outcome.failed ? nan : seen(entry, outcome, entry.visits.front());
  const std::size_t width = scenario_.output.columns.size() + columns_.size();
  return outcome.values[entry.time * width + scenario_.output.columns.size() + entry.place];
}

// Who is seen at visits only was last known to be without the event at the last of them.
std::pair<double, bool> Endpoints::event(const Entry& entry, const Outcome& outcome) const {
  if (outcome.failed) return {nan, false};
  if (!entry.endpoint->seen) {
    const double hit = outcome.hits[entry.place];
    const double until = entry.endpoint->until.value;
    return hit <= until ? std::pair(hit, true) : std::pair(until, false);
  }
  const auto& visits = scenario_.observe->visits;
  for (const std::size_t visit : entry.visits) {
    if (seen(entry, outcome, visit) != 0) return {visits[visit], true};
  }
  return {visits[entry.visits.back()], false};
}

void Endpoints::take(const Outcome& outcome, record::Table* endpoints, record::Table* events) const {
  const auto id = static_cast<std::int64_t>(outcome.id);
  if (endpoints != nullptr) push(*endpoints, 0, id);
  if (events != nullptr) push(*events, 0, id);
  std::size_t value_column = 1, event_column = 1;
  for (const Entry& entry : entries_) {
    CARINA_CHECK((entry.endpoint->event ? events : endpoints) != nullptr);
    if (entry.endpoint->event) {
      const auto [time, happened] = event(entry, outcome);
      push(*events, event_column++, time);
      push<std::uint8_t>(*events, event_column++, happened ? 1 : 0);
    } else {
      push(*endpoints, value_column++, value(entry, outcome));
    }
  }
}

}  // namespace carina::scenario::impl
