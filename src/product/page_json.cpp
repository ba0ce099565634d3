// The pages as JSON.
#include <nlohmann/json.hpp>

#include "product/page.h"
#include "product/vocabulary.h"

namespace carina::product {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json maybe(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const Product& product, const Origin& origin) {
  Json json = {
      {"source", origin.source}, {"cite", origin_text(product, {origin.source, false, ""})}, {"recalled", origin.recalled}};
  if (!origin.note.empty()) json["note"] = origin.note;
  return json;
}

Json with_origin(Json json, const Product& product, const Origin& origin) {
  json["origin"] = to_json(product, origin);
  return json;
}

Json rules_json(const Label& label, const std::vector<Rule>& rules) {
  Json list = Json::array();
  for (const Rule& rule : rules) {
    if (still_holds(label, rule)) list.push_back(with_origin({{"says", rule.says}}, *label.product, rule.origin));
  }
  return list;
}

Json dose_rule(const Product& product, const Dose& dose) {
  Json parts = Json::array();
  for (const DosePart& part : dose.parts) {
    parts.push_back({{"day", part.day}, {"within", part.within}, {"cells", part.cells}, {"bags", part.bags}});
  }
  return with_origin({{"indications", dose.entry.indications},
                      {"low", dose.low},
                      {"high", dose.high},
                      {"unit", dose.per_kg ? "cell/kg" : "cell"},
                      {"cap", maybe(dose.cap)},
                      {"weight_above", maybe(dose.weight_above)},
                      {"weight_through", maybe(dose.weight_through)},
                      {"blasts_above", maybe(dose.blasts_above)},
                      {"blasts_through", maybe(dose.blasts_through)},
                      {"parts", parts},
                      {"later_parts", dose.later_parts}},
                     product, dose.entry.origin);
}

Json regimen_json(const Product& product, const Lymphodepletion& regimen) {
  Json drugs = Json::array();
  for (const Drug& drug : regimen.drugs) {
    drugs.push_back({{"name", drug.name}, {"mg_per_m2", drug.mg_per_m2}, {"days", drug.days}, {"on", drug.on}});
  }
  return with_origin({{"indications", regimen.entry.indications},
                      {"alternative", regimen.alternative},
                      {"drugs", drugs},
                      {"omit_below", maybe(regimen.omit_below)},
                      {"omit_within", maybe(regimen.omit_within)}},
                     product, regimen.entry.origin);
}

Json window_json(const Product& product, const Window& window) {
  return with_origin({{"indications", window.entry.indications}, {"from", window.from}, {"to", window.to}, {"unit", "day"}},
                     product, window.entry.origin);
}

Json version_json(const Product& product, const Version& version) {
  return with_origin(
      {{"version", version.name}, {"region", version.region}, {"from", date_text(version.from)}, {"about", version.about}},
      product, version.origin);
}

Json indications_json(const Label& label) {
  Json list = Json::array();
  for (const Indication* indication : label.indications) {
    list.push_back(with_origin({{"name", indication->name},
                                {"says", indication->says},
                                {"diseases", indication->diseases},
                                {"including", indication->family},
                                {"accelerated", indication->accelerated},
                                {"rules", rules_json(label, indication->rules)},
                                {"exclusions", rules_json(label, indication->exclusions)}},
                               *label.product, indication->entry.origin));
  }
  return list;
}

Json label_json(const Label& label) {
  const Product& product = *label.product;
  Json json = version_json(product, *label.version);
  json["indications"] = indications_json(label);
  for (const char* key : {"doses", "lymphodepletion", "windows", "delays", "monitoring", "boxed_warnings"})
    json[key] = Json::array();
  for (const Dose* dose : label.doses) json["doses"].push_back(dose_rule(product, *dose));
  for (const Lymphodepletion* one : label.lymphodepletions) json["lymphodepletion"].push_back(regimen_json(product, *one));
  for (const Window* window : label.windows) json["windows"].push_back(window_json(product, *window));
  for (const Delay* delay : label.delays) {
    json["delays"].push_back(
        with_origin({{"indications", delay->entry.indications}, {"says", delay->says}, {"when", delay->when}}, product,
                    delay->entry.origin));
  }
  for (const Monitoring* m : label.monitorings) {
    json["monitoring"].push_back(with_origin({{"indications", m->entry.indications},
                                              {"daily_for", maybe(m->daily_for)},
                                              {"near_for", maybe(m->near_for)},
                                              {"no_driving", maybe(m->no_driving)},
                                              {"unit", "day"},
                                              {"certified_site", maybe(m->certified_site)},
                                              {"tocilizumab_doses", maybe(m->tocilizumab_doses)}},
                                             product, m->entry.origin));
  }
  for (const BoxedWarning* boxed : label.boxed) {
    json["boxed_warnings"].push_back(with_origin({{"warnings", boxed->warnings}}, product, boxed->entry.origin));
  }
  return json;
}

Json finding_json(const Product& product, const Finding& finding) {
  Json json = {{"answer", answer_text(finding.answer)},
               {"rule", finding.rule},
               {"patient", finding.patient},
               {"missing", finding.missing}};
  json["origin"] = finding.origin.source.empty() ? Json(nullptr) : to_json(product, finding.origin);
  return json;
}

Json findings_json(const Product& product, const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(finding_json(product, finding));
  return list;
}

Json product_finding(const ProductFinding& found) {
  const Product& product = *found.product;
  Json indications = Json::array();
  for (const IndicationFinding& one : found.indications) {
    indications.push_back(with_origin({{"name", one.indication->name},
                                       {"says", one.indication->says},
                                       {"accelerated", one.indication->accelerated},
                                       {"answer", answer_text(one.answer)},
                                       {"findings", findings_json(product, one.findings)}},
                                      product, one.indication->entry.origin));
  }
  return {{"product", product.name},
          {"brand", product.brand},
          {"answer", answer_text(found.answer)},
          {"label", found.label ? version_json(product, *found.label->version) : Json(nullptr)},
          {"indications", indications},
          {"others", findings_json(product, found.others)},
          {"before_infusion", findings_json(product, found.before_infusion)}};
}

}  // namespace

std::string list_json(const std::vector<Product>& products, const std::string& region, const Date& date) {
  Json list = Json::array();
  for (const Product& product : products) {
    Json traits = Json::object();
    for (const Trait& trait : product.traits) {
      traits[trait.name] = with_origin({{"is", trait.is}}, product, trait.origin);
    }
    const auto label = label_on(product, region, date);
    list.push_back({{"name", product.name},
                    {"brand", product.brand},
                    {"aliases", product.aliases},
                    {"file", product.file},
                    {"traits", traits},
                    {"label", label ? version_json(product, *label->version) : Json(nullptr)},
                    {"indications", label ? indications_json(*label) : Json::array()}});
  }
  return list.dump(2);
}

std::string page_json(const Product& product) {
  Json json = {{"name", product.name},   {"brand", product.brand}, {"aliases", product.aliases},
               {"maker", product.maker}, {"cells", product.cells}, {"weight_at", product.weight_at}};
  json["traits"] = Json::object();
  for (const Trait& trait : product.traits)
    json["traits"][trait.name] = with_origin({{"is", trait.is}}, product, trait.origin);
  json["labels"] = Json::array();
  for (const Version& version : product.versions) json["labels"].push_back(label_json(label_of(product, version)));
  json["model"] = Json::object();
  for (const Brings& one : product.model) {
    const Json value = {{"value", one.value}, {"assumed", one.assumed}};
    const Json assumed = {{"value", one.value}, {"assumed", true}, {"note", one.origin.note}};
    json["model"][one.parameter] = one.assumed ? assumed : with_origin(value, product, one.origin);
  }
  json["supply"] = Json::array();
  for (const Supply& supply : product.supply) {
    json["supply"].push_back(with_origin({{"what", supply.what},
                                          {"setting", supply.setting},
                                          {"value", maybe(supply.value)},
                                          {"low", maybe(supply.low)},
                                          {"high", maybe(supply.high)},
                                          {"unit", supply.unit},
                                          {"statistic", supply.statistic},
                                          {"n", maybe(supply.n)}},
                                         product, supply.origin));
  }
  json["sources"] = Json::object();
  for (const Source& source : product.sources) json["sources"][source.key] = {{"cite", source.cite}, {"note", source.note}};
  return json.dump(2);
}

std::string eligibility_json(const Eligibility& result, const Patient& patient) {
  Json products = Json::array();
  for (const ProductFinding& found : result.products) products.push_back(product_finding(found));
  return Json{{"patient", patient.file},
              {"title", patient.title},
              {"disease", maybe(patient.disease)},
              {"region", result.region},
              {"date", date_text(result.date)},
              {"answer", answer_text(result.answer)},
              {"disease_labelled", result.labelled},
              {"trial", result.answer == Answer::No && patient.disease && result.elsewhere.empty()},
              {"elsewhere", result.elsewhere},
              {"products", products},
              {"note", who_decides}}
      .dump(2);
}

std::string dose_json(const DoseAnswer& answer, const DoseQuestion& question) {
  const Product& product = *answer.product;
  Json json = {{"product", product.name},
               {"brand", product.brand},
               {"region", question.region},
               {"date", date_text(question.date)},
               {"label", answer.label ? version_json(product, *answer.label->version) : Json(nullptr)},
               {"indication", answer.indication != nullptr ? Json(answer.indication->name) : Json(nullptr)},
               {"weight", maybe(question.patient.weight)},
               {"allowed", answer.allowed},
               {"against", findings_json(product, answer.against)}};
  const bool given = answer.allowed && answer.rule != nullptr;
  json["low"] = given ? Json(answer.low) : Json(nullptr);
  json["high"] = given ? Json(answer.high) : Json(nullptr);
  json["unit"] = "cell";
  json["cells"] = product.cells;
  json["capped"] = answer.capped;
  json["rule"] = given ? dose_rule(product, *answer.rule) : Json(nullptr);
  json["lymphodepletion"] = Json::array();
  json["windows"] = Json::array();
  if (given) {
    for (const Lymphodepletion* regimen : answer.lymphodepletions)
      json["lymphodepletion"].push_back(regimen_json(product, *regimen));
    for (const Window* window : answer.windows) json["windows"].push_back(window_json(product, *window));
  }
  json["may_omit_lymphodepletion"] = answer.may_omit;
  json["note"] = who_decides;
  return json.dump(2);
}

}  // namespace carina::product
