#include "figures/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figures/impl/axis.h"
#include "figures/impl/html.h"

namespace carina::figures {
namespace {

using impl::escaped;

constexpr double left = 60, right = 12, top = 30, foot_height = 34;

double bottom_of(const Plot& plot) { return plot.foot.label.empty() ? 44 : 44 + foot_height; }

// Where a value lies on the drawing.
class Frame {
 public:
  Frame(const Plot& plot, impl::Range y) : plot_(plot), y_(y) {}
  double x(double time) const {
    return left + (time - plot_.x_low) / (plot_.x_high - plot_.x_low) * (plot_.width - left - right);
  }
  double y(double value) const {
    const double share =
        plot_.log_y ? std::log(value / y_.low) / std::log(y_.high / y_.low) : (value - y_.low) / (y_.high - y_.low);
    const double bottom = bottom_of(plot_);
    return plot_.height - bottom - share * (plot_.height - top - bottom);
  }
  // A value that the axis cannot show lies on its edge.
  double held(double value) const { return y(std::clamp(value, y_.low, y_.high)); }
  bool shows(double value) const { return std::isfinite(value) && (!plot_.log_y || value > 0); }
  const impl::Range& range() const { return y_; }

 private:
  const Plot& plot_;
  impl::Range y_;
};

bool inside(const Plot& plot, double x) { return x >= plot.x_low && x <= plot.x_high; }

impl::Range value_range(const Plot& plot) {
  if (plot.share) return {0, 1};
  double low = std::numeric_limits<double>::infinity(), high = -low, lowest_of_line = low;
  const auto take = [&](double value) {
    if (!std::isfinite(value) || (plot.log_y && value <= 0)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (std::size_t i = 0; i < plot.x.size(); ++i) {
    if (!inside(plot, plot.x[i])) continue;
    if (i < plot.line.size()) take(plot.line[i]);
    if (i < plot.line.size() && plot.line[i] > 0) lowest_of_line = std::min(lowest_of_line, plot.line[i]);
    for (const Band& band : plot.bands) take(band.low[i]), take(band.high[i]);
  }
  for (const PlotPoint& point : plot.points) {
    if (inside(plot, point.x)) take(point.y), take(point.low), take(point.high);
  }
  for (const PlotLine& other : plot.others) {
    for (std::size_t i = 0; i < plot.x.size(); ++i) {
      if (inside(plot, plot.x[i])) take(other.y[i]);
    }
  }
  for (const PlotRule& rule : plot.rules) take(rule.y);
  if (std::isfinite(plot.least) && plot.least < high) low = plot.least;
  if (!(low <= high)) return {plot.log_y ? 0.1 : 0.0, 1};
  if (!plot.log_y) return impl::linear_range(low, high);
  // bands may run off twelve decades below, the line only where forty would not hold it
  const double floor = std::min(high * 1e-12, std::max(lowest_of_line, high * 1e-40));
  return impl::log_range(std::max(low, floor), high);
}

std::string tick_text(const Plot& plot, double value) {
  if (plot.share) return impl::number(100 * value) + " %";
  if (!plot.log_y || (value >= 0.01 && value < 1e5)) return impl::number(value, 4);
  const int decade = static_cast<int>(std::lround(std::log10(value)));
  return fmt::format("10<tspan class=\"sup\" dy=\"-4\">{}{}</tspan>", decade < 0 ? "−" : "", std::abs(decade));
}

std::string axes(const Plot& plot, const Frame& frame) {
  std::string out;
  const double base = plot.height - bottom_of(plot), end = plot.width - right;
  const auto y_ticks = plot.log_y ? impl::log_ticks(frame.range().low, frame.range().high, 7)
                                  : impl::linear_ticks(frame.range().low, frame.range().high, 5);
  for (const double value : y_ticks) {
    const double y = frame.y(value);
    out += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left, end, y, y);
    out += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", left - 6, y + 4,
                       tick_text(plot, value));
  }
  for (const double value : time_marks(plot)) {
    const double x = frame.x(value);
    out +=
        fmt::format("<line class=\"axis\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", x, x, base, base + 4);
    out += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x, base + 17,
                       impl::number(value, 6));
  }
  out +=
      fmt::format("<line class=\"axis\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left, end, base, base);
  out += fmt::format("<text class=\"label\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", (left + end) / 2,
                     base + 36, escaped(plot.x_label));
  out += fmt::format("<text class=\"label\" x=\"4\" y=\"15\">{}</text>", escaped(plot.y_label));
  return out;
}

// A digit is about seven units wide; the texts stand in the middle of their times.
std::string foot(const Plot& plot, const Frame& frame) {
  if (plot.foot.label.empty()) return {};
  std::string out =
      fmt::format("<text class=\"label\" x=\"4\" y=\"{:.1f}\">{}</text>", plot.height - 22, escaped(plot.foot.label));
  double free = 0;
  for (std::size_t i = 0; i < plot.foot.x.size(); ++i) {
    const double half = 3.7 * static_cast<double>(plot.foot.texts[i].size());
    const double x = std::clamp(frame.x(plot.foot.x[i]), half, plot.width - half);
    if (x - half < free) continue;
    free = x + half + 4;
    out += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x, plot.height - 5,
                       escaped(plot.foot.texts[i]));
  }
  return out;
}

// The corners of a curve, in which a value may hold until the next time.
std::vector<std::pair<double, double>> corners(const Plot& plot, const Frame& frame, const std::vector<std::size_t>& run,
                                               const std::vector<double>& values) {
  std::vector<std::pair<double, double>> list;
  for (const std::size_t i : run) {
    const double x = frame.x(plot.x[i]);
    if (plot.steps && !list.empty()) list.emplace_back(x, list.back().second);
    list.emplace_back(x, frame.held(values[i]));
  }
  return list;
}

// Runs of points that can be shown, each as one path.
template <class Show, class Draw>
std::string runs(const Plot& plot, Show show, Draw draw) {
  std::string out;
  std::vector<std::size_t> run;
  for (std::size_t i = 0; i <= plot.x.size(); ++i) {
    if (i < plot.x.size() && inside(plot, plot.x[i]) && show(i)) {
      run.push_back(i);
    } else if (!run.empty()) {
      out += draw(run);
      run.clear();
    }
  }
  return out;
}

std::string band_path(const Plot& plot, const Frame& frame, const Band& band, std::size_t number) {
  const auto show = [&](std::size_t i) {
    return std::isfinite(band.high[i]) && std::isfinite(band.low[i]) && frame.shows(band.high[i]);
  };
  return runs(plot, show, [&](const std::vector<std::size_t>& run) {
    std::string path;
    for (const auto& [x, y] : corners(plot, frame, run, band.high))
      path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : "L", x, y);
    const auto lower = corners(plot, frame, run, band.low);
    for (auto corner = lower.rbegin(); corner != lower.rend(); ++corner)
      path += fmt::format("L{:.1f},{:.1f}", corner->first, corner->second);
    const std::string look = band.look.empty() ? "band" + std::to_string(number) : band.look;
    return fmt::format("<path class=\"band {}\" d=\"{}Z\"/>", look, path);
  });
}

std::string line_path(const Plot& plot, const Frame& frame, const std::vector<double>& values, const std::string& look) {
  if (values.empty()) return {};
  return runs(
      plot, [&](std::size_t i) { return frame.shows(values[i]); },
      [&](const std::vector<std::size_t>& run) {
        std::string path;
        for (const auto& [x, y] : corners(plot, frame, run, values))
          path += fmt::format("{}{:.1f},{:.1f}", path.empty() ? "M" : "L", x, y);
        return fmt::format("<path class=\"{}\" d=\"{}\"/>", look, path);
      });
}

std::string rule_lines(const Plot& plot, const Frame& frame) {
  std::string out;
  for (const PlotRule& rule : plot.rules) {
    if (!frame.shows(rule.y) || rule.y < frame.range().low || rule.y > frame.range().high) continue;
    const double y = frame.y(rule.y), end = plot.width - right;
    out += fmt::format("<line class=\"rule\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", left, end, y, y);
    out += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", end - 2, y - 4,
                       escaped(rule.label));
  }
  return out;
}

std::string point_marks(const Plot& plot, const Frame& frame) {
  std::string out;
  for (const PlotPoint& point : plot.points) {
    if (!inside(plot, point.x) || !frame.shows(point.y)) continue;
    const double x = frame.x(point.x);
    out += fmt::format("<g class=\"point{}\"><title>{}</title>", point.hollow ? " hollow" : "", escaped(point.label));
    if (frame.shows(point.low) && frame.shows(point.high)) {
      out += fmt::format(
          "<path class=\"whisker\" d=\"M{0:.1f},{1:.1f}V{2:.1f}M{3:.1f},{1:.1f}H{4:.1f}M{3:.1f},{2:.1f}H{4:.1f}\"/>", x,
          frame.held(point.low), frame.held(point.high), x - 4, x + 4);
    }
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\"/></g>", x, frame.held(point.y));
  }
  return out;
}

}  // namespace

bool wants_log(const std::vector<double>& values) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const double value : values) {
    if (!(value > 0) || !std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return high > 1000 * low;
}

std::vector<double> time_marks(const Plot& plot) {
  if (!(plot.x_step > 0)) return impl::linear_ticks(plot.x_low, plot.x_high, -7);
  std::vector<double> marks;
  for (double i = std::ceil(plot.x_low / plot.x_step); i * plot.x_step <= plot.x_high * (1 + 1e-9); ++i)
    marks.push_back(i * plot.x_step);
  return marks;
}

std::string plot_style() {
  return ":root{--ink:#1c2430;--soft:#5b6675;--paper:#ffffff;--card:#f6f7f9;--rule:#dfe3e8;--series:#1f6f8b;--mark:#c2410c;-"
         "-second:#7c5cbf}"
         "@media(prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#9aa7b6;--paper:#12161c;--card:#1a2028;--rule:#"
         "2d3642;"
         "--series:#5cb8d6;--mark:#fb923c;--second:#b79cf0}}"
         ".plot{display:block;width:100%;height:auto}.plot text{fill:var(--soft);font:13px system-ui,sans-serif}"
         ".plot .label{fill:var(--ink);font-size:13.5px}.plot .sup{font-size:9px}"
         ".plot .grid{stroke:var(--rule);stroke-width:1}.plot .axis{stroke:var(--soft);stroke-width:1}"
         ".plot .band{fill:var(--series)}.plot .band0{fill-opacity:.16}.plot .band1{fill-opacity:.30}.plot "
         ".band2{fill-opacity:.4}"
         ".plot .median{fill:none;stroke:var(--series);stroke-width:2.2;stroke-linejoin:round}"
         ".plot .other0{stroke:var(--second);stroke-dasharray:6 3}.plot .other1{stroke:var(--soft);stroke-dasharray:2 3}"
         ".plot .bandother{fill:var(--second);fill-opacity:.15}.plot .rule{stroke:var(--soft);stroke-dasharray:3 3}"
         ".plot .point circle{fill:var(--mark);stroke:var(--paper);stroke-width:1.5}"
         ".plot .hollow circle{fill:var(--paper);stroke:var(--mark);stroke-width:2}.plot "
         ".whisker{fill:none;stroke:var(--mark);stroke-width:1.6}";
}

std::string plot_svg(const Plot& plot, bool alone) {
  const Frame frame(plot, value_range(plot));
  std::string out =
      fmt::format("<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">",
                  plot.width, plot.height);
  out += "<title>" + escaped(plot.title) + "</title>";
  if (alone) out += "<style>" + plot_style() + "</style><rect width=\"100%\" height=\"100%\" style=\"fill:var(--paper)\"/>";
  out += axes(plot, frame);
  for (std::size_t i = 0; i < plot.bands.size(); ++i) out += band_path(plot, frame, plot.bands[i], i);
  out += rule_lines(plot, frame) + line_path(plot, frame, plot.line, "median");
  for (std::size_t i = 0; i < plot.others.size(); ++i)
    out += line_path(plot, frame, plot.others[i].y, "median other" + std::to_string(i));
  out += point_marks(plot, frame) + foot(plot, frame);
  return out + "</svg>";
}

}  // namespace carina::figures
