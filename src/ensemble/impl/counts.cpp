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

Status judge(std::span<double> rates, double slack) {
  Status status = Status::Ok;
  for (double& rate : rates) {
    if (!(std::fabs(rate) < 1e300)) return Status::NotFinite;
    if (rate < -slack) status = Status::NegativeRate;
    rate = std::max(0.0, rate);
  }
  return status;
}

GridStep grid_step(double time, double start, double grid, const std::vector<double>& times) {
  constexpr double rounding = 1e-9;  // of a step
  GridStep step;
  step.number = static_cast<std::uint64_t>(std::floor((time - start) / grid + rounding));
  step.end = start + static_cast<double>(step.number + 1) * grid;
  const auto output = std::lower_bound(times.begin(), times.end(), step.end - rounding * grid);
  if (output != times.end() && *output < step.end) step.end = *output;
  return step;
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

random::Words CountDraws::luck(const Place& place, std::size_t number) const {
  const auto index = place.interval.part << 16 | static_cast<std::uint32_t>(number);
  return random::words(seed_, random::Domain::SmallNumbers,
                       {place.interval.individual, counts_[place.count].name, place.interval.step,
                        static_cast<std::uint32_t>(place.purpose), index});
}
double CountDraws::uniform(const Place& place, std::size_t number) const { return random::uniform(luck(place, number)[0]); }

// Per cell of count `from` and time, by all flows that take a cell.
double CountDraws::leaving(std::span<const double> rates, std::size_t from) const {
  double sum = 0;
  for (std::size_t f = 0; f < flows_.size(); ++f) {
    if (flows_[f].from == from && flows_[f].leaves) sum += rates[rates_of_count * counts_.size() + f];
  }
  return sum;
}

void CountDraws::arrive(const Place& place, const Passage& passage, std::span<double> cells) const {
  const double mean = arrivals(passage.rates, place.count) * passage.time;
  if (mean > 0) cells[place.count] += random::poisson_quantile(uniform(place, 0), mean);
}

void CountDraws::mutate(const Place& place, const Passage& passage, std::span<double> cells) const {
  for (std::size_t f = 0; f < flows_.size(); ++f) {
    if (flows_[f].from != place.count || flows_[f].leaves) continue;
    const double mean = passage.rates[rates_of_count * counts_.size() + f] * cells[place.count] * passage.time;
    if (mean > 0) cells[flows_[f].to] += random::poisson_quantile(uniform(place, 2 + f), mean);
  }
}

// How many leave, then which way.
void CountDraws::leave(const Place& place, const Passage& passage, std::span<double> cells) const {
  double still = leaving(passage.rates, place.count);
  if (!(still > 0) || cells[place.count] == 0) return;
  const double chance = 1 - math::exp(-still * passage.time);
  double left = random::binomial_quantile(uniform(place, 1), cells[place.count], chance);
  cells[place.count] -= left;
  for (std::size_t f = 0; f < flows_.size() && left > 0; ++f) {
    if (flows_[f].from != place.count || !flows_[f].leaves) continue;
    const double rate = passage.rates[rates_of_count * counts_.size() + f];
    const double moved = random::binomial_quantile(uniform(place, 2 + f), left, rate < still ? rate / still : 1);
    cells[flows_[f].to] += moved;
    left -= moved;
    still -= rate;
  }
}

// One flow after the other; behind the births and deaths in the opposite order, which makes the whole a scheme of second order.
void CountDraws::flow(const Interval& interval, Purpose half, const Passage& passage, std::span<double> cells) const {
  const bool before = half == Purpose::FlowsBefore;
  for (std::size_t k = 0; k < counts_.size(); ++k) {
    const Place place{interval, before ? k : counts_.size() - 1 - k, half};
    if (!passage.few[place.count]) continue;
    if (before) arrive(place, passage, cells);
    if (!before) leave(place, passage, cells);
    mutate(place, passage, cells);
    if (before) leave(place, passage, cells);
    if (!before) arrive(place, passage, cells);
  }
}

void CountDraws::advance(const Interval& interval, const Passage& passage, std::span<double> cells) const {
  const auto& [rates, time, few] = passage;
  const Passage half{rates, 0.5 * time, few};
  flow(interval, Purpose::FlowsBefore, half, cells);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (cells[i] == 0) continue;
    if (!few[i]) {
      // what reached many cells in the first half has grown with them since
      cells[i] *= math::exp((birth(rates, i) - death(rates, i) - leaving(rates, i)) * time);
      continue;
    }
    cells[i] =
        born_and_died(luck({interval, i, Purpose::BirthsAndDeaths}, 0), cells[i], {birth(rates, i), death(rates, i)}, time);
  }
  flow(interval, Purpose::FlowsAfter, half, cells);
}

double CountDraws::whole(std::uint64_t individual, std::size_t count, std::uint64_t occurrence, double cells) const {
  const double below = std::floor(cells);
  return below + (uniform({{individual, occurrence, 0}, count, Purpose::Whole}, 0) < cells - below ? 1 : 0);
}

double CountDraws::wait(std::uint64_t individual, std::uint64_t occurrence) const {
  return -math::log(uniform({{individual, occurrence, 0}, 0, Purpose::Wait}, 0));
}

std::size_t CountDraws::arrived(std::uint64_t individual, std::uint64_t occurrence, std::span<const double> rates,
                                std::span<const char> few) const {
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) sum += few[i] ? arrivals(rates, i) : 0;
  double left = sum * uniform({{individual, occurrence, 0}, 0, Purpose::Arrived}, 0);
  // where all of them have just ended, the first count of few cells
  auto last = static_cast<std::size_t>(std::find(few.begin(), few.end(), 1) - few.begin());
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (!few[i] || arrivals(rates, i) == 0) continue;
    last = i;
    left -= arrivals(rates, i);
    if (left < 0) break;
  }
  return last;
}

}  // namespace carina::ensemble
