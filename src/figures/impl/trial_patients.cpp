#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"
#include "figures/impl/trial.h"

namespace carina::figures::impl {
namespace {

using record::Table;

constexpr double month = 30.4375;  // days
constexpr double width = 430, left = 34, right = 14, top = 8, lane_height = 9, foot = 42;

struct Piece {
  std::string what;
  double from = 0, to = 0;
};

struct Lane {
  std::vector<Piece> stretches, marks;
  double end = 0;
  bool ongoing = false;
};

bool is_event(const std::string& what) {
  return what == "progression" || what == "transplant" || what == "disease_death" || what == "other_death" ||
         what == "new_therapy";
}

// Lanes of the first simulated trial that the recording has, the longest first.
std::vector<Lane> read_lanes(const record::Recording& recording) {
  const Table table = recording.read("lanes");
  const Table courses = recording.read("courses");
  std::map<std::int64_t, std::string> antigen;
  const record::Column classes = recording.read_column("patients", "relapse_antigen");
  const auto& numbers = std::get<std::vector<std::uint8_t>>(classes.values);
  const auto individuals = recording.read_column("patients", "individual").integers();
  for (std::size_t i = 0; i < individuals.size(); ++i) antigen[individuals[i]] = classes.labels[numbers[i]];
  std::vector<Lane> lanes;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.column("replicate").integers()[i] != table.column("replicate").integers().front()) break;
    std::string what = table.column("what").texts()[i];
    const double from = table.column("from").doubles()[i], to = table.column("to").doubles()[i];
    if (what == "followed" || what == "ongoing") {
      lanes.push_back({{}, {}, to, what == "ongoing"});
    } else if (is_event(what)) {
      if (what == "progression") what = antigen[table.column("individual").integers()[i]];
      lanes.back().marks.push_back({what, from, to});
    } else {
      lanes.back().stretches.push_back({what, from, to});
    }
  }
  std::stable_sort(lanes.begin(), lanes.end(), [](const Lane& a, const Lane& b) { return a.end > b.end; });
  return lanes;
}

// Classes of response that look alike.
std::string look_of(const std::string& response) {
  if (response == "CR" || response == "sCR") return "cr";
  if (response == "CRi" || response == "VGPR") return "cri";
  if (response == "PR") return "pr";
  return response == "relapse" || response == "PD" ? "lost" : "none";
}

std::string mark_of(const std::string& what, double x, double y) {
  if (what == "transplant")
    return fmt::format("<path class=\"event solid\" d=\"M{:.1f},{:.1f}l4.5,4.5l-4.5,4.5l-4.5,-4.5Z\"/>", x, y - 4.5);
  if (what == "disease_death" || what == "other_death")
    return fmt::format("<path class=\"event\" d=\"M{0:.1f},{1:.1f}l7,7m0,-7l-7,7\"/>", x - 3.5, y - 3.5);
  const char* look = what == "positive" ? "solid" : what == "unknown" ? "faint" : "hollow";
  std::string out = fmt::format("<circle class=\"event {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.6\"/>", look, x, y);
  return out;
}

std::string lane_svg(const Lane& lane, double y, double last) {
  const auto place = [&](double day) { return left + day / last * (width - left - right); };
  std::string out = fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left,
                                place(lane.end), y, y);
  for (const Piece& piece : lane.stretches) {
    out +=
        fmt::format("<rect class=\"r-{}\" x=\"{:.1f}\" width=\"{:.1f}\" y=\"{:.1f}\" height=\"{:.1f}\"/>",
                    look_of(piece.what), place(piece.from), std::max(0.5, place(piece.to) - place(piece.from)), y - 3, 6.0);
  }
  for (const Piece& piece : lane.marks) {
    if (piece.what != "new_therapy") out += mark_of(piece.what, place(piece.from), y);
  }
  if (lane.ongoing)
    out += fmt::format("<path class=\"event solid\" d=\"M{:.1f},{:.1f}l6,3.5l-6,3.5Z\"/>", place(lane.end) + 1, y - 3.5);
  return out;
}

std::string month_axis(double last, double y) {
  std::string out = fmt::format("<line class=\"axis\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left,
                                width - right, y, y);
  for (double mark = 0; mark * month <= last; mark += last > 36 * month ? 12 : 3) {
    const double x = left + mark * month / last * (width - left - right);
    out += fmt::format("<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>", x, y, y + 4);
    out += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x, y + 17,
                       number(mark));
  }
  return out +
         fmt::format("<text class=\"label\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">months since infusion</text>",
                     (left + width - right) / 2, y + 35);
}

std::string swimmer(const std::vector<Lane>& lanes) {
  double last = month;
  for (const Lane& lane : lanes) last = std::max(last, lane.end);
  const double base = top + lane_height * static_cast<double>(lanes.size()) + 4;
  std::string out = fmt::format("<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\"><title>Swimmer plot</title>",
                                width, base + foot);
  double y = top + lane_height / 2;
  for (std::size_t i = 0; i < lanes.size(); ++i, y += lane_height) {
    out += lane_svg(lanes[i], y, last);
    if ((i + 1) % 10 == 0)
      out += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", left - 6, y + 4,
                         i + 1);
  }
  return out + month_axis(last, base) + "</svg>";
}

std::string box(const char* look) {
  return fmt::format("<rect class=\"r-{}\" x=\"1\" y=\"2\" width=\"24\" height=\"8\"/>", look);
}

std::string swimmer_legend(bool leukaemia) {
  std::string out =
      "<div class=\"legend\">" + legend_entry(box("cr"), "CR") + legend_entry(box("cri"), leukaemia ? "CRi" : "VGPR");
  if (!leukaemia) out += legend_entry(box("pr"), "PR");
  return out + legend_entry(box("lost"), leukaemia ? "relapse" : "progression") +
         legend_entry(box("none"), leukaemia ? "no response" : "less than PR") +
         legend_entry(mark_of("negative", 13, 6), "relapse, antigen-negative or mixed") +
         legend_entry(mark_of("positive", 13, 6), "antigen-positive") + legend_entry(mark_of("unknown", 13, 6), "unknown") +
         legend_entry(mark_of("transplant", 13, 6), "transplant") + legend_entry(mark_of("disease_death", 13, 6), "death") +
         legend_entry("<path class=\"event solid\" d=\"M9,2l7,4l-7,4Z\"/>", "in response at the data cut") + "</div>";
}

struct Bar {
  double change = 0;  // log10 of the ratio, or %
  bool seen = false;  // at its lowest, by an assay whose limit is known
  bool responded = false;
};

// Change from before lymphodepletion. Where an assay's limit is known, nothing lower than it counts, and the scale is logarithmic.
std::vector<Bar> read_bars(const Table& table, double limit) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.column("replicate").integers()[i] != table.column("replicate").integers().front()) break;
    const double before = table.column("baseline").doubles()[i], lowest = table.column("lowest").doubles()[i];
    if (std::isnan(lowest) || !(before > 0)) continue;
    const bool responded = std::get<std::vector<std::uint8_t>>(table.column("responded").values)[i] != 0;
    const double change = limit > 0 ? std::log10(std::max(lowest, limit) / std::max(before, limit))
                                    : std::min(100.0, 100 * (lowest / before - 1));
    bars.push_back({change, limit > 0 && lowest >= limit, responded});
  }
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.change > b.change; });
  return bars;
}

std::string times(double decade) {
  if (decade == 0) return "×1";
  const int n = static_cast<int>(std::lround(std::fabs(decade)));
  const std::string tens = n < 4 ? "1" + std::string(static_cast<std::size_t>(n), '0')
                                 : "10<tspan class=\"sup\" dy=\"-4\">" + std::to_string(n) + "</tspan>";
  return decade > 0 ? "×" + tens : "÷" + tens;
}

std::string waterfall(const std::vector<Bar>& bars, bool log) {
  constexpr double height = 320, under = 30, start = 60, head = 34;
  double low = 0, high = 0;
  for (const Bar& bar : bars) low = std::min(low, bar.change), high = std::max(high, bar.change);
  if (log) low = std::floor(low), high = std::ceil(high);
  if (low == high) low = high - 1;
  const auto y = [&](double v) { return head + (high - v) / (high - low) * (height - head - under); };
  std::string out =
      fmt::format("<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\"><title>Waterfall</title>", width, height);
  for (const double tick : linear_ticks(low, high, log ? 6 : 5)) {
    if (log && std::fabs(tick - std::round(tick)) > 1e-9) continue;
    out += fmt::format("<line class=\"{0}\" x1=\"{1:.1f}\" x2=\"{2:.1f}\" y1=\"{3:.1f}\" y2=\"{3:.1f}\"/>",
                       tick == 0 ? "axis" : "grid", start, width - right, y(tick));
    out += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", start - 6,
                       y(tick) + 4, log ? times(tick) : number(tick) + " %");
  }
  const double step = (width - right - start) / static_cast<double>(std::max<std::size_t>(bars.size(), 1));
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double at = y(std::max(0.0, bars[i].change)), end = y(std::min(0.0, bars[i].change));
    out += fmt::format("<rect class=\"{}\" x=\"{:.2f}\" width=\"{:.2f}\" y=\"{:.1f}\" height=\"{:.1f}\"/>",
                       !bars[i].responded ? "r-lost"
                       : bars[i].seen     ? "r-cri"
                                          : "r-cr",
                       start + step * static_cast<double>(i) + 0.4, std::max(0.6, step - 0.8), at, std::max(1.0, end - at));
  }
  return out + fmt::format(
                   "<text class=\"label\" x=\"4\" y=\"15\">lowest burden over that before lymphodepletion</text><text "
                   "class=\"label\" "
                   "text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">patients, {}</text></svg>",
                   (start + width - right) / 2, height - 8, bars.size());
}

}  // namespace

std::string patients_section(const Result& r, const record::Recording& recording) {
  if (!recording.has("burden_change") || recording.rows("lanes") == 0) return {};
  const bool leukaemia = r.text("disease") == "B-ALL";
  const Table change = recording.read("burden_change");
  const double limit = std::strtod(r.text("burden_limit").c_str(), nullptr);
  const std::vector<Bar> bars = read_bars(change, limit);
  std::string what = change.column("baseline").about;
  what = what.substr(0, what.find(" before lymphodepletion"));
  const std::string legend = "<div class=\"legend\">" +
                             legend_entry(box("cr"), limit > 0 ? "responder, below the limit of the assay" : "responder") +
                             (limit > 0 ? legend_entry(box("cri"), "responder, still seen") : "") +
                             legend_entry(box("lost"), "no response") + "</div>";
  return "<h2>One simulated trial</h2><div class=\"panels\">" +
         figure_of("Every infused patient as a lane", swimmer(read_lanes(recording)) + swimmer_legend(leukaemia)) +
         figure_of("Best change: " + what, waterfall(bars, limit > 0) + legend,
                   "From before lymphodepletion to the lowest from the first visit on that judges response" +
                       (limit > 0 ? "; nothing below " + number(limit) + " % is seen." : std::string("."))) +
         "</div>";
}

}  // namespace carina::figures::impl
