#include "trial/scales.h"

#include <algorithm>
#include <array>

namespace carina::trial {
namespace {

struct Family {
  std::string_view measure;
  std::string_view group;
};

constexpr std::array<Family, 39> families = {{
    {"overall_response", "response"},
    {"complete_response", "response"},
    {"complete_response_incomplete_recovery", "response"},
    {"stringent_complete_response", "response"},
    {"partial_response", "response"},
    {"time_to_response", "response"},
    {"mrd_negative", "response"},
    {"mrd_negative_day_28", "response"},
    {"duration_of_response", "survival"},
    {"relapse_free_survival", "survival"},
    {"event_free_survival", "survival"},
    {"progression_free_survival", "survival"},
    {"overall_survival", "survival"},
    {"death", "survival"},
    {"death_from_disease", "survival"},
    {"antigen_negative_relapse", "relapse"},
    {"antigen_positive_relapse", "relapse"},
    {"antigen_low_relapse", "relapse"},
    {"b_cell_aplasia", "b_cells"},
    {"b_cells_undetectable", "b_cells"},
    {"b_cells_polyclonal", "b_cells"},
    {"crs", "release"},
    {"crs_onset", "release"},
    {"crs_duration", "release"},
    {"fever", "release"},
    {"tocilizumab", "treatment"},
    {"steroids", "treatment"},
    {"tocilizumab_or_steroids", "treatment"},
    {"icu", "treatment"},
    {"oxygen", "treatment"},
    {"ventilation", "treatment"},
    {"cmax", "kinetics"},
    {"tmax", "kinetics"},
    {"auc", "kinetics"},
    {"half_life", "kinetics"},
    {"persistence", "kinetics"},
    {"marrow_to_blood", "kinetics"},
    {"neutropenia_unresolved", "blood"},
    {"thrombocytopenia_unresolved", "blood"},
}};

constexpr double sample_gap = 3;  // days between samples of kinetics about their peak

std::string_view group_of(std::string_view measure) {
  const auto* found = std::find_if(families.begin(), families.end(), [&](const Family& f) { return f.measure == measure; });
  if (found != families.end()) return found->group;
  return measure.starts_with("neurotoxicity") ? "neurotoxicity" : "other";
}

// Of n patients; where n is not printed, so many that the share is as good as exact.
double patients(const Figure& figure) { return figure.n ? static_cast<double>(*figure.n) : 1000; }

}  // namespace

FigureScale scale_of(const Figure& figure, bool cv) {
  FigureScale scale{group_of(figure.measure), fit::log_axis(), 0};
  if (cv) return scale;
  switch (figure.statistic) {
    case Statistic::Share:
    case Statistic::Survival:
    case Statistic::CumulativeIncidence:
      scale.axis = fit::share_axis(patients(figure), figure.unit == "%" ? 100 : 1);
      if (figure.unit == "%") scale.grain = 1;
      break;
    case Statistic::Count: scale.axis = fit::share_axis(patients(figure), patients(figure)); break;
    case Statistic::Excess:
    case Statistic::RSquared: scale.axis = fit::identity_axis(); break;
    default:
      if (figure.unit == "day") scale.grain = figure.measure == "tmax" ? sample_gap : 1;
      break;
  }
  return scale;
}

}  // namespace carina::trial
