#include "trial/estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "base/units.h"
#include "stats/moments.h"
#include "stats/quantiles.h"
#include "stats/survival.h"
#include "therapy/cytopenia.h"

namespace carina::trial {
namespace {

using therapy::AntigenClass;
using therapy::Response;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double day_tolerance = 0.5;

// What a figure asks of one patient: NaN where it was not looked at or does not apply; 1 and 0 for yes and no.
using Value = double (*)(const PatientRow&, const Figure&);
struct Known {
  std::string_view measure;
  Value value;
};

double yes(bool is) { return is ? 1 : 0; }
double at_day(const Figure& figure) { return figure.at ? figure.at->value : nan; }
bool used(const PatientRow& row, std::uint16_t bit) { return (row.crs.used & bit) != 0; }
bool is_relapsed(const PatientRow& row) { return row.outcome.responded && !std::isnan(row.relapse); }

bool has_grade(std::string_view wanted, int grade) {
  if (wanted == "any") return grade >= 1;
  if (wanted.empty()) return false;
  const int level = wanted[0] - '0';
  return wanted.ends_with('+') ? grade >= level : grade == level;
}

double low_count(double count, const Figure& figure, bool neutrophils) {
  if (std::isnan(count)) return nan;
  const int grade = neutrophils ? therapy::neutrophil_grade(count, 1500) : therapy::platelet_grade(count / 1000, 150);
  return yes(has_grade(figure.grade, grade));
}

// An event that has a day but no grade of its own: of grade 3 or higher where `severe`.
double happened(double day, const Figure& figure, bool severe) {
  if (!severe && figure.grade != "any" && !figure.grade.empty()) return nan;
  return yes(!std::isnan(day) && !(figure.at && day > figure.at->value));
}

double infection(const PatientRow& row, const Figure& figure) {
  if (figure.grade == "any") return happened(row.infection, figure, false);
  return figure.grade == "3+" ? happened(row.severe_infection, figure, true) : nan;
}

double unresolved(const PatientRow& row, const Figure& figure, bool neutrophils) {
  const double at28 = neutrophils ? row.neutrophils28 : row.platelets28;
  const double at56 = neutrophils ? row.neutrophils56 : row.platelets56;
  const double day = at_day(figure);
  if (std::fabs(day - 28) < 3) return low_count(at28, figure, neutrophils);
  if (std::fabs(day - 56) < 5) return low_count(at56, figure, neutrophils);
  return nan;
}

// Relapses with an unknown antigen stand in the denominator, as trials report them.
double antigen(const PatientRow& row, bool negative) {
  const AntigenClass seen = row.outcome.relapse_antigen;
  if (!is_relapsed(row)) return nan;
  if (seen == AntigenClass::Unknown) return 0;
  return yes((seen != AntigenClass::Positive) == negative);
}

constexpr std::array<Known, 55> known_values = {{
    {"manufacturing_failure",
     [](const PatientRow& r, const Figure&) {
       return yes(r.end == therapy::PathwayEnd::NotMade || r.end == therapy::PathwayEnd::NotAccepted);
     }},
    {"not_infused", [](const PatientRow& r, const Figure&) { return yes(!r.infused()); }},
    {"made_not_infused",
     [](const PatientRow& r, const Figure&) {
       return yes(!r.infused() && r.end != therapy::PathwayEnd::NotMade && r.end != therapy::PathwayEnd::NotAccepted);
     }},
    {"death_before_infusion", [](const PatientRow& r, const Figure&) { return yes(r.end == therapy::PathwayEnd::Died); }},
    {"adverse_event_before_infusion",
     [](const PatientRow& r, const Figure&) { return yes(r.end == therapy::PathwayEnd::AdverseEvent); }},
    {"physician_decision_before_infusion",
     [](const PatientRow& r, const Figure&) { return yes(r.end == therapy::PathwayEnd::Progressed); }},
    {"nonconforming_product", [](const PatientRow& r, const Figure&) { return yes(r.out_of_specification); }},
    {"enrolment_to_infusion", [](const PatientRow& r, const Figure&) { return r.wait; }},
    {"collection_to_infusion", [](const PatientRow& r, const Figure&) { return r.vein_to_vein; }},
    {"dose", [](const PatientRow& r, const Figure&) { return r.cells; }},
    {"dose_per_kg", [](const PatientRow& r, const Figure&) { return r.cells / r.weight; }},
    {"overall_response", [](const PatientRow& r, const Figure&) { return yes(r.infused() && r.outcome.responded); }},
    {"complete_response",
     [](const PatientRow& r, const Figure&) { return yes(r.infused() && r.outcome.best >= Response::Complete); }},
    {"complete_response_incomplete_recovery",
     [](const PatientRow& r, const Figure&) { return yes(r.infused() && r.outcome.best == Response::CompleteIncomplete); }},
    {"stringent_complete_response",
     [](const PatientRow& r, const Figure&) { return yes(r.infused() && r.outcome.best == Response::StringentComplete); }},
    {"partial_response",
     [](const PatientRow& r, const Figure&) { return yes(r.infused() && r.outcome.best == Response::Partial); }},
    {"mrd_negative",
     [](const PatientRow& r, const Figure&) {
       return r.outcome.mrd == therapy::Mrd::NotDone ? nan : yes(r.outcome.mrd == therapy::Mrd::Negative);
     }},
    {"time_to_response", [](const PatientRow& r, const Figure&) { return r.outcome.response_at; }},
    {"death",
     [](const PatientRow& r, const Figure& f) {
       return yes(r.infused() && r.death != Death::None && !(f.at && r.death_day > f.at->value));
     }},
    {"death_from_disease", [](const PatientRow& r, const Figure&) { return yes(r.death == Death::Disease); }},
    {"non_relapse_mortality",
     [](const PatientRow& r, const Figure&) { return yes(r.death != Death::None && std::isnan(r.relapse)); }},
    {"transplant_in_response", [](const PatientRow& r, const Figure&) { return yes(!std::isnan(r.transplant)); }},
    {"antigen_negative_relapse", [](const PatientRow& r, const Figure&) { return antigen(r, true); }},
    {"antigen_positive_relapse", [](const PatientRow& r, const Figure&) { return antigen(r, false); }},
    {"crs", [](const PatientRow& r, const Figure& f) { return yes(has_grade(f.grade, r.crs.highest)); }},
    {"crs_onset", [](const PatientRow& r, const Figure&) { return r.crs.onset; }},
    {"crs_duration", [](const PatientRow& r, const Figure&) { return r.crs.duration(); }},
    {"crs_time_to_grade_4", [](const PatientRow& r, const Figure&) { return r.crs.onset_to_grade_4; }},
    {"crs_resolved", [](const PatientRow& r, const Figure&) { return yes(r.crs.resolved); }},
    {"fever", [](const PatientRow& r, const Figure&) { return yes(r.crs.fever_days > 0); }},
    {"fever_duration", [](const PatientRow& r, const Figure&) { return r.crs.fever_days > 0 ? r.crs.fever_days : nan; }},
    {"tocilizumab", [](const PatientRow& r, const Figure&) { return yes(r.crs.tocilizumab_doses > 0); }},
    {"tocilizumab_one_dose", [](const PatientRow& r, const Figure&) { return yes(r.crs.tocilizumab_doses == 1); }},
    {"tocilizumab_two_doses", [](const PatientRow& r, const Figure&) { return yes(r.crs.tocilizumab_doses == 2); }},
    {"tocilizumab_three_doses", [](const PatientRow& r, const Figure&) { return yes(r.crs.tocilizumab_doses == 3); }},
    {"steroids", [](const PatientRow& r, const Figure&) { return yes(r.steroids); }},
    {"tocilizumab_or_steroids",
     [](const PatientRow& r, const Figure&) { return yes(r.steroids || r.crs.tocilizumab_doses > 0); }},
    {"icu", [](const PatientRow& r, const Figure&) { return yes(r.crs.icu_days > 0); }},
    {"time_to_icu", [](const PatientRow& r, const Figure&) { return r.crs.icu_at; }},
    {"icu_stay", [](const PatientRow& r, const Figure&) { return r.crs.icu_days > 0 ? r.crs.icu_days : nan; }},
    {"high_dose_vasopressors",
     [](const PatientRow& r, const Figure&) { return yes(used(r, therapy::used::high_dose_vasopressor)); }},
    {"oxygen", [](const PatientRow& r, const Figure&) { return yes(used(r, therapy::used::oxygen)); }},
    {"ventilation", [](const PatientRow& r, const Figure&) { return yes(used(r, therapy::used::ventilator)); }},
    {"dialysis", [](const PatientRow& r, const Figure&) { return yes(used(r, therapy::used::dialysis)); }},
    {"hypotension_treated", [](const PatientRow& r, const Figure&) { return yes(used(r, therapy::used::fluid)); }},
    {"neurotoxicity", [](const PatientRow& r, const Figure& f) { return yes(has_grade(f.grade, r.neuro)); }},
    {"neurological_event", [](const PatientRow& r, const Figure& f) { return yes(has_grade(f.grade, r.neuro_event)); }},
    {"infection", infection},
    {"febrile_neutropenia",
     [](const PatientRow& r, const Figure& f) { return happened(r.febrile_neutropenia, f, f.grade == "3+"); }},
    {"hypogammaglobulinaemia", [](const PatientRow& r, const Figure& f) { return happened(r.low_igg, f, false); }},
    {"hlh", [](const PatientRow& r, const Figure& f) { return happened(r.hlh, f, false); }},
    {"second_malignancy", [](const PatientRow& r, const Figure& f) { return happened(r.second_malignancy, f, false); }},
    {"second_infusion", [](const PatientRow& r, const Figure& f) { return happened(r.second_infusion, f, false); }},
    {"neutropenia_unresolved", [](const PatientRow& r, const Figure& f) { return unresolved(r, f, true); }},
    {"thrombocytopenia_unresolved", [](const PatientRow& r, const Figure& f) { return unresolved(r, f, false); }},
}};

// Levels are copies/ug, or cell/uL where the figure's are.
bool in_cells(const Figure& figure) { return figure.unit.starts_with("cell"); }
const Kinetics& kinetics(const PatientRow& row, const Figure& figure) {
  return in_cells(figure) ? row.cell_kinetics : row.kinetics;
}

constexpr std::array<Known, 10> known_amounts = {{
    {"neurotoxicity_onset", [](const PatientRow& r, const Figure&) { return r.neuro_onset; }},
    {"neurotoxicity_duration", [](const PatientRow& r, const Figure&) { return r.neuro_duration; }},
    {"neurological_event_onset", [](const PatientRow& r, const Figure&) { return r.neuro_event_onset; }},
    {"neurological_event_duration", [](const PatientRow& r, const Figure&) { return r.neuro_event_duration; }},
    {"cmax", [](const PatientRow& r, const Figure& f) { return kinetics(r, f).cmax; }},
    {"tmax", [](const PatientRow& r, const Figure&) { return r.kinetics.tmax; }},
    {"auc",
     [](const PatientRow& r, const Figure& f) {
       if (std::fabs(at_day(f) - marrow_days.back()) < day_tolerance) return kinetics(r, f).auc183;
       return std::fabs(at_day(f) - 28) < day_tolerance ? kinetics(r, f).auc28 : nan;
     }},
    {"half_life", [](const PatientRow& r, const Figure&) { return r.kinetics.half_life; }},
    {"persistence", [](const PatientRow& r, const Figure&) { return r.kinetics.persistence; }},
    {"marrow_to_blood",
     [](const PatientRow& r, const Figure& f) {
       for (std::size_t i = 0; i < marrow_days.size(); ++i) {
         if (std::fabs(at_day(f) - marrow_days[i]) < day_tolerance) return r.kinetics.marrow[i];
       }
       return nan;
     }},
}};

using Clock = const therapy::Ending& (*)(const PatientRow&);
struct KnownClock {
  std::string_view measure;
  Clock clock;
};
constexpr std::array<KnownClock, 6> known_clocks = {{
    {"duration_of_response", [](const PatientRow& r) -> const therapy::Ending& { return r.outcome.dor; }},
    {"relapse_free_survival", [](const PatientRow& r) -> const therapy::Ending& { return r.outcome.rfs; }},
    {"event_free_survival", [](const PatientRow& r) -> const therapy::Ending& { return r.outcome.efs; }},
    {"progression_free_survival", [](const PatientRow& r) -> const therapy::Ending& { return r.outcome.pfs; }},
    {"overall_survival", [](const PatientRow& r) -> const therapy::Ending& { return r.outcome.os; }},
    {"b_cell_aplasia", [](const PatientRow& r) -> const therapy::Ending& { return r.outcome.aplasia; }},
}};

using Belongs = bool (*)(const PatientRow&);
struct KnownGroup {
  std::string_view name;
  Belongs belongs;
};
constexpr std::array<KnownGroup, 18> known_groups = {{
    {"all", [](const PatientRow&) { return true; }},
    {"responders", [](const PatientRow& r) { return r.outcome.responded; }},
    {"non_responders", [](const PatientRow& r) { return !r.outcome.responded; }},
    {"complete_responders", [](const PatientRow& r) { return r.outcome.best >= Response::Complete; }},
    {"non_complete_responders", [](const PatientRow& r) { return r.outcome.best < Response::Complete; }},
    {"partial_responders", [](const PatientRow& r) { return r.outcome.best == Response::Partial; }},
    {"relapsed", is_relapsed},
    {"with_crs", [](const PatientRow& r) { return r.crs.highest > 0; }},
    {"crs_grade_3_or_4", [](const PatientRow& r) { return r.crs.highest == 3 || r.crs.highest == 4; }},
    {"crs_grade_4", [](const PatientRow& r) { return r.crs.highest == 4; }},
    {"crs_below_grade_4", [](const PatientRow& r) { return r.crs.highest < 4; }},
    {"with_fever", [](const PatientRow& r) { return r.crs.fever_days > 0; }},
    {"in_icu", [](const PatientRow& r) { return r.crs.icu_days > 0; }},
    {"with_neurotoxicity", [](const PatientRow& r) { return r.neuro > 0; }},
    {"with_neurological_event", [](const PatientRow& r) { return r.neuro_event > 0; }},
    {"tocilizumab", [](const PatientRow& r) { return r.crs.tocilizumab_doses > 0; }},
    {"no_tocilizumab", [](const PatientRow& r) { return r.crs.tocilizumab_doses == 0; }},
    {"steroids", [](const PatientRow& r) { return r.steroids; }},
}};

Belongs group_of(std::string_view name) {
  if (name == "no_steroids") return [](const PatientRow& r) { return !r.steroids; };
  for (const KnownGroup& group : known_groups) {
    if (group.name == name) return group.belongs;
  }
  return nullptr;
}

Value value_of(std::string_view measure) {
  for (const Known& known : known_values) {
    if (known.measure == measure) return known.value;
  }
  for (const Known& known : known_amounts) {
    if (known.measure == measure) return known.value;
  }
  return nullptr;
}

Clock clock_of(std::string_view measure) {
  for (const KnownClock& known : known_clocks) {
    if (known.measure == measure) return known.clock;
  }
  return nullptr;
}

bool counts(const PatientRow& row, const Figure& figure, std::string_view patients) {
  if (row.failed || (figure.dose && figure.dose->value != row.planned_dose)) return false;
  return patients != "infused" || row.infused();
}

std::vector<double> values(const Figure& figure, std::string_view group, std::string_view patients,
                           std::span<const PatientRow> rows) {
  const Value value = value_of(figure.measure);
  const Belongs belongs = group_of(group);
  std::vector<double> list;
  for (const PatientRow& row : rows) {
    if (!counts(row, figure, patients) || !belongs(row)) continue;
    const double v = value(row, figure);
    if (!std::isnan(v)) list.push_back(v);
  }
  return list;
}

stats::SurvivalCurve curve(const Figure& figure, std::string_view patients, std::span<const PatientRow> rows) {
  const Clock clock = clock_of(figure.measure);
  const Belongs belongs = group_of(figure.group);
  std::vector<stats::Observed> observed;
  for (const PatientRow& row : rows) {
    if (!counts(row, figure, patients) || !belongs(row)) continue;
    const therapy::Ending& ending = clock(row);
    if (therapy::ran(ending)) observed.push_back({ending.time, ending.event});
  }
  return stats::kaplan_meier(observed);
}

double mean_of(const std::vector<double>& list) {
  stats::Moments moments;
  for (const double v : list) moments.add(v);
  return moments.mean();
}

double median_of(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  return stats::sorted_quantile(list, 0.5);
}

stats::GeometricMoments geometric(const std::vector<double>& list) {
  stats::GeometricMoments moments;
  for (const double v : list) moments.add(v);
  return moments;
}

// The unit of estimates of the measure.
std::string_view unit_of(const Figure& figure) {
  const bool amount = figure.statistic == Statistic::Median || figure.statistic == Statistic::Mean ||
                      figure.statistic == Statistic::GeometricMean;
  if (!amount) return "1";
  if (figure.measure == "cmax") return in_cells(figure) ? "cell/uL" : "copies/ug";
  if (figure.measure == "auc") return in_cells(figure) ? "cell day/uL" : "copies day/ug";
  if (figure.measure == "dose") return "cell";
  if (figure.measure == "dose_per_kg") return "cell/kg";
  if (figure.measure == "marrow_to_blood") return "1";
  return "day";
}

}  // namespace

bool can_estimate(const Figure& figure) {
  if (!figure.arm.empty() || !figure.against.empty() || group_of(figure.group) == nullptr) return false;
  const bool clock = clock_of(figure.measure) != nullptr, value = value_of(figure.measure) != nullptr;
  switch (figure.statistic) {
    case Statistic::Share:
    case Statistic::Count:
    case Statistic::Mean:
    case Statistic::GeometricMean: return value;
    case Statistic::Survival: return clock && figure.at;
    case Statistic::Median: return value || clock;
    case Statistic::Excess: return value && group_of(figure.versus) != nullptr;
    default: return false;
  }
}

double estimate(const Figure& figure, std::string_view patients, std::span<const PatientRow> rows) {
  if (!can_estimate(figure)) return nan;
  if (figure.statistic == Statistic::Survival) return curve(figure, patients, rows).at(figure.at->value);
  if (clock_of(figure.measure) != nullptr) return curve(figure, patients, rows).quantile(0.5);
  const std::vector<double> list = values(figure, figure.group, patients, rows);
  if (list.empty()) return nan;
  switch (figure.statistic) {
    case Statistic::Share: return mean_of(list);
    // a count is of the published number: how many there are to count is another figure
    case Statistic::Count: return mean_of(list) * static_cast<double>(figure.n.value_or(list.size()));
    case Statistic::Mean: return mean_of(list);
    case Statistic::Median: return median_of(list);
    case Statistic::GeometricMean: return geometric(list).mean();
    case Statistic::Excess: {
      const std::vector<double> other = values(figure, figure.versus, patients, rows);
      return geometric(list).mean() / geometric(other).mean() - 1;
    }
    default: return nan;
  }
}

double figure_factor(const Figure& figure) {
  const auto from = Unit::parse(std::string(unit_of(figure)));
  const auto to = Unit::parse(figure.unit);
  return from && to && from->convertible(*to) ? from->factor_to(*to) : nan;
}

double estimate_cv(const Figure& figure, std::string_view patients, std::span<const PatientRow> rows) {
  if (!can_estimate(figure) || figure.statistic != Statistic::GeometricMean) return nan;
  return 100 * geometric(values(figure, figure.group, patients, rows)).cv();
}

}  // namespace carina::trial
