#include "scenario/impl/survival.h"

#include <cmath>
#include <limits>
#include <numeric>

#include "scenario/impl/tables.h"
#include "stats/survival.h"

namespace carina::scenario::impl {
namespace {

using record::Column;
using record::Table;
using Doubles = std::vector<double>;
using Integers = std::vector<std::int64_t>;

std::vector<stats::Observed> observed(const record::Recording& recording, const std::string& name) {
  const Column times = recording.read_column("events", name);
  const Column events = recording.read_column("events", name + "_event");
  const auto& happened = std::get<std::vector<std::uint8_t>>(events.values);
  std::vector<stats::Observed> list;
  for (std::size_t i = 0; i < happened.size(); ++i) {
    if (!std::isnan(times.doubles()[i])) list.push_back({times.doubles()[i], happened[i] != 0});
  }
  return list;
}

// The curve at each of `times`, which rise as its steps do.
Table curve_table(const std::string& name, const Column& time, const Doubles& times, const stats::SurvivalCurve& curve) {
  Integers at_risk, events;
  Doubles survival, se, low, high;
  std::size_t next = 0;
  std::int64_t seen = 0;
  for (const double now : times) {
    std::uint64_t risk = curve.at_risk(now);
    for (; next < curve.steps.size() && curve.steps[next].time <= now; ++next)
      seen += static_cast<std::int64_t>(curve.steps[next].events);
    const stats::SurvivalStep step = next == 0 ? stats::SurvivalStep{0, 0, 0, 0, 1, 0, {1, 1}} : curve.steps[next - 1];
    at_risk.push_back(static_cast<std::int64_t>(risk));
    events.push_back(seen);
    survival.push_back(step.survival);
    se.push_back(step.se);
    low.push_back(step.interval.low);
    high.push_back(step.interval.high);
  }
  Table table = make_table("survival_" + name, "share of the individuals that finished who have not had " + name + " yet",
                           "row", record::Role::Made);
  table.columns = {make_column("time", time.unit, time.about, times),
                   make_column("at_risk", "", "individuals followed and without the event just before the time", at_risk),
                   make_column("events", "", "events up to and at the time", events),
                   make_column("survival", "1", "Kaplan and Meier's estimate", survival),
                   make_column("se", "1", "its standard error, by Greenwood's formula", se),
                   make_column("low", "1", "lower end of its 95 % interval, on the log-log scale", low),
                   make_column("high", "1", "upper end", high)};
  return table;
}

// The rows of `time_to_event` under way.
struct Rows {
  std::vector<std::string> endpoint, unit, on, about;
  Integers n, events;
  Doubles median, median_low, median_high, until, survival, low, high;

  void add(const stats::SurvivalCurve& curve, double end) {
    const bool any = !curve.steps.empty();
    const double none = std::numeric_limits<double>::quiet_NaN();
    const stats::Interval of_median = curve.median_interval();
    n.push_back(static_cast<std::int64_t>(curve.individuals));
    events.push_back(
        std::accumulate(curve.steps.begin(), curve.steps.end(), std::int64_t{0},
                        [](std::int64_t sum, const auto& step) { return sum + static_cast<std::int64_t>(step.events); }));
    median.push_back(curve.quantile(0.5));
    median_low.push_back(of_median.low);
    median_high.push_back(of_median.high);
    until.push_back(end);
    survival.push_back(any ? curve.steps.back().survival : none);
    low.push_back(any ? curve.steps.back().interval.low : none);
    high.push_back(any ? curve.steps.back().interval.high : none);
  }
  Table table() const {
    Table made = make_table("time_to_event", "events over the individuals that finished, with 95 % intervals", "row",
                            record::Role::Made);
    made.columns = {make_column("endpoint", "", "endpoint", endpoint),
                    make_column("unit", "", "unit of the times", unit),
                    make_column("n", "", "individuals that finished", n),
                    make_column("events", "", "of whom had the event", events),
                    make_column("median", "", "time by which half had it, in `unit`; none when fewer had", median),
                    make_column("median_low", "", "lower end of its interval", median_low),
                    make_column("median_high", "", "upper end; none when it is not reached", median_high),
                    make_column("until", "", "end of follow-up, in `unit`", until),
                    make_column("survival", "1", "share without the event at the end of follow-up", survival),
                    make_column("low", "1", "lower end of its interval", low),
                    make_column("high", "1", "upper end", high),
                    make_column("on", "", "what the condition was looked at on", on),
                    make_column("about", "", "meaning", about)};
    return made;
  }
};

}  // namespace

void add_survival(const record::Recording& recording, std::vector<Table>& tables) {
  if (!recording.has("events") || !recording.has("follow_up")) return;
  const Table follow_up = recording.read("follow_up");
  const Column& time = follow_up.coordinates.front();
  const auto& followed = std::get<std::vector<std::uint8_t>>(follow_up.column("followed").values);
  Rows rows;
  for (std::size_t e = 0; e < follow_up.rows(); ++e) {
    const std::string& name = follow_up.column("endpoint").texts()[e];
    Doubles times;
    for (std::size_t t = 0; t < follow_up.points(); ++t) {
      if (followed[e * follow_up.points() + t] != 0) times.push_back(time.doubles()[t]);
    }
    const stats::SurvivalCurve curve = stats::kaplan_meier(observed(recording, name));
    if (!times.empty()) tables.push_back(curve_table(name, time, times, curve));
    rows.endpoint.push_back(name);
    rows.unit.push_back(time.unit);
    rows.on.push_back(follow_up.column("on").texts()[e]);
    const std::string& about = follow_up.column("about").texts()[e];
    rows.about.push_back(about.empty() ? follow_up.column("when").texts()[e] : about);
    rows.add(curve, follow_up.column("until").doubles()[e]);
  }
  tables.push_back(rows.table());
}

}  // namespace carina::scenario::impl
