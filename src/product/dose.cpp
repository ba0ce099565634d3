#include "product/dose.h"

#include <algorithm>

#include "base/names.h"
#include "base/problem.h"
#include "product/vocabulary.h"

namespace carina::product {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::string& value, const std::string& rule,
                         const std::string& hint) {
  throw InputError({{"", 0, 0, option, value, rule, hint}});
}

std::string quoted(const std::string& text) { return text.empty() ? "" : "\"" + text + "\""; }

std::vector<std::string> names_in(const Label& label) {
  std::vector<std::string> names;
  for (const Indication* indication : label.indications) names.push_back(indication->name);
  return names;
}

// An indication that the label has in another version: the answer is then that it was not approved on that day.
const Indication* other_version(const Product& product, const std::string& region, const std::string& name) {
  for (const Indication& indication : product.indications) {
    if (indication.name == name && product.versions[indication.entry.since].region == region) return &indication;
  }
  return nullptr;
}

std::vector<const Indication*> candidates(const Label& label, const DoseQuestion& question) {
  std::vector<const Indication*> list;
  std::string wanted = question.indication;
  if (wanted.empty()) wanted = question.patient.disease.value_or("");
  if (wanted.empty()) return label.indications;
  for (const Indication* indication : label.indications) {
    if (indication->name == wanted) return {indication};
  }
  const Term* disease = find_term(diseases(), wanted);
  if (disease == nullptr) return list;
  Patient somebody;
  somebody.disease = disease->name;
  for (const Indication* indication : label.indications) {
    if (check_disease(*indication, somebody).answer != Answer::No) list.push_back(indication);
  }
  return list;
}

std::vector<const Dose*> doses_for(const Label& label, const Indication& indication) {
  std::vector<const Dose*> list;
  for (const Dose* dose : label.doses) {
    if (is_for(dose->entry, indication.name)) list.push_back(dose);
  }
  return list;
}

// One of several: the only one that fits the patient, or any of them when they have the same dose rules.
const Indication* one_of(const Label& label, const std::vector<const Indication*>& list, const DoseQuestion& question) {
  std::vector<const Indication*> fitting;
  for (const Indication* indication : list) {
    if (check_indication(label, *indication, question.patient).answer == Answer::Yes) fitting.push_back(indication);
  }
  const std::vector<const Indication*>& left = fitting.empty() ? list : fitting;
  const auto same = [&](const Indication* one) { return doses_for(label, *one) == doses_for(label, *left.front()); };
  if (std::all_of(left.begin(), left.end(), same)) return left.front();
  std::vector<std::string> names;
  for (const Indication* indication : left) names.push_back(indication->name);
  refuse("--indication", quoted(question.indication), "leaves " + joined(names) + " to choose from, whose doses differ",
         "name one of them");
}

const Indication* find_indication(const Label& label, const DoseQuestion& question, DoseAnswer& answer) {
  const std::vector<const Indication*> list = candidates(label, question);
  if (!list.empty()) return list.size() == 1 ? list.front() : one_of(label, list, question);
  const std::vector<std::string> names = names_in(label);
  const std::string& wanted = question.indication;
  if (const Indication* other = other_version(*label.product, question.region, wanted)) {
    const Version& since = label.product->versions[other->entry.since];
    answer.against.push_back({Answer::No,
                              "no indication of the label on " + date_text(question.date) + "; \"" + wanted +
                                  "\" is one from " + date_text(since.from) + " on",
                              "",
                              {},
                              since.origin});
    return nullptr;
  }
  const Term* disease = find_term(diseases(), wanted.empty() ? question.patient.disease.value_or("") : wanted);
  if (disease != nullptr) {
    answer.against.push_back({Answer::No,
                              "labelled for " + joined(names) + " only",
                              disease->title,
                              {},
                              label.indications.front()->entry.origin});
    return nullptr;
  }
  std::string hint = did_you_mean(wanted, names);
  if (hint.empty()) hint = "the label has " + joined(names);
  refuse("--indication", quoted(wanted), "is no indication of " + label.product->brand, hint);
}

bool within(const std::optional<double>& above, const std::optional<double>& through, const std::optional<double>& value) {
  if (above && !(value && *value > *above)) return false;
  return !through || (value && *value <= *through);
}

// What the rules ask for must be there: nothing is assumed about a weight.
void check_given(const std::vector<const Dose*>& rules, const DoseQuestion& question) {
  std::vector<Problem> problems;
  const auto any = [&](auto&& asks) { return std::any_of(rules.begin(), rules.end(), asks); };
  if (!question.patient.weight && any([](const Dose* d) { return d->per_kg || d->weight_above || d->weight_through; })) {
    problems.push_back({"", 0, 0, "--weight", "", "is missing", "the dose goes by weight: --weight \"38 kg\""});
  }
  if (!question.patient.marrow_blasts && any([](const Dose* d) { return d->blasts_above || d->blasts_through; })) {
    problems.push_back(
        {"", 0, 0, "--marrow-blasts", "", "is missing", "the dose goes by blasts in the marrow: --marrow-blasts \"35 %\""});
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

void compute(const Dose& rule, const Patient& patient, DoseAnswer& answer) {
  answer.rule = &rule;
  const double factor = rule.per_kg ? *patient.weight : 1;
  answer.low = rule.low * factor;
  answer.high = rule.high * factor;
  answer.capped = rule.cap && answer.high > *rule.cap;
  if (!rule.cap) return;
  answer.low = std::min(answer.low, *rule.cap);
  answer.high = std::min(answer.high, *rule.cap);
}

void add_handling(const Patient& patient, DoseAnswer& answer) {
  for (const Lymphodepletion* regimen : answer.label->lymphodepletions) {
    if (!is_for(regimen->entry, answer.indication->name)) continue;
    answer.lymphodepletions.push_back(regimen);
    if (regimen->omit_below && patient.white_cells && *patient.white_cells < *regimen->omit_below) answer.may_omit = true;
  }
  std::stable_sort(answer.lymphodepletions.begin(), answer.lymphodepletions.end(),
                   [](const Lymphodepletion* a, const Lymphodepletion* b) { return a->alternative < b->alternative; });
  for (const Window* window : answer.label->windows) {
    if (is_for(window->entry, answer.indication->name)) answer.windows.push_back(window);
  }
}

// Rules that the known facts speak against. An option may name a disease that the patient's file does not: it counts.
void add_against(const DoseQuestion& question, DoseAnswer& answer) {
  Patient patient = question.patient;
  const Term* named = find_term(diseases(), question.indication);
  if (!patient.disease && named != nullptr) patient.disease = named->name;
  for (Finding& finding : check_indication(*answer.label, *answer.indication, patient).findings) {
    // what cannot be said for want of facts is not against it; a disease that the label does not name is
    const bool unnamed = finding.answer == Answer::CannotSay && finding.missing.empty();
    if (finding.answer == Answer::No || unnamed) answer.against.push_back(std::move(finding));
  }
}

}  // namespace

DoseAnswer labelled_dose(const Product& product, const DoseQuestion& question) {
  DoseAnswer answer;
  answer.product = &product;
  answer.label = label_on(product, question.region, question.date);
  if (!answer.label) {
    const Version* first = first_version(product, question.region);
    if (first == nullptr)
      refuse("--region", quoted(question.region), "no label of this region is in the product's file", "");
    answer.against.push_back(
        {Answer::No,
         "not approved on " + date_text(question.date) + ": its first label is of " + date_text(first->from),
         "",
         {},
         first->origin});
    return answer;
  }
  answer.indication = find_indication(*answer.label, question, answer);
  if (answer.indication == nullptr) return answer;
  add_against(question, answer);
  const std::vector<const Dose*> rules = doses_for(*answer.label, *answer.indication);
  if (rules.empty()) {
    answer.against.push_back({Answer::CannotSay, "the product's file has no dose of this label", "", {}, {}});
    return answer;
  }
  check_given(rules, question);
  for (const Dose* rule : rules) {
    if (!within(rule->weight_above, rule->weight_through, question.patient.weight)) continue;
    if (!within(rule->blasts_above, rule->blasts_through, question.patient.marrow_blasts)) continue;
    compute(*rule, question.patient, answer);
    break;
  }
  if (answer.rule == nullptr)
    answer.against.push_back({Answer::No, "no dose rule covers this weight and burden", "", {}, {}});
  add_handling(question.patient, answer);
  answer.allowed = answer.against.empty();
  return answer;
}

}  // namespace carina::product
