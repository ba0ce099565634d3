/// @file
/// Draws from a distribution of which the logarithm of the density and its gradient are known: Hamiltonian Monte Carlo
/// (Neal 2011) in coordinates whitened by a covariance that is learnt in the warm-up, with step sizes by dual averaging
/// (Hoffman and Gelman 2014), trajectories of random length about a quarter of a turn, and several chains. Right in 1 to some
/// 100 dimensions where the distribution has one mode.
///
/// Every draw has the address (seed, Fit, stream, chain, iteration), so the bits do not depend on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "fit/matrix.h"

namespace carina::fit {

/// The logarithm of a density up to a constant, with its gradient written into the second span; -infinity or NaN where it is
/// 0. Called from several threads at once.
using Density = std::function<double(std::span<const double>, std::span<double>)>;

/// Choices of a sampling.
struct SamplerOptions {
  std::size_t chains = 4;         ///< 2 or more for diagnostics
  std::size_t warm_up = 600;      ///< iterations of each chain in which metric and step are learnt, thrown away
  std::size_t iterations = 1000;  ///< iterations of each chain that are kept
  double acceptance = 0.8;        ///< mean probability of acceptance that the step size aims at; higher: smaller steps
  std::size_t max_leaps = 128;    ///< leapfrog steps of one iteration at most
};

/// Where a sampling begins and where its draws belong.
struct SamplerStart {
  std::uint64_t seed = 0;    ///< of every draw
  std::uint64_t stream = 0;  ///< differs between samplings
  int threads = 0;           ///< 0: one for each processor
  Matrix points;             ///< chains x dimensions
  Matrix metric;             ///< covariance to begin with, dimensions x dimensions; empty: identity
};

/// How well the chains mixed in one dimension (Vehtari et al. 2021).
struct Mixing {
  double rhat = 0;      ///< rank-normalised split R-hat, the larger of bulk and folded; 1 is perfect, 1.01 good
  double ess_bulk = 0;  ///< effective number of draws for the middle
  double ess_tail = 0;  ///< effective number of draws for the 5 and 95 % quantiles, the smaller
};

/// What a sampling gives.
struct Chains {
  std::size_t chains = 0;       ///< number of chains
  std::size_t iterations = 0;   ///< kept iterations of each
  Matrix draws;                 ///< (chains x iterations) x dimensions, chain after chain
  std::vector<Mixing> mixing;   ///< one a dimension
  std::vector<double> steps;    ///< step size of each chain, in whitened coordinates
  double acceptance = 0;        ///< mean probability of acceptance
  std::size_t divergences = 0;  ///< kept iterations whose energy ran away: where there are many, do not trust the tails
  double leaps = 0;             ///< mean number of leapfrog steps
  Matrix metric;                ///< covariance that the chains ended with

  /// Largest R-hat.
  double worst_rhat() const;
  /// Smallest effective number of draws, bulk or tail.
  double least_ess() const;
};

/// Draws from `density`. `start.points` must lie where it is above 0.
Chains sample(const Density& density, const SamplerStart& start, const SamplerOptions& options = {});

/// R-hat and effective numbers of draws of one dimension, chain after chain; at least 8 iterations a chain.
Mixing mixing(std::span<const double> values, std::size_t chains);

}  // namespace carina::fit
