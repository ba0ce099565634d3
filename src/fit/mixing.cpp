// Split R-hat and effective numbers of draws: Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021, Bayesian Analysis 16:667.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/math.h"
#include "base/random.h"
#include "fit/sampler.h"

namespace carina::fit {
namespace {

using Halves = std::vector<std::vector<double>>;

// Each chain cut in two; an odd iteration in the middle is left out.
Halves halves_of(std::span<const double> values, std::size_t chains) {
  const std::size_t n = values.size() / chains, half = n / 2;
  Halves out;
  for (std::size_t c = 0; c < chains; ++c) {
    const auto chain = values.subspan(c * n, n);
    out.emplace_back(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(half));
    out.emplace_back(chain.end() - static_cast<std::ptrdiff_t>(half), chain.end());
  }
  return out;
}

// Normal scores of the ranks over all chains, ties at their mean rank.
Halves normal_scores(const Halves& halves) {
  std::vector<double> all;
  for (const auto& half : halves) all.insert(all.end(), half.begin(), half.end());
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all[a] < all[b]; });
  std::vector<double> scores(all.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && all[order[end]] == all[order[i]]) ++end;
    const double rank = 0.5 * static_cast<double>(i + 1 + end);
    const double score = random::normal_quantile((rank - 0.375) / (static_cast<double>(all.size()) + 0.25));
    for (; i < end; ++i) scores[order[i]] = score;
  }
  Halves out = halves;
  std::size_t at = 0;
  for (auto& half : out) {
    for (double& value : half) value = scores[at++];
  }
  return out;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size() - 1);
}

// Mean variance within chains, and the variance estimate that counts their means too.
struct Spread {
  double within = 0, overall = 0;
};

Spread spread_of(const Halves& halves) {
  std::vector<double> means, variances;
  for (const auto& half : halves) {
    means.push_back(mean_of(half));
    variances.push_back(variance_of(half));
  }
  const auto n = static_cast<double>(halves.front().size());
  const double within = mean_of(variances);
  return {within, within * (n - 1) / n + variance_of(means)};
}

double rhat_of(const Halves& halves) {
  const Spread spread = spread_of(halves);
  return spread.within > 0 ? math::sqrt(spread.overall / spread.within) : 1;
}

double autocovariance(const std::vector<double>& values, double mean, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < values.size(); ++i) sum += (values[i] - mean) * (values[i - lag] - mean);
  return sum / static_cast<double>(values.size());
}

// Geyer's initial monotone sequence over pairs of lags.
double ess_of(const Halves& halves) {
  const Spread spread = spread_of(halves);
  const std::size_t n = halves.front().size();
  const auto total = static_cast<double>(n * halves.size());
  if (!(spread.overall > 0)) return total;
  std::vector<double> means;
  for (const auto& half : halves) means.push_back(mean_of(half));
  const auto correlation = [&](std::size_t lag) {
    double covariance = 0;
    for (std::size_t c = 0; c < halves.size(); ++c) covariance += autocovariance(halves[c], means[c], lag);
    const double scale = static_cast<double>(n) / static_cast<double>(n - 1);
    return 1 - (spread.within - scale * covariance / static_cast<double>(halves.size())) / spread.overall;
  };
  double sum = 0, last = 0;
  for (std::size_t lag = 0; lag + 1 < n; lag += 2) {
    double pair = (lag == 0 ? 1 : correlation(lag)) + correlation(lag + 1);
    if (pair < 0) break;
    if (lag > 0) pair = std::min(pair, last);
    sum += pair;
    last = pair;
  }
  const double tau = std::max(2 * sum - 1, 1 / math::log10(total));
  return total / tau;
}

Halves mapped(const Halves& halves, const std::function<double(double)>& change) {
  Halves out = halves;
  for (auto& half : out) {
    for (double& value : half) value = change(value);
  }
  return out;
}

}  // namespace

Mixing mixing(std::span<const double> values, std::size_t chains) {
  CARINA_CHECK(chains > 0 && values.size() / chains >= 8 && values.size() % chains == 0);
  const Halves halves = halves_of(values, chains);
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](double p) { return sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))]; };
  const double median = at(0.5), low = at(0.05), high = at(0.95);
  const Halves bulk = normal_scores(halves);
  const Halves folded = normal_scores(mapped(halves, [&](double x) { return std::fabs(x - median); }));
  const Halves lower = mapped(halves, [&](double x) { return x <= low ? 1.0 : 0.0; });
  const Halves upper = mapped(halves, [&](double x) { return x <= high ? 1.0 : 0.0; });
  return {std::max(rhat_of(bulk), rhat_of(folded)), ess_of(bulk), std::min(ess_of(lower), ess_of(upper))};
}

}  // namespace carina::fit
