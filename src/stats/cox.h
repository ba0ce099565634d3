/// @file
/// Cox's proportional hazards regression (J R Stat Soc B 1972): the hazard of an individual with covariates x is
/// exp(b' x) times one that all of its stratum share. Partial likelihood, with ties after Efron (J Am Stat Assoc 1977) or
/// Breslow, strata, delayed entry (counting process: an individual whose covariates change has a row for each stretch), as
/// R's coxph fits it (docs/estimators.md).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "stats/distributions.h"
#include "stats/intervals.h"
#include "stats/survival.h"

namespace carina::stats {

/// What the partial likelihood does with events at one time.
enum class Ties {
  Efron,   ///< nearly as if they came in a random order; R's default
  Breslow  ///< as if each saw all others at risk; many programs' default
};

/// How a fit ended.
enum class CoxStatus {
  Ok,           ///< the likelihood has a maximum, which was found
  NoEvents,     ///< nothing to fit
  Singular,     ///< a covariate says nothing among those at risk, or nothing that the others do not say
  Monotone,     ///< the likelihood rises for ever along some coefficients: their estimates are infinite
  NotConverged  ///< iterations ran out, or no step raised the likelihood
};

/// Its name as a recording has it: ok, no_events, singular, monotone, not_converged.
std::string_view name(CoxStatus status);

/// What is fitted; the caller keeps the memory.
struct CoxData {
  std::span<const Observed> individuals;  ///< rows
  std::span<const double> covariates;     ///< finite; row after row, the same number of columns in each
  std::span<const std::uint32_t> strata;  ///< stratum of each row; empty: one stratum
};

/// How it is fitted.
struct CoxOptions {
  Ties ties = Ties::Efron;  ///< events at one time
  double level = 0.95;      ///< confidence of the intervals
  int max_iterations = 60;  ///< of Newton's method; a monotone likelihood takes some 30, others 3 to 10
};

/// One covariate's coefficient.
struct CoxCoefficient {
  double coefficient = 0;   ///< logarithm of the hazard ratio; +-infinity where the likelihood is monotone in it
  double se = 0;            ///< standard error from the observed information; NaN for an infinite coefficient
  double z = 0;             ///< coefficient / se
  double p = 0;             ///< two-sided, of Wald's test
  double hazard_ratio = 1;  ///< for one unit of the covariate
  Interval interval;        ///< of the hazard ratio, after Wald
};

/// A fit. Without events and where singular all coefficients are NaN, and the tests too. Where monotone the tests of the
/// likelihood ratio and of the score hold (the likelihood's supremum is finite), Wald's does not: NaN.
struct CoxFit {
  CoxStatus status = CoxStatus::Ok;          ///< how it ended
  std::vector<CoxCoefficient> coefficients;  ///< one for each covariate
  std::vector<double> covariance;            ///< of the coefficients, row after row; NaN where one is infinite
  double null_log_likelihood = 0;            ///< of all coefficients 0
  double log_likelihood = 0;                 ///< of the estimate; the supremum where monotone
  ChiSquareTest likelihood_ratio;            ///< of all coefficients being 0
  ChiSquareTest wald;                        ///< of the same
  ChiSquareTest score;                       ///< of the same
  std::uint64_t individuals = 0;             ///< rows, each as often as it stands for
  std::uint64_t events = 0;                  ///< among them
  int iterations = 0;                        ///< Newton steps taken
};

/// The fit. Takes time in proportion to rows x covariates^2 a step.
CoxFit cox(const CoxData& data, const CoxOptions& options = {});

}  // namespace carina::stats
