#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "figures/impl/axis.h"
#include "figures/plot.h"
#include "figures/report.h"
#include "figures/show.h"
#include "scenario/support.h"

using namespace carina;
using figures::impl::number;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

figures::Plot plot() {
  figures::Plot p;
  p.title = "a < b";
  p.x = {0, 1, 2, 3};
  p.x_high = 3;
  p.line = {1, 10, 100, 1000};
  p.bands = {{"all", {0.5, 5, 50, 500}, {2, 20, 200, 2000}}};
  p.log_y = true;
  return p;
}

}  // namespace

TEST_CASE("numbers in figures have three digits and commas") {
  CHECK(number(34700) == "34,700");
  CHECK(number(318472) == "318,000");
  CHECK(number(0.0079) == "0.0079");
  CHECK(number(9.91) == "9.91");
  CHECK(number(16.84) == "16.8");
  CHECK(number(1.25e9) == "1.25e9");
  CHECK(number(1e-7) == "1e-7");
  CHECK(number(-1234567) == "-1,230,000");
  CHECK(number(0) == "0");
  CHECK(number(999.7) == "1,000");
}

TEST_CASE("ticks are round, ascending and inside") {
  CHECK(figures::impl::linear_ticks(0, 28, -7) == std::vector<double>{0, 7, 14, 21, 28});
  CHECK(figures::impl::linear_ticks(0, 1, 5) == std::vector<double>{0, 0.2, 2 * 0.2, 3 * 0.2, 0.8, 1});
  CHECK(figures::impl::log_ticks(0.5, 2e3, 7) == std::vector<double>{1, 10, 100, 1000});
  CHECK(figures::impl::log_ticks(1e-9, 1e9, 7).size() <= 7);
}

TEST_CASE("units are shown as in print") {
  CHECK(figures::impl::unit_text("copies/ug") == "copies/µg");
  CHECK(figures::impl::unit_text("1").empty());
  CHECK(figures::impl::unit_text("m^2") == "m²");
}

TEST_CASE("values over more than three decades want a log axis") {
  CHECK(figures::wants_log({1, 1001}));
  CHECK_FALSE(figures::wants_log({1, 999}));
  CHECK_FALSE(figures::wants_log({0, 999, 1}));
}

TEST_CASE("a plot draws its bands and its line, and escapes text") {
  const std::string svg = figures::plot_svg(plot());
  CHECK(count(svg, "class=\"band ") == 1);
  CHECK(count(svg, "class=\"median\"") == 1);
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("values that a log axis cannot show leave gaps") {
  figures::Plot p = plot();
  p.line = {1, 0, 100, 1000};
  CHECK(count(figures::plot_svg(p), "class=\"median\"") == 2);
  p.line = {0, 0, 0, 0};
  p.bands.clear();
  CHECK(figures::plot_svg(p).find("nan") == std::string::npos);
}

TEST_CASE("a plot of its own brings its style for light and dark") {
  const std::string svg = figures::plot_svg(plot(), true);
  CHECK(svg.find("prefers-color-scheme:dark") != std::string::npos);
}

TEST_CASE("an endpoint of several analysed columns is named with its column, whatever else is kept") {
  const test::Folder folder;
  const auto s = test::read(
      "scenario = 1\n[model]\nuse = \"stein_2019\"\n[output]\nuntil = \"28 day\"\nevery = \"1 day\"\n"
      "columns = [\"transgene\", \"E\"]\nreduce = [\"trajectories\", \"nca\"]\n[nca]\ncolumns = [\"transgene\", \"E\"]\n"
      "[[published]]\nendpoint = \"Cmax\"\ncolumn = \"E\"\nstatistic = \"median\"\nvalue = \"24 copies/ng\"\nsource = "
      "\"s\"\n");
  test::run(s, folder / "x.h5");
  const record::Recording r = record::Recording::open(folder / "x.h5");
  const std::string text = figures::summary_text(r), html = figures::report_html(r);
  CHECK(text.find("  Cmax transgene ") != std::string::npos);
  CHECK(text.find("Cmax E", text.find("beside published")) != std::string::npos);
  CHECK(html.find("Cmax of transgene") != std::string::npos);
  CHECK(html.find("Cmax of E, median") != std::string::npos);
}

TEST_CASE("the report shows the published values beside those of the run, and is complete in itself") {
  const test::Folder folder;
  const auto s = test::read(test::stein(
      40,
      "reduce = [\"quantiles\", \"nca\"]\n[[published]]\nendpoint = \"Cmax\"\nstatistic = \"geometric mean\"\n"
      "value = \"34700 copies/ug\"\ncv = 155.4\nn = 61\nsource = \"label <A&B>\"\n"
      "[[published]]\nendpoint = \"Tmax\"\nstatistic = \"median\"\nvalue = \"9.91 day\"\nsource = \"label <A&B>\"\n"));
  test::run(s, folder / "x.h5");
  const record::Recording r = record::Recording::open(folder / "x.h5");
  const std::string html = figures::report_html(r);
  CHECK(html.find("34,700 copies/µg") != std::string::npos);
  CHECK(html.find("label &lt;A&amp;B&gt;") != std::string::npos);
  CHECK(html.find("class=\"whisker\"") != std::string::npos);
  CHECK(html.find(record::hash(r)) != std::string::npos);
  CHECK(html.find("Which half-life") != std::string::npos);
  CHECK(html.find("src=") == std::string::npos);
  CHECK(html.find("href=") == std::string::npos);
  CHECK(html.find("nan") == std::string::npos);
  const auto json = nlohmann::json::parse(figures::summary_json(r));
  CHECK(json["published"][0]["value"] == 34700);
  CHECK(json["published"][0]["simulated"] == json["endpoints"][0]["geometric_mean"]);
  CHECK(figures::summary_text(r).find("40 finished") != std::string::npos);
}

TEST_CASE("a time to event is printed, drawn as steps with the numbers at risk, and set beside what was published") {
  const test::Folder folder;
  const auto s = test::read(test::stein(
      60,
      "[[endpoint]]\nname = \"expanded\"\nwhen = \"transgene >= 9000 'copies/ug'\"\nuntil = \"21 day\"\n"
      "[[published]]\nendpoint = \"expanded\"\nstatistic = \"median\"\nvalue = \"8 day\"\nsource = \"invented\"\n"));
  test::run(s, folder / "x.h5");
  const record::Recording r = record::Recording::open(folder / "x.h5");
  const std::string html = figures::report_html(r);
  CHECK(html.find("Time to event") != std::string::npos);
  CHECK(html.find(">at risk<") != std::string::npos);
  CHECK(html.find(">60<") != std::string::npos);
  CHECK(html.find("nan") == std::string::npos);
  const auto json = nlohmann::json::parse(figures::summary_json(r));
  CHECK(json["time_to_event"][0]["n"] == 60);
  CHECK(json["published"][0]["simulated"] == json["time_to_event"][0]["median"]);
  CHECK(figures::summary_text(r).find("expanded on the exact solution") != std::string::npos);
}

TEST_CASE("a curve of steps holds each value until the next time") {
  figures::Plot p = plot();
  p.log_y = false;
  p.bands.clear();
  p.x = {0, 1};
  p.line = {1, 0};
  const std::string slope = figures::plot_svg(p);
  p.steps = true;
  const std::string step = figures::plot_svg(p);
  const auto corners = [](const std::string& svg) {
    const std::size_t at = svg.find("class=\"median\"");
    return count(svg.substr(at, svg.find("/>", at) - at), "L");
  };
  CHECK(corners(slope) == 1);
  CHECK(corners(step) == 2);
}
