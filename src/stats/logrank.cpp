#include "stats/logrank.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "stats/impl/cholesky.h"
#include "stats/impl/ordered.h"

namespace carina::stats {
namespace {

using Doubles = std::vector<double>;

// Those at risk of each group, going back in time, and what the events tell.
struct Risk {
  std::vector<std::uint64_t> at_risk;  // of each group
  std::uint64_t total = 0;
  Doubles expected, variance;  // variance: row after row, of observed less expected

  explicit Risk(std::size_t groups) : at_risk(groups), expected(groups), variance(groups * groups) {}

  void forget() {
    std::fill(at_risk.begin(), at_risk.end(), 0);
    total = 0;
  }
  // `events` at a time among those at risk: hypergeometric, had all groups the same hazard.
  void add(std::uint64_t events) {
    const auto n = static_cast<double>(total);
    const auto d = static_cast<double>(events);
    const std::size_t groups = at_risk.size();
    const double spread = total > 1 ? d * (n - d) / (n - 1) : 0;
    for (std::size_t a = 0; a < groups; ++a) {
      const double share = static_cast<double>(at_risk[a]) / n;
      expected[a] += d * share;
      for (std::size_t b = 0; b <= a; ++b) {
        const double other = static_cast<double>(at_risk[b]) / n;
        variance[a * groups + b] += spread * (a == b ? share * (1 - share) : -share * other);
      }
    }
  }
};

// Observed less expected, over its covariance; the groups sum to 0, so one of those that expect events is left out.
ChiSquareTest test_of(const std::vector<LogRankGroup>& groups, const Doubles& variance) {
  std::vector<std::size_t> kept;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].expected > 0) kept.push_back(g);
  }
  if (kept.size() < 2) return chi_square_test(std::numeric_limits<double>::quiet_NaN(), 0);
  kept.erase(kept.begin());
  Doubles excess, covariance;
  for (const std::size_t a : kept) {
    excess.push_back(static_cast<double>(groups[a].observed) - groups[a].expected);
    for (const std::size_t b : kept) covariance.push_back(variance[std::max(a, b) * groups.size() + std::min(a, b)]);
  }
  const auto df = static_cast<unsigned>(kept.size());
  const impl::Cholesky factor(covariance, kept.size(), {1e-12, 1e-12});
  if (factor.singular()) return chi_square_test(std::numeric_limits<double>::quiet_NaN(), df);
  return chi_square_test(impl::dot(excess, factor.solve(excess)), df);
}

}  // namespace

LogRank log_rank(std::span<const Observed> individuals, std::span<const std::uint32_t> groups,
                 std::span<const std::uint32_t> strata) {
  CARINA_CHECK(groups.size() == individuals.size());
  LogRank result;
  const std::size_t size = groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + std::size_t{1};
  result.groups.resize(size);
  Risk risk(size);
  const impl::Ordered list = impl::ordered(individuals, strata);
  for (std::size_t s = 0; s + 1 < list.strata.size(); ++s) {
    risk.forget();
    impl::walk_back(individuals, list, s, [&](double, std::span<const std::size_t> joining, auto leaving) {
      std::uint64_t events = 0;
      for (const std::size_t i : joining) {
        const std::uint64_t n = individuals[i].individuals;
        risk.at_risk[groups[i]] += n;
        risk.total += n;
        result.groups[groups[i]].individuals += n;
        if (!individuals[i].event) continue;
        result.groups[groups[i]].observed += n;
        events += n;
      }
      for (const std::size_t i : leaving) {
        risk.at_risk[groups[i]] -= individuals[i].individuals;
        risk.total -= individuals[i].individuals;
      }
      if (events > 0) risk.add(events);
    });
  }
  for (std::size_t g = 0; g < size; ++g) result.groups[g].expected = risk.expected[g];
  result.test = test_of(result.groups, risk.variance);
  return result;
}

}  // namespace carina::stats
