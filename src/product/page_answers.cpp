// The answers about a patient and a dose, as text.
#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "product/impl/phrases.h"
#include "product/page.h"
#include "product/vocabulary.h"

namespace carina::product {
namespace {

using namespace impl;

std::string missing_text(const Finding& finding) {
  if (finding.missing.empty()) return {};
  return joined(finding.missing) + (finding.missing.size() == 1 ? " is missing" : " are missing");
}

std::string finding_text(const Finding& finding, const Origin* shown, const Product& product) {
  std::string rule = finding.rule;
  std::vector<std::string> known;
  if (!finding.patient.empty()) known.push_back(finding.patient);
  if (const std::string missing = missing_text(finding); !missing.empty()) known.push_back(missing);
  for (std::size_t i = 0; i < known.size(); ++i) rule += (i == 0 ? ": " : "; ") + known[i];
  std::string text = wrapped(fmt::format("    {:<10}  ", answer_text(finding.answer)), rule + mark(finding.origin));
  const bool other =
      shown == nullptr || shown->source != finding.origin.source || shown->recalled != finding.origin.recalled;
  if (!other || finding.origin.source.empty()) return text;
  return text + wrapped("                source: ", origin_text(product, finding.origin));
}

std::string before_text(const ProductFinding& found) {
  std::vector<std::string> waits, open;
  for (const Finding& finding : found.before_infusion) {
    if (finding.answer == Answer::No) waits.push_back(finding.rule + mark(finding.origin));
    if (finding.answer != Answer::No)
      open.push_back(finding.rule + " (" + finding.missing.front() + ")" + mark(finding.origin));
  }
  std::string out;
  if (!waits.empty()) out += wrapped("  the infusion waits for the end of: ", joined(waits));
  if (!open.empty()) out += wrapped("  to be asked before the infusion: ", joined(open));
  return out;
}

std::string label_name(const ProductFinding& found, const Eligibility& result) {
  if (!found.label) return fmt::format("{} on {}", result.region, date_text(result.date));
  const Version& version = *found.label->version;
  return fmt::format("{} label {} in force on {}{}", result.region, version.name, date_text(result.date),
                     mark(version.origin));
}

std::string product_text(const ProductFinding& found, const Eligibility& result) {
  const Product& product = *found.product;
  std::string out = fmt::format("{}: {}, {}\n", answer_text(found.answer), both_names(product), label_name(found, result));
  for (const Finding& finding : found.others) out += finding_text(finding, nullptr, product);
  for (const IndicationFinding& indication : found.indications) {
    // once one fits, the others add nothing
    if (found.answer == Answer::Yes && indication.answer != Answer::Yes) continue;
    const Origin& origin = indication.indication->entry.origin;
    out += wrapped(
        "  " + indication.indication->name + ": ",
        indication.indication->says + (indication.indication->accelerated ? " (accelerated approval)" : "") + mark(origin));
    for (const Finding& finding : indication.findings) out += finding_text(finding, &origin, product);
    out += wrapped("    source: ", origin_text(product, origin));
  }
  return out + before_text(found);
}

std::string trial_text(const Eligibility& result, const Patient& patient) {
  if (result.answer != Answer::No || !patient.disease) return {};
  if (!result.elsewhere.empty()) {
    return fmt::format("{} of {}.\n",
                       result.elsewhere.size() == 1 ? "The label that fits is that" : "Labels that fit are those",
                       joined(result.elsewhere));
  }
  const std::string& title = term(diseases(), *patient.disease).title;
  if (!result.labelled) {
    return fmt::format("No CAR T product was labelled for {} on {} ({}): the way to one is a clinical trial.\n", title,
                       date_text(result.date), result.region);
  }
  return fmt::format("No label fits this patient on {} ({}): the way to a CAR T product is a clinical trial.\n",
                     date_text(result.date), result.region);
}

std::string handling_text(const DoseAnswer& answer, const DoseQuestion& question) {
  std::string out;
  for (const Lymphodepletion* regimen : answer.lymphodepletions)
    out += wrapped("lymphodepletion: ", regimen_phrase(*regimen));
  if (answer.may_omit) {
    out += wrapped("                 ", "white cells are " + number_text(*question.patient.white_cells) +
                                            " per litre: it may be left out if they are so within that time");
  }
  for (const Window* window : answer.windows) out += "infusion: " + window_phrase(*window) + "\n";
  return out;
}

std::string amount_text(const DoseAnswer& answer, const DoseQuestion& question) {
  const Product& product = *answer.product;
  const Dose& rule = *answer.rule;
  const std::string marked = mark(rule.entry.origin);
  std::string out = "dose: " + millions(answer.low, answer.high) + " " + product.cells + marked;
  if (rule.per_kg) {
    out += fmt::format(" for {:.4g} kg", *question.patient.weight);
    if (!product.weight_at.empty()) out += " at " + product.weight_at;
  }
  out += answer.capped ? " (the most that is allowed)\n" : "\n";
  if (rule.parts.empty()) {
    out += wrapped("  rule: ", dose_phrase(product, rule));
  } else {
    out += wrapped("  split: ", parts_phrase(rule) + marked);
    out += wrapped("  rule: ", band_phrase(rule) + marked);
  }
  for (const DosePart& part : rule.parts) {
    if (!part.bags.empty()) out += wrapped(fmt::format("  bags of day {:.0f}: ", part.day), part.bags + marked);
  }
  for (const std::string& later : rule.later_parts) out += wrapped("  ", later + marked);
  return out + wrapped("  source: ", origin_text(product, rule.entry.origin));
}

}  // namespace

std::string eligibility_text(const Eligibility& result, const Patient& patient) {
  std::string out;
  if (!patient.title.empty()) out += patient.title + "\n\n";
  if (result.products.size() > 1) {
    const auto fits = std::count_if(result.products.begin(), result.products.end(),
                                    [](const ProductFinding& found) { return found.answer == Answer::Yes; });
    out += fmt::format("{} of {} labels {}\n\n", fits, result.products.size(), fits == 1 ? "fits" : "fit");
  }
  for (const ProductFinding& found : result.products) out += product_text(found, result) + "\n";
  return out + trial_text(result, patient) + who_decides + "\n";
}

std::string dose_text(const DoseAnswer& answer, const DoseQuestion& question) {
  const Product& product = *answer.product;
  std::string out = both_names(product);
  if (answer.indication != nullptr) out += " for " + answer.indication->name + mark(answer.indication->entry.origin);
  if (answer.label) {
    out += fmt::format(", {} label {} in force on {}{}", question.region, answer.label->version->name,
                       date_text(question.date), mark(answer.label->version->origin));
  }
  out += "\n";
  if (!answer.allowed) {
    out += "no labelled dose:\n";
    for (const Finding& finding : answer.against) out += finding_text(finding, nullptr, product);
  } else {
    out += amount_text(answer, question) + handling_text(answer, question);
  }
  return out + who_decides + "\n";
}

}  // namespace carina::product
