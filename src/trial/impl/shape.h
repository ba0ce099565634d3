/// @file
/// The shape of a trial file, written once: which keys each table has, in which order, with which units and words. A visitor
/// reads them (impl/reader.h), writes them as TOML (write.cpp) or as JSON (page_json.cpp).
///
/// A visitor has: text, word (one of a list), choice (an enumeration), flag, maybe_flag, whole, number, quantity (needed),
/// maybe_quantity, quantities, texts, stated, named, table (by name), list (array of tables), keyed (tables by key).
#pragma once

#include <string>
#include <vector>

#include "therapy/definitions.h"
#include "therapy/published.h"
#include "trial/trial.h"
#include "trial/words.h"

namespace carina::trial::impl {

/// Whether a key must be there.
enum class Need : bool { No, Yes };

inline const std::vector<std::string>& grade_words() {
  static const std::vector<std::string> words = {"any", "1", "2", "3", "4", "5", "2+", "3+", "4+"};
  return words;
}

/// The definition sets of therapy/definitions.h.
inline const std::vector<std::string>& definition_sets() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> names;
    for (const therapy::Definitions& set : therapy::presets()) names.emplace_back(set.name);
    return names;
  }();
  return words;
}

/// Published ways to infusion.
inline const std::vector<std::string>& pathways() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> names;
    for (const therapy::Published& way : therapy::published()) names.emplace_back(way.name);
    return names;
  }();
  return words;
}

/// A row's own provenance, as four of its keys.
template <class V, class P>
void provenance(V& v, P& of) {
  v.text("source", of.source, Need::No);
  v.flag("assumed", of.assumed);
  v.flag("recalled", of.recalled);
  v.text("note", of.note, Need::No);
}

template <class V, class T>
void shape_source(V& v, T& s) {
  v.text("cite", s.cite, Need::Yes);
  v.text("note", s.note, Need::No);
  v.flag("recalled", s.recalled);
}

template <class V, class T>
void shape_crossover(V& v, T& c) {
  static const std::vector<std::string> whens = {"progression", "relapse", "no_response"};
  v.text("to", c.to, Need::Yes);
  v.word("when", c.when, whens, Need::Yes);
  v.maybe_quantity("after", c.after, "day");
  v.stated("share", c.share, "1", Need::No);
}

template <class V, class T>
void shape_arm(V& v, T& a) {
  v.text("name", a.name, Need::Yes);
  v.text("about", a.about, Need::No);
  v.text("product", a.product, Need::No);
  v.text("comparator", a.comparator, Need::No);
  v.whole("ratio", a.ratio);
  v.table("crossover", a.crossover, [](auto& inner, auto& c) { shape_crossover(inner, c); });
}

template <class V, class T>
void shape_design(V& v, T& d) {
  static const std::vector<std::string> patterns = {"uniform"};
  v.text("enrolment", d.enrolment, Need::Yes);
  v.texts("stratified_by", d.stratified_by);
  v.stated("planned", d.planned, "1", Need::No);
  v.stated("screened", d.screened, "1", Need::No);
  v.stated("enrolled", d.enrolled, "1", Need::Yes);
  v.stated("infused", d.infused, "1", Need::No);
  v.stated("accrual", d.accrual, "day", Need::Yes);
  v.named("accrual_pattern", d.accrual_pattern, patterns, Need::Yes);
  v.named("pathway", d.pathway, pathways(), Need::No);
  v.stated("lost", d.lost, "1/year", Need::Yes);
  v.stated("vein_to_vein", d.vein_to_vein, "day", Need::No);
  v.stated("transplant_in_response", d.transplant_in_response, "1", Need::No);
  v.stated("antigen_unknown", d.antigen_unknown, "1", Need::No);
}

template <class V, class T>
void shape_cut(V& v, T& c) {
  v.text("name", c.name, Need::Yes);
  v.text("date", c.date, Need::No);
  v.text("about", c.about, Need::Yes);
  v.stated("follow_up", c.follow_up, "day", Need::No);
}

/// The unit of a rule's or baseline's variable; 1 where there is no such variable.
inline std::string variable_unit(const std::string& name) {
  const Variable* variable = find_variable(name);
  return variable == nullptr || variable->unit.empty() ? "1" : variable->unit;
}

template <class V, class T>
void shape_rule(V& v, T& r) {
  static const std::vector<std::string> whens = {"screening", "diagnosis"};
  v.word("variable", r.variable, names_of(variables()), Need::Yes);
  v.word("when", r.when, whens, Need::No);
  const std::string unit = variable_unit(r.variable);
  v.maybe_quantity("at_least", r.at_least, unit);
  v.maybe_quantity("at_most", r.at_most, unit);
  v.maybe_quantity("below", r.below, unit);
  v.maybe_quantity("above", r.above, unit);
  v.maybe_flag("is", r.is);
  provenance(v, r.of);
}

template <class V, class T>
void shape_drug(V& v, T& d) {
  v.text("name", d.name, Need::Yes);
  v.quantity("dose", d.dose, "mg/m^2");
  v.whole("days", d.days);
  v.maybe_quantity("first_day", d.first_day, "day");
  provenance(v, d.of);
}

template <class V, class T>
void shape_given_dose(V& v, T& d) {
  static const std::vector<std::string> pers = {"patient", "kg"};
  v.word("per", d.per, pers, Need::No);
  const std::string unit = d.per == "kg" ? "cell/kg" : "cell";
  v.quantity("median", d.median, unit);
  v.maybe_quantity("low", d.low, unit);
  v.maybe_quantity("high", d.high, unit);
  v.maybe_quantity("cap", d.cap, "cell");
  v.maybe_quantity("second", d.second, "cell");
  v.maybe_quantity("blasts_above", d.blasts_above, "%");
  v.maybe_quantity("blasts_through", d.blasts_through, "%");
  v.maybe_whole("n", d.n);
  provenance(v, d.of);
}

template <class V, class T>
void shape_second_infusion(V& v, T& s) {
  static const std::vector<std::string> upons = {"b_cells", "disease", "either"};
  v.word("upon", s.upon, upons, Need::Yes);
  v.quantity("from", s.from, "day");
  v.quantity("until", s.until, "day");
  v.maybe_quantity("part", s.part, "1");
  v.flag("lymphodepletion", s.lymphodepletion);
  provenance(v, s.of);
}

template <class V, class T>
void shape_visits(V& v, T& s) {
  v.word("what", s.what, names_of(visit_purposes()), Need::Yes);
  v.quantities("at", s.at, "day");
  v.maybe_quantity("every", s.every, "day");
  v.maybe_quantity("until", s.until, "day");
  provenance(v, s.of);
}

template <class V, class T>
void shape_assay(V& v, T& a) {
  v.word("name", a.name, names_of(assays()), Need::Yes);
  std::string unit = "1";
  for (const Variable& known : assays())
    if (known.name == a.name) unit = known.unit;
  v.quantity("limit", a.limit, unit);
  provenance(v, a.of);
}

template <class V, class T>
void shape_protocol(V& v, T& p) {
  static const std::vector<std::string> crs = {"penn", "lee_2014", "astct"};
  static const std::vector<std::string> neurotoxicity = {"ctcae", "icans"};
  static const std::vector<std::string> response = {"b_all", "lugano_2014", "imwg"};
  static const std::vector<std::string> anything;
  v.stated("lymphodepleted", p.lymphodepleted, "1", Need::No);
  v.stated("bridged", p.bridged, "1", Need::No);
  v.named("crs_scale", p.crs_scale, crs, Need::Yes);
  v.named("neurotoxicity_scale", p.neurotoxicity_scale, neurotoxicity, Need::Yes);
  v.stated("neurotoxicity_window", p.neurotoxicity_window, "day", Need::No);
  v.named("treatment_algorithm", p.treatment_algorithm, anything, Need::Yes);
  v.stated("tocilizumab_from", p.tocilizumab_from, "1", Need::No);
  v.stated("tocilizumab_fever", p.tocilizumab_fever, "day", Need::No);
  v.named("response_criteria", p.response_criteria, response, Need::Yes);
  v.named("endpoints", p.endpoints, definition_sets(), Need::Yes);
  v.list("lymphodepletion", p.lymphodepletion, [](auto& inner, auto& row) { shape_drug(inner, row); });
  v.list("dose", p.doses, [](auto& inner, auto& row) { shape_given_dose(inner, row); });
  v.table("second_infusion", p.second_infusion, [](auto& inner, auto& row) { shape_second_infusion(inner, row); });
  v.list("visits", p.visits, [](auto& inner, auto& row) { shape_visits(inner, row); });
  v.list("assay", p.assays, [](auto& inner, auto& row) { shape_assay(inner, row); });
}

template <class V, class T>
void shape_analysis_set(V& v, T& s) {
  static const std::vector<std::string> patients = {"screened", "enrolled", "infused"};
  v.text("name", s.name, Need::Yes);
  v.word("patients", s.patients, patients, Need::Yes);
  v.maybe_whole("n", s.n);
  v.text("definition", s.definition, Need::Yes);
  provenance(v, s.of);
}

template <class V, class T>
void shape_baseline(V& v, T& b) {
  static const std::vector<std::string> statistics = {"median", "mean", "share"};
  v.word("variable", b.variable, names_of(variables()), Need::Yes);
  v.word("statistic", b.statistic, statistics, Need::Yes);
  v.text("denominator", b.denominator, Need::Yes);
  v.maybe_whole("n", b.n);
  v.number("value", b.value);
  v.text("unit", b.unit, Need::Yes);
  v.maybe_number("low", b.low);
  v.maybe_number("high", b.high);
  v.choice("interval", b.interval, interval_words(), Need::No);
  provenance(v, b.of);
}

template <class V, class T>
void shape_what(V& v, T& f) {
  static const std::vector<std::string> bounds = {"", "upper", "lower"};
  v.text("definition", f.definition, Need::Yes);
  v.text("denominator", f.denominator, Need::Yes);
  v.maybe_whole("n", f.n);
  v.maybe_whole("n_versus", f.n_versus);
  v.maybe_number("value", f.value);
  v.flag("not_reached", f.not_reached);
  v.word("bound", f.bound, bounds, Need::No);
  v.text("unit", f.unit, Need::Yes);
  v.maybe_number("low", f.low);
  v.maybe_number("high", f.high);
  v.choice("interval", f.interval, interval_words(), Need::No);
  v.maybe_number("cv", f.cv);
  v.maybe_number("sd", f.sd);
}

template <class V, class T>
void shape_figure(V& v, T& f) {
  v.text("id", f.id, Need::Yes);
  v.word("measure", f.measure, names_of(measures()), Need::Yes);
  v.word("grade", f.grade, grade_words(), Need::No);
  v.choice("statistic", f.statistic, statistic_words(), Need::Yes);
  v.word("group", f.group, names_of(groups()), Need::No);
  v.word("versus", f.versus, names_of(groups()), Need::No);
  v.text("arm", f.arm, Need::No);
  v.text("against", f.against, Need::No);
  v.maybe_quantity("dose", f.dose, "cell");
  v.maybe_quantity("at", f.at, "day");
  v.word("covariate", f.covariate, names_of(measures()), Need::No);
  v.maybe_number("per", f.per);
  shape_what(v, f);
  v.text("cut", f.cut, Need::Yes);
  v.choice("role", f.role, role_words(), Need::Yes);
  v.text("overlaps", f.overlaps, Need::No);
  v.text("source", f.source, Need::Yes);
  v.flag("recalled", f.recalled);
  v.text("note", f.note, Need::No);
}

template <class V, class T>
void shape_trial(V& v, T& t) {
  static const std::vector<std::string> diseases = {"B-ALL", "LBCL", "FL", "MCL", "MM"};
  static const std::vector<std::string> phases = {"1", "1/2", "2", "3"};
  v.text("title", t.title, Need::Yes);
  v.text("about", t.about, Need::No);
  v.text("registry", t.registry, Need::Yes);
  v.word("phase", t.phase, phases, Need::Yes);
  v.text("product", t.product, Need::Yes);
  v.word("disease", t.disease, diseases, Need::Yes);
  v.keyed("sources", t.sources, [](auto& inner, auto& row) { shape_source(inner, row); });
  v.table("design", t.design, [](auto& inner, auto& d) { shape_design(inner, d); });
  v.list("arm", t.arms, [](auto& inner, auto& row) { shape_arm(inner, row); });
  v.list("cut", t.cuts, [](auto& inner, auto& row) { shape_cut(inner, row); });
  v.list("analysis_set", t.analysis_sets, [](auto& inner, auto& row) { shape_analysis_set(inner, row); });
  v.list("eligibility", t.eligibility, [](auto& inner, auto& row) { shape_rule(inner, row); });
  v.table("protocol", t.protocol, [](auto& inner, auto& p) { shape_protocol(inner, p); });
  v.list("population", t.population, [](auto& inner, auto& row) { shape_baseline(inner, row); });
  v.list("figure", t.figures, [](auto& inner, auto& row) { shape_figure(inner, row); });
}

}  // namespace carina::trial::impl
