#include "scenario/impl/trial_curves.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "scenario/impl/tables.h"
#include "stats/incidence.h"
#include "stats/quantiles.h"
#include "stats/survival.h"
#include "therapy/response.h"

namespace carina::scenario::impl {
namespace {

using record::Recording;
using record::Table;
using Doubles = std::vector<double>;
using Bytes = std::vector<std::uint8_t>;
using Texts = std::vector<std::string>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// One patient whose clock ran, in replicate `replicate` from 0.
struct Timed {
  std::size_t replicate = 0;
  stats::Outcome outcome;
};

struct Patients {
  std::vector<std::int64_t> replicate;
  Bytes antigen;
  Doubles relapse, response_at;
  const Recording& recording;

  explicit Patients(const Recording& r)
      : replicate(r.read_column("patients", "replicate").integers()),
        antigen(std::get<Bytes>(r.read_column("patients", "relapse_antigen").values)),
        relapse(r.read_column("patients", "relapse").doubles()),
        response_at(r.read_column("patients", "response_at").doubles()),
        recording(r) {}
  std::size_t replicates() const {
    return replicate.empty() ? 0 : static_cast<std::size_t>(*std::max_element(replicate.begin(), replicate.end()));
  }
};

// Causes that compete in responders.
enum Cause : std::uint32_t { Censored, Negative, Positive, Unknown, Death };

std::uint32_t cause_of(const Patients& p, std::size_t i, double time) {
  constexpr double same_day = 1e-6;
  if (std::isnan(p.relapse[i]) || std::fabs(p.response_at[i] + time - p.relapse[i]) > same_day) return Death;
  switch (static_cast<therapy::AntigenClass>(p.antigen[i])) {
    case therapy::AntigenClass::Positive: return Positive;
    case therapy::AntigenClass::Unknown: return Unknown;
    default: return Negative;
  }
}

std::vector<Timed> clock_of(const Patients& p, const std::string& column, bool competing) {
  const Doubles times = p.recording.read_column("patients", column).doubles();
  const Doubles events = p.recording.read_column("patients", column + "_event").doubles();
  std::vector<Timed> list;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (std::isnan(times[i])) continue;
    const std::uint32_t cause = events[i] == 0 ? Censored : competing ? cause_of(p, i, times[i]) : 1;
    list.push_back({static_cast<std::size_t>(p.replicate[i] - 1), {times[i], cause}});
  }
  return list;
}

// The share at each day of 0, 1, 2 ...: without the event, or with cause `cause` of four; NaN after the last patient's day.
Doubles share_by_day(const std::vector<stats::Outcome>& patients, std::uint32_t cause, std::size_t days) {
  Doubles shares(days, nan);
  Doubles times, values;
  if (cause == Censored) {
    std::vector<stats::Observed> observed;
    for (const stats::Outcome& o : patients) observed.push_back({o.time, o.cause != Censored});
    for (const stats::SurvivalStep& s : stats::kaplan_meier(observed).steps)
      times.push_back(s.time), values.push_back(s.survival);
  } else {
    for (const stats::IncidenceStep& s : stats::cumulative_incidence(patients, Death).steps)
      times.push_back(s.time), values.push_back(s.causes[cause - 1].incidence);
  }
  std::size_t next = 0;
  double now = cause == Censored ? 1 : 0;
  for (std::size_t day = 0; day < days && !times.empty(); ++day) {
    const auto at = static_cast<double>(day);
    for (; next < times.size() && times[next] <= at; ++next) now = values[next];
    if (at <= times.back()) shares[day] = now;
  }
  return shares;
}

struct Curve {
  Doubles share, low, high, at_risk;
};

Curve curve_of(const std::vector<Timed>& patients, std::uint32_t cause, std::size_t replicates, std::size_t days) {
  std::vector<std::vector<stats::Outcome>> trials(replicates);
  std::vector<stats::Outcome> pooled;
  Curve curve;
  curve.at_risk.assign(days, 0);
  for (const Timed& t : patients) {
    trials[t.replicate].push_back(t.outcome);
    pooled.push_back(t.outcome);
    for (std::size_t day = 0; day < days && static_cast<double>(day) <= t.outcome.time; ++day) curve.at_risk[day] += 1;
  }
  std::vector<Doubles> single;
  for (const auto& trial : trials) single.push_back(share_by_day(trial, cause, days));
  curve.share = share_by_day(pooled, cause, days);
  for (std::size_t day = 0; day < days; ++day) {
    Doubles values;
    for (const Doubles& s : single) {
      if (!std::isnan(s[day])) values.push_back(s[day]);
    }
    std::sort(values.begin(), values.end());
    const bool few = 2 * values.size() < replicates;
    if (few) curve.share[day] = nan;
    curve.low.push_back(few ? nan : stats::sorted_quantile(values, 0.05));
    curve.high.push_back(few ? nan : stats::sorted_quantile(values, 0.95));
    curve.at_risk[day] /= static_cast<double>(replicates);
  }
  return curve;
}

struct Wanted {
  const char* name;
  const char* column;
  const char* of;
  const char* about;
  std::uint32_t cause;
};

constexpr std::array<Wanted, 9> all_wanted = {{
    {"overall_survival", "os", "infused", "alive, since infusion", Censored},
    {"event_free_survival", "efs", "infused", "without treatment failure, relapse or death, since infusion", Censored},
    {"progression_free_survival", "pfs", "infused", "without progression or death, since infusion", Censored},
    {"relapse_free_survival", "rfs", "responders", "without relapse or death, since response", Censored},
    {"duration_of_response", "dor", "responders", "in response, since response", Censored},
    {"b_cell_aplasia", "aplasia", "responders", "without B cells, since infusion", Censored},
    {"antigen_negative_relapse", "rfs", "responders", "relapsed with antigen-negative cells, since response", Negative},
    {"antigen_positive_relapse", "rfs", "responders", "relapsed with antigen-positive cells only, since response", Positive},
    {"antigen_unknown_relapse", "rfs", "responders", "relapsed with unknown antigen, since response", Unknown},
}};

}  // namespace

Table curves_table(const Recording& recording) {
  const Patients patients(recording);
  std::vector<std::pair<const Wanted*, std::vector<Timed>>> clocks;
  double last = 0;
  for (const Wanted& w : all_wanted) {
    std::vector<Timed> list = clock_of(patients, w.column, w.cause != Censored);
    for (const Timed& t : list) last = std::max(last, t.outcome.time);
    if (!list.empty()) clocks.emplace_back(&w, std::move(list));
  }
  const auto days = static_cast<std::size_t>(std::ceil(last)) + 1;
  Doubles day(days), share, low, high, at_risk;
  for (std::size_t i = 0; i < days; ++i) day[i] = static_cast<double>(i);
  Texts names, of, about;
  for (const auto& [wanted, list] : clocks) {
    const Curve curve = curve_of(list, wanted->cause, patients.replicates(), days);
    names.emplace_back(wanted->name);
    of.emplace_back(wanted->of);
    about.emplace_back(wanted->about);
    share.insert(share.end(), curve.share.begin(), curve.share.end());
    low.insert(low.end(), curve.low.begin(), curve.low.end());
    high.insert(high.end(), curve.high.begin(), curve.high.end());
    at_risk.insert(at_risk.end(), curve.at_risk.begin(), curve.at_risk.end());
  }
  Table table = make_table("curves", "times to events of the simulated trials' patients", "curve", record::Role::Made);
  table.coordinates.push_back(make_column("day", "day", "since the clock began", day));
  table.columns = {make_column("curve", "", "measure", names),
                   make_column("of", "", "whose clocks they are", of),
                   make_column("about", "", "what the share is", about),
                   make_column("share", "1", "patients of all simulated trials together", share),
                   make_column("low", "1", "5 % quantile over the curves of single trials", low),
                   make_column("high", "1", "95 % quantile", high),
                   make_column("at_risk", "1", "patients at risk in one trial: mean over the trials", at_risk)};
  for (std::size_t i = 3; i < table.columns.size(); ++i) table.columns[i].across = true;
  return table;
}

}  // namespace carina::scenario::impl
