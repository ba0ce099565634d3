#include <algorithm>
#include <cmath>
#include <map>

#include "trial/impl/checks.h"

namespace carina::trial::impl {
namespace {

template <class Row>
const Row* by_name(const std::vector<Row>& rows, const std::string& name) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

void check_id(Reading& reading, const Place& place, const std::string& id) {
  const bool plain = id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!plain) reading.problem(place, "id", "must be of small letters, digits and _");
}

// Measure, statistic, unit, grade and time fit each other.
void check_composition(Reading& reading, const Place& place, const Figure& f) {
  const Measure* measure = find_measure(f.measure);
  if (measure == nullptr) return;
  const std::vector<std::string> units = units_of(*measure, f.statistic);
  if (units.empty()) {
    reading.problem(place, "statistic", "does not fit the measure " + f.measure);
  } else if (const auto unit = Unit::parse(f.unit); !unit) {
    if (!f.unit.empty()) reading.problem(place, "unit", "is not a unit", Unit::advice(f.unit));
  } else if (std::none_of(units.begin(), units.end(), [&](const auto& u) { return known_unit(u).convertible(*unit); })) {
    reading.problem(place, "unit", "must be a unit such as " + (units[0] == "1" ? "%" : units[0]), "of " + f.measure);
  }
  if (measure->graded == f.grade.empty())
    reading.problem(place, "grade", measure->graded ? "is missing" : "must not stand here",
                    f.measure + (measure->graded ? " is graded" : " is not graded"));
  const bool landmark = f.statistic == Statistic::Survival || f.statistic == Statistic::CumulativeIncidence ||
                        (measure->kind == MeasureKind::Event && f.statistic == Statistic::Share);
  if ((measure->timed || landmark) && !f.at) reading.problem(place, "at", "is missing", "the time that the number is for");
  const bool contrast = f.statistic == Statistic::Excess || f.statistic == Statistic::Ratio ||
                        (f.statistic == Statistic::HazardRatio && !f.against.empty());
  if (contrast == (f.versus.empty() && f.against.empty()))
    reading.problem(
        place, "versus", contrast ? "is missing" : "must not stand here",
        contrast ? "the other side of the contrast, or against, another arm" : "only a contrast has another side");
  const bool slope = f.statistic == Statistic::RSquared || (f.statistic == Statistic::HazardRatio && f.against.empty());
  if (slope == f.covariate.empty()) reading.problem(place, "covariate", slope ? "is missing" : "must not stand here");
  if (f.per && (f.statistic != Statistic::HazardRatio || *f.per <= 0))
    reading.problem(place, "per", "must be > 0 and belongs to a hazard ratio");
}

void check_value(Reading& reading, const Place& place, const Figure& f) {
  const bool range = f.statistic == Statistic::Range;
  if (f.value.has_value() == (f.not_reached || range))
    reading.problem(place, "value", f.value ? "must not stand beside not_reached = true or a range" : "is missing");
  if (f.not_reached && f.statistic != Statistic::Median) reading.problem(place, "not_reached", "is for medians");
  if (range && !(f.low && f.high)) reading.problem(place, "", "a range needs low and high");
  check_interval(reading, place, f, f.value);
  if (f.cv && f.statistic != Statistic::GeometricMean) reading.problem(place, "cv", "belongs to a geometric mean");
  if (f.sd && f.statistic != Statistic::Mean) reading.problem(place, "sd", "belongs to a mean");
  const auto unit = Unit::parse(f.unit);
  if (!f.value || !unit || !unit->dimensionless()) return;
  const double fraction = *f.value * unit->scale();
  const bool share = f.statistic == Statistic::Share || f.statistic == Statistic::Survival ||
                     f.statistic == Statistic::CumulativeIncidence || f.statistic == Statistic::RSquared;
  if (share && !(fraction >= 0 && fraction <= 1)) reading.problem(place, "value", "must be from 0 % to 100 %");
  if (f.statistic != Statistic::Count) return;
  if (!f.n) reading.problem(place, "n", "is missing", "a count is one of n");
  if (*f.value < 0 || *f.value != std::floor(*f.value) || (f.n && *f.value > static_cast<double>(*f.n)))
    reading.problem(place, "value", "must be a whole number from 0 to n");
}

void check_references(Reading& reading, const Place& place, Trial& trial, Figure& f) {
  const AnalysisSet* set = by_name(trial.analysis_sets, f.denominator);
  if (set == nullptr && !f.denominator.empty())
    reading.problem(place, "denominator", "is no analysis set",
                    did_you_mean(f.denominator, names_of(std::span<const AnalysisSet>(trial.analysis_sets))));
  if (set != nullptr && set->n && f.n && *f.n > *set->n)
    reading.problem(place, "n", "must not be more than the " + std::to_string(*set->n) + " of " + f.denominator);
  if (!f.cut.empty() && by_name(trial.cuts, f.cut) == nullptr)
    reading.problem(place, "cut", "is no data cut", did_you_mean(f.cut, names_of(std::span<const Cut>(trial.cuts))));
  const auto source =
      std::find_if(trial.sources.begin(), trial.sources.end(), [&](const Source& s) { return s.key == f.source; });
  if (source != trial.sources.end())
    f.recalled = f.recalled || source->recalled;
  else if (!f.source.empty())
    reading.problem(place, "source", "is no key of [sources]");
  const bool several = trial.arms.size() > 1;
  if (several == f.arm.empty()) reading.problem(place, "arm", several ? "is missing" : "must not stand here");
  for (const auto& [key, arm] : {std::pair{"arm", &f.arm}, std::pair{"against", &f.against}})
    if (several && !arm->empty() && by_name(trial.arms, *arm) == nullptr) reading.problem(place, key, "is no arm");
}

void check_overlaps(Reading& reading, const Trial& trial) {
  std::map<std::string, std::string> counted;  // what it is -> id
  for (std::size_t i = 0; i < trial.figures.size(); ++i) {
    const Figure& f = trial.figures[i];
    const Place& place = reading.rows["figure"][i];
    if (!f.overlaps.empty()) {
      const auto other =
          std::find_if(trial.figures.begin(), trial.figures.end(), [&](const Figure& g) { return g.id == f.overlaps; });
      if (other == trial.figures.end() || f.overlaps == f.id)
        reading.problem(place, "overlaps", "must be the id of another figure");
      else if (!other->counted())
        reading.problem(place, "overlaps", "must name a figure that counts", "that one overlaps " + other->overlaps);
      continue;
    }
    const auto [entry, fresh] = counted.emplace(figure_key(trial, f), f.id);
    if (!fresh)
      reading.problem(place, "id", "counts the same patients a second time",
                      "same measure, group and time as " + entry->second + ": overlaps = \"" + entry->second + "\"");
  }
}

}  // namespace

std::string figure_key(const Trial& trial, const Figure& f) {
  const AnalysisSet* set = by_name(trial.analysis_sets, f.denominator);
  const auto text = [](const std::optional<Quantity>& q) { return q ? number_text(q->value) : std::string(); };
  std::string key;
  for (const std::string& part : {f.measure, f.grade, f.group, f.versus, f.arm, f.against, f.covariate, text(f.dose),
                                  text(f.at), set == nullptr ? f.denominator : set->patients})
    key += part + "|";
  return key;
}

void check_figures(Reading& reading, Trial& trial) {
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < trial.figures.size(); ++i) {
    Figure& f = trial.figures[i];
    const Place& place = reading.rows["figure"][i];
    check_id(reading, place, f.id);
    if (!f.id.empty() && ++seen[f.id] > 1) reading.problem(place, "id", "stands twice");
    check_composition(reading, place, f);
    check_value(reading, place, f);
    check_references(reading, place, trial, f);
  }
  check_overlaps(reading, trial);
}

}  // namespace carina::trial::impl
