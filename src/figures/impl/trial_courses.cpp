#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/impl/trial.h"
#include "figures/plot.h"

namespace carina::figures::impl {
namespace {

using record::Table;
using Doubles = std::vector<double>;

// The quantiles of `course_bands` of one group.
struct Bands {
  const Table& table;
  const Doubles& days;

  Doubles quantile(const std::string& column, const std::string& group, double p) const {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      if (table.column("group").texts()[row] != group || table.column("probability").doubles()[row] != p) continue;
      const auto from = table.column(column).doubles().begin() + static_cast<std::ptrdiff_t>(row * days.size());
      return {from, from + static_cast<std::ptrdiff_t>(days.size())};
    }
    return {};
  }
};

Plot base_plot(const Bands& bands, const std::string& column, const std::string& title, double until) {
  Plot plot;
  plot.title = title;
  const std::string unit = unit_text(bands.table.column(column).unit);
  plot.y_label = bands.table.column(column).about + (unit.empty() ? "" : ", " + (unit == "degC" ? "°C" : unit));
  plot.x_label = "days since infusion";
  plot.x = bands.days;
  plot.x_high = until;
  if (until > 100) plot.x_step = 90;
  return plot;
}

// Median and 90 % band of everybody.
Plot everybody(const Bands& bands, const std::string& column, const std::string& title, double until) {
  Plot plot = base_plot(bands, column, title, until);
  plot.bands = {{"", bands.quantile(column, "all", 0.05), bands.quantile(column, "all", 0.95)},
                {"", bands.quantile(column, "all", 0.25), bands.quantile(column, "all", 0.75)}};
  plot.line = bands.quantile(column, "all", 0.5);
  return plot;
}

// Responders with everybody else beside them.
Plot by_response(const Bands& bands, const std::string& column, const std::string& title, double until) {
  Plot plot = base_plot(bands, column, title, until);
  plot.bands = {
      {"", bands.quantile(column, "non_responders", 0.05), bands.quantile(column, "non_responders", 0.95), "bandother"},
      {"", bands.quantile(column, "responders", 0.05), bands.quantile(column, "responders", 0.95), "band0"}};
  plot.line = bands.quantile(column, "responders", 0.5);
  plot.others = {{"non-responders", bands.quantile(column, "non_responders", 0.5)}};
  plot.log_y = true;
  return plot;
}

double published(const Table& figures, const std::string& measure, const std::string& group, const char* column) {
  for (std::size_t i = 0; i < figures.rows(); ++i) {
    if (figures.column("measure").texts()[i] != measure || figures.column("group").texts()[i] != group) continue;
    const std::string statistic = figures.column("statistic").texts()[i];
    if (statistic == "geometric_mean" || statistic == "median") return figures.column(column).doubles()[i];
  }
  return std::nan("");
}

void add_peaks(const Table& figures, Plot& plot) {
  for (const char* group : {"responders", "non_responders"}) {
    const double peak = published(figures, "cmax", group, "value"), day = published(figures, "tmax", group, "value");
    if (std::isnan(peak) || std::isnan(day)) continue;
    const double none = std::nan("");
    plot.points.push_back({day, peak, none, none, std::string("published mean Cmax at median Tmax, ") + group});
  }
}

std::string kinetics(const Result& r, const Bands& bands, const Table& figures) {
  const double limit = std::strtod(r.text("copies_limit").c_str(), nullptr);
  std::string out;
  for (const double until : {28.0, 365.25}) {
    const std::string title = until < 100 ? "Transgene, first 28 days" : "Transgene, first year";
    Plot plot = by_response(bands, "transgene", title, until);
    if (limit > 0) {
      plot.rules = {{limit, "limit of quantification"}};
      plot.least = limit / 10;
    }
    add_peaks(figures, plot);
    out += figure_of(title, plot_svg(plot));
  }
  return "<div class=\"legend\">" + legend_entry("<path class=\"median\" d=\"M1,6H25\"/>", "responders, median") +
         legend_entry("<path class=\"band band0\" d=\"M1,1H25V11H1Z\"/>", "middle 90 %") +
         legend_entry("<path class=\"median other0\" d=\"M1,6H25\"/>", "non-responders, median") +
         legend_entry("<path class=\"band bandother\" d=\"M1,1H25V11H1Z\"/>", "middle 90 %") +
         legend_entry("<g class=\"point\"><circle cx=\"13\" cy=\"6\" r=\"4.5\"/></g>",
                      "published mean Cmax at median Tmax") +
         "</div><div class=\"panels\">" + out + "</div>";
}

// Grade 4 lies on grade 5, and so on: the height of all is the share with any release.
Plot release_plot(const Table& table) {
  Plot plot;
  plot.title = "Cytokine release by grade";
  plot.y_label = "patients followed";
  plot.x_label = "days since infusion";
  plot.x = table.column("day").doubles();
  plot.x_high = 30;
  plot.share = true;
  Doubles below(plot.x.size(), 0);
  for (int grade = 5; grade >= 1; --grade) {
    const Doubles& share = table.column("grade_" + std::to_string(grade)).doubles();
    Doubles above = below;
    for (std::size_t i = 0; i < above.size(); ++i) above[i] += share[i];
    plot.bands.push_back({"", below, above, "grade" + std::to_string(grade)});
    below = above;
  }
  return plot;
}

std::string release(const Result& r, const Bands& bands, const Table& table) {
  Plot treated = release_plot(table);
  treated.title = "Treatment";
  treated.bands.clear();
  treated.line = table.column("tocilizumab").doubles();
  treated.others = {{"steroid", table.column("steroid").doubles()}};
  std::string grades;
  for (int grade = 1; grade <= 5; ++grade)
    grades += legend_entry(fmt::format("<path class=\"band grade{}\" d=\"M1,1H25V11H1Z\"/>", grade),
                           fmt::format("grade {}", grade));
  Plot il6 = everybody(bands, "IL6", "IL-6", 30);
  il6.log_y = true;
  return "<h2>Cytokine release</h2><div class=\"panels\">" +
         figure_of("Grade on the " + r.text("crs_scale") + " scale",
                   plot_svg(release_plot(table)) + "<div class=\"legend\">" + grades + "</div>") +
         figure_of("Tocilizumab and steroids",
                   plot_svg(treated) + "<div class=\"legend\">" +
                       legend_entry("<path class=\"median\" d=\"M1,6H25\"/>", "had tocilizumab by then") +
                       legend_entry("<path class=\"median other0\" d=\"M1,6H25\"/>", "steroid being given") + "</div>") +
         figure_of("IL-6", plot_svg(il6)) +
         figure_of("Temperature", plot_svg(everybody(bands, "temperature", "Temperature", 30))) + "</div>";
}

std::string blood(const Bands& bands) {
  Plot b_cells = by_response(bands, "b_cells", "B cells", 365.25);
  b_cells.least = 0.1;
  Plot neutrophils = everybody(bands, "neutrophils", "Neutrophils", 60);
  neutrophils.rules = {{500, "grade 4 below"}, {1000, "grade 3 below"}};
  neutrophils.log_y = true;
  neutrophils.least = 10;
  Plot platelets = everybody(bands, "platelets", "Platelets", 60);
  platelets.rules = {{25000, "grade 4 below"}, {50000, "grade 3 below"}};
  platelets.log_y = true;
  return "<h2>Blood</h2><div class=\"panels\">" +
         figure_of("B cells: responders solid, non-responders dashed", plot_svg(b_cells)) +
         figure_of("Neutrophils", plot_svg(neutrophils)) + figure_of("Platelets", plot_svg(platelets)) + "</div>";
}

}  // namespace

std::string courses_section(const Result& r, const record::Recording& recording) {
  if (!recording.has("course_bands") || recording.rows("courses") == 0) return {};
  const Table table = recording.read("course_bands");
  const Bands bands{table, table.coordinates.front().doubles()};
  const auto patients = number(static_cast<double>(recording.rows("courses")), 6);
  return "<h2>Kinetics</h2><p class=\"soft small\">Medians and bands here and below: " + patients +
         " infused patients of the first simulated trials, each until data cut, death, transplant or next therapy; where at "
         "least 10 are followed. Dark and light bands are the middle 50 and 90 %.</p>" +
         kinetics(r, bands, recording.read("figures")) + release(r, bands, recording.read("release_by_day")) + blood(bands);
}

}  // namespace carina::figures::impl
