#include "trial/setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/names.h"
#include "base/problem.h"
#include "base/quantity.h"
#include "therapy/attrition.h"
#include "trial/impl/way.h"

namespace carina::trial {
namespace {

constexpr double usually_longest = 1095;  // days
constexpr std::uint64_t sample = 2000;    // virtual patients whose attrition is matched

struct Maker {
  const Trial& trial;
  const model::Model& model;
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
    if (trial.disease == "B-ALL") {
      children(setup);
    } else {
      adults(setup);
    }
  }

  void children(VirtualSetup& setup) {
    const Baseline* blasts = median_of("marrow_blasts");
    if (blasts == nullptr) return lacks("population", "needs a median and range of marrow_blasts");
    setup.people.blasts = therapy::logit_normal_from(
        {*blasts->low / 100, blasts->value / 100, *blasts->high / 100, static_cast<double>(blasts->n.value_or(sample))});
  }

  // Weight and burden are those of the disease, as the model has them.
  void adults(VirtualSetup& setup) {
    const model::Parameter* weight = parameter("WT");
    const model::Parameter* burden = parameter("burden");
    if (weight == nullptr || burden == nullptr) return lacks("", "needs a model with WT and burden");
    setup.people.adult_weight = weight->value;
    setup.people.burden_kind = BurdenKind::Cells;
    setup.people.cells = {0, burden->value, burden->variability.sd};
    for (const Rule& rule : trial.eligibility) {
      if (rule.variable != "lymphocytes" || !rule.at_least) continue;
      therapy::Lognormal& count = setup.people.lymphocytes;
      count.shift = rule.at_least->value;
      count.median = std::max(count.median - count.shift, 0.2 * count.median);  // the same median above the least; assumed
    }
  }

  const model::Parameter* parameter(std::string_view name) const {
    const auto index = model.find_parameter(std::string(name));
    return index ? &model.parameters[*index] : nullptr;
  }

  void pathway(VirtualSetup& setup) {
    const model::Parameter* birth = parameter("birth");
    const model::Parameter* death = parameter("death");
    const model::Parameter* memory = parameter("memory");
    if (birth == nullptr || death == nullptr || memory == nullptr) {
      return lacks("", "needs a model with birth and death of tumour cells and the share of memory cells");
    }
    const double growth = birth->value - death->value;
    setup.pathway = impl::way_of(trial, growth);
    setup.levels = impl::levels_of(trial);
    setup.strength = impl::strength_of(trial);
    setup.ld_days = impl::depletion_days(trial);
    setup.pathway.process.memory.median = memory->value;
    setup.pathway.screening = {};  // the simulation begins with patients who are enrolled
    setup.pathway.screening.days = {0, 7, 0};
    std::vector<therapy::Patient> patients(sample);
    for (std::uint64_t i = 0; i < sample; ++i) {
      const Person person = draw_person(setup.people, setup.seed, i + 1);
      therapy::Patient& p = patients[i];
      p.number = i + 1;
      p.age = person.age;
      p.weight = person.weight;
      p.lymphocytes = person.lymphocytes;
      p.burden = person.burden;
      p.growth = growth;
    }
    if (!therapy::match_attrition(patients, impl::losses_of(trial), setup.seed, setup.pathway)) {
      lacks("design", "has an attrition that its pathway cannot give");
    }
  }

  void design(VirtualSetup& setup, std::string_view cut) {
    const Design& d = trial.design;
    if (!d.enrolled) return lacks("design.enrolled", "is needed for a simulation");
    if (trial.arms.size() > 1) lacks("arm", "must be one: several arms are read and checked, but not simulated");
    setup.size = static_cast<std::uint32_t>(d.enrolled->value.value);
    if (d.accrual) setup.accrual = d.accrual->value.value;
    if (d.lost) setup.lost = d.lost->value.value / 365.25;
    if (d.transplant_in_response) setup.transplant = d.transplant_in_response->value.value;
    if (d.antigen_unknown) setup.antigen_unknown = d.antigen_unknown->value.value;
    const auto found = std::find_if(trial.cuts.begin(), trial.cuts.end(),
                                    [&](const Cut& c) { return (cut.empty() || c.name == cut) && c.follow_up; });
    if (found == trial.cuts.end()) return lacks("cut", "needs one with a median follow-up");
    setup.follow_up = found->follow_up->value.value;
    for (const Cut& c : trial.cuts) {
      if (c.follow_up && c.follow_up->value.value > setup.follow_up)
        setup.later.push_back({c.name, c.follow_up->value.value});
    }
  }

  // Disease is seen at 5 % blasts in marrow, 10 % plasma cells in it, or what PET shows.
  Again again(const People& people) const {
    Again rule;
    const auto& given = trial.protocol.second_infusion;
    if (!given) return rule;
    const model::Parameter* pet = parameter("at_pet");
    rule.upon_b_cells = given->upon != "disease";
    if (given->upon != "b_cells") {
      rule.tumour = trial.disease == "B-ALL" ? 0.05 * people.marrow_cells
                    : trial.disease == "MM"  ? 0.10 * people.marrow_cells
                    : pet != nullptr         ? pet->value
                                             : 0;
    }
    rule.from = given->from.value;
    rule.until = given->until.value;
    rule.part = given->part ? given->part->value : 1;
    rule.lymphodepletion = given->lymphodepletion;
    return rule;
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

std::string reference_patient_of(const std::string& disease) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> variants = {
      {{"LBCL", "lbcl"}, {"FL", "fl"}, {"MCL", "mcl"}, {"MM", "myeloma"}}};
  for (const auto& [name, variant] : variants) {
    if (name == disease) return "reference_patient:" + std::string(variant);
  }
  return "reference_patient";
}

void bring(const product::Product& product, model::Model& model, Problems& problems) {
  std::vector<std::string> names;
  for (const model::Parameter& p : model.parameters) names.push_back(p.name);
  for (const product::Brings& one : product.model) {
    const auto refuse = [&](std::string rule, std::string hint = {}) {
      problems.add({product.file, 0, 0, "model." + one.parameter, one.value, std::move(rule), std::move(hint)});
    };
    const auto index = model.find_parameter(one.parameter);
    if (!index) {
      refuse("is no parameter of the reference patient", did_you_mean(one.parameter, names));
      continue;
    }
    model::Parameter& parameter = model.parameters[*index];
    Refusal refusal;
    const auto value = parse_quantity(one.value, known_unit(parameter.unit), refusal);
    if (!value) {
      refuse(refusal.rule, refusal.hint);
    } else if (!(*value >= parameter.low && *value <= parameter.high)) {
      refuse(fmt::format("must lie between {} and {}", parameter.low, parameter.high));
    } else {
      parameter.value = *value;
    }
  }
}

VirtualSetup setup_of(const Trial& trial, const model::Model& model, std::uint64_t seed, std::string_view cut,
                      double longest) {
  Maker maker{trial, model, {}};
  VirtualSetup setup;
  setup.model = &model;
  setup.seed = seed;
  maker.design(setup, cut);
  if (longest > 0) {
    setup.later.clear();
  } else {
    longest = usually_longest;
    for (const LaterCut& later : setup.later) longest = std::max(longest, later.follow_up + setup.accrual / 2);
  }
  maker.people(setup);
  maker.kinetics(setup);
  if (maker.problems.empty()) maker.pathway(setup);
  const therapy::Definitions* definitions =
      trial.protocol.endpoints ? therapy::preset(trial.protocol.endpoints->name) : nullptr;
  if (definitions == nullptr) {
    maker.lacks("protocol.endpoints", "carina knows no endpoint definitions of this trial");
  } else {
    setup.definitions = *definitions;
  }
  const std::string scale = trial.protocol.crs_scale ? trial.protocol.crs_scale->name : "astct";
  setup.scale = scale == "penn"       ? therapy::CrsScale::Penn
                : scale == "lee_2014" ? therapy::CrsScale::Lee
                                      : therapy::CrsScale::Astct;
  setup.icans = trial.protocol.neurotoxicity_scale && trial.protocol.neurotoxicity_scale->name == "icans";
  if (trial.protocol.tocilizumab_from) setup.tocilizumab_from = trial.protocol.tocilizumab_from->value.value;
  if (trial.protocol.tocilizumab_fever) setup.tocilizumab_fever = trial.protocol.tocilizumab_fever->value.value;
  if (trial.protocol.neurotoxicity_window) setup.neuro_window = trial.protocol.neurotoxicity_window->value.value;
  setup.response_visits = maker.visits("response", longest);
  setup.kinetics_visits = maker.visits("kinetics", longest);
  setup.copies_limit = maker.limit("transgene_qpcr", 50);
  setup.limits.mrd = maker.limit("mrd_flow", maker.limit("mrd_sequencing", 1e-4));
  setup.limits.b_cells = maker.limit("b_cells", 1);
  setup.again = maker.again(setup.people);
  maker.problems.throw_if_any();
  return setup;
}

}  // namespace carina::trial
