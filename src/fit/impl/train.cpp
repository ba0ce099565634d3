#include "fit/impl/train.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/math.h"
#include "base/parallel.h"
#include "fit/impl/evaluator.h"
#include "fit/impl/polynomial.h"

namespace carina::fit::impl {
namespace {

// psi(x) and psi'(x): recurrence to x >= 10, then the asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.12).
double digamma(double x) {
  double out = 0;
  while (x < 10) out -= 1 / x, x += 1;
  const double y = 1 / (x * x);
  return out + math::log(x) - 0.5 / x - y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y / 240)));
}
double trigamma(double x) {
  double out = 0;
  while (x < 10) out += 1 / (x * x), x += 1;
  const double y = 1 / (x * x);
  return out + 1 / x + y / 2 + y / x * (1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y / 30)));
}

// Mean and variance over the trials of each point, for one figure.
struct Tallies {
  std::vector<Index> points;  // those with enough trials that have the figure
  Vector mean, variance, count;
};

Tallies tally(const std::vector<Point>& runs, Index figure) {
  Tallies out;
  std::vector<double> means, variances, counts;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    double n = 0, mean = 0, squares = 0;
    for (const double value : runs[i].figures.col(figure)) {
      if (std::isnan(value)) continue;
      n += 1;
      const double step = value - mean;
      mean += step / n;
      squares += step * (value - mean);
    }
    // A mean of what exists in a few trials only is not the figure's.
    if (n < std::max(4.0, 0.25 * static_cast<double>(runs[i].figures.rows()))) continue;
    out.points.push_back(static_cast<Index>(i));
    means.push_back(mean), variances.push_back(squares / (n - 1)), counts.push_back(n);
  }
  out.mean = vector(means), out.variance = vector(variances), out.count = vector(counts);
  return out;
}

// Variances are kept above a hundredth of their median, since a figure may by chance be the same in all trials of a point.
void lift_variances(Tallies& tallies) {
  std::vector<double> sorted = plain(tallies.variance);
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted[sorted.size() / 2];
  const double centre = tallies.mean.mean();
  const double spread = (tallies.mean.array() - centre).square().mean();
  const double least = std::max({0.01 * median, 1e-8 * spread, 1e-12 * (1 + centre * centre)});
  tallies.variance = tallies.variance.cwiseMax(least);
}

Dense rows_of(const Dense& all, const std::vector<Index>& rows) {
  Dense out(static_cast<Index>(rows.size()), all.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) out.row(static_cast<Index>(i)) = all.row(rows[i]);
  return out;
}

class Training {
 public:
  Training(const std::vector<Point>& runs, const Region& region) : runs_(runs) {
    out_.region = region;
    const Index p = runs.front().z.size();
    const auto n = static_cast<Index>(runs.size());
    terms_.resize(n, term_count(p));
    growth_.resize(n), x_.resize(n, p);
    const Whitening whitening(region);
    Vector row(terms_.cols());
    for (Index i = 0; i < n; ++i) {
      const Vector x = whitening.to(runs[static_cast<std::size_t>(i)].z);
      write_terms(x, row);
      terms_.row(i) = row.transpose();
      x_.row(i) = x.transpose();
      growth_[i] = lack_growth(x);
    }
    out_.figures.resize(static_cast<std::size_t>(runs.front().figures.cols()));
  }

  void learn_figure(std::size_t number) {
    FigureEmulator& figure = out_.figures[number];
    figure.missing = missing_share(static_cast<Index>(number));
    Tallies tallies = tally(runs_, static_cast<Index>(number));
    const Index p = runs_.front().z.size();
    figure.points = tallies.points.size();
    if (tallies.mean.size() < 2 * p + 3) return;
    lift_variances(tallies);
    figure.usable = true;
    Sample sample{p, rows_of(terms_, tallies.points), {}, {}, rows_of(x_, tallies.points), rows_of(growth_, tallies.points)};
    learn_variance(tallies, sample, figure);
    sample.y = tallies.mean;
    for (Index i = 0; i < sample.y.size(); ++i) {
      const double raw = sample.terms.row(i) * vector(figure.log_variance);
      sample.sampling[i] = limited_variance(figure, raw) / tallies.count[i];
    }
    const Fit fit = fit_polynomial(sample);
    figure.mean = plain(fit.coefficients);
    figure.error = fit.error;
    figure.loo_rms = fit.loo_rms, figure.loo_calibration = fit.loo_calibration, figure.r2 = fit.r2;
  }

  Emulator finish() {
    const Dense residuals = standardised_residuals();
    learn_shapes(residuals);
    learn_correlation(residuals);
    return std::move(out_);
  }

 private:
  // The logarithm of a variance of n normal values has mean log(variance) + psi((n - 1)/2) - log((n - 1)/2) and variance psi'.
  static void learn_variance(const Tallies& tallies, Sample& sample, FigureEmulator& figure) {
    const Index n = tallies.variance.size();
    sample.y.resize(n), sample.sampling.resize(n);
    for (Index i = 0; i < n; ++i) {
      const double half = 0.5 * (tallies.count[i] - 1);
      sample.y[i] = math::log(tallies.variance[i]) - digamma(half) + math::log(half);
      sample.sampling[i] = trigamma(half);
    }
    figure.log_variance = plain(fit_polynomial(sample).coefficients);
    // Limits from points in and near the region; what a polynomial says far away is nothing.
    const Vector fitted = sample.terms * vector(figure.log_variance);
    double low = figure.log_variance[0], high = low;
    for (Index i = 0; i < n; ++i) {
      if (sample.growth[i] > 32.5) continue;  // r > 2
      low = std::min(low, fitted[i]), high = std::max(high, fitted[i]);
    }
    figure.log_variance_middle = 0.5 * (high + low);
    figure.log_variance_reach = 0.5 * (high - low) + 2;
  }

  double missing_share(Index figure) const {
    double missing = 0, total = 0;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const double weight = 1 / growth_[static_cast<Index>(i)];
      for (const double value : runs_[i].figures.col(figure)) {
        missing += std::isnan(value) ? weight : 0;
        total += weight;
      }
    }
    return missing / total;
  }

  // One row a trial: its figures about their own point's means, over the emulated SDs, as if drawn about a known mean.
  Dense standardised_residuals() {
    Index rows = 0;
    for (const Point& point : runs_) rows += point.figures.rows();
    const auto count = static_cast<Index>(out_.figures.size());
    Dense out = Dense::Constant(rows, count, std::nan(""));
    weights_.resize(rows);
    for (Index f = 0; f < count; ++f) {
      const FigureEmulator& figure = out_.figures[static_cast<std::size_t>(f)];
      if (!figure.usable) continue;
      const Tallies tallies = tally(runs_, f);
      for (std::size_t t = 0; t < tallies.points.size(); ++t) {
        const auto k = static_cast<Index>(t);
        const Index i = tallies.points[t];
        const Dense& figures = runs_[static_cast<std::size_t>(i)].figures;
        const double raw = terms_.row(i) * vector(figure.log_variance);
        const double n = tallies.count[k];
        const double size = math::sqrt(limited_variance(figure, raw) * (n - 1) / n);
        out.col(f).segment(first_row(i), figures.rows()) = (figures.col(f).array() - tallies.mean[k]) / size;
      }
    }
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const auto k = static_cast<Index>(i);
      weights_.segment(first_row(k), runs_[i].figures.rows()).setConstant(1 / growth_[k]);
    }
    return out;
  }

  Index first_row(Index point) {
    if (first_rows_.empty()) {
      Index row = 0;
      for (const Point& run : runs_) first_rows_.push_back(row), row += run.figures.rows();
    }
    return first_rows_[static_cast<std::size_t>(point)];
  }

  void learn_shapes(const Dense& residuals) {
    for (std::size_t f = 0; f < out_.figures.size(); ++f) {
      double total = 0, second = 0, third = 0, fourth = 0;
      for (Index i = 0; i < residuals.rows(); ++i) {
        const double e = residuals(i, static_cast<Index>(f));
        if (std::isnan(e)) continue;
        const double w = weights_[i];
        total += w, second += w * e * e, third += w * e * e * e, fourth += w * e * e * e * e;
      }
      if (!(second > 0)) continue;
      const double variance = second / total;
      out_.figures[f].skewness = third / total / (variance * math::sqrt(variance));
      out_.figures[f].excess_kurtosis = fourth / total / (variance * variance) - 3;
    }
  }

  // Correlations of pairs of figures over the trials that have both, shrunk to none (Schaefer and Strimmer 2005), and made
  // positive definite where pairs from different trials do not fit together.
  void learn_correlation(const Dense& residuals) {
    const Index count = residuals.cols();
    Dense correlation = Dense::Identity(count, count);
    double doubt = 0, squares = 0;
    for (Index f = 0; f < count; ++f) {
      for (Index g = 0; g < f; ++g) {
        double ff = 0, gg = 0, fg = 0, total = 0, total2 = 0;
        for (Index i = 0; i < residuals.rows(); ++i) {
          const double a = residuals(i, f), b = residuals(i, g), w = weights_[i];
          if (std::isnan(a) || std::isnan(b)) continue;
          ff += w * a * a, gg += w * b * b, fg += w * a * b, total += w, total2 += w * w;
        }
        if (!(ff > 0 && gg > 0)) continue;
        const double r = fg / math::sqrt(ff * gg);
        correlation(f, g) = correlation(g, f) = r;
        doubt += (1 - r * r) * (1 - r * r) * total2 / (total * total);
        squares += r * r;
      }
    }
    out_.shrinkage = squares > 0 ? std::min(1.0, doubt / squares) : 1;
    correlation *= 1 - out_.shrinkage;
    correlation.diagonal().setOnes();
    out_.correlation = table(definite(correlation));
  }

  static Dense definite(const Dense& correlation) {
    const Eigen::SelfAdjointEigenSolver<Dense> solver(correlation);
    if (solver.eigenvalues().minCoeff() >= 1e-4) return correlation;
    const Vector lifted = solver.eigenvalues().cwiseMax(1e-4);
    const Dense whole = solver.eigenvectors() * lifted.asDiagonal() * solver.eigenvectors().transpose();
    const Vector size = whole.diagonal().cwiseSqrt().cwiseInverse();
    return size.asDiagonal() * whole * size.asDiagonal();
  }

  const std::vector<Point>& runs_;
  Emulator out_;
  Dense terms_, x_;
  Vector growth_, weights_;
  std::vector<Index> first_rows_;
};

}  // namespace

Emulator train(const std::vector<Point>& runs, const Region& region, int threads) {
  CARINA_CHECK(!runs.empty());
  Training training(runs, region);
  const auto figures = static_cast<std::uint64_t>(runs.front().figures.cols());
  for_each_chunk(figures, {threads, nullptr}, [&](std::uint64_t f) { training.learn_figure(f); });
  return training.finish();
}

Region prior_region(std::size_t parameters) {
  Region region{std::vector<double>(parameters, 0), Matrix(parameters, parameters)};
  for (std::size_t j = 0; j < parameters; ++j) region.spread(j, j) = 1;
  return region;
}

}  // namespace carina::fit::impl
