#include "trial/words.h"

#include <algorithm>

namespace carina::trial {
namespace {

constexpr auto yes_no = MeasureKind::Occurrence;
constexpr auto event = MeasureKind::Event;
constexpr auto amount = MeasureKind::Amount;

Measure occurrence(std::string name, std::string about) {
  return {std::move(name), yes_no, {}, false, false, std::move(about)};
}
Measure timed(std::string name, std::string about) { return {std::move(name), yes_no, {}, true, false, std::move(about)}; }
Measure graded(std::string name, std::string about) { return {std::move(name), yes_no, {}, false, true, std::move(about)}; }
Measure time_to(std::string name, std::string about) { return {std::move(name), event, {}, false, false, std::move(about)}; }
Measure days(std::string name, std::string about) {
  return {std::move(name), amount, {"day"}, false, false, std::move(about)};
}

std::vector<Measure> response_measures() {
  return {
      occurrence("overall_response",
                 "best response is a response by the disease's criteria (CR or CRi; CR or PR; PR or better)"),
      occurrence("complete_response", "best response is CR (myeloma: CR or sCR)"),
      occurrence("complete_response_incomplete_recovery", "best response is CRi: CR without recovery of blood counts"),
      occurrence("stringent_complete_response", "best response is sCR (myeloma)"),
      occurrence("partial_response", "best response is PR"),
      occurrence("mrd_negative", "residual disease below the assay's limit in a patient with response"),
      occurrence("mrd_negative_day_28", "as mrd_negative, by day 28"),
      timed("mrd_negative_at", "residual disease below the assay's limit at one time"),
      days("time_to_response", "from infusion to the first response, in responders"),
      time_to("duration_of_response", "from the first response to relapse, progression or death, in responders"),
      time_to("relapse_free_survival", "from the first response to relapse or death, in responders"),
      time_to("event_free_survival", "from infusion to treatment failure, relapse or death"),
      time_to("progression_free_survival", "from infusion to progression or death"),
      time_to("overall_survival", "from infusion to death"),
      occurrence("death", "death after infusion, by the data cut, or by `at`"),
      occurrence("death_from_disease", "death from the cancer after infusion"),
      occurrence("non_relapse_mortality", "death without relapse or progression"),
      occurrence("transplant_in_response", "transplant while in response"),
      occurrence("antigen_negative_relapse", "a relapse with target-negative cells, positive ones beside them or not"),
      occurrence("antigen_positive_relapse", "a relapse with target-positive cells only"),
      occurrence("antigen_unknown_relapse", "a relapse without a known antigen status"),
      occurrence("antigen_low_relapse", "a relapse with target-negative or target-low cells"),
      time_to("car_t_persistence", "from infusion to CAR T cells below the limit in blood"),
      time_to("b_cell_aplasia", "from infusion to the return of B cells, in responders"),
      timed("b_cells_undetectable", "no B cells in blood at one time"),
      timed("b_cells_polyclonal", "polyclonal B cells in blood at one time"),
  };
}

std::vector<Measure> toxicity_measures() {
  std::vector<Measure> list = {
      graded("crs", "cytokine release syndrome on the trial's scale"),
      days("crs_onset", "from infusion to its first day"),
      days("crs_duration", "from its first to its last day"),
      days("crs_time_to_grade_4", "from onset to grade 4"),
      occurrence("crs_resolved", "it ended"),
      occurrence("crs_severe_pilot", "severe by the pilot's own words: two pressors or ventilation"),
      graded("neurotoxicity", "neurological events that are laid to CAR T cells, by the trial's own definition and window"),
      days("neurotoxicity_onset", "from infusion to its first day"),
      days("neurotoxicity_duration", "from its first to its last day"),
      graded("neurological_event", "every neurological event, whatever its cause, at any time"),
      days("neurological_event_onset", "from infusion to its first day"),
      days("neurological_event_duration", "from its first to its last day"),
      graded("infection", "any infection"),
      graded("febrile_neutropenia", "fever with neutropenia"),
      graded("hypogammaglobulinaemia", "immunoglobulin below the normal range"),
      graded("hlh", "haemophagocytic lymphohistiocytosis"),
      occurrence("second_malignancy", "a second cancer"),
      occurrence("second_infusion", "CAR T cells a second time"),
      graded("tumour_lysis", "tumour lysis syndrome"),
      graded("neutropenia", "low neutrophils at any time"),
      occurrence("fever", "fever during cytokine release"),
      days("fever_duration", "days of fever"),
      occurrence("hypotension", "low pressure during cytokine release"),
      occurrence("hypotension_treated", "low pressure that was treated"),
      occurrence("hypoxia", "low oxygen during cytokine release"),
      occurrence("low_fibrinogen", "fibrinogen below 1 g/L"),
      occurrence("tocilizumab", "at least one dose"),
      occurrence("tocilizumab_one_dose", "exactly one dose"),
      occurrence("tocilizumab_two_doses", "exactly two doses"),
      occurrence("tocilizumab_three_doses", "exactly three doses"),
      occurrence("steroids", "at least one dose for cytokine release"),
      occurrence("tocilizumab_or_steroids", "at least one dose of either"),
      occurrence("siltuximab", "at least one dose"),
      occurrence("icu", "in intensive care for cytokine release"),
      days("pressor_weaning", "from tocilizumab to the end of vasopressors"),
      days("time_to_icu", "from infusion to intensive care"),
      days("icu_stay", "days in intensive care"),
      occurrence("high_dose_vasopressors", "as the scale defines high dose"),
      occurrence("oxygen", "supplementary oxygen"),
      occurrence("ventilation", "mechanical ventilation"),
      days("ventilation_duration", "days of ventilation"),
      occurrence("dialysis", "renal replacement"),
      days("dialysis_duration", "days of dialysis"),
  };
  for (const char* cell : {"neutropenia", "thrombocytopenia"}) {
    Measure m = graded(std::string(cell) + "_unresolved", "of that grade and not yet resolved at `at`");
    m.timed = true;
    list.push_back(std::move(m));
  }
  return list;
}

std::vector<Measure> kinetics_measures() {
  const std::vector<std::string> level = {"copies/ug", "cell/uL"};
  const std::vector<std::string> area = {"copies day/ug", "cell day/uL"};
  return {
      {"cmax", amount, level, false, false, "highest CAR T level in blood"},
      days("tmax", "its time"),
      {"auc", amount, area, true, false, "area under the level from infusion to `at`"},
      days("half_life", "terminal half-life in blood"),
      days("persistence", "last time with a level above the limit"),
      days("time_to_below_limit", "first time with a level below the limit again"),
      {"marrow_to_blood", amount, {"1"}, true, false, "level in marrow over level in blood at `at`"},
      {"car_share_of_t_cells", amount, {"1"}, false, false, "highest share of CAR+ cells among T cells of blood"},
      occurrence("cmax_above_15000", "highest level above 15,000 copies/ug"),
  };
}

std::vector<Measure> pathway_measures() {
  return {
      occurrence("manufacturing_failure", "no product could be made or released"),
      occurrence("made_not_infused", "product made, patient not infused"),
      occurrence("not_infused", "enrolled and not infused, for whatever reason"),
      occurrence("death_before_infusion", "died between enrolment and infusion"),
      occurrence("adverse_event_before_infusion", "left because of an adverse event before infusion"),
      occurrence("physician_decision_before_infusion", "left by the physician's decision before infusion"),
      occurrence("nonconforming_product", "received a product outside its specification"),
      days("enrolment_to_infusion", "from enrolment to infusion"),
      days("collection_to_infusion", "from leukapheresis, or its cryopreservation, to infusion"),
      occurrence("outpatient_infusion", "infused outside hospital"),
      {"dose", amount, {"cell"}, false, false, "CAR+ viable T cells infused"},
      {"dose_per_kg", amount, {"cell/kg"}, false, false, "CAR+ viable T cells infused per body weight"},
  };
}

template <class Row>
const Row* find(std::span<const Row> rows, std::string_view name) {
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.name == name; });
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace

std::span<const Measure> measures() {
  static const std::vector<Measure> all = [] {
    std::vector<Measure> list;
    for (auto part : {pathway_measures(), response_measures(), toxicity_measures(), kinetics_measures()})
      list.insert(list.end(), part.begin(), part.end());
    return list;
  }();
  return all;
}

const Measure* find_measure(std::string_view name) { return find(measures(), name); }

std::span<const Variable> variables() {
  static const std::vector<Variable> all = {
      {"age", "year", "age"},
      {"weight", "kg", "body weight at collection"},
      {"marrow_blasts", "%", "lymphoblasts among nucleated cells of the marrow"},
      {"tumour_volume", "mL", "metabolic tumour volume"},
      {"prior_lines", "1", "lines of therapy before enrolment"},
      {"lymphocytes", "cell/uL", "lymphocytes in blood"},
      {"creatinine_clearance", "mL/min", "creatinine clearance"},
      {"alt_over_upper_limit", "1", "alanine transaminase over the upper limit of normal"},
      {"lvef", "%", "left ventricular ejection fraction"},
      {"ecog", "1", "ECOG performance status, 0 to 5"},
      {"prior_transplant", "", "any transplant before"},
      {"prior_allogeneic_transplant", "", "allogeneic transplant before"},
      {"prior_anti_cd19", "", "anti-CD19 therapy before"},
      {"active_cns_disease", "", "disease in the central nervous system"},
      {"bulky_disease", "", "bulky disease by the trial's definition"},
      {"progression_within_24_months", "", "progression within 24 months of first-line therapy (POD24)"},
      {"extramedullary_disease", "", "myeloma outside the marrow"},
      {"triple_class_refractory", "", "refractory to a proteasome inhibitor, an immunomodulator and an anti-CD38 antibody"},
      {"dlbcl_histology", "", "diffuse large B-cell lymphoma among the large B-cell lymphomas"},
  };
  return all;
}

const Variable* find_variable(std::string_view name) { return find(variables(), name); }

std::span<const Word> groups() {
  static const std::vector<Word> all = {
      {"all", "everybody of the denominator"},
      {"responders", "best response is a response"},
      {"non_responders", "no response, or unknown"},
      {"complete_responders", "best response is CR"},
      {"non_complete_responders", "best response is no CR"},
      {"partial_responders", "best response is PR"},
      {"ongoing_responders", "still in response at that time"},
      {"relapsed", "relapsed after response"},
      {"assessed", "whose sample was taken and could be judged"},
      {"with_crs", "had cytokine release syndrome of any grade"},
      {"crs_grade_3_or_4", "its worst grade was 3 or 4"},
      {"crs_grade_4", "its worst grade was 4"},
      {"crs_below_grade_4", "its worst grade was 3 or less, or none"},
      {"crs_severe", "severe by the pilot's own words"},
      {"crs_not_severe", "not severe by the pilot's own words"},
      {"with_fever", "had fever in cytokine release"},
      {"with_neurotoxicity", "had a neurological event that is laid to CAR T cells"},
      {"with_neurological_event", "had any neurological event"},
      {"in_icu", "were in intensive care"},
      {"ventilated", "were ventilated"},
      {"dialysed", "had dialysis"},
      {"tocilizumab", "had tocilizumab"},
      {"no_tocilizumab", "had none"},
      {"steroids", "had steroids for cytokine release"},
      {"no_steroids", "had none"},
  };
  return all;
}

std::span<const Word> visit_purposes() {
  static const std::vector<Word> all = {
      {"response", "marrow, imaging or myeloma protein"},
      {"kinetics", "transgene in blood"},
      {"b_cells", "B cells in blood"},
      {"counts", "neutrophils and platelets"},
      {"survival", "alive or not"},
  };
  return all;
}

std::span<const Variable> assays() {
  static const std::vector<Variable> all = {
      {"transgene_qpcr", "copies/ug", "transgene by qPCR"},
      {"mrd_flow", "1", "residual cells over nucleated cells by flow cytometry"},
      {"mrd_sequencing", "1", "residual cells over nucleated cells by sequencing"},
      {"b_cells", "cell/uL", "B cells in blood"},
  };
  return all;
}

const std::vector<std::string>& statistic_words() {
  static const std::vector<std::string> words = {
      "share", "count",  "survival", "cumulative_incidence", "median",   "mean", "geometric_mean", "maximum",
      "range", "excess", "ratio",    "hazard_ratio",         "r_squared"};
  return words;
}

const std::vector<std::string>& role_words() {
  static const std::vector<std::string> words = {"calibrate", "check"};
  return words;
}

const std::vector<std::string>& interval_words() {
  static const std::vector<std::string> words = {"", "95 % CI", "range", "IQR"};
  return words;
}

std::vector<std::string> units_of(const Measure& measure, Statistic statistic) {
  const MeasureKind kind = measure.kind;
  const std::vector<std::string> pure = {"1"};
  switch (statistic) {
    case Statistic::Count: return kind == yes_no ? pure : std::vector<std::string>{};
    case Statistic::Share: return kind == amount ? std::vector<std::string>{} : pure;
    case Statistic::Survival:
    case Statistic::CumulativeIncidence:
    case Statistic::HazardRatio: return kind == event ? pure : std::vector<std::string>{};
    case Statistic::Median:
      if (kind == event) return {"day"};
      return measure.units;
    case Statistic::Mean:
    case Statistic::GeometricMean:
    case Statistic::Maximum:
    case Statistic::Range: return measure.units;
    case Statistic::Excess:
    case Statistic::Ratio:
    case Statistic::RSquared: return kind == amount ? pure : std::vector<std::string>{};
  }
  return {};
}

}  // namespace carina::trial
