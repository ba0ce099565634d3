#include "figures/impl/trial_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/impl/trial.h"

namespace carina::figures::impl {
namespace {

// Where a value lies on the strip, in %; values beyond the axis lie on its edge.
double place(const StripRow& row, double value) {
  constexpr double margin = 2;
  double share = 0;
  if (row.axis > 0) {
    share = value / row.axis;
  } else if (value > 0 && row.published > 0) {
    share = (std::log10(value / row.published) + 1) / 2;
  }
  return margin + (100 - 2 * margin) * std::clamp(share, 0.0, 1.0);
}

std::string grid(const StripRow& row) {
  std::string out;
  for (int i = 0; i <= 4; ++i) {
    out += fmt::format("<line class=\"{0}\" x1=\"{1:.1f}%\" x2=\"{1:.1f}%\" y1=\"0\" y2=\"22\"/>",
                       row.axis > 0 || i != 2 ? "grid" : "axis", 2 + 24.0 * i);
  }
  return out;
}

bool inside(const StripRow& row) { return row.published >= row.low && row.published <= row.high; }

std::string mark(const StripRow& row) {
  if (std::isnan(row.published)) return {};
  const double x = place(row, row.published);
  const char* look = std::isnan(row.simulated) || inside(row) ? "in" : "out";
  if (row.tag == "check") {
    return fmt::format(
        "<svg x=\"{:.2f}%\" y=\"11\" overflow=\"visible\"><rect class=\"said {}\" x=\"-4.5\" y=\"-4.5\" width=\"9\" "
        "height=\"9\" transform=\"rotate(45)\"/></svg>",
        x, look);
  }
  return fmt::format("<circle class=\"said {}\" cx=\"{:.2f}%\" cy=\"11\" r=\"5\"/>", look, x);
}

std::string strip(const StripRow& row) {
  std::string out = "<svg class=\"plot strip\" role=\"img\"><title>" + escaped(row.what) + "</title>" + grid(row);
  if (!std::isnan(row.low)) {
    const double from = place(row, row.low), to = place(row, row.high);
    out += fmt::format("<rect class=\"predicted\" x=\"{:.2f}%\" width=\"{:.2f}%\" y=\"6\" height=\"10\" rx=\"2\"/>", from,
                       std::max(0.6, to - from));
    out +=
        fmt::format("<line class=\"mean\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"4\" y2=\"18\"/>", place(row, row.simulated));
  }
  if (!std::isnan(row.said_low) && !std::isnan(row.said_high)) {
    out += fmt::format("<line class=\"whisker\" x1=\"{:.2f}%\" x2=\"{:.2f}%\" y1=\"11\" y2=\"11\"/>",
                       place(row, row.said_low), place(row, row.said_high));
  }
  return out + mark(row) + "</svg>";
}

std::string amount(double value) { return std::isnan(value) ? "–" : number(value); }

std::string verdict(const StripRow& row) {
  if (std::isnan(row.published) || std::isnan(row.low)) return {};
  if (inside(row)) return "inside";
  return row.published < row.low ? "<b>below</b>" : "<b>above</b>";
}

}  // namespace

std::string strip_row(const StripRow& row) {
  const std::string unit = unit_text(row.unit);
  std::string what = escaped(row.what);
  if (!row.tag.empty()) what += " <span class=\"tag\">" + row.tag + "</span>";
  std::string said = amount(row.published);
  if (!std::isnan(row.published) && !unit.empty()) said += " " + escaped(unit);
  if (row.n > 0) said += fmt::format(" <span class=\"soft\">n {}</span>", row.n);
  std::string simulated = std::isnan(row.low) ? row.absent : amount(row.simulated);
  if (!std::isnan(row.low)) simulated += " <span class=\"soft\">" + amount(row.low) + " – " + amount(row.high) + "</span>";
  return "<tr>" + cell("figure", what, false) + "<td class=\"s\">" + strip(row) + "</td>" + cell("published", said) +
         cell("simulated", simulated) + "<td class=\"v" + (verdict(row).starts_with("<b>") ? "" : " inside") +
         "\" data-h=\"published is\"><span>" + verdict(row) + "</span></td></tr>";
}

std::string strip_head(const std::string& heading) {
  return (heading.empty() ? "" : "<h3>" + escaped(heading) + "</h3>") +
         "<table class=\"cards strips\"><thead><tr><th></th><th class=\"s\"></th><th class=\"n\">published</th><th "
         "class=\"n\">simulated, 90 % "
         "interval</th><th>published "
         "is</th></tr></thead><tbody>";
}

std::string strip_legend() {
  return "<div class=\"legend\">" +
         legend_entry(
             "<rect class=\"predicted\" x=\"1\" y=\"2\" width=\"24\" height=\"8\" rx=\"2\"/><line class=\"mean\" x1=\"13\" "
             "x2=\"13\" y1=\"0\" y2=\"12\"/>",
             "90 % of simulated trials, and their mean") +
         legend_entry("<circle class=\"said in\" cx=\"13\" cy=\"6\" r=\"5\"/>", "published, used for calibration") +
         legend_entry("<rect class=\"said in\" x=\"9\" y=\"2\" width=\"8\" height=\"8\" transform=\"rotate(45 13 6)\"/>",
                      "published, only predicted") +
         legend_entry(
             "<circle class=\"said out\" cx=\"7\" cy=\"6\" r=\"4.5\"/><rect class=\"said out\" x=\"15\" y=\"2\" width=\"7\" "
             "height=\"7\" transform=\"rotate(45 18.5 5.5)\"/>",
             "hollow: outside the interval") +
         legend_entry("<line class=\"whisker\" x1=\"1\" x2=\"25\" y1=\"6\" y2=\"6\"/>", "its 95 % confidence interval") +
         "</div>";
}

}  // namespace carina::figures::impl
