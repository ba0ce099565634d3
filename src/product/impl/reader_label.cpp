// What the versions of a label say: indications with their rules, doses, handling.
#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "product/impl/reader.h"
#include "product/label.h"
#include "product/vocabulary.h"

namespace carina::product::impl {
namespace {

constexpr const char* year = "year";
constexpr const char* kilogram = "kg";
constexpr const char* day = "day";

}  // namespace

void Reader::read_indications() {
  for (Section& section : root_.list("indication")) {
    Indication indication;
    indication.entry = entry(section, false);
    indication.name = need_text(section, "name", "as --indication has it, such as b_all");
    indication.says = need_text(section, "says", "the sentence of the label");
    indication.diseases = read_diseases(section);
    if (const auto family = section.text("including")) {
      const Term* found = find_term(diseases(), *family);
      if (found == nullptr) section.problem("including", "is no disease", did_you_mean(*family, names_of(diseases())));
      if (found != nullptr) indication.family = found->name;
    }
    indication.accelerated = section.flag("accelerated").value_or(false);
    for (Section& rule : section.list("rules")) indication.rules.push_back(read_rule(rule, indication.entry));
    for (Section& rule : section.list("exclusions")) indication.exclusions.push_back(read_rule(rule, indication.entry));
    if (indication.rules.empty() && section.find("rules") != nullptr) section.problem("rules", "asks for nothing");
    if (section.find("rules") == nullptr)
      section.missing("rules", "what the label asks for, one { says = ... } for each rule");
    section.finish();
    product_.indications.push_back(std::move(indication));
  }
  if (product_.indications.empty()) root_.missing("indication", "[[indication]] opens one");
  check_names();
}

// A name must tell one indication from another in every version.
void Reader::check_names() {
  if (!reading_.problems.empty()) return;
  for (const Version& version : product_.versions) {
    const Label label = label_of(product_, version);
    for (std::size_t i = 0; i < label.indications.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (label.indications[i]->name != label.indications[j]->name) continue;
        root_.problem("indication", "\"" + label.indications[i]->name + "\" is in force twice in version " + version.name,
                      "until = ends the earlier one");
      }
    }
  }
}

std::vector<std::string> Reader::read_diseases(Section& section) {
  std::vector<std::string> list;
  const auto texts = section.texts("disease");
  if (!texts && section.find("disease") == nullptr) section.missing("disease", "such as [\"dlbcl\", \"hgbcl\"]");
  for (std::size_t i = 0; texts && i < texts->size(); ++i) {
    const std::string& text = (*texts)[i];
    const Term* found = find_term(diseases(), text);
    if (found == nullptr)
      problem_with(section, "disease", i, "is no known disease", did_you_mean(text, names_of(diseases())));
    if (found != nullptr) list.push_back(found->name);
  }
  return list;
}

Rule Reader::read_rule(Section& section, const Entry& indication) {
  Rule rule;
  rule.says = need_text(section, "says", "the rule in the words of the label");
  rule.until = version(section, "until");
  rule.origin = origin(section, &indication.origin);
  std::vector<Condition> own = read_way(section);
  const bool several = section.find("any") != nullptr;
  for (Section& way : section.list("any")) {
    std::vector<Condition> conditions = read_way(way);
    if (conditions.empty() && reading_.problems.empty()) reading_.missing(way.node(), way.path(), "asks for nothing");
    way.finish();
    if (!conditions.empty()) rule.ways.push_back(std::move(conditions));
  }
  if (several && !own.empty()) section.problem("any", "stands beside conditions of its own", "put them into each way");
  if (!own.empty()) rule.ways.push_back(std::move(own));
  section.finish();
  if (rule.ways.empty() && reading_.problems.empty()) {
    reading_.missing(section.node(), section.path(), "asks for nothing",
                     "a condition such as refractory = true, or any = [ ... ]");
  }
  return rule;
}

std::vector<Condition> Reader::read_way(Section& section) {
  std::vector<Condition> way;
  const auto measured = [&](std::string_view key, const char* unit, Asks asks) {
    if (const auto value = positive(section, key, unit)) way.push_back({asks, *value, "", true});
  };
  const auto counted = [&](std::string_view key, Asks asks) {
    if (const auto value = section.whole(key, 1)) way.push_back({asks, static_cast<double>(*value), "", true});
  };
  const auto asked = [&](std::string_view key, Asks asks) {
    if (const auto yes = section.flag(key)) way.push_back({asks, 0, "", *yes});
  };
  measured("age_from", year, Asks::AgeFrom);
  measured("age_through", year, Asks::AgeThrough);
  asked("refractory", Asks::Refractory);
  asked("refractory_to_first_line", Asks::RefractoryToFirstLine);
  counted("relapses_from", Asks::Relapses);
  measured("relapse_within", "month", Asks::RelapseWithin);
  counted("lines_from", Asks::Lines);
  read_words(section, "had", Asks::Had, way);
  read_words(section, "refractory_to", Asks::RefractoryTo, way);
  asked("relapse_after_transplant", Asks::RelapseAfterTransplant);
  asked("transplant_eligible", Asks::TransplantEligible);
  read_words(section, "disease", Asks::Disease, way);
  return way;
}

void Reader::read_words(Section& section, std::string_view key, Asks asks, std::vector<Condition>& way) {
  const std::vector<Term>& terms = asks == Asks::Disease ? diseases() : treatments();
  const auto texts = section.texts(key);
  for (std::size_t i = 0; texts && i < texts->size(); ++i) {
    const Term* found = find_term(terms, (*texts)[i]);
    if (found != nullptr) {
      way.push_back({asks, 0, found->name, true});
    } else {
      problem_with(section, key, i, asks == Asks::Disease ? "is no known disease" : "is no known treatment",
                   did_you_mean((*texts)[i], names_of(terms)));
    }
  }
}

void Reader::read_doses() {
  for (Section& section : root_.list("dose")) {
    Dose dose;
    dose.entry = entry(section, true);
    dose.weight_above = positive(section, "weight_above", kilogram);
    dose.weight_through = positive(section, "weight_through", kilogram);
    dose.blasts_above = positive(section, "blasts_above", "%");
    dose.blasts_through = positive(section, "blasts_through", "%");
    read_amounts(section, dose);
    section.finish();
    product_.doses.push_back(std::move(dose));
  }
}

// Either low and high, or target, or the parts of a split dose.
void Reader::read_amounts(Section& section, Dose& dose) {
  const auto amount = [&](std::string_view key) {
    const auto text = section.text(key);
    const auto number = text ? leading_number(*text) : std::nullopt;
    const auto unit = number ? Unit::parse(number->second) : std::nullopt;
    const bool first = dose.low == 0;
    if (first && unit) dose.per_kg = unit->convertible(known_unit("cell/kg").unit);
    const auto value = positive(section, key, dose.per_kg ? "cell/kg" : "cell");
    if (first) dose.low = value.value_or(0);
    dose.high = value.value_or(0);
    return value.has_value();
  };
  if (section.find("parts") != nullptr) {
    read_parts(section, dose);
    return;
  }
  const bool low = section.find("low") != nullptr, high = section.find("high") != nullptr;
  if (section.find("target") != nullptr) {
    amount("target");
    if (low || high)
      section.problem("target", "stands beside low or high", "a target is one number, low and high are a range");
  } else if (low && high) {
    if (amount("low") && amount("high") && dose.high < dose.low) section.problem("high", "must not lie below low");
  } else {
    section.missing(high ? "low" : "high", "low and high, or target, or parts");
  }
  dose.cap = positive(section, "cap", "cell");
}

void Reader::read_parts(Section& section, Dose& dose) {
  for (Section& part : section.list("parts")) {
    DosePart read;
    read.day = static_cast<double>(part.whole("day", 1).value_or(1));
    read.within = quantity(part, "within", known_unit(day), Bare::Refused).value_or(Written{}).value;
    const auto cells = positive(part, "cells", "cell");
    if (!cells && part.find("cells") == nullptr) part.missing("cells", "such as \"100e6 cell\"");
    read.cells = cells.value_or(0);
    read.bags = part.text("bags").value_or("");
    part.finish();
    dose.low += read.cells;
    dose.parts.push_back(std::move(read));
  }
  dose.high = dose.low;
  const auto total = positive(section, "total", "cell");
  if (total && std::fabs(*total - dose.low) > 1e-9 * *total) {
    section.problem("total", "the parts sum to " + with_unit(dose.low, "cell"));
  }
  dose.later_parts = section.texts("later_parts").value_or(std::vector<std::string>{});
}

void Reader::read_handling() {
  for (Section& section : root_.list("lymphodepletion")) read_lymphodepletion(section);
  read_windows();
  read_delays();
  read_monitoring();
  read_boxed();
}

void Reader::read_lymphodepletion(Section& section) {
  Lymphodepletion regimen;
  regimen.entry = entry(section, true);
  regimen.alternative = section.flag("alternative").value_or(false);
  for (Section& drug : section.list("drugs")) regimen.drugs.push_back(read_drug(drug));
  if (section.find("drugs") == nullptr) section.missing("drugs", "one { name = ..., dose = ..., days = ... } for each");
  if (Section omit = section.section("omit"); omit.present()) {
    regimen.omit_below = positive(omit, "white_cells_below", "cell/L");
    regimen.omit_within = positive(omit, "within", day);
    if (!regimen.omit_below && omit.find("white_cells_below") == nullptr) omit.missing("white_cells_below");
    if (!regimen.omit_within && omit.find("within") == nullptr) omit.missing("within");
    omit.finish();
  }
  section.finish();
  product_.lymphodepletions.push_back(std::move(regimen));
}

Drug Reader::read_drug(Section& section) {
  Drug drug;
  drug.name = need_text(section, "name", "such as fludarabine");
  const auto dose = positive(section, "dose", "mg/m2");
  if (!dose && section.find("dose") == nullptr) section.missing("dose", "a day, such as \"30 mg/m2\"");
  drug.mg_per_m2 = dose.value_or(0);
  const toml::node* on = section.find("on");
  if (on != nullptr && on->is_array()) {
    for (const toml::node& entry : *on->as_array()) {
      const auto value = entry.value_exact<std::int64_t>();
      if (value && *value >= -60 && *value <= 0) {
        drug.on.push_back(static_cast<int>(*value));
      } else {
        section.problem("on", "must be days before the infusion, such as [-5, -4, -3]");
      }
    }
  } else if (on != nullptr) {
    section.problem("on", "must be days before the infusion, such as [-5, -4, -3]");
  }
  const auto days = section.whole("days", 1);
  if (!days && on == nullptr) section.missing("days", "how many days, or on = [-5, -4, -3]");
  drug.days = static_cast<int>(days.value_or(std::max<std::size_t>(1, drug.on.size())));
  section.finish();
  return drug;
}

void Reader::read_windows() {
  for (Section& section : root_.list("window")) {
    Window window;
    window.entry = entry(section, true);
    for (const char* key : {"from", "to"}) {
      const auto value = positive(section, key, day);
      if (!value && section.find(key) == nullptr) section.missing(key, "days after the end of lymphodepletion");
      (key[0] == 'f' ? window.from : window.to) = value.value_or(0);
    }
    if (window.to < window.from) section.problem("to", "must not lie before from");
    section.finish();
    product_.windows.push_back(std::move(window));
  }
}

void Reader::read_delays() {
  static const std::vector<std::string> keys = {"infection", "inflammation", "gvhd", "adverse_event", "worsening"};
  for (Section& section : root_.list("delay")) {
    Delay delay;
    delay.entry = entry(section, true);
    delay.says = need_text(section, "says", "what makes the infusion wait");
    delay.when = section.word("when", keys).value_or("");
    if (section.find("when") == nullptr) section.missing("when", "the key below [now] of a patient, such as infection");
    section.finish();
    product_.delays.push_back(std::move(delay));
  }
}

void Reader::read_monitoring() {
  for (Section& section : root_.list("monitoring")) {
    Monitoring monitoring;
    monitoring.entry = entry(section, true);
    monitoring.daily_for = positive(section, "daily_for", day);
    monitoring.near_for = positive(section, "near_for", day);
    monitoring.no_driving = positive(section, "no_driving", day);
    monitoring.certified_site = section.flag("certified_site");
    if (const auto doses = section.whole("tocilizumab_doses", 1)) monitoring.tocilizumab_doses = static_cast<int>(*doses);
    section.finish();
    product_.monitorings.push_back(std::move(monitoring));
  }
}

void Reader::read_boxed() {
  for (Section& section : root_.list("boxed_warning")) {
    BoxedWarning boxed;
    boxed.entry = entry(section, false);
    boxed.warnings = section.texts("warnings").value_or(std::vector<std::string>{});
    if (section.find("warnings") == nullptr) section.missing("warnings", "a list of nouns");
    section.finish();
    product_.boxed.push_back(std::move(boxed));
  }
}

}  // namespace carina::product::impl
