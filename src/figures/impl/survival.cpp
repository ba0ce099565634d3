#include "figures/impl/survival.h"

#include <fmt/format.h>

#include <cmath>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/plot.h"

namespace carina::figures::impl {
namespace {

std::string range_text(double low, double high) {
  if (std::isnan(low) && std::isnan(high)) return {};
  return ", 95 % interval " + number(low) + " to " + (std::isnan(high) ? "not reached" : number(high));
}

// A curve of many individuals has more steps than a picture has points: those that would share one are left out.
Plot plot_of(const Result& r, const EventRow& row, const stats::SurvivalCurve& curve) {
  constexpr double points = 1000;
  Plot plot;
  plot.title = "individuals without " + row.endpoint;
  plot.y_label = "without the event";
  plot.x_label = "time, " + r.time_unit;
  plot.x_low = r.times.empty() ? 0 : r.times.front();
  if (!curve.steps.empty()) plot.x_low = std::min(plot.x_low, curve.steps.front().time);
  plot.x_high = row.until;
  plot.steps = plot.share = true;
  plot.height = 340;
  Band band{"95 % interval", {1}, {1}};
  plot.x = {plot.x_low};
  plot.line = {1};
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const stats::SurvivalStep& step = curve.steps[i];
    const bool last = i + 1 == curve.steps.size();
    if (!last && curve.steps[i + 1].time - plot.x.back() < (plot.x_high - plot.x_low) / points) continue;
    plot.x.push_back(step.time);
    plot.line.push_back(step.survival);
    band.low.push_back(step.interval.low);
    band.high.push_back(step.interval.high);
  }
  // the curve holds until follow-up ends, where the last visit lies before it too
  if (plot.x.back() < plot.x_high) {
    plot.x.push_back(plot.x_high);
    for (std::vector<double>* values : {&plot.line, &band.low, &band.high}) values->push_back(values->back());
  }
  plot.bands.push_back(std::move(band));
  plot.foot.label = "at risk";
  for (const double mark : time_marks(plot)) {
    plot.foot.x.push_back(mark);
    plot.foot.texts.push_back(number(static_cast<double>(curve.at_risk(mark)), 12));
  }
  return plot;
}

std::string table_row(const EventRow& row) {
  const std::string unit = unit_text(row.unit);
  const std::string median = std::isnan(row.median) ? "not reached" : number(row.median) + " " + escaped(unit);
  const std::string without = number(100 * row.survival) + " %";
  return "<tr>" + cell("endpoint", escaped(row.endpoint), false) +
         cell("events",
              fmt::format("{} of {}", number(static_cast<double>(row.events), 12), number(static_cast<double>(row.n), 12))) +
         cell("median", median + range_text(row.median_low, row.median_high)) +
         cell("without the event at " + number(row.until) + " " + unit,
              without + range_text(100 * row.low, 100 * row.high)) +
         cell("what it is", escaped(row.about) + ", on " + escaped(row.on), false) + "</tr>";
}

}  // namespace

std::string survival_section(const Result& r, const record::Recording& recording) {
  if (r.events.empty()) return {};
  std::string figures, rows;
  for (const EventRow& row : r.events) {
    rows += table_row(row);
    if (row.n == 0) continue;
    const Plot plot = plot_of(r, row, survival_curve(recording, row.endpoint));
    figures += "<figure><figcaption>" + escaped(plot.title) + "</figcaption>" + plot_svg(plot) + "</figure>";
  }
  return "<h2>Time to event</h2><div class=\"legend\"><span><svg class=\"plot\" viewBox=\"0 0 26 12\"><path "
         "class=\"median\" "
         "d=\"M1,6H25\"/></svg>share without the event (Kaplan and Meier)</span><span><svg class=\"plot\" viewBox=\"0 0 26 "
         "12\"><path class=\"band band0\" d=\"M1,1H25V11H1Z\"/></svg>95 % interval</span></div><div class=\"panels\">" +
         figures +
         "</div><table class=\"cards\"><thead><tr><th>endpoint</th><th class=\"n\">events</th><th class=\"n\">median</th>"
         "<th class=\"n\">without the event at the end</th><th>what it is</th></tr></thead><tbody>" +
         rows + "</tbody></table>";
}

}  // namespace carina::figures::impl
