#include "trial/impl/columns.h"

#include <optional>
#include <string>

namespace carina::trial::impl {
namespace {

constexpr std::array<std::string_view, column_count> column_names = {
    "transgene",    "transgene_marrow", "blasts",        "positive_cells", "low_cells",    "negative_cells",
    "mass_volume",  "b_cells",          "neutrophils",   "platelets",      "IL6",          "temperature",
    "hypotension",  "hypoxia",          "neurotoxicity", "doses_toci",     "days_steroid", "M_protein",
    "tumour_cells", "car_per_uL",       "Ferritin",      "b_share",        "stopped",      "again"};

constexpr std::array<std::string_view, parameter_count> parameter_names = {"WT",
                                                                           "age",
                                                                           "alc",
                                                                           "burden",
                                                                           "cells",
                                                                           "memory",
                                                                           "strength",
                                                                           "before",
                                                                           "ld_days",
                                                                           "birth",
                                                                           "death",
                                                                           "K_T",
                                                                           "at_fluid",
                                                                           "at_boluses",
                                                                           "at_pressor",
                                                                           "at_high",
                                                                           "at_two",
                                                                           "at_dialysis",
                                                                           "at_icu",
                                                                           "at_oxygen",
                                                                           "at_flow",
                                                                           "at_pressure",
                                                                           "at_ventilator",
                                                                           "at_neuro",
                                                                           "neuro_step",
                                                                           "fio2_flow",
                                                                           "fio2_pressure",
                                                                           "fio2_oxygen",
                                                                           "fio2_ventilator",
                                                                           "at_blood",
                                                                           "at_pet",
                                                                           "light_chains",
                                                                           "h_failed",
                                                                           "h_early",
                                                                           "h_late",
                                                                           "transplant_day",
                                                                           "transplant_cure",
                                                                           "bridged",
                                                                           "infect",
                                                                           "infect_neutrophils",
                                                                           "infect_half",
                                                                           "infect_igg",
                                                                           "infect_steroids",
                                                                           "infect_severe",
                                                                           "infect_fatal",
                                                                           "febrile",
                                                                           "igg_0",
                                                                           "igg_half_life",
                                                                           "igg_lasting",
                                                                           "igg_low",
                                                                           "hlh_ferritin",
                                                                           "second",
                                                                           "nervous",
                                                                           "nervous_fade",
                                                                           "nervous_days",
                                                                           "nervous_severe",
                                                                           "toci_rule",
                                                                           "toci_fever",
                                                                           "cells_2",
                                                                           "cells_again",
                                                                           "again_b",
                                                                           "again_tumour",
                                                                           "again_from",
                                                                           "again_until",
                                                                           "again_strength"};

void missing(const model::Model& model, std::string_view kind, std::string_view name, Problems& problems) {
  problems.add({model.file, 0, 0, std::string(name), "", "is a " + std::string(kind) + " that a virtual trial needs", ""});
}

std::optional<expr::NodeId> derived(const model::Model& model, std::string_view name) {
  for (const model::Derived& d : model.derived) {
    if (d.name == name) return d.node;
  }
  return std::nullopt;
}

std::optional<expr::NodeId> output(const model::Model& model, std::string_view name) {
  for (const model::Output& o : model.outputs) {
    if (o.name == name) return o.node;
  }
  return derived(model, name);
}

// A state's own node, which is there when a formula uses it.
std::optional<expr::NodeId> state(const model::Model& model, std::string_view name) {
  const auto index = model.find_state(std::string(name));
  if (!index) return std::nullopt;
  for (expr::NodeId id = 0; id < model.graph.size(); ++id) {
    if (model.graph[id].op == expr::Op::State && model.graph[id].index == *index) return id;
  }
  return std::nullopt;
}

void add_dose(const model::Model& model, std::string_view state, std::string_view amount, Places& places,
              Problems& problems) {
  const auto index = model.find_state(std::string(state));
  const auto node = derived(model, amount);
  if (!index) missing(model, "state", state, problems);
  if (!node) missing(model, "derived quantity", amount, problems);
  if (!index || !node) return;
  ensemble::Dose dose;
  dose.state = *index;
  dose.amount = *node;
  if (amount == "give_ld") {
    for (const auto& [name, field] : {std::pair{"ld_at", &dose.at}, {"ld_every", &dose.every}, {"ld_count", &dose.count}}) {
      const auto found = derived(model, name);
      if (!found) missing(model, "derived quantity", name, problems);
      *field = found.value_or(expr::no_node);
    }
  }
  places.protocol.doses.push_back(dose);
}

}  // namespace

Places find_places(const model::Model& model, Problems& problems) {
  Places places;
  for (const std::string_view name : column_names) {
    auto node = output(model, name);
    if (!node) node = state(model, name);
    if (!node) missing(model, "output or state", name, problems);
    places.columns.push_back(node.value_or(expr::no_node));
  }
  for (std::size_t p = 0; p < parameter_count; ++p) {
    const auto index = model.find_parameter(std::string(parameter_names[p]));
    if (!index) missing(model, "parameter", parameter_names[p], problems);
    places.parameters[p] = index.value_or(0);
  }
  add_dose(model, "ld", "give_ld", places, problems);
  add_dose(model, "Mb", "give_memory", places, problems);
  add_dose(model, "Eb", "give_effector", places, problems);
  return places;
}

}  // namespace carina::trial::impl
