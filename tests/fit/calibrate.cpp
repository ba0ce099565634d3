#include "fit/calibrate.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/problem.h"
#include "base/random.h"
#include "fit/problems.h"
#include "fit/recover.h"
#include "fit/sensitivity.h"

using namespace carina;

namespace {

const auto one_group = [](int) { return std::string("all"); };

bool has_note(const fit::Summary& summary, fit::Status status) {
  for (const fit::Note& note : summary.notes) {
    if (note.status == status) return true;
  }
  return false;
}

// Means and SDs of (log parameter - log centre)/sd under the exact posterior of a Trial, on a grid.
struct Exact {
  double mean[3] = {}, sd[3] = {};
};

Exact exact_posterior(const problems::Trial& trial, const fit::Problem& problem) {
  constexpr int n = 61;
  double total = 0, sums[3] = {}, squares[3] = {};
  const auto z = [](int i) { return -4 + 8.0 * i / (n - 1); };
  const auto value = [&](int j, int i) {
    const fit::Parameter& parameter = problem.parameters[static_cast<std::size_t>(j)];
    return parameter.axis.from(parameter.axis.to(parameter.centre) + parameter.sd * z(i));
  };
  double reference = -std::numeric_limits<double>::infinity();
  for (const bool adding : {false, true}) {
    for (int a = 0; a < n; ++a) {
      for (int b = 0; b < n; ++b) {
        for (int c = 0; c < n; ++c) {
          const double at[3] = {z(a), z(b), z(c)};
          const double log_posterior = trial.log_likelihood(value(0, a), value(1, b), value(2, c)) -
                                       0.5 * (at[0] * at[0] + at[1] * at[1] + at[2] * at[2]);
          if (!adding) {
            reference = std::max(reference, log_posterior);
            continue;
          }
          const double weight = std::exp(log_posterior - reference);
          total += weight;
          for (int j = 0; j < 3; ++j) sums[j] += weight * at[j], squares[j] += weight * at[j] * at[j];
        }
      }
    }
  }
  Exact out;
  for (int j = 0; j < 3; ++j) {
    out.mean[j] = sums[j] / total;
    out.sd[j] = std::sqrt(squares[j] / total - out.mean[j] * out.mean[j]);
  }
  return out;
}

}  // namespace

TEST_CASE("a linear problem with normal figures has the posterior and the prediction of the closed form") {
  const problems::Linear linear = problems::linear();
  const fit::Problem problem = linear.problem(one_group);
  const fit::Summary summary = fit::calibrate(problem, problems::quick(1));
  CHECK(fit::report(problem, summary).starts_with("Ok: calibrated (1600 trials in 2 waves)\n  p0 "));
  CHECK(summary.status == fit::Status::Ok);
  CHECK(summary.worst_rhat < 1.01);
  const auto exact = linear.posterior([](int) { return true; });
  for (Eigen::Index j = 0; j < 3; ++j) {
    const fit::ParameterSummary& parameter = summary.parameters[static_cast<std::size_t>(j)];
    const double sd = std::sqrt(exact.covariance(j, j));
    CHECK(std::fabs(parameter.mean - exact.mean[j]) < 0.15 * sd);
    CHECK(parameter.sd == doctest::Approx(sd).epsilon(0.1));
    CHECK(parameter.p95 - parameter.p05 == doctest::Approx(2 * 1.645 * sd).epsilon(0.12));
    CHECK(parameter.contraction == doctest::Approx(1 - exact.covariance(j, j) / std::pow(linear.sd[j], 2)).epsilon(0.1));
    for (Eigen::Index k = 0; k < j; ++k) {
      double covariance = 0;
      for (std::size_t i = 0; i < summary.draws.rows; ++i) {
        covariance +=
            (summary.draws(i, static_cast<std::size_t>(j)) - parameter.mean) *
            (summary.draws(i, static_cast<std::size_t>(k)) - summary.parameters[static_cast<std::size_t>(k)].mean) /
            static_cast<double>(summary.draws.rows);
      }
      CHECK(std::fabs(covariance - exact.covariance(j, k)) / (sd * std::sqrt(exact.covariance(k, k))) < 0.15);
    }
  }
  const Eigen::VectorXd mean = linear.slopes * exact.mean;
  const Eigen::MatrixXd spread = linear.slopes * exact.covariance * linear.slopes.transpose() + linear.noise;
  for (Eigen::Index f = 0; f < 5; ++f) {
    const fit::FigurePrediction& figure = summary.prediction.figures[static_cast<std::size_t>(f)];
    const double sd = std::sqrt(spread(f, f));
    CHECK(std::fabs(figure.p50 - mean[f]) < 0.2 * sd);
    CHECK(figure.p95 - figure.p05 == doctest::Approx(2 * 1.645 * sd).epsilon(0.12));
  }
  CHECK(summary.prediction.joint_p > 0.05);
  const Eigen::VectorXd away = linear.observed - mean;
  CHECK(summary.prediction.joint_distance == doctest::Approx(away.dot(spread.ldlt().solve(away))).epsilon(0.25));
  const Eigen::MatrixXd variance = linear.sd.cwiseAbs2().asDiagonal();
  const Eigen::MatrixXd expected = linear.slopes * variance * linear.slopes.transpose() + linear.noise;
  const Eigen::VectorXd surprise = linear.observed - linear.slopes * linear.centre;
  CHECK(summary.misfit == doctest::Approx(surprise.dot(expected.ldlt().solve(surprise))).epsilon(0.1));
  const Eigen::MatrixXd precision = linear.noise.inverse();
  for (Eigen::Index f = 0; f < 5; ++f) {
    const double strain = precision.row(f).dot(away) / std::sqrt(precision(f, f));
    CHECK(std::fabs(summary.figures[static_cast<std::size_t>(f)].strain - strain) < 0.25);
  }
}

TEST_CASE("without a group the posterior is the closed form's, and the group is predicted") {
  const problems::Linear linear = problems::linear();
  const auto group = [](int f) { return std::string(f < 3 ? "a" : "b"); };
  const fit::Problem problem = linear.problem(group);
  fit::Options options = problems::quick(2);
  options.leave_groups_out = true;
  const fit::Summary summary = fit::calibrate(problem, options);
  REQUIRE(summary.groups.size() == 2);
  const auto full = linear.posterior([](int) { return true; });
  for (const fit::GroupLeftOut& left : summary.groups) {
    const auto exact = linear.posterior([&](int f) { return group(f) != left.group; });
    for (Eigen::Index j = 0; j < 3; ++j) {
      const double sd = std::sqrt(full.covariance(j, j));
      CHECK(std::fabs(left.shift[static_cast<std::size_t>(j)] - (exact.mean[j] - full.mean[j]) / sd) < 0.3);
      CHECK(left.sd_ratio[static_cast<std::size_t>(j)] ==
            doctest::Approx(std::sqrt(exact.covariance(j, j)) / sd).epsilon(0.15));
    }
    const Eigen::VectorXd mean = linear.slopes * exact.mean;
    const Eigen::MatrixXd spread = linear.slopes * exact.covariance * linear.slopes.transpose() + linear.noise;
    CHECK(left.prediction.figures.size() == (left.group == "a" ? 3 : 2));
    for (const fit::FigurePrediction& figure : left.prediction.figures) {
      const Eigen::Index f = figure.name[1] - '0';
      const double sd = std::sqrt(spread(f, f));
      CHECK(figure.group == left.group);
      CHECK(std::fabs(figure.p50 - mean[f]) < 0.25 * sd);
      CHECK(figure.p95 - figure.p05 == doctest::Approx(2 * 1.645 * sd).epsilon(0.2));
    }
  }
}

TEST_CASE("a shifted prior moves figures as in the closed form") {
  problems::Linear linear = problems::linear();
  linear.noise *= 4;
  const fit::Problem problem = linear.problem(one_group);
  fit::Options options = problems::quick(3);
  options.vary_priors = true;
  const fit::Summary summary = fit::calibrate(problem, options);
  REQUIRE(summary.priors.size() == 9);
  const auto base = linear.posterior([](int) { return true; });
  for (const fit::PriorSensitivity& row : summary.priors) {
    problems::Linear changed = linear;
    const Eigen::Index j = row.parameter[1] - '0';
    if (row.change == fit::PriorChange::Wider) changed.sd[j] *= 1.5;
    if (row.change == fit::PriorChange::Higher) changed.centre[j] += 0.5 * linear.sd[j];
    if (row.change == fit::PriorChange::Lower) changed.centre[j] -= 0.5 * linear.sd[j];
    const Eigen::VectorXd move = linear.slopes * (changed.posterior([](int) { return true; }).mean - base.mean);
    const Eigen::MatrixXd spread = linear.slopes * base.covariance * linear.slopes.transpose() + linear.noise;
    for (Eigen::Index f = 0; f < 5; ++f) {
      CHECK(std::fabs(row.figure_change[static_cast<std::size_t>(f)] - move[f]) / std::sqrt(spread(f, f)) < 0.08);
    }
  }
}

TEST_CASE("a sum that the figures tell and a difference that they do not") {
  problems::Linear linear;
  linear.slopes = Eigen::MatrixXd::Ones(2, 2);
  linear.noise = 0.01 * Eigen::MatrixXd::Identity(2, 2);
  linear.centre = Eigen::Vector2d::Zero(), linear.sd = Eigen::Vector2d::Ones(), linear.observed = Eigen::Vector2d(0.5, 0.5);
  const fit::Problem problem = linear.problem(one_group);
  const fit::Summary summary = fit::calibrate(problem, problems::quick(4));
  REQUIRE(summary.directions.size() == 2);
  const fit::Direction& stiff = summary.directions[0];
  const fit::Direction& sloppy = summary.directions[1];
  CHECK(stiff.precision > 200);  // 1 + 2 figures x 2/0.01 = 401, less the emulator's error
  CHECK(stiff.precision < 480);
  CHECK(sloppy.precision == doctest::Approx(1).epsilon(0.1));
  CHECK((stiff.name == "0.71 p0 + 0.71 p1" || stiff.name == "0.71 p1 + 0.71 p0"));
  CHECK((sloppy.name == "0.71 p0 - 0.71 p1" || sloppy.name == "0.71 p1 - 0.71 p0"));
  for (const fit::ParameterSummary& parameter : summary.parameters) {
    CHECK(parameter.contraction == doctest::Approx(0.5).epsilon(0.1));
  }
}

TEST_CASE("binomial and geometric figures of a nonlinear population give the exact posterior of a grid") {
  const problems::Trial trial;
  const fit::Problem problem = trial.problem();
  const fit::Summary summary = fit::calibrate(problem, problems::quick(5));
  CHECK(summary.status == fit::Status::Ok);
  const Exact exact = exact_posterior(trial, problem);
  for (std::size_t j = 0; j < 3; ++j) {
    CAPTURE(j);
    CHECK(std::fabs(summary.parameters[j].z_mean - exact.mean[j]) < 0.15 * exact.sd[j]);
    CHECK(summary.parameters[j].z_sd == doctest::Approx(exact.sd[j]).epsilon(0.12));
  }
}

TEST_CASE("a calibration has the same bits for one, two and three threads and when called again") {
  const problems::Trial trial;
  const fit::Problem problem = trial.problem();
  fit::Options options = problems::quick(6);
  options.waves = 2, options.leave_groups_out = true, options.simulated_draws = 50;
  options.sampler.warm_up = 100, options.sampler.iterations = 100, options.draws = 200;
  std::vector<std::string> hashes;
  for (const int threads : {1, 2, 3, 1}) {
    options.threads = threads;
    hashes.push_back(fit::hash(fit::calibrate(problem, options)));
  }
  CHECK(hashes[1] == hashes[0]);
  CHECK(hashes[2] == hashes[0]);
  CHECK(hashes[3] == hashes[0]);
  options.seed = 7, options.leave_groups_out = false;
  CHECK(fit::hash(fit::calibrate(problem, options)) != hashes[0]);
}

TEST_CASE("a figure that some trials do not have is fitted on those that have it, and one that none has is left out") {
  problems::Trial trial;
  trial.rare = true, trial.responders = 4, trial.relapses = 1;
  fit::Problem problem = trial.problem();
  problem.figures.push_back({"never", "other", "1", fit::identity_axis(), 3.0});
  problem.simulate = [inner = problem.simulate](const fit::Request& request) {
    const fit::Simulated four = inner(request);
    fit::Simulated five{fit::Matrix(request.replicates, 5, std::numeric_limits<double>::quiet_NaN())};
    for (std::size_t r = 0; r < request.replicates; ++r)
      std::copy_n(four.figures.row(r).begin(), 4, five.figures.row(r).begin());
    return five;
  };
  const fit::Summary summary = fit::calibrate(problem, problems::quick(8));
  CHECK(summary.emulator.figures[1].usable);
  CHECK(summary.emulator.figures[1].missing == doctest::Approx(std::pow(0.94, 60)).epsilon(0.35));
  CHECK_FALSE(summary.emulator.figures[4].usable);
  CHECK(has_note(summary, fit::Status::MissingFigure));
  CHECK(summary.usable());
  CHECK(std::isnan(summary.prediction.figures[4].p50));
  CHECK(summary.draws.rows == 1000);
}

TEST_CASE("figures without chance, figures that never change and twins do no harm") {
  fit::Problem problem;
  problem.parameters = {{"a", "1", fit::identity_axis(), 0, 1, "a test"}, {"b", "1", fit::logit_axis(0, 2), 1, 1, "a test"}};
  problem.figures = {{"certain", "g", "1", fit::identity_axis(), 0.7},
                     {"constant", "g", "1", fit::identity_axis(), 3},
                     {"noisy", "h", "1", fit::identity_axis(), 0.5},
                     {"twin", "h", "1", fit::identity_axis(), 0.5},
                     {"none", "h", "1", fit::share_axis(50), 0}};
  problem.simulate = [](const fit::Request& request) {
    fit::Simulated simulated{fit::Matrix(request.replicates, 5)};
    for (std::size_t r = 0; r < request.replicates; ++r) {
      const double a = request.parameters[0], y = request.parameters[1] + 0.2 * problems::normal(request, r, 0);
      const double row[] = {a + 0.1 * a * a, 3, y, y, 0};
      std::copy_n(row, 5, simulated.figures.row(r).begin());
    }
    return simulated;
  };
  const fit::Summary summary = fit::calibrate(problem, problems::quick(3));
  CHECK(summary.usable());
  CHECK(summary.worst_rhat < 1.02);
  CHECK(summary.parameters[0].mean == doctest::Approx((-1 + std::sqrt(1.28)) / 0.2).epsilon(0.001));
  CHECK(summary.parameters[0].sd < 0.005);
  // A twin adds nothing: by numerical integration b has mean 0.567 and SD 0.175 after one figure with SD 0.2.
  CHECK(summary.parameters[1].mean == doctest::Approx(0.567).epsilon(0.06));
  CHECK(summary.parameters[1].sd == doctest::Approx(0.175).epsilon(0.1));
  problem.figures[1].observed = 4;
  CHECK(fit::calibrate(problem, problems::quick(3)).status == fit::Status::OutOfReach);
}

TEST_CASE("an observed figure that the model cannot reach is said to be so, by name") {
  const problems::Linear linear = problems::linear();
  fit::Problem problem = linear.problem(one_group);
  problem.figures[2].observed = 9;
  fit::Options options = problems::quick(9);
  options.waves = 2;
  const fit::Summary summary = fit::calibrate(problem, options);
  CHECK(summary.status == fit::Status::OutOfReach);
  CHECK(summary.misfit_p < 0.001);
  CHECK_FALSE(summary.usable());
  CHECK(summary.prediction.joint_p < 0.01);
  CHECK_FALSE(summary.prediction.figures[2].inside);
  CHECK(summary.figures[2].strain > 2);
  CHECK(fit::report(problem, summary).find("SD given the others") != std::string::npos);
  bool named = false;
  for (const fit::Note& note : summary.notes) named = named || note.what.find("y2 by") != std::string::npos;
  CHECK(named);
}

TEST_CASE("a model that never gives a figure has no emulator, and a stopped one says so") {
  fit::Problem problem = problems::linear().problem(one_group);
  problem.simulate = [](const fit::Request& request) {
    return fit::Simulated{fit::Matrix(request.replicates, 5, std::numeric_limits<double>::quiet_NaN())};
  };
  CHECK(fit::calibrate(problem, problems::quick(1)).status == fit::Status::NoEmulator);
  std::atomic<bool> stop = true;
  fit::Options options = problems::quick(1);
  options.stop = &stop;
  CHECK(fit::calibrate(problem, options).status == fit::Status::Stopped);
  CHECK(fit::Summary{}.status == fit::Status::NotRun);
}

TEST_CASE("one wave alone is said not to be enough, and a budget is kept") {
  const fit::Problem problem = problems::linear().problem(one_group);
  fit::Options options = problems::quick(1);
  options.waves = 1;
  const fit::Summary one = fit::calibrate(problem, options);
  CHECK(one.status == fit::Status::BudgetSpent);
  CHECK(one.usable());
  std::size_t waves = 0;
  std::uint64_t trials = 0;
  options.wave_done = [&](const fit::WaveSummary& wave) { waves = wave.wave; };
  options.progress = [&](const Progress& progress) { trials = progress.done; };
  options.waves = 5, options.budget = 1300;
  const fit::Summary spent = fit::calibrate(problem, options);
  CHECK(spent.trials == 1300);
  CHECK(spent.waves.size() == 2);
  CHECK(spent.waves[1].points == 25);
  CHECK(waves == 2);
  CHECK(trials == 500);
}

TEST_CASE("a check figure is predicted and does not move the parameters") {
  const problems::Linear linear = problems::linear();
  fit::Problem problem = linear.problem(one_group);
  problem.figures[4].role = fit::Role::Check;
  const fit::Summary with = fit::calibrate(problem, problems::quick(10));
  problem.figures[4].observed = -50;
  const fit::Summary far = fit::calibrate(problem, problems::quick(10));
  CHECK(with.z_draws.values == far.z_draws.values);
  CHECK(with.prediction.coverage_check == 1);
  CHECK(far.prediction.coverage_check == 0);
  CHECK(far.status == with.status);
}

TEST_CASE("simulation at posterior draws agrees with the emulator") {
  const problems::Trial trial;
  const fit::Problem problem = trial.problem();
  fit::Options options = problems::quick(11);
  options.simulated_draws = 500;
  const fit::Summary summary = fit::calibrate(problem, options);
  CHECK(summary.simulated.replicates == 500);
  for (std::size_t f = 0; f < 4; ++f) {
    const fit::FigurePrediction& by_emulator = summary.prediction.figures[f];
    const fit::FigurePrediction& by_simulation = summary.simulated.figures[f];
    const double width = by_emulator.p95 - by_emulator.p05;
    CHECK(std::fabs(by_emulator.p05 - by_simulation.p05) < 0.12 * width);
    CHECK(std::fabs(by_emulator.p50 - by_simulation.p50) < 0.08 * width);
    CHECK(std::fabs(by_emulator.p95 - by_simulation.p95) < 0.12 * width);
  }
  CHECK(summary.simulated.joint_p > 0.01);
}

TEST_CASE("everything that is wrong with a problem is said at once") {
  fit::Problem problem = problems::linear().problem(one_group);
  problem.parameters[0].sd = 0;
  problem.parameters[1] = {"p0", "1", fit::log_axis(), -2, 1, "a test"};
  problem.figures[0].observed = std::numeric_limits<double>::quiet_NaN();
  problem.figures[1].axis = fit::logit_axis(0, 1);
  problem.figures[1].observed = 1;
  problem.simulate = nullptr;
  std::string text;
  try {
    fit::validate(problem);
  } catch (const InputError& error) {
    text = error.what();
  }
  CHECK(text ==
        "parameters[1].name = p0: must be a name of its own\n"
        "parameters[0].sd = 0: must be > 0 (a parameter that is known is no parameter of the calibration)\n"
        "parameters[1].centre = -2 1: must have a place on the scale log\n"
        "figures[0].observed = nan 1: a figure to calibrate on needs a value (role Check predicts it without one)\n"
        "figures[1].observed = 1 1: must have a place on the scale logit (share_axis(n) has room for 0 and for all)\n"
        "simulate: must be a function");
  fit::Options options;
  options.replicates = 3, options.tolerance = 0;
  CHECK_THROWS_WITH_AS(fit::validate(options), "replicates = 3: must be >= 4\ntolerance = 0: must be > 0", InputError);
}

TEST_SUITE("slow") {
  TEST_CASE("the whole procedure, waves and all, covers parameters drawn from the prior") {
    const problems::Trial trial;
    constexpr std::uint64_t trials = 60;
    double inside = 0, bias = 0, misfits = 0;
    for (std::uint64_t i = 0; i < trials; ++i) {
      fit::Problem problem = trial.problem();
      double truth[3], values[3];
      for (std::uint64_t j = 0; j < 3; ++j) {
        const fit::Parameter& parameter = problem.parameters[j];
        truth[j] = random::normal(21, random::Domain::Resampling, {i, j, 0, 0, 0});
        values[j] = parameter.axis.from(parameter.axis.to(parameter.centre) + parameter.sd * truth[j]);
      }
      const fit::Simulated observed = problem.simulate({values, 1, 21, i});
      for (std::size_t f = 0; f < 4; ++f) problem.figures[f].observed = observed.figures(0, f);
      const double responders = std::round(trial.n * observed.figures(0, 0));
      if (responders > 0) problem.figures[1].axis = fit::share_axis(responders);
      if (responders == 0) problem.figures[1].role = fit::Role::Check;
      const fit::Summary summary = fit::calibrate(problem, problems::quick(1000 + i));
      CHECK(summary.worst_rhat < 1.05);
      misfits += summary.misfit_p < 0.05 ? 1.0 / trials : 0;
      for (std::size_t j = 0; j < 3; ++j) {
        const fit::ParameterSummary& parameter = summary.parameters[j];
        inside += values[j] >= parameter.p05 && values[j] <= parameter.p95 ? 1.0 / (3 * trials) : 0;
        bias += (parameter.z_mean - truth[j]) / (3 * trials);
      }
    }
    MESSAGE("coverage " << inside << ", bias " << bias << ", misfits " << misfits);
    CHECK(inside > 0.82);  // 180 intervals: 3 to 4 standard errors about 0.9
    CHECK(inside < 0.97);
    CHECK(std::fabs(bias) < 0.06);
    CHECK(misfits < 0.15);
  }

  TEST_CASE("known parameters of a nonlinear population are recovered, from the posterior and over the prior") {
    const problems::Trial trial;
    const fit::Problem problem = trial.problem();
    const fit::Summary summary = fit::calibrate(problem, problems::quick(12));
    for (const fit::Truths truths : {fit::Truths::Posterior, fit::Truths::Prior}) {
      fit::RecoveryOptions options;
      options.seed = 12, options.truths = truths, options.trials = 150;
      const fit::Recovery recovery = fit::recover(problem, summary, options);
      MESSAGE("coverage " << recovery.coverage);
      CHECK(recovery.passed());
      CHECK(recovery.coverage > 0.84);  // 450 intervals, not independent: 4 standard errors below 0.9
      CHECK(recovery.coverage < 0.96);
      for (const fit::ParameterRecovery& parameter : recovery.parameters) {
        CAPTURE(parameter.name);
        CHECK(parameter.coverage > 0.8);
        // The first emulator has to cover the whole prior with one polynomial, and is a little askew.
        CHECK(std::fabs(parameter.bias) < (truths == fit::Truths::Posterior ? 0.2 : 0.4));
        CHECK(parameter.sd_ratio < 1.02);
      }
    }
  }
}
