#include "trial/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/moments.h"
#include "stats/quantiles.h"
#include "trial/estimate.h"

namespace carina::trial {
namespace {

std::string patients_of(const Trial& trial, const Figure& figure) {
  for (const AnalysisSet& set : trial.analysis_sets) {
    if (set.name == figure.denominator) return set.patients;
  }
  return "infused";
}

}  // namespace

Prediction predict(std::span<const double> values) {
  std::vector<double> known;
  stats::Moments moments;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    known.push_back(value);
    moments.add(value);
  }
  if (known.empty() || 2 * known.size() < values.size()) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    return {none, none, none, static_cast<std::uint32_t>(known.size())};
  }
  std::sort(known.begin(), known.end());
  return {moments.mean(), stats::sorted_quantile(known, 0.05), stats::sorted_quantile(known, 0.95),
          static_cast<std::uint32_t>(known.size())};
}

std::string Comparison::name() const { return cv ? figure->id + " (CV)" : figure->id; }

Comparer::Comparer(const Trial& trial, std::span<const LaterCut> later) : trial_(trial) {
  const auto cut_of = [&](const Figure& figure) {
    for (std::size_t c = 0; c < later.size(); ++c) {
      if (later[c].name == figure.cut) return c + 1;
    }
    return std::size_t{0};
  };
  for (const Figure& figure : trial.figures) {
    if (!figure.value || !can_estimate(figure)) continue;
    const double factor = figure_factor(figure);
    if (std::isnan(factor)) continue;
    entries_.push_back({&figure, false, factor, patients_of(trial, figure), cut_of(figure)});
    if (figure.cv) entries_.push_back({&figure, true, 1, patients_of(trial, figure), cut_of(figure)});
  }
}

std::vector<double> Comparer::figures(const TrialRows& all) const {
  std::vector<double> values;
  values.reserve(entries_.size());
  for (const Entry& e : entries_) {
    const std::vector<PatientRow>& rows = e.later == 0 ? all.main : all.later[e.later - 1];
    values.push_back(e.cv ? estimate_cv(*e.figure, e.patients, rows) : e.factor * estimate(*e.figure, e.patients, rows));
  }
  return values;
}

std::vector<Comparison> Comparer::compare(std::span<const std::vector<double>> replicates) const {
  std::vector<Comparison> list;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Comparison c;
    c.figure = entries_[i].figure;
    c.cv = entries_[i].cv;
    c.published = c.cv ? *c.figure->cv : *c.figure->value;
    std::vector<double> values;
    for (const std::vector<double>& replicate : replicates) values.push_back(replicate[i]);
    c.simulated = predict(values);
    list.push_back(c);
  }
  return list;
}

std::vector<const Figure*> Comparer::left_out() const {
  std::vector<const Figure*> list;
  for (const Figure& figure : trial_.figures) {
    const bool there = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.figure == &figure; });
    if (!there) list.push_back(&figure);
  }
  return list;
}

}  // namespace carina::trial
