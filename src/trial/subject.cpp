#include "trial/subject.h"

#include <array>
#include <utility>

namespace carina::trial {
namespace {

// The first beginning that fits decides; longer ones stand before shorter ones.
constexpr std::array<std::pair<std::string_view, std::string_view>, 58> beginnings = {{
    {"manufacturing_failure", "attrition"},
    {"made_not_infused", "attrition"},
    {"not_infused", "attrition"},
    {"death_before_infusion", "attrition"},
    {"adverse_event_before", "attrition"},
    {"physician_decision", "attrition"},
    {"nonconforming", "attrition"},
    {"enrolment_to", "attrition"},
    {"collection_to", "attrition"},
    {"outpatient", "attrition"},
    {"dose", "attrition"},
    {"overall_response", "response"},
    {"complete_response", "response"},
    {"stringent_complete", "response"},
    {"partial_response", "response"},
    {"mrd_negative", "response"},
    {"time_to_response", "response"},
    {"antigen_", "relapse"},
    {"duration_of_response", "survival"},
    {"relapse_free", "survival"},
    {"event_free", "survival"},
    {"progression_free", "survival"},
    {"overall_survival", "survival"},
    {"death", "survival"},
    {"non_relapse", "survival"},
    {"transplant_in", "treatment"},
    {"tocilizumab", "treatment"},
    {"steroids", "treatment"},
    {"siltuximab", "treatment"},
    {"icu", "treatment"},
    {"time_to_icu", "treatment"},
    {"pressor_weaning", "treatment"},
    {"high_dose_vasopressors", "treatment"},
    {"oxygen", "treatment"},
    {"ventilation", "treatment"},
    {"dialysis", "treatment"},
    {"hypotension_treated", "treatment"},
    {"crs", "CRS"},
    {"fever", "CRS"},
    {"hypotension", "CRS"},
    {"hypoxia", "CRS"},
    {"neurotoxicity", "neurotoxicity"},
    {"neurological_event", "neurotoxicity"},
    {"neutropenia", "blood"},
    {"thrombocytopenia", "blood"},
    {"febrile_neutropenia", "blood"},
    {"hypogammaglobulinaemia", "blood"},
    {"low_fibrinogen", "blood"},
    {"b_cell", "blood"},
    {"car_t_persistence", "kinetics"},
    {"cmax", "kinetics"},
    {"tmax", "kinetics"},
    {"auc", "kinetics"},
    {"half_life", "kinetics"},
    {"persistence", "kinetics"},
    {"time_to_below", "kinetics"},
    {"marrow_to_blood", "kinetics"},
    {"car_share", "kinetics"},
}};

}  // namespace

std::string_view subject_of(std::string_view measure) {
  for (const auto& [beginning, subject] : beginnings) {
    if (measure.starts_with(beginning)) return subject;
  }
  return "other";
}

}  // namespace carina::trial
