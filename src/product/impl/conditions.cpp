#include "product/impl/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/names.h"
#include "product/vocabulary.h"

namespace carina::product::impl {
namespace {

// What is known about one condition.
struct Known {
  Answer answer = Answer::CannotSay;
  std::string fact;     // empty when nothing is known
  std::string missing;  // key path; empty when it is decided
};

using Names = std::optional<std::vector<std::string>>;

Known open(const std::string& path) { return {Answer::CannotSay, "", path}; }

Known decided(bool holds, std::string fact) { return {holds ? Answer::Yes : Answer::No, std::move(fact), ""}; }

std::string counted(int number, const std::string& noun) {
  if (number == 0) return "no " + noun;
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string measured(double number, const std::string& noun) {
  const std::string text = fmt::format("{:.4g}", number);
  return text + " " + noun + (text == "1" ? "" : "s");
}

bool contains(const Names& names, const std::string& wanted) {
  return names && std::any_of(names->begin(), names->end(),
                              [&](const std::string& name) { return belongs(treatments(), name, wanted); });
}

// Completed years: a patient is 25 until the 26th birthday. An age of 300 months is 25 years, whatever the rounding.
double completed(double years) { return std::floor(years + 1e-9); }

Known age(const Condition& c, const Patient& p) {
  if (!p.age) return open("age");
  const bool holds = c.asks == Asks::AgeFrom ? completed(*p.age) >= c.number : completed(*p.age) <= c.number;
  return decided(holds, measured(*p.age, "year"));
}

Known flag(const Condition& c, const std::optional<bool>& value, const std::string& path, const std::string& fact) {
  if (!value) return open(path);
  return decided(*value == c.yes, (*value ? "" : "not ") + fact);
}

Known relapses(const Condition& c, const Patient& p) {
  if (!p.relapses) return open("status.relapses");
  return decided(*p.relapses >= c.number, counted(*p.relapses, "relapse"));
}

Known relapse_within(const Condition& c, const Patient& p) {
  if (p.relapses == 0) return decided(false, "no relapse");
  if (!p.relapse_after) return open("status.relapse_after");
  return decided(*p.relapse_after <= c.number,
                 "the first relapse " + measured(*p.relapse_after, "month") + " after the first line");
}

Known lines(const Condition& c, const Patient& p) {
  if (!p.lines) return open("status.lines");
  return decided(*p.lines >= c.number, counted(*p.lines, "line") + " of systemic therapy");
}

Known had(const Condition& c, const Patient& p) {
  const std::string& title = term(treatments(), c.word).title;
  if (contains(p.had, c.word) || contains(p.refractory_to, c.word)) return decided(true, "has had " + title);
  if (!p.had) return open("prior.had");
  return decided(false, "has not had " + title);
}

Known refractory_to(const Condition& c, const Patient& p) {
  const std::string& title = term(treatments(), c.word).title;
  if (contains(p.refractory_to, c.word)) return decided(true, "refractory to " + title);
  if (p.refractory_to) return decided(false, "not refractory to " + title);
  if (p.had && !contains(p.had, c.word)) return decided(false, "has not had " + title);
  return open("prior.refractory_to");
}

Known relapse_after_transplant(const Condition& c, const Patient& p) {
  if (p.relapses == 0) return decided(!c.yes, "no relapse");
  return flag(c, p.relapse_after_transplant, "prior.relapse_after_transplant", "in relapse after an allogeneic transplant");
}

Known disease(const Condition& c, const Patient& p) {
  if (!p.disease) return open("disease");
  return decided(belongs(diseases(), *p.disease, c.word), term(diseases(), *p.disease).title);
}

Known look(const Condition& c, const Patient& p) {
  switch (c.asks) {
    case Asks::AgeFrom:
    case Asks::AgeThrough: return age(c, p);
    case Asks::Refractory: return flag(c, p.refractory, "status.refractory", "refractory");
    case Asks::RefractoryToFirstLine:
      return flag(c, p.refractory_to_first_line, "status.refractory_to_first_line", "refractory to the first line");
    case Asks::Relapses: return relapses(c, p);
    case Asks::RelapseWithin: return relapse_within(c, p);
    case Asks::Lines: return lines(c, p);
    case Asks::Had: return had(c, p);
    case Asks::RefractoryTo: return refractory_to(c, p);
    case Asks::RelapseAfterTransplant: return relapse_after_transplant(c, p);
    case Asks::TransplantEligible:
      return flag(c, p.transplant_eligible, "prior.transplant_eligible", "fit for a transplant");
    case Asks::Disease: return disease(c, p);
  }
  return {};
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

}  // namespace

Finding check_rule(const Rule& rule, const Patient& patient) {
  Finding finding{Answer::No, rule.says, "", {}, rule.origin};
  std::vector<std::string> facts;
  for (const std::vector<Condition>& way : rule.ways) {
    Answer answer = Answer::Yes;
    std::vector<std::string> own, missing;
    for (const Condition& condition : way) {
      const Known known = look(condition, patient);
      answer = std::min(answer, known.answer);
      add_once(own, known.fact);
      add_once(missing, known.missing);
    }
    finding.answer = std::max(finding.answer, answer);
    if (answer == Answer::Yes) {
      facts = own;
      finding.missing.clear();
      break;
    }
    for (const std::string& fact : own) add_once(facts, fact);
    if (answer != Answer::CannotSay) continue;
    for (const std::string& path : missing) add_once(finding.missing, path);
  }
  for (const std::string& fact : facts) finding.patient += (finding.patient.empty() ? "" : ", ") + fact;
  return finding;
}

Finding check_exclusion(const Rule& rule, const Patient& patient) {
  Finding finding = check_rule(rule, patient);
  if (finding.answer == Answer::No) finding.patient.clear();
  finding.answer = finding.answer == Answer::Yes ? Answer::No : finding.answer == Answer::No ? Answer::Yes : finding.answer;
  return finding;
}

}  // namespace carina::product::impl
