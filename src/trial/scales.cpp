#include "trial/scales.h"

namespace carina::trial {
namespace {

constexpr double sample_gap = 3;  // days between samples of kinetics about their peak

// Of n patients; where n is not printed, so many that the share is as good as exact.
double patients(const Figure& figure) { return figure.n ? static_cast<double>(*figure.n) : 1000; }

}  // namespace

FigureScale scale_of(const Figure& figure, bool cv) {
  FigureScale scale{fit::log_axis(), 0};
  if (cv) return scale;
  switch (figure.statistic) {
    case Statistic::Share:
    case Statistic::Survival:
    case Statistic::CumulativeIncidence:
      scale.axis = fit::share_axis(patients(figure), figure.unit == "%" ? 100 : 1);
      if (figure.unit == "%") scale.grain = 1;
      break;
    case Statistic::Count: scale.axis = fit::share_axis(patients(figure), patients(figure)); break;
    case Statistic::Excess:
    case Statistic::RSquared: scale.axis = fit::identity_axis(); break;
    default:
      if (figure.unit == "day") scale.grain = figure.measure == "tmax" ? sample_gap : 1;
      break;
  }
  return scale;
}

}  // namespace carina::trial
