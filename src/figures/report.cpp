#include "figures/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/problem.h"
#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/impl/result.h"
#include "figures/impl/survival.h"
#include "figures/impl/trial.h"
#include "figures/plot.h"

namespace carina::figures {
namespace {

using impl::cell;
using impl::escaped;
using impl::number;
using impl::Result;

constexpr std::size_t most_columns = 8;  // more panels nobody reads; the tables have the rest

std::string page_style() {
  return plot_style() +
         "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}"
         "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,Segoe UI,sans-serif}"
         "main{max-width:66rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}"
         "h1{font-size:1.65rem;line-height:1.2;margin:.5rem 0 "
         ".35rem;letter-spacing:-.01em}h2{font-size:1.12rem;margin:2.2rem 0 .6rem}"
         "p{margin:.45rem 0;max-width:46rem}.soft{color:var(--soft)}.small{font-size:.86rem}"
         ".facts{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin:.6rem 0 "
         "0;padding:0;list-style:none;color:var(--soft);font-size:.92rem}"
         ".facts b{color:var(--ink);font-weight:600}"
         ".warn{border-left:4px solid var(--mark);background:var(--card);padding:.6rem .9rem;margin:1rem 0}"
         ".panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem 1.6rem}"
         "figure{margin:0;max-width:36rem}figcaption{font-weight:600;font-size:.95rem;margin:0 0 .2rem}"
         ".legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;font-size:.86rem;color:var(--soft);margin:.2rem 0 .8rem}"
         ".legend span{display:inline-flex;align-items:center;gap:.45rem}.legend svg{width:26px;height:12px;flex:none}"
         "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.93rem}"
         "th{font-weight:600;text-align:left;color:var(--soft);font-size:.84rem}th,td{padding:.42rem .7rem .42rem "
         "0;border-bottom:1px solid var(--rule);vertical-align:top}"
         "td.n,th.n{text-align:right}td b{font-weight:650}"
         "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;margin:.4rem "
         "0;font-size:.93rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
         "code{font:.86rem ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}"
         "pre{background:var(--card);padding:.7rem .9rem;border-radius:.4rem;white-space:pre-wrap;margin:.5rem 0}"
         "details{margin:.6rem 0}summary{cursor:pointer;color:var(--soft)}"
         "@media(max-width:40rem){main{padding:1rem .9rem 2rem}h1{font-size:1.35rem}"
         "table.cards thead{display:none}table.cards tr{display:block;border-bottom:1px solid var(--rule);padding:.5rem 0}"
         "table.cards td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.12rem 0;text-align:right}"
         "table.cards td::before{content:attr(data-h);color:var(--soft);text-align:left;flex:none}"
         "table.cards td:first-child{font-weight:600;text-align:left}table.cards td:first-child::before{content:none}"
         "table.cards td:empty{display:none}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}"
         "@media print{main{max-width:none}}";
}

std::string with_unit(double value, const std::string& unit) {
  if (std::isnan(value)) return "–";
  const std::string text = impl::unit_text(unit);
  return number(value) + (text.empty() ? "" : " " + escaped(text));
}

std::string facts(const Result& r) {
  std::string out = "<ul class=\"facts\">";
  const auto add = [&](const std::string& value, const std::string& what) {
    out += "<li><b>" + escaped(value) + "</b> " + escaped(what) + "</li>";
  };
  add(number(static_cast<double>(r.individuals), 12), r.individuals == 1 ? "individual" : "virtual individuals");
  add(r.text("model"), "model");
  if (!r.times.empty()) add(impl::plural(r.time_unit, r.times.back() - r.times.front()), "simulated");
  if (r.text("doses") != "0" && !r.text("doses").empty())
    add(r.text("doses"), r.text("doses") == "1" ? "line of dosing" : "lines of dosing");
  if (r.text("variability") == "false") add("no", "variability: everybody typical");
  return out + "</ul>";
}

// A probability as a share of individuals: 0.05 to 0.95 is the middle 90 %.
struct Pair {
  std::size_t low = 0, high = 0;
  std::string label;
};

std::vector<Pair> pairs(const Result& r) {
  std::vector<Pair> list;
  for (std::size_t i = 0; 2 * i + 1 < r.probabilities.size(); ++i) {
    const std::size_t j = r.probabilities.size() - 1 - i;
    list.push_back({i, j, "middle " + number(100 * (r.probabilities[j] - r.probabilities[i])) + " % of individuals"});
  }
  return list;
}

void add_published_points(const Result& r, const impl::Course& course, Plot& plot) {
  const impl::PublishedRow *peak = nullptr, *when = nullptr;
  for (const impl::PublishedRow& row : r.published) {
    if (row.column != course.name) continue;
    if (row.endpoint == "Cmax" && peak == nullptr) peak = &row;
    if (row.endpoint == "Tmax" && when == nullptr) when = &row;
    if (row.endpoint != "at") continue;
    plot.points.push_back({row.time, row.value, row.low, row.high, "published " + row.statistic + ", " + row.source});
  }
  if (peak == nullptr || when == nullptr) return;
  PlotPoint point{when->value, peak->value, peak->low, peak->high,
                  "published Cmax (" + peak->statistic + ") at Tmax (" + when->statistic + "), " + peak->source};
  if (std::isnan(point.low) && peak->statistic == "geometric mean" && !std::isnan(peak->cv)) {
    // the middle two thirds of a log-normal distribution with this coefficient of variation
    const double fold = std::exp(std::sqrt(std::log(1 + peak->cv * peak->cv * 1e-4)));
    point.low = point.y / fold;
    point.high = point.y * fold;
    point.label += "; bar: one geometric standard deviation";
  }
  plot.points.push_back(point);
}

Plot plot_of(const Result& r, const impl::Course& course, double from, double to, const std::string& title) {
  Plot plot;
  plot.title = title;
  const std::string unit = impl::unit_text(course.unit);
  plot.y_label = course.name + (unit.empty() ? "" : ", " + unit);
  plot.x_label = "time, " + r.time_unit;
  plot.x = r.times;
  plot.x_low = from;
  plot.x_high = to;
  for (const Pair& pair : pairs(r))
    plot.bands.push_back({pair.label, course.quantiles[pair.low], course.quantiles[pair.high]});
  if (const auto median = r.probability(0.5)) plot.line = course.quantiles[*median];
  std::vector<double> all = plot.line;
  for (const Band& band : plot.bands)
    all.insert(all.end(), band.low.begin(), band.low.end()), all.insert(all.end(), band.high.begin(), band.high.end());
  plot.log_y = wants_log(all);
  add_published_points(r, course, plot);
  return plot;
}

std::string legend(const Result& r, bool points) {
  std::string out = "<div class=\"legend\">";
  if (r.probability(0.5))
    out += "<span><svg class=\"plot\" viewBox=\"0 0 26 12\"><path class=\"median\" d=\"M1,6H25\"/></svg>median</span>";
  const auto list = pairs(r);
  for (std::size_t i = list.size(); i-- > 0;) {
    out += "<span><svg class=\"plot\" viewBox=\"0 0 26 12\">";
    for (std::size_t j = 0; j <= i; ++j) out += fmt::format("<path class=\"band band{}\" d=\"M1,1H25V11H1Z\"/>", j);
    out += "</svg>" + escaped(list[i].label) + "</span>";
  }
  if (points)
    out +=
        "<span class=\"published\"><svg class=\"plot\" viewBox=\"0 0 26 12\"><g class=\"point\"><circle cx=\"13\" cy=\"6\" "
        "r=\"4.5\"/></g></svg>published</span>";
  return out + "</div>";
}

// The first weeks of a long run deserve a panel of their own: expansion and peak lie there.
struct Spans {
  double first = 0, early = 0, last = 0;
  bool two = false;
};

Spans spans_of(const Result& r) {
  Spans spans{r.times.front(), r.times.front() + 28, r.times.back(), false};
  if (r.time_unit != "day") spans.early = spans.first + (spans.last - spans.first) / 12;
  spans.two = spans.last - spans.first > 4 * (spans.early - spans.first) && r.courses.size() <= 4;
  return spans;
}

std::string panels(const Result& r) {
  if (r.courses.empty() || r.times.size() < 2) return {};
  const Spans spans = spans_of(r);
  std::string out;
  bool points = false;
  const std::size_t shown = std::min(r.courses.size(), most_columns);
  for (std::size_t i = 0; i < shown; ++i) {
    const impl::Course& course = r.courses[i];
    const std::string name = course.about.empty() ? course.name : course.about;
    const auto figure = [&](double from, double to, const std::string& title) {
      const Plot plot = plot_of(r, course, from, to, title);
      points = points || !plot.points.empty();
      out += "<figure><figcaption>" + escaped(title) + "</figcaption>" + plot_svg(plot) + "</figure>";
    };
    if (spans.two) {
      figure(spans.first, spans.early, name + ", first " + impl::plural(r.time_unit, spans.early - spans.first));
    }
    figure(spans.first, spans.last, spans.two ? "whole run, " + impl::plural(r.time_unit, spans.last - spans.first) : name);
  }
  std::string more;
  if (shown < r.courses.size()) {
    more = fmt::format("<p class=\"soft small\">{} more columns are in the table <code>quantiles</code>.</p>",
                       r.courses.size() - shown);
  }
  return "<h2>Course</h2>" + legend(r, points) + "<div class=\"panels\">" + out + "</div>" + more;
}

std::string published_text(const impl::PublishedRow& row) {
  std::string out = "<b>" + with_unit(row.value, row.unit) + "</b>";
  if (!std::isnan(row.cv)) out += ", CV " + number(row.cv) + " %";
  if (!std::isnan(row.low) && !std::isnan(row.high))
    out += ", " + escaped(row.range) + " " + number(row.low) + " to " + number(row.high);
  if (row.n > 0) out += ", n " + std::to_string(row.n);
  return out;
}

std::string simulated_text(const Result& r, const impl::PublishedRow& row) {
  std::string out = "<b>" + with_unit(r.simulated(row), row.unit) + "</b>";
  const impl::EndpointRow* endpoint = r.find(row);
  if (endpoint == nullptr || row.endpoint == "at") return out;
  if (!std::isnan(row.cv) && !std::isnan(endpoint->geometric_cv)) out += ", CV " + number(endpoint->geometric_cv) + " %";
  return out + ", 5–95 % " + number(endpoint->p5) + " to " + number(endpoint->p95);
}

std::string of_column(const Result& r, const impl::EndpointRow& row) {
  const std::string column = r.column_to_name(row);
  return row.endpoint + (column.empty() ? "" : " of ") + column;
}

std::string comparison(const Result& r) {
  if (r.published.empty()) return {};
  std::vector<std::string> sources;
  std::string rows;
  for (const impl::PublishedRow& row : r.published) {
    auto source = std::find(sources.begin(), sources.end(), row.source);
    if (source == sources.end()) source = sources.insert(sources.end(), row.source);
    const auto mark = source - sources.begin() + 1;
    const impl::EndpointRow* simulated = r.find(row);
    const std::string name = row.endpoint == "at" ? row.column + " at " + impl::plural(r.time_unit, row.time)
                             : simulated          ? of_column(r, *simulated)
                                                  : row.endpoint;
    const double ratio = r.simulated(row) / row.value;
    rows += "<tr>" + cell("endpoint", escaped(name) + ", " + escaped(row.statistic), false) +
            cell("published", published_text(row) + fmt::format(" <sup>{}</sup>", mark), false) +
            cell("this run", simulated_text(r, row), false) + cell("ratio", std::isnan(ratio) ? "–" : number(ratio, 2)) +
            cell("published group", escaped(row.group), false) + "</tr>";
  }
  std::string notes;
  for (std::size_t i = 0; i < sources.size(); ++i) notes += fmt::format("<sup>{}</sup> {}<br>", i + 1, escaped(sources[i]));
  return "<h2>Beside published results</h2><table class=\"cards\"><thead><tr><th>endpoint, statistic</th><th>published</th>"
         "<th>this run</th><th class=\"n\">run / published</th><th>published group</th></tr></thead><tbody>" +
         rows + "</tbody></table><p class=\"soft small\">" + notes + "</p>";
}

std::string endpoint_table(const Result& r) {
  if (r.endpoints.empty()) return {};
  std::string rows;
  bool half_life = false;
  for (const impl::EndpointRow& row : r.endpoints) {
    half_life = half_life || row.endpoint == "half_life";
    const std::string name = of_column(r, row);
    const std::string unit = impl::unit_text(row.unit);
    rows += fmt::format("<tr title=\"{}\">", escaped(row.about)) + cell("endpoint", escaped(name), false) +
            cell("unit", escaped(unit), false) +
            cell("geometric mean", std::isnan(row.geometric_mean) ? "" : number(row.geometric_mean)) +
            cell("geometric CV", std::isnan(row.geometric_cv) ? "" : number(row.geometric_cv) + " %") +
            cell("median", number(row.median)) + cell("5–95 %", number(row.p5) + " – " + number(row.p95)) +
            cell("n", number(static_cast<double>(row.n), 12)) + "</tr>";
  }
  std::string meanings;
  for (const impl::EndpointRow& row : r.endpoints)
    meanings += "<dt>" + escaped(row.endpoint) + "</dt><dd>" + escaped(row.about) + "</dd>";
  std::string out =
      "<h2>Endpoints</h2><p class=\"soft small\">Computed for each individual on " + escaped(r.text("profile")) +
      ".</p><table class=\"cards\"><thead><tr><th>endpoint</th><th>unit</th><th class=\"n\">geometric mean</th>"
      "<th class=\"n\">geometric CV</th><th class=\"n\">median</th><th class=\"n\">5–95 %</th><th "
      "class=\"n\">n</th></tr></thead><tbody>" +
      rows + "</tbody></table>";
  if (half_life) {
    out +=
        "<p class=\"small\"><b>Which half-life.</b> <code>half_life</code> is the one that an analysis of the profile "
        "finds: log 2 over "
        "the slope of the best-fit line through the last three or more log values after Tmax (highest adjusted R²). It "
        "depends on how "
        "long and how finely a profile is sampled: a trial that follows patients for weeks finds the fast decline, one that "
        "follows "
        "them for a year the slow one.</p>";
  }
  return out + "<details><summary>What each endpoint is</summary><dl>" + meanings + "</dl></details>";
}

std::string ending(const Result& r) {
  std::string out;
  if (!r.complete) {
    out += fmt::format(
        "<div class=\"warn\">This run is not finished: {} of {} chunks are here. <code>--resume</code> continues it.</div>",
        r.chunks_done, r.chunks_total);
  }
  std::int64_t failed = 0;
  std::string rows;
  for (const impl::StatusRow& row : r.statuses) {
    if (row.status == "Ok") continue;
    failed += row.individuals;
    rows += "<tr>" + cell("status", escaped(row.status), false) +
            cell("individuals", number(static_cast<double>(row.individuals), 12)) +
            cell("what happened", escaped(row.meaning), false) + cell("advice", escaped(row.advice), false) + "</tr>";
  }
  if (failed == 0) return out;
  return out + fmt::format(
                   "<div class=\"warn\"><b>{} of {} individuals failed</b> and are in no statistic.</div><table "
                   "class=\"cards\"><thead><tr>"
                   "<th>status</th><th class=\"n\">individuals</th><th>what "
                   "happened</th><th>advice</th></tr></thead><tbody>{}</tbody></table>",
                   number(static_cast<double>(failed), 12), number(static_cast<double>(r.individuals), 12), rows);
}

std::string provenance(const Result& r, const record::Recording& recording) {
  std::string out = "<h2>How it was made</h2><dl>";
  const auto add = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) out += "<dt>" + escaped(key) + "</dt><dd>" + escaped(value) + "</dd>";
  };
  add("model", r.text("model") + ": " + r.text("model_title"));
  add("status of the model", r.text("model_status"));
  // a closed form has no tolerance
  const std::string rtol = r.text("rtol");
  add("integrator", r.text("method") + (rtol.empty() ? "" : ", rtol " + rtol));
  add("engine", r.engine);
  std::int64_t finished = 0;
  for (const impl::StatusRow& row : r.statuses) finished += row.status == "Ok" ? row.individuals : 0;
  if (!r.statuses.empty())
    add("finished", number(static_cast<double>(finished), 12) + " of " + number(static_cast<double>(r.individuals), 12) +
                        " individuals");
  if (r.seconds > 0)
    add("work",
        number(static_cast<double>(r.individuals) / r.seconds) + " individuals a second on one thread, files included");
  add("seed", std::to_string(r.plan.seed));
  add("version", "carina " + r.plan.version + " (" + r.plan.commit + ")");
  for (const record::EmbeddedFile& file : r.plan.files) add(file.kind, file.name + ", hash " + file.hash);
  add("result hash", record::hash(recording));
  out +=
      "</dl><p class=\"small\">The same scenario, seed and version give the same result, to the bit, for any number of "
      "threads:</p><pre><code>" +
      escaped(r.plan.created_by) + "</code></pre>";
  return out + "<details><summary>The scenario with every default</summary><pre><code>" + escaped(r.plan.scenario) +
         "</code></pre></details>";
}

// The first column's course; a long run's begin beside the whole.
std::vector<Plot> first_course(const Result& r) {
  if (r.courses.empty() || r.times.size() < 2) {
    throw InputError({{"", 0, 0, "quantiles", "", "the recording has none to draw", "add \"quantiles\" to output.reduce"}});
  }
  const Spans spans = spans_of(r);
  const impl::Course& course = r.courses.front();
  std::vector<Plot> plots;
  if (spans.two) plots.push_back(plot_of(r, course, spans.first, spans.early, course.name));
  plots.push_back(plot_of(r, course, spans.first, spans.last, course.name));
  return plots;
}

}  // namespace

std::string report_html(const record::Recording& recording) {
  const Result r = impl::read_result(recording);
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
      escaped(r.text("title")) + "</title><style>" + page_style() + (impl::is_trial(recording) ? impl::trial_style() : "") +
      "</style></head><body><main>";
  const bool trial = impl::is_trial(recording);
  out += "<h1>" + escaped(r.text("title")) + "</h1>" + (trial ? impl::trial_facts(r, recording) : facts(r));
  if (!r.text("about").empty()) out += "<p>" + escaped(r.text("about")) + "</p>";
  out += ending(r);
  if (trial)
    out += impl::trial_sections(r, recording);
  else
    out += panels(r) + comparison(r) + endpoint_table(r) + impl::survival_section(r, recording);
  out += provenance(r, recording);
  return out + "</main></body></html>\n";
}

std::string course_svg(const record::Recording& recording) {
  const Result r = impl::read_result(recording);
  const std::vector<Plot> plots = impl::is_trial(recording) ? impl::curve_plots(recording) : first_course(r);
  if (plots.empty() && impl::is_trial(recording))
    throw InputError(
        {{"", 0, 0, "curves", "", "the recording has none to draw", "no patient is there yet: carina run ... --resume"}});
  if (plots.size() == 1) return plot_svg(plots.front(), true) + "\n";
  const Plot& one = plots.front();
  std::string out = fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">",
                                2 * one.width + 20, one.height);
  out += "<title>" + escaped(r.text("title")) + "</title><style>" + plot_style() +
         "</style><rect width=\"100%\" height=\"100%\" style=\"fill:var(--paper)\"/>";
  for (std::size_t i = 0; i < plots.size(); ++i) {
    const double x = static_cast<double>(i) * (one.width + 20);
    out +=
        fmt::format("<svg x=\"{:.0f}\" y=\"0\" width=\"{:.0f}\" height=\"{:.0f}\" style=\"width:{:.0f}px;height:{:.0f}px\">",
                    x, one.width, one.height, one.width, one.height) +
        plot_svg(plots[i]) + "</svg>";
  }
  return out + "</svg>\n";
}

}  // namespace carina::figures
