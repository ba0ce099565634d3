/// @file
/// Calibration problems whose answer is known otherwise.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/discrete.h"
#include "base/math.h"
#include "base/random.h"
#include "fit/calibrate.h"
#include "fit/problem.h"

namespace problems {

namespace fit = carina::fit;
namespace math = carina::math;
namespace random = carina::random;

/// A standard normal number of a request's trial.
inline double normal(const fit::Request& request, std::size_t trial, std::uint32_t index) {
  return random::normal(request.seed, random::Domain::Trial, {request.stream, trial, 0, 0, index});
}
/// A uniform number of a request's trial.
inline double uniform(const fit::Request& request, std::size_t trial, std::uint32_t index) {
  return random::uniform(request.seed, random::Domain::Trial, {request.stream, trial, 0, 1, index});
}

/// figures = slopes x parameters + noise, everything normal: the posterior is known in closed form.
struct Linear {
  Eigen::MatrixXd slopes;    ///< figures x parameters
  Eigen::MatrixXd noise;     ///< covariance of the figures of one trial
  Eigen::VectorXd centre;    ///< prior means
  Eigen::VectorXd sd;        ///< prior SDs
  Eigen::VectorXd observed;  ///< figures

  /// As the room takes it: figures y0, y1, ... of groups `group(f)`, all identity axes.
  fit::Problem problem(const std::function<std::string(int)>& group) const {
    fit::Problem out;
    for (int j = 0; j < centre.size(); ++j) {
      out.parameters.push_back({"p" + std::to_string(j), "1", fit::identity_axis(), centre[j], sd[j], "a test"});
    }
    for (int f = 0; f < observed.size(); ++f) {
      out.figures.push_back({"y" + std::to_string(f), group(f), "1", fit::identity_axis(), observed[f]});
    }
    const Eigen::MatrixXd root = noise.llt().matrixL();
    out.simulate = [root, a = slopes](const fit::Request& request) {
      const Eigen::VectorXd mean =
          a * Eigen::Map<const Eigen::VectorXd>(request.parameters.data(), static_cast<Eigen::Index>(a.cols()));
      fit::Simulated simulated{fit::Matrix(request.replicates, static_cast<std::size_t>(a.rows()))};
      for (std::size_t r = 0; r < request.replicates; ++r) {
        Eigen::VectorXd e(a.rows());
        for (int f = 0; f < e.size(); ++f) e[f] = normal(request, r, static_cast<std::uint32_t>(f));
        const Eigen::VectorXd y = mean + root * e;
        for (int f = 0; f < y.size(); ++f) simulated.figures(r, static_cast<std::size_t>(f)) = y[f];
      }
      return simulated;
    };
    return out;
  }

  /// Posterior of the parameters from the figures of which `use` is true.
  struct Posterior {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;
  };
  Posterior posterior(const std::function<bool(int)>& use) const {
    std::vector<int> rows;
    for (int f = 0; f < observed.size(); ++f) {
      if (use(f)) rows.push_back(f);
    }
    const Eigen::MatrixXd a = slopes(rows, Eigen::all);
    const Eigen::MatrixXd precision = Eigen::MatrixXd(noise(rows, rows)).inverse();
    const Eigen::VectorXd weights = sd.array().square().inverse();
    const Eigen::MatrixXd prior = weights.asDiagonal();
    const Eigen::MatrixXd covariance = (prior + a.transpose() * precision * a).inverse();
    const Eigen::VectorXd y = observed(rows);
    return {covariance * (prior * centre + a.transpose() * precision * y), covariance};
  }
};

/// Three parameters, five figures whose errors are correlated.
inline Linear linear() {
  Linear out;
  out.slopes.resize(5, 3);
  out.slopes << 1, 0.5, 0, 0, 1, -1, 0.3, 0.3, 0.3, 2, 0, 1, 0, 0, 1.5;
  out.noise.resize(5, 5);
  for (int f = 0; f < 5; ++f) {
    for (int g = 0; g < 5; ++g) out.noise(f, g) = 0.4 * std::pow(0.6, std::abs(f - g)) * (1 + 0.1 * f) * (1 + 0.1 * g);
  }
  out.centre = Eigen::Vector3d(1, -2, 0.5);
  out.sd = Eigen::Vector3d(0.7, 1.2, 0.4);
  out.observed.resize(5);
  out.observed << 0.6, -1.9, -0.4, 3.1, 0.2;
  return out;
}

/// A trial of 60 patients whose exposures are log-normal, whose responses are binomial, and of whose responders some relapse.
/// The likelihood of its four figures is known exactly, so that a grid gives the true posterior.
struct Trial {
  double n = 60;                 ///< patients
  double responders = 41;        ///< observed
  double relapses = 12;          ///< observed, among responders
  double geometric_mean = 1.35;  ///< observed, of the exposures
  double log_sd = 0.83;          ///< observed, SD of the logarithms of the exposures
  bool rare = false;             ///< few respond, so that often nobody can relapse

  /// Chance of a response.
  double response(double exposure, double potency) const {
    return rare ? 0.06 : 1 - math::exp(-potency * math::sqrt(exposure));
  }
  /// Chance of a relapse after a response.
  static double relapse(double exposure, double potency) { return 1 / (1 + 2 * exposure * potency); }

  /// As the room takes it.
  fit::Problem problem() const {
    fit::Problem out;
    out.parameters = {{"exposure", "ug*day/mL", fit::log_axis(), 1, 0.6, "a test"},
                      {"spread", "1", fit::log_axis(), 0.8, 0.4, "a test"},
                      {"potency", "1", fit::log_axis(), 1, 0.7, "a test"}};
    out.figures = {{"response", "efficacy", "1", fit::share_axis(n), responders / n},
                   {"relapse", "efficacy", "1", fit::share_axis(responders), relapses / responders},
                   {"exposure mean", "kinetics", "ug*day/mL", fit::log_axis(), geometric_mean},
                   {"exposure spread", "kinetics", "1", fit::log_axis(), log_sd}};
    out.simulate = [trial = *this](const fit::Request& request) {
      fit::Simulated simulated{fit::Matrix(request.replicates, 4)};
      for (std::size_t r = 0; r < request.replicates; ++r) trial.simulate(request, r, simulated.figures.row(r));
      return simulated;
    };
    return out;
  }

  /// One trial, patient by patient.
  void simulate(const fit::Request& request, std::size_t r, std::span<double> figures) const {
    const double exposure = request.parameters[0], spread = request.parameters[1], potency = request.parameters[2];
    double responses = 0, relapsed = 0, sum = 0, squares = 0;
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(n); ++i) {
      const double log_exposure = math::log(exposure) + spread * normal(request, r, i);
      sum += log_exposure, squares += log_exposure * log_exposure;
      if (uniform(request, r, 2 * i) >= response(exposure, potency)) continue;
      responses += 1;
      if (uniform(request, r, 2 * i + 1) < relapse(exposure, potency)) relapsed += 1;
    }
    figures[0] = responses / n;
    figures[1] = responses > 0 ? relapsed / responses : std::numeric_limits<double>::quiet_NaN();
    figures[2] = math::exp(sum / n);
    figures[3] = math::sqrt((squares - sum * sum / n) / (n - 1));
  }

  /// Logarithm of the exact likelihood.
  double log_likelihood(double exposure, double spread, double potency) const {
    const double p = response(exposure, potency), q = relapse(exposure, potency);
    const double z = (math::log(geometric_mean) - math::log(exposure)) / (spread / math::sqrt(n));
    const double chi2 = (n - 1) * log_sd * log_sd / (spread * spread);
    return responders * math::log(p) + (n - responders) * math::log(1 - p) + relapses * math::log(q) +
           (responders - relapses) * math::log(1 - q) - 0.5 * z * z - math::log(spread) - 0.5 * chi2 +
           0.5 * (n - 1) * math::log(chi2);
  }
};

/// Settings for tests: small, and without what takes long.
inline fit::Options quick(std::uint64_t seed) {
  fit::Options options;
  options.seed = seed;
  options.replicates = 20;
  options.leave_groups_out = false;
  options.vary_priors = false;
  return options;
}

}  // namespace problems
