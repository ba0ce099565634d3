#include "ensemble/impl/counts.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/discrete.h"
#include "base/hash.h"
#include "base/math.h"

namespace carina::ensemble {

namespace {

// (e^x - 1)/x
double mean_growth(double x) {
  if (std::fabs(x) < 1e-3) return 1 + x / 2 * (1 + x / 3 * (1 + x / 4));
  return (math::exp(x) - 1) / x;
}

double birth(std::span<const double> rates, std::size_t count) { return rates[rates_of_count * count]; }
double death(std::span<const double> rates, std::size_t count) { return rates[rates_of_count * count + 1]; }
double arrivals(std::span<const double> rates, std::size_t count) { return rates[rates_of_count * count + 2]; }

}  // namespace

bool usable(std::span<const double> rates) {
  return std::all_of(rates.begin(), rates.end(), [](double rate) { return rate >= 0 && rate < 1e300; });
}

double born_and_died(const random::Words& luck, double cells, const Turnover& turnover, double time) {
  if (cells == 0) return 0;
  const auto [birth, death] = turnover;
  const double g = std::min(time * mean_growth((birth - death) * time), 1e300);
  // of each cell: 1/(1 + birth g) is left of the chance of no descendant, and sizes fall off by the ratio below
  const double scale = 1 / (1 + birth * g);
  const double extinct = std::min(1.0, death * g * scale);
  const double ratio = std::min(birth * g * scale, 1 - 0x1p-40);
  const double survivors = random::binomial_quantile(random::uniform(luck[0]), cells, 1 - extinct);
  return survivors + random::negative_binomial_quantile(random::uniform(luck[1]), survivors, ratio);
}

std::vector<FlowRow> flow_rows(const model::Model& model) {
  std::vector<FlowRow> rows;
  for (const model::Flow& flow : model.flows) {
    rows.push_back({flow.from, flow.to, flow.kind != model::Flow::Kind::Mutation});
  }
  return rows;
}

std::uint64_t address_of(const std::string& name) { return std::stoull(hash_text(name).substr(0, 16), nullptr, 16); }

CountDraws::CountDraws(std::uint64_t seed, const std::vector<CountRow>& counts, const std::vector<FlowRow>& flows)
    : seed_(seed), counts_(counts), flows_(flows) {
  CARINA_CHECK(flows.size() < 60'000);
}

double CountDraws::uniform(const Interval& interval, std::size_t count, Purpose purpose, std::size_t number) const {
  const auto index = interval.part << 16 | static_cast<std::uint32_t>(number);
  return random::uniform(
      seed_, random::Domain::SmallNumbers,
      {interval.individual, counts_[count].name, interval.step, static_cast<std::uint32_t>(purpose), index});
}

// Cells that leave a count with few cells: how many, then which way.
void CountDraws::leave(const Interval& interval, Purpose half, std::size_t from, const Passage& passage, double cells) {
  const auto& [rates, time, few] = passage;
  const std::size_t flows_at = rates_of_count * counts_.size();
  double leaving = 0;
  for (std::size_t f = 0; f < flows_.size(); ++f) {
    if (flows_[f].from == from && flows_[f].leaves) leaving += rates[flows_at + f];
  }
  double left = 0;
  if (leaving > 0) left = random::binomial_quantile(uniform(interval, from, half, 1), cells, 1 - math::exp(-leaving * time));
  change_[from] -= left;
  for (std::size_t f = 0; f < flows_.size(); ++f) {
    const double rate = rates[flows_at + f];
    if (flows_[f].from != from || rate == 0) continue;
    double moved = 0;
    if (!flows_[f].leaves) {
      moved = random::poisson_quantile(uniform(interval, from, half, 2 + f), rate * cells * time);
    } else {
      const double share = rate < leaving ? rate / leaving : 1;
      moved = random::binomial_quantile(uniform(interval, from, half, 2 + f), left, share);
      left -= moved;
      leaving -= rate;
    }
    change_[flows_[f].to] += moved;
  }
}

void CountDraws::flow(const Interval& interval, Purpose half, const Passage& passage, std::span<double> cells) {
  change_.assign(counts_.size(), 0.0);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (!passage.few[i]) continue;
    const double mean = arrivals(passage.rates, i) * passage.time;
    if (mean > 0) change_[i] += random::poisson_quantile(uniform(interval, i, half, 0), mean);
    if (cells[i] > 0 && !flows_.empty()) leave(interval, half, i, passage, cells[i]);
  }
  for (std::size_t i = 0; i < counts_.size(); ++i) cells[i] += change_[i];
}

void CountDraws::advance(const Interval& interval, const Passage& passage, std::span<double> cells) {
  const auto& [rates, time, few] = passage;
  const Passage half{rates, 0.5 * time, few};
  flow(interval, Purpose::FlowsBefore, half, cells);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (!few[i] || cells[i] == 0) continue;
    const auto index = interval.part << 16;
    const random::Words luck = random::words(
        seed_, random::Domain::SmallNumbers,
        {interval.individual, counts_[i].name, interval.step, static_cast<std::uint32_t>(Purpose::BirthsAndDeaths), index});
    cells[i] = born_and_died(luck, cells[i], {birth(rates, i), death(rates, i)}, time);
  }
  flow(interval, Purpose::FlowsAfter, half, cells);
}

double CountDraws::whole(std::uint64_t individual, std::size_t count, std::uint64_t occurrence, double cells) const {
  const double below = std::floor(cells);
  return below + (uniform({individual, occurrence, 0}, count, Purpose::Whole, 0) < cells - below ? 1 : 0);
}

double CountDraws::wait(std::uint64_t individual, std::uint64_t occurrence) const {
  return -math::log(uniform({individual, occurrence, 0}, 0, Purpose::Wait, 0));
}

std::size_t CountDraws::arrived(std::uint64_t individual, std::uint64_t occurrence, std::span<const double> rates,
                                std::span<const char> few) const {
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) sum += few[i] ? arrivals(rates, i) : 0;
  double left = sum * uniform({individual, occurrence, 0}, 0, Purpose::Arrived, 0);
  std::size_t last = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (!few[i] || arrivals(rates, i) == 0) continue;
    last = i;
    left -= arrivals(rates, i);
    if (left < 0) break;
  }
  return last;
}

}  // namespace carina::ensemble
