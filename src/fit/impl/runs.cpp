#include "fit/impl/runs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "base/parallel.h"
#include "base/random.h"
#include "fit/impl/addresses.h"

namespace carina::fit::impl {

std::vector<double> natural(const Problem& problem, const Vector& z) {
  std::vector<double> out;
  for (std::size_t j = 0; j < problem.parameters.size(); ++j) {
    const Parameter& parameter = problem.parameters[j];
    out.push_back(parameter.axis.from(parameter.axis.to(parameter.centre) + parameter.sd * z[static_cast<Index>(j)]));
  }
  return out;
}

std::vector<Point> simulate(const Problem& problem, const Dense& places, const SimulationPlan& plan) {
  std::vector<Point> out(static_cast<std::size_t>(places.rows()));
  ProgressMeter meter(plan.progress, out.size() * plan.replicates);
  const auto one = [&](std::uint64_t i) {
    Point& point = out[i];
    point.z = places.row(static_cast<Index>(i)).transpose();
    const std::vector<double> values = natural(problem, point.z);
    const Simulated trials = problem.simulate({values, plan.replicates, plan.seed, stream(plan.band, i)});
    CARINA_CHECK(trials.figures.rows == plan.replicates && trials.figures.columns == problem.figures.size());
    point.figures = dense(trials.figures);
    for (std::size_t f = 0; f < problem.figures.size(); ++f) {
      auto column = point.figures.col(static_cast<Index>(f));
      for (double& value : column) {
        const double u = problem.figures[f].axis.to(value);
        value = std::isfinite(u) ? u : std::numeric_limits<double>::quiet_NaN();
      }
    }
    meter.add(plan.replicates);
  };
  const bool all = for_each_chunk(out.size(), {plan.threads, plan.stop}, one);
  return all ? out : std::vector<Point>{};
}

Dense latin_hypercube(std::size_t points, std::size_t parameters, std::uint64_t seed) {
  Dense out(static_cast<Index>(points), static_cast<Index>(parameters));
  for (std::size_t j = 0; j < parameters; ++j) {
    std::vector<random::Words> words;
    for (std::size_t i = 0; i < points; ++i) {
      words.push_back(random::words(seed, random::Domain::Fit, {i, j, 0, static_cast<std::uint32_t>(Draw::Design), 0}));
    }
    std::vector<std::size_t> order(points);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return words[a][0] < words[b][0]; });
    for (std::size_t slice = 0; slice < points; ++slice) {
      const std::size_t i = order[slice];
      const double p = (static_cast<double>(slice) + random::uniform(words[i][1])) / static_cast<double>(points);
      out(static_cast<Index>(i), static_cast<Index>(j)) = random::normal_quantile(p);
    }
  }
  return out;
}

}  // namespace carina::fit::impl
