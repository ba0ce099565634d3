#include "fit/impl/evaluator.h"

#include "base/check.h"
#include "base/math.h"
#include "fit/impl/polynomial.h"

namespace carina::fit::impl {

Whitening::Whitening(const Region& region) : centre_(vector(region.centre)), spread_(dense(region.spread)) {}

Vector Whitening::to(const Vector& z) const { return spread_.triangularView<Eigen::Lower>().solve(z - centre_); }

Vector Whitening::pull(const Vector& gradient) const {
  return spread_.transpose().triangularView<Eigen::Upper>().solve(gradient);
}

double limited_variance(const FigureEmulator& figure, double raw) {
  const double bent = math::tanh((raw - figure.log_variance_middle) / figure.log_variance_reach);
  return math::exp(figure.log_variance_middle + figure.log_variance_reach * bent);
}

Evaluator::Evaluator(const Emulator& emulator, std::vector<std::size_t> figures)
    : figures_(std::move(figures)),
      whitening_(emulator.region),
      parameters_(static_cast<Index>(emulator.region.centre.size())) {
  const auto count = static_cast<Index>(figures_.size());
  mean_.resize(count, term_count(parameters_)), log_variance_.resize(count, term_count(parameters_));
  middle_.resize(count), reach_.resize(count), error_.resize(count, 4), correlation_.resize(count, count);
  for (Index f = 0; f < count; ++f) {
    const std::size_t number = figures_[static_cast<std::size_t>(f)];
    const FigureEmulator& figure = emulator.figures[number];
    CARINA_CHECK(figure.usable);
    mean_.row(f) = vector(figure.mean).transpose();
    log_variance_.row(f) = vector(figure.log_variance).transpose();
    middle_[f] = figure.log_variance_middle, reach_[f] = figure.log_variance_reach;
    error_.row(f) = Eigen::RowVector4d(figure.error.data());
    for (Index g = 0; g < count; ++g) {
      correlation_(f, g) = emulator.correlation(number, figures_[static_cast<std::size_t>(g)]);
    }
  }
}

Prospect Evaluator::at(const Vector& z) const {
  Prospect out;
  out.x = whitening_.to(z);
  Vector terms(mean_.cols());
  write_terms(out.x, terms);
  out.mean = mean_ * terms;
  const Vector raw = log_variance_ * terms;
  out.sd.resize(raw.size()), out.slope.resize(raw.size());
  for (Index f = 0; f < raw.size(); ++f) {
    const double bent = math::tanh((raw[f] - middle_[f]) / reach_[f]);
    out.sd[f] = math::exp(0.5 * (middle_[f] + reach_[f] * bent));
    out.slope[f] = 1 - bent * bent;
  }
  const double r2 = radius_squared(out.x);
  out.error = error_ * Eigen::Vector4d(1, r2, r2 * r2, r2 * r2 * r2);
  out.error_slope = error_ * Eigen::Vector4d(0, 1, 2 * r2, 3 * r2 * r2);
  return out;
}

Dense Evaluator::covariance(const Prospect& prospect) const {
  Dense out = prospect.sd.asDiagonal() * correlation_ * prospect.sd.asDiagonal();
  out.diagonal() += prospect.error;
  return out;
}

Vector Evaluator::pull(const Prospect& prospect, const Vector& by_mean, const Vector& by_log_variance,
                       double by_radius) const {
  const Vector by_terms =
      mean_.transpose() * by_mean + log_variance_.transpose() * by_log_variance.cwiseProduct(prospect.slope);
  return whitening_.pull(gradient(prospect.x, by_terms) + 2 * by_radius / static_cast<double>(parameters_) * prospect.x);
}

std::vector<std::size_t> usable_figures(const Emulator& emulator) {
  std::vector<std::size_t> out;
  for (std::size_t f = 0; f < emulator.figures.size(); ++f) {
    if (emulator.figures[f].usable) out.push_back(f);
  }
  return out;
}

}  // namespace carina::fit::impl
