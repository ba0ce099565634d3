#include "product/eligible.h"

#include <algorithm>

#include "base/names.h"
#include "base/problem.h"
#include "product/impl/conditions.h"
#include "product/vocabulary.h"

namespace carina::product {
namespace {

std::vector<std::string> titles(const std::vector<std::string>& names) {
  std::vector<std::string> list;
  for (const std::string& name : names) list.push_back(term(diseases(), name).title);
  return list;
}

// Why there is nothing to look at: the product was not approved then, or for other diseases only.
Finding no_label(const Product& product, const std::string& region, const Date& date) {
  const Version* first = first_version(product, region);
  if (first == nullptr) return {Answer::No, "no label in region " + region + " is known to carina", "", {}, {}};
  return {Answer::No,
          "not approved on " + date_text(date) + ": its first label is of " + date_text(first->from),
          "",
          {},
          first->origin};
}

Finding other_diseases(const Label& label, const Patient& patient) {
  std::vector<std::string> named;
  for (const Indication* indication : label.indications) {
    named.insert(named.end(), indication->diseases.begin(), indication->diseases.end());
  }
  // a kind of lymphoma goes without saying beside its family
  std::vector<std::string> names;
  for (const std::string& name : named) {
    const bool within = std::any_of(named.begin(), named.end(), [&](const std::string& other) {
      return other != name && belongs(diseases(), name, other);
    });
    const std::string& title = term(diseases(), name).title;
    if (!within && std::find(names.begin(), names.end(), title) == names.end()) names.push_back(title);
  }
  Finding finding{Answer::No, "labelled for " + joined(names) + " only", "", {}, label.indications.front()->entry.origin};
  finding.patient = term(diseases(), *patient.disease).title;
  return finding;
}

std::vector<Finding> before_infusion(const Label& label, const IndicationFinding& best, const Patient& patient) {
  std::vector<Finding> list;
  for (const Delay* delay : label.delays) {
    if (!is_for(delay->entry, best.indication->name)) continue;
    Finding finding{Answer::CannotSay, delay->says, "", {"now." + delay->when}, delay->entry.origin};
    for (const Present& present : patient.now) {
      if (present.key != delay->when || !present.yes) continue;
      finding.answer = *present.yes ? Answer::No : Answer::Yes;
      finding.missing.clear();
    }
    if (finding.answer != Answer::Yes) list.push_back(std::move(finding));
  }
  return list;
}

ProductFinding check_product(const Product& product, const Patient& patient, const std::string& region, const Date& date) {
  ProductFinding result;
  result.product = &product;
  result.label = label_on(product, region, date);
  if (!result.label) {
    result.others.push_back(no_label(product, region, date));
    return result;
  }
  if (!patient.disease) {
    result.answer = Answer::CannotSay;
    result.others.push_back({Answer::CannotSay, "a disease that the label names", "", {"disease"}, {}});
    return result;
  }
  for (const Indication* indication : result.label->indications) {
    if (check_disease(*indication, patient).answer == Answer::No) continue;
    result.indications.push_back(check_indication(*result.label, *indication, patient));
  }
  std::stable_sort(result.indications.begin(), result.indications.end(),
                   [](const IndicationFinding& a, const IndicationFinding& b) { return a.answer > b.answer; });
  if (result.indications.empty()) {
    result.others.push_back(other_diseases(*result.label, patient));
    return result;
  }
  result.answer = result.indications.front().answer;
  if (result.answer != Answer::No) {
    result.before_infusion = before_infusion(*result.label, result.indications.front(), patient);
  }
  return result;
}

}  // namespace

std::string answer_text(Answer answer) { return answer == Answer::Yes ? "yes" : answer == Answer::No ? "no" : "cannot say"; }

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

Finding check_disease(const Indication& indication, const Patient& patient) {
  Finding finding{Answer::No, "for " + joined(titles(indication.diseases)), "", {}, indication.entry.origin};
  if (!patient.disease) {
    finding.answer = Answer::CannotSay;
    finding.missing = {"disease"};
    return finding;
  }
  const std::string& own = *patient.disease;
  finding.patient = term(diseases(), own).title;
  for (const std::string& named : indication.diseases) {
    if (belongs(diseases(), own, named)) {
      finding.answer = Answer::Yes;
      finding.rule = "for " + term(diseases(), named).title;
      if (named == own) finding.patient.clear();
      return finding;
    }
  }
  const bool wider = std::any_of(indication.diseases.begin(), indication.diseases.end(),
                                 [&](const std::string& named) { return belongs(diseases(), named, own); });
  if (wider) {
    finding.answer = Answer::CannotSay;
    finding.patient += ", which kind of it is not said";
    finding.missing = {"disease"};
  } else if (!indication.family.empty() && belongs(diseases(), own, indication.family)) {
    finding.answer = Answer::CannotSay;
    finding.rule = "for " + term(diseases(), indication.family).title + ", including " + joined(titles(indication.diseases));
    finding.patient += ", which the label does not name";
  }
  return finding;
}

IndicationFinding check_indication(const Label& label, const Indication& indication, const Patient& patient) {
  IndicationFinding result;
  result.indication = &indication;
  result.findings.push_back(check_disease(indication, patient));
  for (const Rule& rule : indication.rules) {
    if (still_holds(label, rule)) result.findings.push_back(impl::check_rule(rule, patient));
  }
  for (const Rule& rule : indication.exclusions) {
    if (still_holds(label, rule)) result.findings.push_back(impl::check_exclusion(rule, patient));
  }
  for (const Finding& finding : result.findings) result.answer = std::min(result.answer, finding.answer);
  return result;
}

Eligibility eligibility(const Patient& patient, const std::vector<Product>& products, const std::string& region,
                        const Date& date, const std::string& only) {
  const std::vector<std::string> regions = regions_of(products);
  if (std::find(regions.begin(), regions.end(), region) == regions.end()) {
    const bool in_file = patient.region == region;
    throw InputError({{in_file ? patient.file : "", 0, 0, in_file ? "region" : "--region", "\"" + region + "\"",
                       "no label of this region is known", "known are " + joined(regions)}});
  }
  Eligibility result{region, date, Answer::No, false, {}, {}};
  for (const Product& product : products) {
    ProductFinding found = check_product(product, patient, region, date);
    result.labelled = result.labelled || !found.indications.empty();
    if (only.empty() || product.name == only) {
      result.answer = std::max(result.answer, found.answer);
      result.products.push_back(std::move(found));
    } else if (found.answer == Answer::Yes) {
      result.elsewhere.push_back(product.brand);
    }
  }
  std::stable_sort(result.products.begin(), result.products.end(),
                   [](const ProductFinding& a, const ProductFinding& b) { return a.answer > b.answer; });
  return result;
}

}  // namespace carina::product
