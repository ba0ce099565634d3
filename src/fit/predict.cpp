#include "fit/predict.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "base/math.h"
#include "fit/impl/linear.h"
#include "stats/quantiles.h"

namespace carina::fit {
namespace {

using impl::Dense;
using impl::Index;
using impl::Vector;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A published value is rounded; on the edge it is inside.
bool within(double value, const FigurePrediction& figure) { return value >= figure.p05 && value <= figure.p95; }

FigurePrediction predict_figure(const Figure& figure, const std::vector<double>& values) {
  FigurePrediction out{figure.name, figure.group, figure.role, figure.observed, nan, nan, nan, false, nan, 1};
  std::vector<double> sorted;
  for (const double value : values) {
    if (!std::isnan(value)) sorted.push_back(value);
  }
  out.missing = 1 - static_cast<double>(sorted.size()) / static_cast<double>(values.size());
  if (sorted.size() < 2) return out;
  std::sort(sorted.begin(), sorted.end());
  out.p05 = stats::sorted_quantile(sorted, 0.05);
  out.p50 = stats::sorted_quantile(sorted, 0.5);
  out.p95 = stats::sorted_quantile(sorted, 0.95);
  if (std::isnan(figure.observed)) return out;
  out.inside = within(figure.observed, out);
  double mean = 0, squares = 0, count = 0;
  for (const double value : sorted) {
    count += 1;
    const double step = figure.axis.to(value) - mean;
    mean += step / count;
    squares += step * (figure.axis.to(value) - mean);
  }
  out.score = (figure.axis.to(figure.observed) - mean) / math::sqrt(squares / (count - 1));
  return out;
}

// Figures that can stand in a joint distance.
std::vector<std::size_t> joint_figures(const Problem& problem, const Prediction& prediction,
                                       const std::vector<std::size_t>& numbers) {
  std::vector<std::size_t> fitted, all;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const FigurePrediction& figure = prediction.figures[i];
    if (std::isnan(figure.observed) || figure.missing > 0.1) continue;
    all.push_back(numbers[i]);
    if (problem.figures[numbers[i]].role == Role::Calibrate) fitted.push_back(numbers[i]);
  }
  return fitted.empty() ? all : fitted;
}

// Replicates that have all of some figures, on their axes.
Dense complete_rows(const Problem& problem, const Matrix& replicates, const std::vector<std::size_t>& numbers) {
  std::vector<double> kept;
  for (std::size_t r = 0; r < replicates.rows; ++r) {
    std::vector<double> row;
    for (const std::size_t f : numbers) row.push_back(problem.figures[f].axis.to(replicates(r, f)));
    if (std::none_of(row.begin(), row.end(), [](double u) { return std::isnan(u); })) {
      kept.insert(kept.end(), row.begin(), row.end());
    }
  }
  Matrix out;
  out.columns = numbers.size(), out.rows = kept.size() / numbers.size(), out.values = std::move(kept);
  return impl::dense(out);
}

void measure_distance(const Problem& problem, const Matrix& replicates, Prediction& prediction) {
  prediction.joint_distance = nan;
  if (prediction.joint_figures.empty()) return;
  const Dense rows = complete_rows(problem, replicates, prediction.joint_figures);
  if (rows.rows() < rows.cols() + 10) return;
  const Vector mean = impl::column_means(rows);
  const Dense root = impl::factor(impl::column_covariance(rows));
  const auto distance = [&](const Vector& u) { return root.triangularView<Eigen::Lower>().solve(u - mean).squaredNorm(); };
  Vector observed(rows.cols());
  for (Index i = 0; i < observed.size(); ++i) {
    const Figure& figure = problem.figures[prediction.joint_figures[static_cast<std::size_t>(i)]];
    observed[i] = figure.axis.to(figure.observed);
  }
  prediction.joint_distance = distance(observed);
  double farther = 0;
  for (Index r = 0; r < rows.rows(); ++r) {
    farther += distance(rows.row(r).transpose()) >= prediction.joint_distance ? 1 : 0;
  }
  prediction.joint_p = (1 + farther) / (1 + static_cast<double>(rows.rows()));
}

double share_inside(const Prediction& prediction, Role role) {
  double inside = 0, count = 0;
  for (const FigurePrediction& figure : prediction.figures) {
    if (figure.role != role || std::isnan(figure.observed) || std::isnan(figure.p05)) continue;
    inside += figure.inside ? 1 : 0;
    count += 1;
  }
  return count > 0 ? inside / count : nan;
}

// What `coverage` is when each replicate stands for the published trial: figures of one trial rise and fall together, so that
// even a right model covers all of them at one time and few at another.
double low_coverage(const Matrix& replicates, const Prediction& prediction, const std::vector<std::size_t>& numbers) {
  std::vector<double> shares;
  for (std::size_t r = 0; r < replicates.rows; ++r) {
    double inside = 0, count = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const FigurePrediction& figure = prediction.figures[i];
      const double value = replicates(r, numbers[i]);
      if (figure.role != Role::Calibrate || std::isnan(figure.observed) || std::isnan(value)) continue;
      inside += within(value, figure) ? 1 : 0;
      count += 1;
    }
    if (count > 0) shares.push_back(inside / count);
  }
  std::sort(shares.begin(), shares.end());
  return stats::sorted_quantile(shares, 0.05);
}

}  // namespace

Prediction predict(const Problem& problem, const Matrix& replicates, std::vector<std::size_t> figures) {
  CARINA_CHECK(replicates.columns == problem.figures.size() && replicates.rows > 1);
  if (figures.empty()) {
    figures.resize(problem.figures.size());
    std::iota(figures.begin(), figures.end(), std::size_t{0});
  }
  Prediction out;
  out.replicates = replicates.rows;
  for (const std::size_t f : figures) out.figures.push_back(predict_figure(problem.figures[f], replicates.column(f)));
  out.joint_figures = joint_figures(problem, out, figures);
  measure_distance(problem, replicates, out);
  out.coverage = share_inside(out, Role::Calibrate);
  out.coverage_check = share_inside(out, Role::Check);
  out.coverage_low = low_coverage(replicates, out, figures);
  return out;
}

}  // namespace carina::fit
