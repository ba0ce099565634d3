#include "scenario/impl/trial_figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "scenario/impl/tables.h"
#include "scenario/impl/trial_curves.h"
#include "stats/quantiles.h"
#include "therapy/pathway.h"
#include "trial/compare.h"

namespace carina::scenario::impl {
namespace {

using record::Recording;
using record::Role;
using record::Table;
using Doubles = std::vector<double>;
using Floats = std::vector<float>;
using Integers = std::vector<std::int64_t>;
using Bytes = std::vector<std::uint8_t>;
using Texts = std::vector<std::string>;
using therapy::PathwayEnd;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A stage that patients reach, or a reason for which they do not reach the next.
struct Step {
  const char* name;
  bool loss;
  std::vector<PathwayEnd> ends;
  const char* measure;  // of the published count; empty: none
};

std::vector<Step> steps() {
  return {{"enrolled", false, {}, ""},
          {"no product", true, {PathwayEnd::NotMade, PathwayEnd::NotAccepted}, "manufacturing_failure"},
          {"died before infusion", true, {PathwayEnd::Died}, "death_before_infusion"},
          {"adverse event", true, {PathwayEnd::AdverseEvent}, "adverse_event_before_infusion"},
          {"too ill", true, {PathwayEnd::Progressed}, "physician_decision_before_infusion"},
          {"other reason", true, {PathwayEnd::Withdrew, PathwayEnd::Ineligible, PathwayEnd::Underway}, ""},
          {"infused", false, {PathwayEnd::Infused}, ""},
          {"no response", true, {}, ""},
          {"responded", false, {}, "overall_response"}};
}

double of_run(const Recording& recording, const std::string& key) {
  const Table run = recording.read("run");
  const Texts& keys = run.column("key").texts();
  const auto found = std::find(keys.begin(), keys.end(), key);
  return found == keys.end() ? nan : std::stod(run.column("value").texts()[static_cast<std::size_t>(found - keys.begin())]);
}

// The published number of patients with a measure: a count, or a share of n.
double published_count(const Table& figures, const std::string& measure) {
  for (const char* statistic : {"count", "share"}) {
    for (std::size_t i = 0; i < figures.rows(); ++i) {
      if (measure.empty() || figures.column("measure").texts()[i] != measure) continue;
      if (figures.column("statistic").texts()[i] != statistic || figures.column("group").texts()[i] != "all") continue;
      const double value = figures.column("value").doubles()[i];
      const double scale = figures.column("unit").texts()[i] == "%" ? 0.01 : 1;
      if (std::string(statistic) == "count") return value;
      return std::round(scale * value * static_cast<double>(figures.column("n").integers()[i]));
    }
  }
  return nan;
}

bool counts(const Step& step, PathwayEnd end, double response_at, bool failed) {
  const std::string name = step.name;
  if (name == "enrolled") return true;
  const bool infused = end == PathwayEnd::Infused;
  if (name == "responded") return infused && !failed && !std::isnan(response_at);
  if (name == "no response") return infused && !failed && std::isnan(response_at);
  return std::find(step.ends.begin(), step.ends.end(), end) != step.ends.end();
}

Table attrition_table(const Recording& recording) {
  const Integers replicate = recording.read_column("patients", "replicate").integers();
  const Bytes ends = std::get<Bytes>(recording.read_column("patients", "end").values);
  const Doubles response = recording.read_column("patients", "response_at").doubles();
  const Doubles failed = recording.read_column("patients", "failed").doubles();
  const Table figures = recording.read("figures");
  const std::int64_t replicates = replicate.empty() ? 0 : *std::max_element(replicate.begin(), replicate.end());
  Texts names, kinds;
  Doubles published, mean, low, high;
  for (const Step& step : steps()) {
    Doubles count(static_cast<std::size_t>(replicates), 0);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (counts(step, static_cast<PathwayEnd>(ends[i]), response[i], failed[i] != 0))
        count[static_cast<std::size_t>(replicate[i] - 1)] += 1;
    }
    const trial::Prediction p = trial::predict(count);
    names.emplace_back(step.name);
    kinds.emplace_back(step.loss ? "lost" : "reached");
    const bool stage = names.back() == "enrolled" || names.back() == "infused";
    published.push_back(stage ? of_run(recording, names.back()) : published_count(figures, step.measure));
    mean.push_back(p.mean);
    low.push_back(p.low);
    high.push_back(p.high);
  }
  Table table = make_table("attrition", "patients of one trial from enrolment to response", "step", Role::Made);
  table.columns = {make_column("step", "", "stage, or reason for not reaching the next", names),
                   make_column("kind", "", "reached or lost", kinds),
                   make_column("published", "1", "published number, from a share where no number is", published),
                   make_column("simulated", "1", "mean over the simulated trials", mean),
                   make_column("low", "1", "lower end of the 90 % prediction interval", low),
                   make_column("high", "1", "upper end", high)};
  return table;
}

constexpr std::array<double, 5> probabilities = {0.05, 0.25, 0.5, 0.75, 0.95};
constexpr std::size_t fewest = 10;  // patients that a band needs

struct Group {
  const char* name;
  bool responders, others;
};
constexpr std::array<Group, 3> groups = {
    {{"all", true, true}, {"responders", true, false}, {"non_responders", false, true}}};

// Quantiles of one column over the patients of a group: one row a probability, one value a day.
void add_bands(const Floats& values, const Bytes& responded, const Group& group, std::size_t days, Doubles& to) {
  const std::size_t first = to.size();
  to.resize(first + probabilities.size() * days, nan);
  for (std::size_t day = 0; day < days; ++day) {
    Doubles list;
    for (std::size_t i = 0; i < responded.size(); ++i) {
      const float value = values[i * days + day];
      if (!std::isnan(value) && (responded[i] != 0 ? group.responders : group.others))
        list.push_back(static_cast<double>(value));
    }
    if (list.size() < fewest) continue;
    std::sort(list.begin(), list.end());
    for (std::size_t p = 0; p < probabilities.size(); ++p)
      to[first + p * days + day] = stats::sorted_quantile(list, probabilities[p]);
  }
}

Table bands_table(const Table& courses) {
  const std::size_t days = courses.points();
  const Bytes& responded = std::get<Bytes>(courses.column("responded").values);
  Table table =
      make_table("course_bands", "quantiles of `courses` over patients still followed; at least 10", "row", Role::Made);
  table.coordinates = courses.coordinates;
  Texts names;
  Doubles levels;
  for (const Group& group : groups) {
    names.insert(names.end(), probabilities.size(), group.name);
    levels.insert(levels.end(), probabilities.begin(), probabilities.end());
  }
  table.columns = {make_column("group", "", "whose", names), make_column("probability", "1", "share at or below", levels)};
  for (const char* name : {"transgene", "burden", "b_cells", "neutrophils", "platelets", "IL6", "temperature"}) {
    const record::Column& column = courses.column(name);
    Doubles values;
    for (const Group& group : groups) add_bands(std::get<Floats>(column.values), responded, group, days, values);
    table.columns.push_back(make_column(name, column.unit, column.about, std::move(values)));
    table.columns.back().across = true;
  }
  return table;
}

constexpr std::size_t grades = 6;

// Shares of the patients that are followed on one day; false when signs are not looked at.
bool release_on(const Table& courses, std::size_t day, std::array<double, grades + 2>& shares, std::int64_t& n) {
  const std::size_t days = courses.points();
  const Floats& grade = std::get<Floats>(courses.column("crs_grade").values);
  const Floats& tocilizumab = std::get<Floats>(courses.column("tocilizumab").values);
  const Floats& steroid = std::get<Floats>(courses.column("steroid").values);
  shares.fill(0);
  n = 0;
  for (std::size_t i = 0; i < courses.rows(); ++i) {
    const std::size_t at = i * days + day;
    if (std::isnan(grade[at])) continue;
    ++n;
    shares[std::min(grades - 1, static_cast<std::size_t>(grade[at]))] += 1;
    if (tocilizumab[at] > 0) shares[grades] += 1;
    if (steroid[at] > 0) shares[grades + 1] += 1;
  }
  for (double& share : shares) share /= static_cast<double>(std::max<std::int64_t>(n, 1));
  return n > 0;
}

Table release_table(const Table& courses) {
  const Doubles& all = courses.coordinates.front().doubles();
  Doubles day;
  Integers count;
  std::array<Doubles, grades + 2> columns;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::array<double, grades + 2> shares{};
    std::int64_t n = 0;
    if (!release_on(courses, i, shares, n)) continue;
    day.push_back(all[i]);
    count.push_back(n);
    for (std::size_t c = 0; c < shares.size(); ++c) columns[c].push_back(shares[c]);
  }
  Table table =
      make_table("release_by_day", "cytokine release and its treatment among patients still followed", "row", Role::Made);
  table.columns = {make_column("day", "day", "days since infusion", day), make_column("n", "", "patients followed", count)};
  for (std::size_t grade = 0; grade < grades; ++grade) {
    table.columns.push_back(make_column("grade_" + std::to_string(grade), "1",
                                        grade == 0 ? "share without cytokine release" : "share with this grade",
                                        columns[grade]));
  }
  table.columns.push_back(make_column("tocilizumab", "1", "share that had tocilizumab by then", columns[grades]));
  table.columns.push_back(make_column("steroid", "1", "share with a steroid then", columns[grades + 1]));
  return table;
}

// The first day of a course lies before lymphodepletion, as the visit that responses are judged against.
Table change_table(const Recording& recording, const Table& courses) {
  const std::size_t days = courses.points();
  const Doubles& day = courses.coordinates.front().doubles();
  const record::Column& column = courses.column("burden");
  const Floats& burden = std::get<Floats>(column.values);
  const double from = of_run(recording, "first_response_visit");
  Doubles baseline, lowest, lowest_day;
  for (std::size_t i = 0; i < courses.rows(); ++i) {
    baseline.push_back(static_cast<double>(burden[i * days]));
    lowest.push_back(nan);
    lowest_day.push_back(nan);
    for (std::size_t d = 0; d < days; ++d) {
      const auto value = static_cast<double>(burden[i * days + d]);
      if (day[d] < from || std::isnan(value) || value >= lowest.back()) continue;
      lowest.back() = value;
      lowest_day.back() = day[d];
    }
  }
  Table table =
      make_table("burden_change", "burden before lymphodepletion and its lowest since the first visit that judges response",
                 "individual", Role::Made);
  table.columns = {courses.column("individual"),
                   courses.column("replicate"),
                   courses.column("responded"),
                   make_column("baseline", column.unit, column.about + " before lymphodepletion", baseline),
                   make_column("lowest", column.unit, "lowest later; NaN: not followed until that visit", lowest),
                   make_column("day", "day", "its day", lowest_day)};
  return table;
}

}  // namespace

std::vector<Table> trial_figure_tables(const Recording& recording) {
  std::vector<Table> tables;
  tables.push_back(curves_table(recording));
  tables.push_back(attrition_table(recording));
  const Table courses = recording.read("courses");
  tables.push_back(bands_table(courses));
  tables.push_back(release_table(courses));
  tables.push_back(change_table(recording, courses));
  return tables;
}

}  // namespace carina::scenario::impl
