#include "scenario/judge.h"

#include <cmath>

#include "base/random.h"
#include "fit/predict.h"

namespace carina::scenario {
namespace {

constexpr std::uint64_t blur_seed = 1;

fit::Axis axis_of(const record::Table& figures, std::size_t i) {
  const std::string& scale = figures.column("scale").texts()[i];
  if (scale == fit::name(fit::Scale::Log)) return fit::log_axis();
  if (scale == fit::name(fit::Scale::Identity)) return fit::identity_axis();
  return fit::logit_axis(figures.column("scale_low").doubles()[i], figures.column("scale_high").doubles()[i]);
}

bool to_judge(const record::Table& figures, std::size_t i) {
  return figures.column("role").texts()[i] == "calibrate" &&
         std::get<std::vector<std::uint8_t>>(figures.column("counted").values)[i] != 0;
}

// As coarse as the figure is known: even within its grain, where that has a place on the axis.
double blurred(double value, double grain, const fit::Axis& axis, std::size_t replicate, std::size_t figure) {
  const double u = random::uniform(blur_seed, random::Domain::Resampling, {replicate, 0, figure, 1, 0});
  const double moved = value + grain * (u - 0.5);
  return std::isnan(axis.to(moved)) ? value : moved;
}

}  // namespace

Judgement judge(const record::Recording& recording) {
  const record::Table figures = recording.read("figures");
  const record::Table replicates = recording.read("replicates");
  fit::Problem problem;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < figures.rows(); ++i) {
    if (!to_judge(figures, i)) continue;
    fit::Figure figure;
    figure.name = figures.column("figure").texts()[i];
    figure.axis = axis_of(figures, i);
    figure.observed = figures.column("value").doubles()[i];
    problem.figures.push_back(std::move(figure));
    rows.push_back(i);
  }
  fit::Matrix simulated(replicates.rows(), rows.size());
  for (std::size_t j = 0; j < rows.size(); ++j) {
    const std::vector<double>& values = replicates.column(problem.figures[j].name).doubles();
    const double grain = figures.column("grain").doubles()[rows[j]];
    for (std::size_t r = 0; r < values.size(); ++r)
      simulated(r, j) = blurred(values[r], grain, problem.figures[j].axis, r, j);
  }
  const fit::Prediction prediction = fit::predict(problem, simulated);
  return {rows.size(),
          prediction.coverage,
          prediction.coverage_low,
          prediction.joint_figures.size(),
          prediction.joint_distance,
          prediction.joint_p};
}

}  // namespace carina::scenario
