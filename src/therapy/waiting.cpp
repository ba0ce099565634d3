#include "therapy/waiting.h"

#include <limits>

#include "base/check.h"
#include "base/math.h"

namespace carina::therapy {
namespace {

// Integral of exp(k t) from 0 to w.
double grown(double k, double w) {
  const double x = k * w;
  if (-1e-4 < x && x < 1e-4) return w * (1 + x / 2 * (1 + x / 3));
  return (math::exp(x) - 1) / k;
}

double cumulative(double mortality) { return -math::log(1 - mortality); }

// The place of a sign change between low and high, by halving to the last digit.
template <class Function>
double crossing(double low, double high, Function above) {
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (above(middle) ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

WaitingModel waiting_model(const WaitingOutputs& outputs) {
  WaitingModel model;
  model.treated = cumulative(outputs.at_once) / outputs.horizon;
  model.chemotherapy = cumulative(outputs.chemotherapy) / outputs.horizon;
  const double short_part = cumulative(outputs.after_short) - model.treated * (outputs.horizon - outputs.short_wait);
  const double long_part = cumulative(outputs.after_long) - model.treated * (outputs.horizon - outputs.long_wait);
  CARINA_CHECK(short_part > 0 && long_part / short_part >= outputs.long_wait / outputs.short_wait);
  model.growth = crossing(0, 100 / outputs.long_wait, [&](double k) {
    return grown(k, outputs.long_wait) / grown(k, outputs.short_wait) > long_part / short_part;
  });
  model.waiting = short_part / grown(model.growth, outputs.short_wait);
  return model;
}

WaitingModel constant_waiting_model(const WaitingOutputs& outputs) {
  WaitingModel model;
  model.treated = cumulative(outputs.at_once) / outputs.horizon;
  model.chemotherapy = cumulative(outputs.chemotherapy) / outputs.horizon;
  const double rest = model.treated * (outputs.horizon - outputs.long_wait);
  model.waiting = (cumulative(outputs.after_long) - rest) / outputs.long_wait;
  return model;
}

double mortality(const WaitingModel& model, double wait, double horizon) {
  CARINA_CHECK(wait >= 0 && wait <= horizon);
  return 1 - math::exp(-model.waiting * grown(model.growth, wait) - model.treated * (horizon - wait));
}

double chemotherapy_mortality(const WaitingModel& model, double horizon) {
  return 1 - math::exp(-model.chemotherapy * horizon);
}

double break_even_wait(const WaitingModel& model, double horizon) {
  const double limit = chemotherapy_mortality(model, horizon);
  if (mortality(model, 0, horizon) >= limit || mortality(model, horizon, horizon) < limit) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return crossing(0, horizon, [&](double wait) { return mortality(model, wait, horizon) >= limit; });
}

WaitingList list_with_wait(double slots, double treated_share, double wait) {
  CARINA_CHECK(treated_share > 0 && treated_share < 1 && wait > 0);
  WaitingList list{slots / treated_share, -math::log(treated_share) / wait, wait, 0};
  list.length = (list.arrivals - slots) / list.leaving;
  return list;
}

WaitingList list_with_length(double slots, double treated_share, double length) {
  CARINA_CHECK(treated_share > 0 && treated_share < 1 && length > 0);
  WaitingList list{slots / treated_share, 0, 0, length};
  list.leaving = (list.arrivals - slots) / length;
  list.wait = -math::log(treated_share) / list.leaving;
  return list;
}

}  // namespace carina::therapy
