#include "trial/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "trial/published.h"
#include "trial/words.h"

namespace carina::trial {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Words in lines of at most `width` characters, each after `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::string out;
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) out += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) flush();
    line += (line.empty() ? "" : " ") + word;
  }
  flush();
  return out;
}

// Columns aligned under headings; those that say nothing are left out.
std::string table(const std::vector<std::string>& headings, const Rows& rows) {
  std::vector<std::size_t> widths(headings.size(), 0);
  for (std::size_t c = 0; c < headings.size(); ++c) {
    for (const auto& row : rows) widths[c] = std::max(widths[c], row[c].size());
    if (widths[c] > 0) widths[c] = std::max(widths[c], headings[c].size());
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text = " ";
    for (std::size_t c = 0; c < cells.size(); ++c)
      if (widths[c] > 0) text += fmt::format(" {:<{}} ", cells[c], widths[c]);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  std::string out = line(headings);
  for (const auto& row : rows) out += line(row);
  return out;
}

std::string marks(const Provenance& of) {
  std::string out = of.assumed ? "assumed" : of.source;
  if (of.recalled) out += ", recalled";
  return out;
}

std::string with_marks(const std::string& text, const Provenance& of) {
  return text + " (" + marks(of) + ")" + (of.note.empty() ? "" : ": " + of.note);
}

std::string line(const std::string& label, const std::string& text, std::size_t width) {
  return text.empty() ? "" : wrapped(label + ": " + text, width, 2);
}

std::string stated(const std::string& label, const std::optional<Stated>& value, std::size_t width) {
  return value ? line(label, with_marks(value->value.text, value->of), width) : "";
}

std::string named(const std::string& label, const std::optional<Named>& value, std::size_t width) {
  return value ? line(label, with_marks(value->name, value->of), width) : "";
}

std::string design_part(const Trial& t, std::size_t width) {
  const Design& d = t.design;
  std::string out = "\nDesign\n" + line("enrolment", d.enrolment, width);
  for (const auto& [label, value] :
       {std::pair{"planned", &d.planned}, std::pair{"screened", &d.screened}, std::pair{"enrolled", &d.enrolled},
        std::pair{"infused", &d.infused}, std::pair{"accrual", &d.accrual}, std::pair{"lost to follow-up", &d.lost},
        std::pair{"transplant in response", &d.transplant_in_response},
        std::pair{"antigen unknown at relapse", &d.antigen_unknown}})
    out += stated(label, *value, width);
  out += named("accrual pattern", d.accrual_pattern, width) + named("pathway", d.pathway, width);
  for (const Arm& arm : t.arms) {
    std::string text = arm.product.empty() ? arm.comparator : arm.product;
    if (t.arms.size() > 1) text += fmt::format(", allocation {}", arm.ratio);
    if (!arm.about.empty()) text += "; " + arm.about;
    if (arm.crossover)
      text += "; may cross over to " + arm.crossover->to + " on " + arm.crossover->when +
              (arm.crossover->share ? ", " + with_marks(arm.crossover->share->value.text, arm.crossover->share->of) : "");
    out += line("arm " + arm.name, text, width);
  }
  for (const Cut& cut : t.cuts)
    out += line("data cut " + cut.name,
                (cut.date.empty() ? "" : cut.date + ", ") + cut.about +
                    (cut.follow_up ? "; median follow-up " + with_marks(cut.follow_up->value.text, cut.follow_up->of) : ""),
                width);
  for (const AnalysisSet& set : t.analysis_sets)
    out +=
        line("set " + set.name, (set.n ? fmt::format("n = {}, ", *set.n) : "") + with_marks(set.definition, set.of), width);
  return out;
}

std::string rule_text(const Rule& rule) {
  std::string text = rule.variable;
  if (rule.when != "screening") text += " at " + rule.when;
  if (rule.is) text += *rule.is ? ": yes" : ": no";
  for (const auto& [sign, bound] : {std::pair{" >= ", &rule.at_least}, std::pair{" > ", &rule.above},
                                    std::pair{" <= ", &rule.at_most}, std::pair{" < ", &rule.below}})
    if (*bound) text += sign + (*bound)->text;
  return text;
}

std::string protocol_part(const Trial& t, std::size_t width) {
  const Protocol& p = t.protocol;
  std::string out = "\nEligibility\n";
  for (const Rule& rule : t.eligibility) out += wrapped(with_marks(rule_text(rule), rule.of), width, 2);
  if (t.eligibility.empty()) out += "  no rule is carried\n";
  out += "\nProtocol\n";
  for (const Drug& drug : p.lymphodepletion)
    out += line(drug.name,
                with_marks(drug.dose.text + fmt::format(" a day, {} days", drug.days) +
                               (drug.first_day ? " from " + drug.first_day->text : ""),
                           drug.of),
                width);
  out += stated("lymphodepleted", p.lymphodepleted, width) + stated("bridged", p.bridged, width);
  for (const GivenDose& dose : p.doses)
    out += line(dose.per == "kg" ? "dose per weight" : "dose",
                with_marks("median " + dose.median.text +
                               (dose.low && dose.high ? " (" + dose.low->text + " to " + dose.high->text + ")" : ""),
                           dose.of),
                width);
  out += named("CRS scale", p.crs_scale, width) + named("neurotoxicity", p.neurotoxicity_scale, width);
  out += stated("neurotoxicity window", p.neurotoxicity_window, width) +
         named("treatment algorithm", p.treatment_algorithm, width) +
         stated("tocilizumab from CRS grade", p.tocilizumab_from, width) +
         stated("tocilizumab after fever of", p.tocilizumab_fever, width);
  out += named("response criteria", p.response_criteria, width) + named("endpoints", p.endpoints, width);
  for (const Visits& visits : p.visits) {
    std::string text;
    for (const Quantity& at : visits.at) text += (text.empty() ? "" : ", ") + at.text;
    if (visits.every) text += ", then every " + visits.every->text + " to " + visits.until->text;
    out += line("visits, " + visits.what, with_marks(text, visits.of), width);
  }
  for (const Assay& assay : p.assays)
    out += line("assay " + assay.name, with_marks("limit " + assay.limit.text, assay.of), width);
  return out;
}

std::string ends_text(std::optional<double> low, std::optional<double> high, IntervalKind kind) {
  if (!low && !high) return "";
  const std::string& word = interval_words()[static_cast<std::size_t>(kind)];
  return " (" + (word.empty() ? "" : word + " ") + (low ? number_text(*low) : "not reached") + " to " +
         (high ? number_text(*high) : "not reached") + ")";
}

std::string population_part(const Trial& t) {
  Rows rows;
  for (const Baseline& b : t.population)
    rows.push_back({b.variable, b.statistic,
                    number_text(b.value) + (b.unit == "1" ? "" : " " + b.unit) + ends_text(b.low, b.high, b.interval),
                    b.denominator, b.n ? std::to_string(*b.n) : "", marks(b.of), b.of.note});
  return rows.empty() ? ""
                      : "\nPopulation\n" + table({"variable", "statistic", "value", "set", "n", "source", "note"}, rows);
}

std::string shortest(double value) { return std::isfinite(value) ? fmt::format("{:.3g}", value) : "inf"; }

std::string figures_part(const Trial& t) {
  Rows rows;
  for (const Figure& f : t.figures) {
    const Sampling s = sampling(f);
    const std::string interval =
        s.basis == Basis::Nothing ? "" : shortest(s.interval.low) + " to " + shortest(s.interval.high);
    const std::string role = f.counted() ? role_words()[static_cast<std::size_t>(f.role)] : "(" + f.overlaps + ")";
    rows.push_back({f.id, figure_text(f), value_text(f), f.n ? std::to_string(*f.n) : "", interval, role, f.cut,
                    f.source + (f.recalled ? ", recalled" : "")});
  }
  return "\nFigures\n" + table({"id", "what", "published", "n", "95 % by n", "role", "cut", "source"}, rows);
}

}  // namespace

FigureCounts count_figures(const Trial& trial) {
  FigureCounts counts;
  for (const Figure& f : trial.figures) {
    ++(!f.counted() ? counts.overlapped : f.role == Role::Calibrate ? counts.calibrate : counts.check);
    if (f.recalled) ++counts.recalled;
  }
  return counts;
}

std::string figure_text(const Figure& f) {
  std::string text = f.measure;
  if (!f.grade.empty()) text += f.grade == "any" ? " any grade" : " grade " + f.grade;
  if (f.at) text += " at " + f.at->text;
  text += ", " + statistic_words()[static_cast<std::size_t>(f.statistic)];
  if (f.per) text += fmt::format(" for {}-fold", number_text(*f.per));
  if (!f.covariate.empty()) text += " by " + f.covariate;
  std::replace(text.begin(), text.end(), '_', ' ');
  std::string who = f.group == "all" ? f.denominator : f.group + " of " + f.denominator;
  if (!f.versus.empty()) who = f.group + " against " + f.versus;
  if (!f.arm.empty()) who += " in " + f.arm + (f.against.empty() ? "" : " against " + f.against);
  if (f.dose) who += " given " + f.dose->text;
  std::replace(who.begin(), who.end(), '_', ' ');
  return text + ", " + who;
}

std::string value_text(const Figure& f) {
  const std::string unit = f.unit == "1" ? "" : " " + f.unit;
  std::string text = f.value ? number_text(*f.value) + unit : f.not_reached ? "not reached" : "";
  if (f.bound == "upper") text = "< " + text;
  if (f.bound == "lower") text = "> " + text;
  if (f.statistic == Statistic::Count && f.n) text += fmt::format(" of {}", *f.n);
  if (f.cv) text += " (CV " + number_text(*f.cv) + " %)";
  if (f.sd) text += " (SD " + number_text(*f.sd) + ")";
  text += ends_text(f.low, f.high, f.interval);
  if (!f.value && !f.not_reached) text += unit;
  return text;
}

std::string page_text(const Trial& trial, std::size_t width) {
  width = std::max<std::size_t>(width, 60);
  const FigureCounts counts = count_figures(trial);
  std::string out = wrapped(trial.name + " - " + trial.title, width, 0);
  out += wrapped(fmt::format("{}, phase {}, {} in {}; {} figures: {} to calibrate, {} to check, {} shown only, {} recalled",
                             trial.registry, trial.phase, trial.product, trial.disease, trial.figures.size(),
                             counts.calibrate, counts.check, counts.overlapped, counts.recalled),
                 width, 0);
  if (!trial.about.empty()) out += "\n" + wrapped(trial.about, width, 0);
  out += design_part(trial, width) + protocol_part(trial, width) + population_part(trial) + figures_part(trial);
  out += "\nDefinitions and notes\n";
  for (const Figure& f : trial.figures)
    out += wrapped(f.id + ": " + f.definition + (f.note.empty() ? "" : " [" + f.note + "]"), width, 2);
  out += "\nSources\n";
  for (const Source& s : trial.sources)
    out +=
        wrapped(s.key + ": " + s.cite + (s.recalled ? " [recalled, not seen]" : "") + (s.note.empty() ? "" : "; " + s.note),
                width, 2);
  return out;
}

}  // namespace carina::trial
