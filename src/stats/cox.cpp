#include "stats/cox.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/math.h"
#include "stats/impl/cholesky.h"
#include "stats/impl/partial_likelihood.h"

namespace carina::stats {
namespace {

using impl::Cholesky;
using impl::Doubles;
using impl::PartialLikelihood;
using impl::Place;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
/// Pivots below this share of the largest element count as 0; R's coxph has the same.
constexpr double no_information = 1.818989403545856e-12;

/// How the search for the maximum ended, where, and by the step that led there.
struct Search {
  CoxStatus status = CoxStatus::NotConverged;
  Place place;
  Doubles step;
  int iterations = 0;
};

double size_of(double log_likelihood) { return 1 + std::fabs(log_likelihood); }

/// How far `step` moves the predictor of the covariate that it moves most, over that covariate's range.
double moved(const PartialLikelihood& likelihood, const Doubles& step) {
  double most = 0;
  for (std::size_t i = 0; i < step.size(); ++i) most = std::max(most, std::fabs(step[i]) * likelihood.range(i));
  return most;
}

/// Goes a step, or half of it, or a quarter, ...: to the first place where the likelihood is not lower. False when there is
/// none.
bool climb(const PartialLikelihood& likelihood, Doubles step, Place& place) {
  const double least = place.log_likelihood - 1e-13 * size_of(place.log_likelihood);
  for (int halvings = 0; halvings < 40; ++halvings) {
    Doubles coefficients = place.coefficients;
    for (std::size_t i = 0; i < step.size(); ++i) coefficients[i] += step[i];
    Place next = likelihood.at(std::move(coefficients));
    // where differences between individuals are beyond what numbers hold, it is not finite
    if (std::isfinite(next.log_likelihood) && next.log_likelihood >= least) {
      place = std::move(next);
      return true;
    }
    for (double& part : step) part /= 2;
  }
  return false;
}

/// Newton's method. Near a maximum a step squares the error of the last. Where the likelihood is monotone it approaches its
/// supremum as exp(-steps) while the steps keep a length: 1 over the lead that each event has over the others at risk.
Search maximise(const PartialLikelihood& likelihood, Place start, int max_iterations) {
  Search search{CoxStatus::NotConverged, std::move(start), Doubles(likelihood.columns()), 0};
  const auto columns = static_cast<double>(likelihood.columns());
  double gain = infinity;
  while (search.iterations < max_iterations) {
    Place& place = search.place;
    const Cholesky factor(place.information, likelihood.columns(), {.of_own = 1e-14});
    if (factor.singular()) {
      // it was regular at the start: what it lost went where individuals differ by more than numbers hold
      if (std::min(gain, -place.log_likelihood) < 1e-6 * size_of(place.log_likelihood)) search.status = CoxStatus::Monotone;
      return search;
    }
    search.step = factor.solve(place.score);
    const double distance = moved(likelihood, search.step);
    const double before = place.log_likelihood;
    if (!climb(likelihood, search.step, place)) return search;
    gain = place.log_likelihood - before;
    ++search.iterations;
    if (distance < 1e-8) {
      search.status = CoxStatus::Ok;
      return search;
    }
    if (gain < 1e-11 * size_of(place.log_likelihood) && distance * columns > 0.5) {
      search.status = CoxStatus::Monotone;
      return search;
    }
  }
  return search;
}

/// The covariance of those coefficients that are finite, each row and column in its place; NaN elsewhere.
Doubles covariance_of(const Place& place, const std::vector<bool>& finite) {
  const std::size_t columns = finite.size();
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < columns; ++i) {
    if (finite[i]) kept.push_back(i);
  }
  Doubles information, covariance(columns * columns, nan);
  for (const std::size_t i : kept) {
    for (const std::size_t j : kept) information.push_back(place.information[i * columns + j]);
  }
  const Cholesky factor(information, kept.size());
  if (factor.singular()) return covariance;
  const Doubles inverse = factor.inverse();
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (std::size_t j = 0; j < kept.size(); ++j) covariance[kept[i] * columns + kept[j]] = inverse[i * kept.size() + j];
  }
  return covariance;
}

CoxCoefficient coefficient_of(double coefficient, double variance, double level) {
  CoxCoefficient result{coefficient, math::sqrt(variance), nan, nan, math::exp(coefficient), {nan, nan}};
  if (std::isnan(result.se)) return result;
  result.z = coefficient / result.se;
  result.p = chi_square_test(result.z * result.z, 1).p;
  const double width = normal_width(level) * result.se;
  result.interval = {math::exp(coefficient - width), math::exp(coefficient + width)};
  return result;
}

void report(const PartialLikelihood& likelihood, const Search& search, double level, CoxFit& fit) {
  const std::size_t columns = likelihood.columns();
  const Place& place = search.place;
  fit.status = search.status;
  fit.iterations = search.iterations;
  fit.log_likelihood = place.log_likelihood;
  // an infinite coefficient still moves; the others stand still as the likelihood does
  std::vector<bool> finite(columns, true);
  for (std::size_t i = 0; i < columns && fit.status == CoxStatus::Monotone; ++i)
    finite[i] = std::fabs(search.step[i]) * likelihood.range(i) < 1e-3;
  fit.covariance = covariance_of(place, finite);
  double wald = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      fit.covariance[i * columns + j] /= likelihood.scale(i) * likelihood.scale(j);
      wald += place.coefficients[i] * place.information[i * columns + j] * place.coefficients[j];
    }
    const double value = finite[i] ? place.coefficients[i] / likelihood.scale(i) : std::copysign(infinity, search.step[i]);
    fit.coefficients[i] = coefficient_of(value, fit.covariance[i * columns + i], level);
  }
  const auto df = static_cast<unsigned>(columns);
  fit.likelihood_ratio = chi_square_test(2 * (fit.log_likelihood - fit.null_log_likelihood), df);
  fit.wald = chi_square_test(fit.status == CoxStatus::Monotone ? nan : wald, df);
}

}  // namespace

std::string_view name(CoxStatus status) {
  switch (status) {
    case CoxStatus::Ok: return "ok";
    case CoxStatus::NoEvents: return "no_events";
    case CoxStatus::Singular: return "singular";
    case CoxStatus::Monotone: return "monotone";
    case CoxStatus::NotConverged: break;
  }
  return "not_converged";
}

CoxFit cox(const CoxData& data, const CoxOptions& options) {
  const PartialLikelihood likelihood(data, options.ties);
  const std::size_t columns = likelihood.columns();
  const auto df = static_cast<unsigned>(columns);
  CoxFit fit;
  fit.coefficients.assign(columns, {nan, nan, nan, nan, nan, {nan, nan}});
  fit.covariance.assign(columns * columns, nan);
  fit.likelihood_ratio = fit.wald = fit.score = chi_square_test(nan, df);
  for (const Observed& individual : data.individuals) {
    fit.individuals += individual.individuals;
    if (individual.event) fit.events += individual.individuals;
  }
  Place start = likelihood.at(Doubles(columns));
  fit.null_log_likelihood = fit.log_likelihood = start.log_likelihood;
  if (fit.events == 0) {
    fit.status = CoxStatus::NoEvents;
    return fit;
  }
  const Cholesky factor(start.information, columns, {.of_largest = no_information});
  if (factor.singular()) {
    fit.status = CoxStatus::Singular;
    return fit;
  }
  fit.score = chi_square_test(impl::dot(start.score, factor.solve(start.score)), df);
  report(likelihood, maximise(likelihood, std::move(start), options.max_iterations), options.level, fit);
  return fit;
}

}  // namespace carina::stats
