#include "therapy/burden.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/math.h"

namespace carina::therapy {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double log_at(const BurdenLeg& leg, double day) { return leg.log + leg.growth * (day - leg.from); }

double end_of(const BurdenPath& path, std::size_t leg) { return leg + 1 < path.count ? path.legs[leg + 1].from : infinity; }

void add(BurdenPath& path, const BurdenLeg& leg) {
  CARINA_CHECK(path.count < path.legs.size());
  path.legs[path.count++] = leg;
}

// Growth from a point on, with the leg at the limit where that is ahead.
void grow(BurdenPath& path, double day, double log_burden, double growth) {
  if (growth > 0 && log_burden >= path.limit) growth = 0;
  add(path, {day, log_burden, growth});
  if (growth > 0) add(path, {day + (path.limit - log_burden) / growth, path.limit, 0});
}

std::size_t leg_on(const BurdenPath& path, double day) {
  std::size_t leg = path.count - 1;
  while (leg > 0 && path.legs[leg].from > day) --leg;
  return leg;
}

// Integral of exp(rate s) from 0 to `time`; the series where the difference would lose digits.
double grown(double rate, double time) {
  const double x = rate * time;
  if (-1e-4 < x && x < 1e-4) return time * (1 + x / 2 * (1 + x / 3));
  return (math::exp(x) - 1) / rate;
}

// The time at which grown(rate, time) is `amount`; infinity when it never is.
double time_to_grow(double rate, double amount) {
  const double x = rate * amount;
  if (-1e-4 < x && x < 1e-4) return amount * (1 - x / 2 + x * x / 3);
  return x <= -1 ? infinity : math::log(1 + x) / rate;
}

}  // namespace

std::string_view name(DropOut why) {
  switch (why) {
    case DropOut::Death: return "death";
    case DropOut::Progression: return "progression";
    case DropOut::AdverseEvent: return "adverse_event";
    case DropOut::Withdrawal: return "withdrawal";
  }
  CARINA_CHECK(false);
}

BurdenPath start_burden(double day, double burden, double growth, double limit) {
  CARINA_CHECK(burden > 0 && limit > 0);
  BurdenPath path;
  path.limit = math::log(limit / reference_burden);
  grow(path, day, math::log(burden / reference_burden), growth);
  return path;
}

void change_growth(BurdenPath& path, double day, double growth) {
  const double log_burden = log_at(path.legs[leg_on(path, day)], day);
  while (path.count > 0 && path.legs[path.count - 1].from >= day) --path.count;
  grow(path, day, log_burden, growth);
}

double burden_on(const BurdenPath& path, double day) {
  return reference_burden * math::exp(log_at(path.legs[leg_on(path, day)], day));
}

double exposure(const BurdenPath& path, double exponent, double from, double to) {
  if (exponent == 0) return to - from;
  double sum = 0;
  for (std::size_t leg = leg_on(path, from); leg < path.count && path.legs[leg].from < to; ++leg) {
    const double begin = std::max(from, path.legs[leg].from), end = std::min(to, end_of(path, leg));
    const double scale = math::exp(exponent * log_at(path.legs[leg], begin));
    sum += scale * grown(exponent * path.legs[leg].growth, end - begin);
  }
  return sum;
}

double exposure_reached(const BurdenPath& path, double exponent, double from, double amount) {
  if (exponent == 0) return from + amount;
  for (std::size_t leg = leg_on(path, from); leg < path.count; ++leg) {
    const double begin = std::max(from, path.legs[leg].from), rate = exponent * path.legs[leg].growth;
    const double scale = math::exp(exponent * log_at(path.legs[leg], begin));
    const double time = time_to_grow(rate, amount / scale);
    if (begin + time <= end_of(path, leg)) return begin + time;
    amount -= scale * grown(rate, end_of(path, leg) - begin);
  }
  return infinity;
}

Exit first_exit(const BurdenPath& path, const Hazards& hazards, double from, const Luck& luck) {
  Exit first{infinity, DropOut::Death};
  for (std::size_t i = 0; i < drop_outs; ++i) {
    if (hazards[i].rate <= 0) continue;
    const auto purpose = static_cast<Purpose>(static_cast<std::uint32_t>(Purpose::Death) + i);
    const double amount = luck.exponential(purpose) / hazards[i].rate;
    const double day = exposure_reached(path, hazards[i].exponent, from, amount);
    if (day < first.day) first = {day, static_cast<DropOut>(i)};
  }
  return first;
}

}  // namespace carina::therapy
