#include "stats/nca.h"

#include <array>
#include <cstddef>
#include <vector>

#include "base/check.h"
#include "base/math.h"

namespace carina::stats {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Sample {
  double time;
  double value;
  bool quantifiable;
};

using Samples = std::vector<Sample>;

bool is_nan(double x) { return x != x; }

/// The samples with a value, each marked; `limit` is 0 or the LLOQ.
Samples measured(std::span<const double> time, std::span<const double> concentration, double limit) {
  Samples samples;
  samples.reserve(time.size());
  for (std::size_t i = 0; i < time.size(); ++i) {
    CARINA_CHECK(i == 0 || time[i] > time[i - 1]);
    if (is_nan(concentration[i])) continue;
    samples.push_back({time[i], concentration[i], concentration[i] > 0 && !(concentration[i] < limit)});
  }
  return samples;
}

/// What is left once the BLQ rules have been applied; `first` and `last` are the first and last quantifiable samples.
Samples without_blq(const Samples& samples, std::size_t first, std::size_t last, const NcaOptions& options) {
  Samples kept;
  kept.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    Sample sample = samples[i];
    if (!sample.quantifiable) {
      const BlqRule rule = i < first ? options.blq_first : (i > last ? options.blq_last : options.blq_middle);
      if (rule == BlqRule::Drop) continue;
      sample.value = rule == BlqRule::Limit ? options.lloq : (rule == BlqRule::Half ? options.lloq / 2 : 0.0);
    }
    kept.push_back(sample);
  }
  return kept;
}

bool falls_by_log(double c1, double c2, AucMethod method) { return method == AucMethod::LinUpLogDown && c2 < c1 && c2 > 0; }

/// (c1 - c2) / log(c1 / c2). With d = (c1 - c2) / (c1 + c2) the logarithm is 2 (d + d^3/3 + d^5/5 ...): for neighbours that
/// are nearly equal the series keeps the digits that their ratio loses, to d^12 / 13 < 2e-17.
double logarithmic_mean(double c1, double c2) {
  const double d = (c1 - c2) / (c1 + c2);
  if (d > 0.05) return (c1 - c2) / math::log(c1 / c2);
  const double q = d * d;
  return (c1 + c2) / 2 / (1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q / 11)))));
}

double area(double t1, double c1, double t2, double c2, AucMethod method) {
  return (t2 - t1) * (falls_by_log(c1, c2, method) ? logarithmic_mean(c1, c2) : (c1 + c2) / 2);
}

double between(const Sample& a, const Sample& b, double time, AucMethod method) {
  const double part = (time - a.time) / (b.time - a.time);
  if (falls_by_log(a.value, b.value, method)) {
    const double log_a = math::log(a.value);
    return math::exp(log_a + part * (math::log(b.value) - log_a));
  }
  return a.value + part * (b.value - a.value);
}

/// Area from `start` to `end`, both within the samples' times.
double area_within(const Samples& samples, double start, double end, AucMethod method) {
  double sum = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const Sample& a = samples[i - 1];
    const Sample& b = samples[i];
    if (b.time <= start) continue;
    if (a.time >= end) break;
    const double t1 = a.time < start ? start : a.time;
    const double t2 = b.time > end ? end : b.time;
    const double c1 = a.time < start ? between(a, b, start, method) : a.value;
    const double c2 = b.time > end ? between(a, b, end, method) : b.value;
    sum += area(t1, c1, t2, c2, method);
  }
  return sum;
}

/// A regression line to which points are added one by one; means and squares are updated as Welford does.
struct Line {
  double n = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;

  void add(double x, double y) {
    n += 1;
    const double dx = x - mean_x;
    const double dy = y - mean_y;
    mean_x += dx / n;
    mean_y += dy / n;
    xx += dx * (x - mean_x);
    xy += dx * (y - mean_y);
    yy += dy * (y - mean_y);
  }
  double slope() const { return xy / xx; }
  /// NaN for a flat set of points, which has no share of variance to explain.
  double r2() const {
    const double share = xy * xy / (xx * yy);
    return share > 1 ? 1 : share;
  }
  double adjusted_r2() const { return n > 2 ? 1 - (1 - r2()) * (n - 1) / (n - 2) : nan; }
};

struct Fit {
  Line line;
  double adjusted_r2;
  double from;
};

/// Every fit of the last k points, k from min_points on, with the points counted back from the last one.
std::vector<Fit> fits(const Samples& samples, double tmax, const NcaOptions& options) {
  std::vector<Fit> all;
  Line line;
  for (std::size_t i = samples.size(); i-- > 0;) {
    const Sample& sample = samples[i];
    if (sample.time < tmax || (sample.time == tmax && !options.tmax_in_half_life)) break;
    if (!sample.quantifiable) continue;
    line.add(sample.time, math::log(sample.value));
    if (line.n >= options.min_points) all.push_back({line, line.adjusted_r2(), sample.time});
  }
  return all;
}

/// The fit with the most points among the falling ones within the tolerance of the best adjusted R2 of all.
const Fit* best(const std::vector<Fit>& all, double tolerance) {
  double highest = -std::numeric_limits<double>::infinity();
  for (const Fit& fit : all) {
    if (fit.adjusted_r2 > highest) highest = fit.adjusted_r2;
  }
  // Two points have no adjusted R2: alone they are taken as they are.
  const bool lone_pair = all.size() == 1 && all.front().line.n == 2;
  const Fit* chosen = nullptr;
  for (const Fit& fit : all) {
    if (fit.line.slope() < 0 && (lone_pair || fit.adjusted_r2 > highest - tolerance)) chosen = &fit;
  }
  return chosen;
}

void find_half_life(const Samples& samples, const NcaOptions& options, NcaResult& result) {
  const std::vector<Fit> all = fits(samples, result.tmax, options);
  if (all.empty()) {
    result.status = NcaStatus::FewPoints;
    return;
  }
  const Fit* fit = best(all, options.r2_tolerance);
  if (!fit) {
    result.status = NcaStatus::NotFalling;
    return;
  }
  result.status = NcaStatus::Ok;
  result.lambda_z = -fit->line.slope();
  result.half_life = math::log(2.0) / result.lambda_z;
  result.r2 = fit->line.r2();
  result.adjusted_r2 = fit->adjusted_r2;
  result.lambda_z_points = static_cast<int>(fit->line.n);
  result.lambda_z_from = fit->from;
  result.clast_pred = math::exp(fit->line.mean_y - result.lambda_z * (result.tlast - fit->line.mean_x));
  result.span_ratio = (result.tlast - fit->from) / result.half_life;
}

/// What `Beyond` adds to the area between tlast and options.end.
double area_beyond(const Samples& samples, const NcaOptions& options, const NcaResult& result) {
  const double span = options.end - result.tlast;
  if (options.beyond == Beyond::LambdaZ) {
    return result.clast * (1 - math::exp(-result.lambda_z * span)) / result.lambda_z;
  }
  if (options.beyond == Beyond::Nothing) return 0;
  for (const Sample& next : samples) {
    if (next.time <= result.tlast) continue;
    const double end = next.time < options.end ? next.time : options.end;
    const Sample last{result.tlast, result.clast, true};
    return area(result.tlast, result.clast, end, between(last, next, end, AucMethod::Linear), AucMethod::Linear);
  }
  return 0;
}

void find_areas(const Samples& samples, const NcaOptions& options, NcaResult& result) {
  const bool has_end = !is_nan(options.end);
  if (samples.empty() || samples.front().time > options.start) return;
  result.auc_last = area_within(samples, options.start, result.tlast, options.auc);
  if (has_end) {
    result.auc_end = options.end <= result.tlast ? area_within(samples, options.start, options.end, options.auc)
                                                 : result.auc_last + area_beyond(samples, options, result);
  }
  if (result.status != NcaStatus::Ok) return;
  result.auc_inf = result.auc_last + result.clast / result.lambda_z;
  result.auc_inf_pred = result.auc_last + result.clast_pred / result.lambda_z;
  result.extrapolated = (result.clast / result.lambda_z) / result.auc_inf;
}

NcaResult nothing_found() {
  NcaResult result;
  result.cmax = result.tmax = result.clast = result.tlast = nan;
  result.auc_last = result.auc_end = result.auc_inf = result.auc_inf_pred = result.extrapolated = nan;
  result.lambda_z = result.half_life = result.r2 = result.adjusted_r2 = nan;
  result.clast_pred = result.lambda_z_from = result.span_ratio = nan;
  return result;
}

}  // namespace

std::string_view name(NcaStatus status) {
  constexpr std::array<std::string_view, 4> names = {"ok", "empty", "few_points", "not_falling"};
  return names[static_cast<std::size_t>(status)];
}

NcaResult nca(std::span<const double> time, std::span<const double> concentration, const NcaOptions& options) {
  CARINA_CHECK(time.size() == concentration.size());
  CARINA_CHECK(options.min_points >= 2);
  const Samples samples = measured(time, concentration, options.lloq);
  NcaResult result = nothing_found();
  std::size_t first = samples.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!samples[i].quantifiable || samples[i].time < options.start) continue;
    if (first == samples.size()) first = i;
    last = i;
    const double value = samples[i].value;
    const bool higher = is_nan(result.cmax) || value > result.cmax || (value == result.cmax && !options.first_tmax);
    if (!higher) continue;
    result.cmax = value;
    result.tmax = samples[i].time;
  }
  if (first == samples.size()) {
    if (samples.empty()) return result;
    result.cmax = 0;
    if (samples.front().time > options.start) return result;
    result.auc_last = 0;
    if (!is_nan(options.end)) result.auc_end = 0;
    return result;
  }
  result.clast = samples[last].value;
  result.tlast = samples[last].time;
  find_half_life(samples, options, result);
  find_areas(without_blq(samples, first, last, options), options, result);
  return result;
}

}  // namespace carina::stats
