#include "trial/setup.h"

#include <algorithm>

#include "base/problem.h"
#include "therapy/published.h"

namespace carina::trial {
namespace {

constexpr std::uint64_t sample = 2000;  // virtual patients whose attrition is matched

struct Maker {
  const Trial& trial;
  Problems problems;

  void lacks(std::string path, std::string rule) {
    problems.add({trial.file, 0, 0, std::move(path), "", std::move(rule), ""});
  }

  const Baseline* median_of(std::string_view variable) const {
    for (const Baseline& row : trial.population) {
      if (row.variable == variable && row.statistic == "median" && row.low && row.high) return &row;
    }
    return nullptr;
  }

  std::vector<double> visits(std::string_view what, double longest) {
    std::vector<double> days;
    for (const Visits& list : trial.protocol.visits) {
      if (list.what != what) continue;
      for (const Quantity& at : list.at) days.push_back(at.value);
      if (!list.every || days.empty()) continue;
      const double until = std::min(longest, list.until ? list.until->value : longest);
      while (days.back() + list.every->value <= until) days.push_back(days.back() + list.every->value);
    }
    std::erase_if(days, [&](double day) { return day > longest; });
    if (days.empty()) lacks("protocol.visits", "needs visits for " + std::string(what));
    return days;
  }

  double limit(std::string_view assay, double otherwise) const {
    for (const Assay& a : trial.protocol.assays) {
      if (a.name == assay) return a.limit.value;
    }
    return otherwise;
  }

  void people(VirtualSetup& setup) {
    const Baseline* age = median_of("age");
    if (age == nullptr) return lacks("population", "needs a median and range of age");
    const double n = static_cast<double>(age->n.value_or(sample));
    const double reach = 0.02 * (*age->high - *age->low);  // the oldest of n patients is not the oldest that can be
    setup.people.age.low = *age->low - reach;
    setup.people.age.high = *age->high + reach;
    const double span = setup.people.age.high - setup.people.age.low;
    const auto way = [&](double years) { return (years - setup.people.age.low) / span; };
    setup.people.age.way = therapy::logit_normal_from({way(*age->low), way(age->value), way(*age->high), n});
    const Baseline* blasts = median_of("marrow_blasts");
    if (blasts == nullptr) return lacks("population", "needs a median and range of marrow_blasts");
    setup.people.blasts = therapy::logit_normal_from(
        {*blasts->low / 100, blasts->value / 100, *blasts->high / 100, static_cast<double>(blasts->n.value_or(sample))});
  }

  void pathway(VirtualSetup& setup, const model::Model& model) {
    if (trial.name != "eliana") return lacks("", "carina knows no pathway of this trial yet, only ELIANA's");
    setup.pathway = therapy::eliana_pathway();
    setup.pathway.screening = {};  // the simulation begins with patients who are enrolled
    setup.pathway.screening.days = {0, 7, 0};
    const auto birth = model.find_parameter("birth"), death = model.find_parameter("death");
    if (!birth || !death) return lacks("", "needs a model with birth and death of tumour cells");
    std::vector<therapy::Patient> patients(sample);
    for (std::uint64_t i = 0; i < sample; ++i) {
      const Person person = draw_person(setup.people, setup.seed, i + 1);
      therapy::Patient& p = patients[i];
      p.number = i + 1;
      p.age = person.age;
      p.weight = person.weight;
      p.lymphocytes = person.lymphocytes;
      p.burden = person.burden;
      p.growth = model.parameters[*birth].value - model.parameters[*death].value;
    }
    if (!therapy::match_attrition(patients, therapy::eliana_attrition(), setup.seed, setup.pathway)) {
      lacks("design", "has an attrition that its pathway cannot give");
    }
  }

  void design(VirtualSetup& setup, std::string_view cut) {
    const Design& d = trial.design;
    if (!d.enrolled) return lacks("design.enrolled", "is needed for a simulation");
    setup.size = static_cast<std::uint32_t>(d.enrolled->value.value);
    if (d.accrual) setup.accrual = d.accrual->value.value;
    if (d.lost) setup.lost = d.lost->value.value / 365.25;
    if (d.transplant_in_response) setup.transplant = d.transplant_in_response->value.value;
    if (d.antigen_unknown) setup.antigen_unknown = d.antigen_unknown->value.value;
    const auto found = std::find_if(trial.cuts.begin(), trial.cuts.end(),
                                    [&](const Cut& c) { return (cut.empty() || c.name == cut) && c.follow_up; });
    if (found == trial.cuts.end()) return lacks("cut", "needs one with a median follow-up");
    setup.follow_up = found->follow_up->value.value;
  }

  // Half-life hangs on how long samples were taken: until the cut from which it is reported.
  void kinetics(VirtualSetup& setup) const {
    for (const Figure& figure : trial.figures) {
      if (figure.measure != "half_life" || !figure.counted()) continue;
      for (const Cut& cut : trial.cuts) {
        if (cut.name == figure.cut && cut.follow_up) setup.kinetics_follow_up = cut.follow_up->value.value;
      }
    }
  }
};

}  // namespace

VirtualSetup setup_of(const Trial& trial, const model::Model& model, std::uint64_t seed, std::string_view cut,
                      double longest) {
  Maker maker{trial, {}};
  VirtualSetup setup;
  setup.model = &model;
  setup.seed = seed;
  if (trial.disease != "B-ALL") maker.lacks("disease", "a simulated trial is of B-ALL so far");
  maker.design(setup, cut);
  maker.people(setup);
  maker.kinetics(setup);
  if (maker.problems.empty()) maker.pathway(setup, model);
  const therapy::Definitions* definitions = therapy::preset(trial.name + "_2017");
  if (definitions == nullptr) {
    maker.lacks("protocol.endpoints", "carina knows no endpoint definitions of this trial");
  } else {
    setup.definitions = *definitions;
  }
  const std::string scale = trial.protocol.crs_scale ? trial.protocol.crs_scale->name : "astct";
  setup.scale = scale == "penn"       ? therapy::CrsScale::Penn
                : scale == "lee_2014" ? therapy::CrsScale::Lee
                                      : therapy::CrsScale::Astct;
  if (trial.protocol.neurotoxicity_window) setup.neuro_window = trial.protocol.neurotoxicity_window->value.value;
  setup.response_visits = maker.visits("response", longest);
  setup.kinetics_visits = maker.visits("kinetics", longest);
  setup.copies_limit = maker.limit("transgene_qpcr", 50);
  setup.limits.mrd = 100 * maker.limit("mrd_flow", 1e-4);
  setup.limits.b_cells = maker.limit("b_cells", 1);
  maker.problems.throw_if_any();
  return setup;
}

}  // namespace carina::trial
