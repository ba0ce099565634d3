#include "fit/impl/polynomial.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"

namespace carina::fit::impl {
namespace {

constexpr double sqrt_half = 0.70710678118654752;

// Hyperparameters as logarithms of standard deviations, in SDs of y.
struct Hyper {
  double lack = -2, linear = 0, quadratic = -1;
};

// The regression of one figure, values centred and scaled.
class Ridge {
 public:
  explicit Ridge(const Sample& sample) : sample_(sample) {
    // In the region: far points are far off, and would set the scale.
    const Vector weights = sample.growth.cwiseInverse() / sample.growth.cwiseInverse().sum();
    middle_ = weights.dot(sample.y);
    scale_ = math::sqrt((sample.y.array() - middle_).square().matrix().dot(weights));
    constant_values_ = !(scale_ > 1e-12 * (1 + std::fabs(middle_)));
    if (constant_values_) scale_ = 1;
    y_ = (sample.y.array() - middle_) / scale_;
    sampling_ = sample.sampling / (scale_ * scale_);
  }

  bool constant_values() const { return constant_values_; }
  double middle() const { return middle_; }
  double scale() const { return scale_; }
  const Vector& y() const { return y_; }
  const Vector& noise() const { return noise_; }

  // The sums over points, which depend on the lack of fit alone.
  void set_lack(double log_lack) {
    const double lack = math::exp(2 * log_lack);
    noise_ = sampling_ + lack * sample_.growth;
    const Vector weights = noise_.cwiseInverse();
    const Dense weighted = weights.cwiseSqrt().asDiagonal() * sample_.terms;
    gram_ = Dense::Zero(weighted.cols(), weighted.cols());
    gram_.selfadjointView<Eigen::Lower>().rankUpdate(weighted.transpose());
    right_ = sample_.terms.transpose() * weights.cwiseProduct(y_);
    constant_ = y_.cwiseProduct(weights).dot(y_);
    for (Index i = 0; i < noise_.size(); ++i) constant_ += math::log(noise_[i]);
  }

  // Twice the logarithm of the marginal likelihood up to a constant.
  double evidence(const Hyper& hyper) {
    double log_precision = 0;
    Dense system = gram_;
    for (Index k = 0; k < system.rows(); ++k) {
      const double log_sd = k == 0 ? 2.302585092994046 : k <= sample_.variables ? hyper.linear : hyper.quadratic;
      system(k, k) += math::exp(-2 * log_sd);
      log_precision -= 2 * log_sd;
    }
    solver_.compute(system);
    if (solver_.info() != Eigen::Success) return -std::numeric_limits<double>::infinity();
    coefficients_ = solver_.solve(right_);
    double log_determinant = 0;
    const auto diagonal = solver_.matrixLLT().diagonal();
    for (Index k = 0; k < diagonal.size(); ++k) log_determinant += 2 * math::log(diagonal[k]);
    return -(constant_ - right_.dot(coefficients_) + log_determinant - log_precision);
  }

  const Vector& coefficients() const { return coefficients_; }
  // Variance of the polynomial at each point.
  Vector polynomial_variance(const Dense& terms) const {
    const Dense half = solver_.matrixL().solve(terms.transpose());
    return half.colwise().squaredNorm().transpose();
  }

  // Its mean over the directions of the points at distance r.
  double variance_at(double r) const {
    const Index n = std::min<Index>(sample_.x.rows(), 200);
    Dense terms(n, sample_.terms.cols());
    Vector row(terms.cols());
    for (Index i = 0; i < n; ++i) {
      const Vector x = sample_.x.row(i).transpose();
      write_terms(r / math::sqrt(radius_squared(x) + 1e-300) * x, row);
      terms.row(i) = row.transpose();
    }
    return polynomial_variance(terms).mean();
  }

 private:
  const Sample& sample_;
  bool constant_values_ = false;
  double middle_ = 0, scale_ = 1, constant_ = 0;
  Vector y_, sampling_, noise_, right_, coefficients_;
  Dense gram_;
  Eigen::LLT<Dense> solver_;
};

// Best linear and quadratic SDs for the lack of fit that is set.
double search_inner(Ridge& ridge, Hyper& hyper) {
  double best = ridge.evidence(hyper);
  for (const double step : {2.0, 1.0, 0.5}) {
    for (bool moved = true; moved;) {
      moved = false;
      for (double Hyper::*which : {&Hyper::linear, &Hyper::quadratic}) {
        for (const double way : {-step, step}) {
          Hyper other = hyper;
          other.*which = std::clamp(other.*which + way, -7.0, 2.0);
          if (other.*which == hyper.*which) continue;
          const double value = ridge.evidence(other);
          if (value > best + 1e-9 * std::fabs(best)) best = value, hyper = other, moved = true;
        }
      }
    }
  }
  return best;
}

Hyper search(Ridge& ridge) {
  const auto at = [&](double lack, Hyper from) {
    from.lack = lack;
    ridge.set_lack(lack);
    const double value = search_inner(ridge, from);
    return std::pair(value, from);
  };
  auto best = at(-2, {});
  for (const double step : {2.0, 1.0, 0.5, 0.25}) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const double way : {-step, step}) {
        const double lack = std::clamp(best.second.lack + way, -7.0, 1.0);
        if (lack == best.second.lack) continue;
        const auto other = at(lack, best.second);
        if (other.first > best.first + 1e-9 * std::fabs(best.first)) best = other, moved = true;
      }
    }
  }
  ridge.set_lack(best.second.lack);
  ridge.evidence(best.second);
  return best.second;
}

}  // namespace

void write_terms(const Vector& x, Eigen::Ref<Vector> terms) {
  const Index p = x.size();
  Index k = 0;
  terms[k++] = 1;
  for (Index j = 0; j < p; ++j) terms[k++] = x[j];
  for (Index j = 0; j < p; ++j) {
    terms[k++] = (x[j] * x[j] - 1) * sqrt_half;
    for (Index l = j + 1; l < p; ++l) terms[k++] = x[j] * x[l];
  }
}

Vector gradient(const Vector& x, const Vector& coefficients) {
  const Index p = x.size();
  Vector out = coefficients.segment(1, p);
  Index k = 1 + p;
  for (Index j = 0; j < p; ++j) {
    out[j] += 2 * sqrt_half * x[j] * coefficients[k++];
    for (Index l = j + 1; l < p; ++l, ++k) {
      out[j] += x[l] * coefficients[k];
      out[l] += x[j] * coefficients[k];
    }
  }
  return out;
}

double lack_growth(const Vector& x) {
  const double r2 = radius_squared(x);
  return 0.5 * (1 + r2 * r2 * r2);
}

Fit fit_polynomial(const Sample& sample) {
  Ridge ridge(sample);
  Fit fit;
  if (ridge.constant_values()) {
    // Known without error: an error would have a shape, and the likelihood would see it.
    fit.coefficients = Vector::Zero(sample.terms.cols());
    fit.coefficients[0] = ridge.middle();
    fit.loo_calibration = fit.r2 = 1;
    return fit;
  }
  const Hyper hyper = search(ridge);
  const Vector variance = ridge.polynomial_variance(sample.terms);
  const Vector weights = sample.growth.cwiseInverse();
  const double total = weights.sum();
  const Vector residual = ridge.y() - sample.terms * ridge.coefficients();
  const double middle = weights.dot(ridge.y()) / total;
  double squares = 0, standardised = 0, spread = 0;
  for (Index i = 0; i < residual.size(); ++i) {
    // Leaving one out of a ridge regression (Allen 1974): residual/(1 - h), with variance noise/(1 - h).
    const double rest = std::max(1 - variance[i] / ridge.noise()[i], 1e-6);
    const double error = residual[i] / rest;
    squares += weights[i] * error * error;
    standardised += weights[i] * error * error * rest / ridge.noise()[i];
    spread += weights[i] * (ridge.y()[i] - middle) * (ridge.y()[i] - middle);
  }
  fit.coefficients = ridge.coefficients() * ridge.scale();
  fit.coefficients[0] += ridge.middle();
  fit.loo_calibration = standardised / total;
  fit.loo_rms = math::sqrt(squares / total) * ridge.scale();
  fit.r2 = spread > 0 ? 1 - squares / spread : 1;
  // Over opposite directions odd powers cancel: the variance of the polynomial is c0 + c2 r^2 + c4 r^4.
  const double lack = 0.5 * math::exp(2 * hyper.lack);
  const double middle_variance = ridge.variance_at(0);
  const double at1 = ridge.variance_at(1) - middle_variance, at2 = ridge.variance_at(2) - middle_variance;
  const double fourth = std::max(0.0, (at2 - 4 * at1) / 12);
  const double scale = std::max(1.0, fit.loo_calibration) * ridge.scale() * ridge.scale();
  fit.error = {scale * (lack + middle_variance), scale * std::max(0.0, at1 - fourth), scale * fourth, scale * lack};
  return fit;
}

}  // namespace carina::fit::impl
