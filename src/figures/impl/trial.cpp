#include "figures/impl/trial.h"

#include <fmt/format.h>

#include <cmath>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"

namespace carina::figures::impl {
namespace {

using record::Table;

// Patterns, once in the page: what colour says, they say too.
std::string patterns() {
  return "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>"
         "<pattern id=\"hatch\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><rect "
         "width=\"4\" height=\"4\" style=\"fill:var(--series);fill-opacity:.25\"/><rect width=\"1.8\" height=\"4\" "
         "style=\"fill:var(--series)\"/></pattern><pattern id=\"dots\" width=\"4\" height=\"4\" "
         "patternUnits=\"userSpaceOnUse\"><rect width=\"4\" height=\"4\" "
         "style=\"fill:var(--mark);fill-opacity:.25\"/><circle "
         "cx=\"2\" cy=\"2\" r=\"1.1\" style=\"fill:var(--mark)\"/></pattern></defs></svg>";
}

std::string curve_lines(const record::Recording& recording) {
  const Table table = recording.read("curves");
  const std::size_t points = table.points();
  std::string out =
      fmt::format("\n  {:<26} {:>24} {:>24} {:>24}\n", "% (90 % of trials), at risk", "3 months", "6 months", "12 months");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::string name = table.column("curve").texts()[row];
    std::string line = fmt::format("  {:<26}", name);
    for (const std::size_t day : {91U, 183U, 365U}) {
      const std::size_t at = row * points + day;
      const bool there = day < points && !std::isnan(table.column("share").doubles()[at]);
      const auto percent = [&](const char* column) { return number(100 * table.column(column).doubles()[at]); };
      line += fmt::format(" {:>24}", there ? percent("share") + " (" + percent("low") + " to " + percent("high") + "), " +
                                                 fmt::format("{:.0f}", table.column("at_risk").doubles()[at])
                                           : "–");
    }
    out += line + "\n";
  }
  return out;
}

std::string attrition_lines(const record::Recording& recording) {
  const Table table = recording.read("attrition");
  std::string out =
      fmt::format("\n  {:<26} {:>10} {:>10} {:>16}\n", "patients of one trial", "published", "simulated", "90 % of trials");
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const double published = table.column("published").doubles()[i], high = table.column("high").doubles()[i];
    if (high == 0 && std::isnan(published)) continue;
    const bool lost = table.column("kind").texts()[i] == "lost";
    out += fmt::format("  {:<26} {:>10} {:>10} {:>16}\n", (lost ? "  - " : "") + table.column("step").texts()[i],
                       std::isnan(published) ? "" : number(published), number(table.column("simulated").doubles()[i]),
                       number(table.column("low").doubles()[i]) + " to " + number(high));
  }
  return out;
}

std::string fitted_in_words(const Result& r) {
  const std::string fits = r.text("fits"), set = r.text("set");
  std::string out = fits.empty() ? "nothing" : "by " + fits + " (parameters at the end of the page)";
  if (r.text("fits_taken") == "draws") out += "; each simulated trial takes one draw of the joint posterior";
  if (r.text("fits_taken") == "medians") out += "; every simulated trial takes the posterior medians";
  out = escaped(out);
  if (!set.empty()) out += "; set for this run: <code>" + escaped(set) + "</code>";
  return out + ". Every " + (fits.empty() && set.empty() ? "" : "other ") +
         "parameter has the value of the model's and the product's file, with its source or reason.";
}

// What the published figures made of the priors.
std::string fitted_section(const record::Recording& recording) {
  if (!recording.has("fitted")) return {};
  const Table table = recording.read("fitted");
  const auto text = [&](const char* column, std::size_t i) { return escaped(table.column(column).texts()[i]); };
  const auto value = [&](const char* column, std::size_t i) { return number(table.column(column).doubles()[i]); };
  std::string out =
      "<h2>Fitted parameters</h2><p>Ranges hold 90 %. Contraction is what the published figures took off the prior: 0 "
      "nothing, "
      "1 all of it.</p><table class=\"cards\"><thead><tr><th>parameter</th><th>fitted for</th><th class=\"n\">prior</th><th "
      "class=\"n\">posterior median</th><th class=\"n\">posterior</th><th class=\"n\">contraction</th></tr></thead><tbody>";
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const std::string unit = text("unit", i) == "1" ? "" : ", " + text("unit", i), of = text("of", i);
    out += "<tr>" + cell("parameter", text("parameter", i) + unit, false) +
           cell("fitted for", of.empty() ? "every trial" : of, false) +
           cell("prior", value("prior_low", i) + " to " + value("prior_high", i)) +
           cell("posterior median", value("median", i)) + cell("posterior", value("low", i) + " to " + value("high", i)) +
           cell("contraction", value("contraction", i)) + "</tr>";
  }
  return out + "</tbody></table>";
}

}  // namespace

bool is_trial(const record::Recording& recording) { return recording.has("replicates") && recording.has("figures"); }

std::string legend_entry(const std::string& marks, const std::string& text) {
  return "<span><svg class=\"plot\" viewBox=\"0 0 26 12\">" + marks + "</svg>" + escaped(text) + "</span>";
}

std::string figure_of(const std::string& caption, const std::string& drawing, const std::string& foot) {
  return "<figure><figcaption>" + escaped(caption) + "</figcaption>" + drawing +
         (foot.empty() ? "" : "<p class=\"soft small\">" + escaped(foot) + "</p>") + "</figure>";
}

std::string trial_style() {
  std::string out =
      "svg.strip{width:100%;height:22px;overflow:visible}.strip .predicted,.legend "
      ".predicted{fill:var(--series);fill-opacity:.28}"
      ".mean{stroke:var(--series);stroke-width:2.5}.said{stroke:var(--mark);stroke-width:2}.said.in{fill:var(--mark)}"
      ".said.out{fill:var(--paper)}.whisker{stroke:var(--mark)}"
      ".strips{table-layout:fixed;margin:0 0 1.1rem}.strips th:nth-child(1){width:36%}.strips th:nth-child(2){width:28%}"
      ".strips th:nth-child(3){width:13%}.strips th:nth-child(4){width:15%}.strips td,.strips th{padding-right:.5rem}"
      ".tag{font-size:.72rem;border:1px solid var(--rule);border-radius:.6rem;padding:0 "
      ".4rem;color:var(--soft);white-space:nowrap}"
      ".plot .event{stroke:var(--ink);stroke-width:1.6;fill:none}.plot .event.solid{fill:var(--ink)}"
      ".plot .event.hollow{fill:var(--paper)}.plot .event.faint{fill:var(--paper);stroke-dasharray:1.5 1.5}"
      ".r-cr{fill:var(--series)}.r-cri{fill:url(#hatch)}.r-pr{fill:var(--series);fill-opacity:.35}.r-lost{fill:url(#dots)}"
      ".r-none{fill:var(--soft);fill-opacity:.45}";
  const char* opacity[] = {".2", ".38", ".6", ".8", "1"};
  for (int grade = 1; grade <= 5; ++grade)
    out += fmt::format(".plot .grade{}{{fill:var(--mark);fill-opacity:{};stroke:var(--paper);stroke-width:.7}}", grade,
                       opacity[grade - 1]);
  return out +
         "@media(max-width:40rem){.strips td.s{display:block;padding:.25rem 0}.strips td.s::before{content:none}"
         ".strips td:first-child{display:block}.strips td.v.inside{display:none}}"
         "h3{font-size:1rem;margin:1.2rem 0 .1rem}";
}

std::string trial_facts(const Result& r, const record::Recording& recording) {
  std::string out = "<ul class=\"facts\">";
  const auto add = [&](const std::string& value, const std::string& what) {
    if (!value.empty()) out += "<li><b>" + escaped(value) + "</b> " + escaped(what) + "</li>";
  };
  add(r.text("registry"), "trial");
  add(r.text("product"), "");
  add(number(static_cast<double>(recording.rows("replicates")), 12), "simulated trials");
  add(r.text("enrolled"), "enrolled in each");
  add(r.text("model"), "model");
  add(std::to_string(r.plan.seed), "seed");
  add(r.plan.version, "carina");
  out += "</ul>";
  return out + "<p class=\"small\"><b>Fitted:</b> " + fitted_in_words(r) +
         " Design, attrition, waiting, assays and endpoint definitions are the trial's own.</p>";
}

std::string trial_sections(const Result& r, const record::Recording& recording) {
  return patterns() + comparison_section(recording) + attrition_section(recording) + curves_section(recording) +
         courses_section(r, recording) + patients_section(r, recording) + fitted_section(recording);
}

std::string trial_text(const Result& r, const record::Recording& recording) {
  std::string out = fmt::format("  trial {} ({}), {}: {} simulated trials of {} enrolled\n", r.text("trial"),
                                r.text("registry"), r.text("product"), recording.rows("replicates"), r.text("enrolled"));
  if (!r.text("set").empty()) out += "  set: " + r.text("set") + "\n";
  if (!recording.has("comparison") || recording.rows("replicates") == 0) return out;
  const Table comparison = recording.read("comparison");
  const Tally fit = tally(comparison, "calibrate"), check = tally(comparison, "check");
  out += fmt::format("\n  inside the 90 % prediction interval: {} of {} figures for calibration, {} of {} only predicted\n",
                     fit.inside, fit.of, check.inside, check.of);
  return out + attrition_lines(recording) + curve_lines(recording);
}

}  // namespace carina::figures::impl
