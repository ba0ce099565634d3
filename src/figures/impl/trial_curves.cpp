#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/impl/trial.h"
#include "figures/plot.h"

namespace carina::figures::impl {
namespace {

using record::Table;
using Doubles = std::vector<double>;

constexpr double month = 30.4375;  // days

struct Curves {
  Table table;
  Doubles months;

  std::ptrdiff_t find(const std::string& name) const {
    const auto& names = table.column("curve").texts();
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : found - names.begin();
  }
  Doubles values(const char* column, std::ptrdiff_t row) const {
    const auto points = static_cast<std::ptrdiff_t>(months.size());
    const auto from = table.column(column).doubles().begin() + row * points;
    return {from, from + points};
  }
};

Curves read_curves(const record::Recording& recording) {
  Curves curves{recording.read("curves"), {}};
  for (const double day : curves.table.coordinates.front().doubles()) curves.months.push_back(day / month);
  return curves;
}

void add_landmarks(const Table& figures, const std::string& curve, Plot& plot) {
  for (std::size_t i = 0; i < figures.rows(); ++i) {
    if (figures.column("measure").texts()[i] != curve || figures.column("statistic").texts()[i] != "survival") continue;
    const double scale = figures.column("unit").texts()[i] == "%" ? 0.01 : 1;
    plot.points.push_back({figures.column("at").doubles()[i] / month, scale * figures.column("value").doubles()[i],
                           scale * figures.column("low").doubles()[i], scale * figures.column("high").doubles()[i],
                           figures.column("definition").texts()[i] + ", " + figures.column("source").texts()[i],
                           figures.column("role").texts()[i] != "calibrate"});
  }
  std::stable_partition(plot.points.begin(), plot.points.end(), [](const PlotPoint& point) { return point.hollow; });
}

// Where the curve ends: the last time with a share.
double last_month(const Curves& curves, const Doubles& share) {
  for (std::size_t i = share.size(); i-- > 0;) {
    if (!std::isnan(share[i])) return curves.months[i];
  }
  return 0;
}

void add_foot(const Curves& curves, const Doubles& at_risk, Plot& plot) {
  plot.foot.label = "at risk in one trial";
  for (const double mark : time_marks(plot)) {
    const auto at = std::lower_bound(curves.months.begin(), curves.months.end(), mark - 1e-9);
    if (at == curves.months.end()) continue;
    plot.foot.x.push_back(mark);
    plot.foot.texts.push_back(fmt::format("{:.0f}", at_risk[static_cast<std::size_t>(at - curves.months.begin())]));
  }
}

Plot plot_of(const Curves& curves, std::ptrdiff_t row, const std::string& title) {
  Plot plot;
  plot.title = title;
  plot.y_label = curves.table.column("about").texts()[static_cast<std::size_t>(row)];
  plot.y_label = plot.y_label.substr(0, plot.y_label.find(", since"));
  const std::string of = curves.table.column("of").texts()[static_cast<std::size_t>(row)];
  const std::string about = curves.table.column("about").texts()[static_cast<std::size_t>(row)];
  plot.x_label = "months " + about.substr(about.find("since")) + (of == "responders" ? ", responders" : "");
  plot.x = curves.months;
  plot.line = curves.values("share", row);
  plot.bands = {{"", curves.values("low", row), curves.values("high", row)}};
  plot.x_high = last_month(curves, plot.line);
  plot.x_step = plot.x_high > 36 ? 12 : plot.x_high > 8 ? 3 : 1;
  plot.steps = plot.share = true;
  plot.height = 340;
  return plot;
}

struct Shown {
  const char* curve;
  const char* title;
};
constexpr std::array<Shown, 6> shown = {{{"overall_survival", "Overall survival"},
                                         {"event_free_survival", "Event-free survival"},
                                         {"progression_free_survival", "Progression-free survival"},
                                         {"relapse_free_survival", "Relapse-free survival"},
                                         {"duration_of_response", "Duration of response"},
                                         {"b_cell_aplasia", "B-cell aplasia"}}};

// A disease has event-free and relapse-free survival, or progression-free survival and duration of response.
bool belongs(const std::string& curve, bool leukaemia) {
  if (curve == "event_free_survival" || curve == "relapse_free_survival") return leukaemia;
  if (curve == "progression_free_survival" || curve == "duration_of_response") return !leukaemia;
  return true;
}

std::string relapse_figure(const Curves& curves) {
  const std::ptrdiff_t negative = curves.find("antigen_negative_relapse"),
                       positive = curves.find("antigen_positive_relapse");
  if (negative < 0 || positive < 0) return {};
  Plot plot = plot_of(curves, negative, "Relapse by antigen");
  plot.y_label = "relapsed, cumulative incidence";
  plot.bands.push_back({"", curves.values("low", positive), curves.values("high", positive), "bandother"});
  plot.others = {{"antigen-positive", curves.values("share", positive)}};
  if (const std::ptrdiff_t unknown = curves.find("antigen_unknown_relapse"); unknown >= 0)
    plot.others.push_back({"antigen unknown", curves.values("share", unknown)});
  add_foot(curves, curves.values("at_risk", negative), plot);
  const std::string legend = "<div class=\"legend\">" +
                             legend_entry("<path class=\"median\" d=\"M1,6H25\"/>", "antigen-negative") +
                             legend_entry("<path class=\"median other0\" d=\"M1,6H25\"/>", "antigen-positive") +
                             legend_entry("<path class=\"median other1\" d=\"M1,6H25\"/>", "unknown") + "</div>";
  return "<figure><figcaption>Relapse by antigen, death competing</figcaption>" + plot_svg(plot) + legend + "</figure>";
}

// Survival and B-cell aplasia, with the published landmarks.
std::vector<Plot> all_plots(const record::Recording& recording) {
  const Curves curves = read_curves(recording);
  const Table figures = recording.read("figures"), run = recording.read("run");
  const auto& values = run.column("value").texts();
  const bool leukaemia = std::find(values.begin(), values.end(), "B-ALL") != values.end();
  std::vector<Plot> plots;
  for (const Shown& s : shown) {
    const std::ptrdiff_t row = curves.find(s.curve);
    if (row < 0 || !belongs(s.curve, leukaemia)) continue;
    Plot plot = plot_of(curves, row, s.title);
    add_landmarks(figures, s.curve, plot);
    for (const PlotPoint& point : plot.points) plot.x_high = std::max(plot.x_high, std::min(point.x + 0.5, 61.0));
    add_foot(curves, curves.values("at_risk", row), plot);
    plots.push_back(std::move(plot));
  }
  return plots;
}

}  // namespace

std::vector<Plot> curve_plots(const record::Recording& recording) {
  if (!recording.has("curves")) return {};
  std::vector<Plot> plots = all_plots(recording);
  plots.resize(std::min<std::size_t>(plots.size(), 2));
  for (Plot& plot : plots) plot.y_label = plot.title;
  return plots;
}

std::string curves_section(const record::Recording& recording) {
  if (!recording.has("curves")) return {};
  std::string out;
  for (const Plot& plot : all_plots(recording)) out += figure_of(plot.title, plot_svg(plot));
  if (out.empty()) return {};
  return "<h2>Time to event</h2><div class=\"legend\">" +
         legend_entry("<path class=\"median\" d=\"M1,6H25\"/>", "patients of all simulated trials (Kaplan and Meier)") +
         legend_entry("<path class=\"band band0\" d=\"M1,1H25V11H1Z\"/>", "5 to 95 % of single trials' curves") +
         legend_entry(
             "<g class=\"point\"><path class=\"whisker\" d=\"M13,0V12\"/><circle cx=\"13\" cy=\"6\" r=\"4.5\"/></g>",
             "published, with its interval; for calibration") +
         legend_entry("<g class=\"point hollow\"><circle cx=\"13\" cy=\"6\" r=\"4.5\"/></g>",
                      "published, only predicted or the same patients later") +
         "</div><div class=\"panels\">" + out + relapse_figure(read_curves(recording)) + "</div>" +
         "<p class=\"soft small\">Curves end where fewer than half of the simulated trials follow anybody still. At risk: "
         "mean "
         "over the trials.</p>";
}

}  // namespace carina::figures::impl
