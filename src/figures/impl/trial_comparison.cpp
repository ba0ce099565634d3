#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/impl/trial.h"
#include "figures/impl/trial_rows.h"

namespace carina::figures::impl {
namespace {

using record::Table;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Subject {
  const char* word;
  const char* heading;
};
constexpr std::array<Subject, 10> subjects = {{{"attrition", "Attrition, waiting and dose"},
                                               {"response", "Response"},
                                               {"survival", "Survival"},
                                               {"relapse", "Relapse"},
                                               {"CRS", "Cytokine release"},
                                               {"neurotoxicity", "Neurotoxicity"},
                                               {"treatment", "Treatment"},
                                               {"kinetics", "Kinetics"},
                                               {"blood", "Blood"},
                                               {"other", "Other"}}};

bool flag(const Table& table, const char* column, std::size_t i) {
  return std::get<std::vector<std::uint8_t>>(table.column(column).values)[i] != 0;
}

// What the definition does not say itself.
void add_unsaid(std::string& what, const std::string& more) {
  if (what.find(more) == std::string::npos) what += ", " + more;
}

// Linear where the unit bounds the number, otherwise multiples of the published value.
double axis_of(const std::string& unit, double published, double high) {
  if (unit == "%" && published <= 100 && !(high > 100)) return 100;
  return published > 0 ? 0 : std::max(1.0, high);
}

StripRow row_of(const Table& comparison, const Table& figures, std::size_t i) {
  StripRow row;
  row.what = figures.column("definition").texts()[i];
  if (figures.column("statistic").texts()[i] == "cv") row.what += "; coefficient of variation";
  const double at = figures.column("at").doubles()[i];
  if (!std::isnan(at)) add_unsaid(row.what, at < 60 ? "day " + number(at) : "month " + number(at / 30.4375, 2));
  const std::string& grade = figures.column("grade").texts()[i];
  if (!grade.empty() && row.what.find("grade") == std::string::npos)
    row.what += grade == "any" ? ", any grade" : ", grade " + grade;
  row.tag = comparison.column("role").texts()[i] == "calibrate" ? "fit" : "check";
  row.unit = comparison.column("unit").texts()[i];
  row.published = comparison.column("published").doubles()[i];
  const bool interval = figures.column("interval").texts()[i] == "95 % CI";
  row.said_low = interval ? figures.column("low").doubles()[i] : nan;
  row.said_high = interval ? figures.column("high").doubles()[i] : nan;
  row.simulated = comparison.column("simulated").doubles()[i];
  row.low = comparison.column("low").doubles()[i];
  row.high = comparison.column("high").doubles()[i];
  const bool time = figures.column("subject").texts()[i] == "survival" && figures.column("statistic").texts()[i] == "median";
  row.absent = time ? "not reached" : "in no trial";
  row.n = comparison.column("n").integers()[i];
  row.axis = axis_of(row.unit, row.published, row.high);
  return row;
}

std::string in_words(const Tally& tally) { return fmt::format("<b>{} of {}</b>", tally.inside, tally.of); }

std::string sources(const Table& figures) {
  std::vector<std::string> seen;
  std::string out;
  for (const std::string& source : figures.column("source").texts()) {
    if (std::find(seen.begin(), seen.end(), source) != seen.end()) continue;
    seen.push_back(source);
    out += escaped(source) + "<br>";
  }
  return "<details><summary>Where the published figures stand</summary><p class=\"small\">" + out + "</p></details>";
}

}  // namespace

Tally tally(const Table& comparison, const std::string& role) {
  Tally tally;
  for (std::size_t i = 0; i < comparison.rows(); ++i) {
    if (comparison.column("role").texts()[i] != role || !flag(comparison, "counted", i)) continue;
    ++tally.of;
    tally.inside += flag(comparison, "inside", i) ? 1 : 0;
  }
  return tally;
}

std::string comparison_section(const record::Recording& recording) {
  if (!recording.has("comparison")) return {};
  const Table comparison = recording.read("comparison"), figures = recording.read("figures");
  std::string out =
      "<h2>Published beside simulated</h2><p>Of the figures that may be used for calibration, " +
      in_words(tally(comparison, "calibrate")) +
      " lie inside the 90 % prediction interval of simulated trials (agreement is fit, not validation); of those "
      "that are only predicted, " +
      in_words(tally(comparison, "check")) +
      ". Shares are drawn from 0 to 100 %; other numbers as multiples of the published value, from a tenth to "
      "ten times it, with 1 in the middle.</p>" +
      strip_legend();
  for (const bool counted : {true, false}) {
    std::string part;
    for (const Subject& subject : subjects) {
      std::string rows;
      for (std::size_t i = 0; i < comparison.rows(); ++i) {
        if (figures.column("subject").texts()[i] != subject.word || flag(comparison, "counted", i) != counted) continue;
        rows += strip_row(row_of(comparison, figures, i));
      }
      if (!rows.empty()) part += strip_head(subject.heading) + rows + "</tbody></table>";
    }
    if (part.empty()) continue;
    out += counted ? part
                   : "<details><summary>Figures of the same patients as another one, not counted</summary>" + part +
                         "</details>";
  }
  return out + sources(figures);
}

std::string attrition_section(const record::Recording& recording) {
  if (!recording.has("attrition")) return {};
  const Table table = recording.read("attrition");
  if (table.rows() == 0) return {};
  std::string rows;
  const double all = table.column("simulated").doubles().front();
  for (std::size_t i = 0; i < table.rows(); ++i) {
    StripRow row;
    const bool lost = table.column("kind").texts()[i] == "lost";
    row.what = (lost ? "↳ " : "") + table.column("step").texts()[i];
    row.unit = "1";
    row.published = table.column("published").doubles()[i];
    row.said_low = row.said_high = nan;
    row.simulated = table.column("simulated").doubles()[i];
    row.low = table.column("low").doubles()[i];
    row.high = table.column("high").doubles()[i];
    row.axis = all;
    if (lost && row.high == 0 && !(row.published > 0)) continue;  // nobody leaves so
    rows += strip_row(row);
  }
  return "<h2>Attrition</h2><p>Patients of one trial, from enrolment to response; what is lost on the way is set in.</p>" +
         strip_head("") + rows + "</tbody></table>";
}

}  // namespace carina::figures::impl
