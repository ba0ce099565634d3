#include "stats/incidence.h"

#include <algorithm>

#include "base/check.h"
#include "base/math.h"
#include "stats/impl/entered.h"

namespace carina::stats {
namespace {

using Doubles = std::vector<double>;

/// The infinitesimal jackknife: the variance of an estimate is the sum, over individuals, of the square of its slope by that
/// individual's weight. With n at risk at a time, d events, c of a cause, and S the share without an event before it, the
/// slopes of one at risk change by
///   cause:     S c / n (s - 1 / n), and S / n more if it has the event of this cause then,
///   survival:  d / (n (n - d)),     and 1 / (n - d) less if it has any event then,
/// where s, the slope of survival, is kept as a multiple of survival itself; those who are gone have S c / n s and 0. All who
/// entered between the same two events have the same slopes while they are at risk: a cohort. Of those gone, only sums of
/// products are kept, which their common change keeps up.
class Jackknife {
 public:
  Jackknife(std::span<const Outcome> rows, std::uint32_t causes)
      : causes_(causes), gone_(causes), change_(causes), variance_(causes), largest_(causes) {
    for (const Outcome& row : rows) {
      CARINA_CHECK(row.cause <= causes && row.entry < row.time && row.individuals > 0);
      if (row.cause > 0) event_times_.push_back(row.time);
    }
    std::sort(event_times_.begin(), event_times_.end());
    event_times_.erase(std::unique(event_times_.begin(), event_times_.end()), event_times_.end());
    for (const Outcome& row : rows) first_event_.push_back(first_event_of(row));
    std::sort(first_event_.begin(), first_event_.end());
    first_event_.erase(std::unique(first_event_.begin(), first_event_.end()), first_event_.end());
    cohorts_.resize(first_event_.size());
    slopes_.resize(cohorts_.size() * causes);
    for (const Outcome& row : rows) cohorts_[cohort_of(row)].at_risk += static_cast<double>(row.individuals);
  }

  /// A time with events, for those at risk and those gone; `before` is survival before it.
  void events(double before, double n, double d, const std::vector<CauseIncidence>& causes) {
    own_event_ = before / n;
    own_exit_ = d < n ? 1 / (n - d) : 0;  // nobody is left whom a slope of survival could matter to
    for (std::uint32_t k = 0; k < causes_; ++k) {
      change_[k] = before * static_cast<double>(causes[k].events) / n;
      gone_[k].square += change_[k] * (2 * gone_[k].with_survival + change_[k] * gone_survival_);
      gone_[k].with_survival += change_[k] * gone_survival_;
    }
    while (entered_ < cohorts_.size() && first_event_[entered_] <= events_so_far_) ++entered_;
    ++events_so_far_;
    for (std::size_t c = 0; c < entered_; ++c) {
      if (cohorts_[c].at_risk == 0) continue;
      for (std::uint32_t k = 0; k < causes_; ++k) slopes_[c * causes_ + k] += change_[k] * (cohorts_[c].survival - 1 / n);
      cohorts_[c].survival += own_exit_ * d / n;
    }
  }

  /// An individual leaves at the time of the latest events, or after it if it is censored.
  void leave(const Outcome& row) {
    const std::size_t c = cohort_of(row);
    const auto weight = static_cast<double>(row.individuals);
    const double survival = cohorts_[c].survival - (row.cause > 0 ? own_exit_ : 0);
    for (std::uint32_t k = 0; k < causes_; ++k) {
      const double slope = slopes_[c * causes_ + k] + (row.cause == k + 1 ? own_event_ : 0);
      gone_[k].square += weight * slope * slope;
      gone_[k].with_survival += weight * slope * survival;
    }
    gone_survival_ += weight * survival * survival;
    cohorts_[c].at_risk -= weight;
  }

  /// Sums up after all have left that leave at a time.
  void sum_up() {
    survival_ = gone_survival_;
    for (std::uint32_t k = 0; k < causes_; ++k) variance_[k] = gone_[k].square;
    for (std::size_t c = 0; c < entered_; ++c) {
      if (cohorts_[c].at_risk == 0) continue;
      survival_ += cohorts_[c].at_risk * cohorts_[c].survival * cohorts_[c].survival;
      for (std::uint32_t k = 0; k < causes_; ++k)
        variance_[k] += cohorts_[c].at_risk * slopes_[c * causes_ + k] * slopes_[c * causes_ + k];
    }
    for (std::uint32_t k = 0; k < causes_; ++k) {
      largest_[k] = std::max(largest_[k], variance_[k]);
      if (variance_[k] < 1e-14 * largest_[k]) variance_[k] = 0;  // what rounding left of it
    }
  }
  double variance(std::uint32_t cause) const { return variance_[cause]; }
  /// Of the logarithm of survival.
  double survival_variance() const { return survival_; }

 private:
  struct Cohort {
    double at_risk = 0, survival = 0;
  };
  struct Gone {
    double square = 0, with_survival = 0;
  };
  // Number of events' times up to its entry: the first of those at which it may be at risk.
  std::size_t first_event_of(const Outcome& row) const {
    const auto first = std::upper_bound(event_times_.begin(), event_times_.end(), row.entry);
    return static_cast<std::size_t>(first - event_times_.begin());
  }
  std::size_t cohort_of(const Outcome& row) const {
    if (cohorts_.size() == 1) return 0;
    const auto place = std::lower_bound(first_event_.begin(), first_event_.end(), first_event_of(row));
    return static_cast<std::size_t>(place - first_event_.begin());
  }

  std::uint32_t causes_;
  Doubles event_times_;
  std::vector<std::size_t> first_event_;  // of each cohort, rising
  std::vector<Cohort> cohorts_;
  Doubles slopes_;  // of each cohort, cause after cause
  std::size_t events_so_far_ = 0, entered_ = 0;
  std::vector<Gone> gone_;    // by cause: sums of slope^2 and of slope times survival's
  double gone_survival_ = 0;  // sum of survival's slope^2
  Doubles change_, variance_, largest_;
  double own_event_ = 0, own_exit_ = 0, survival_ = 0;
};

CauseIncidence estimate(std::uint64_t events, double incidence, double variance, const Confidence& confidence) {
  const double se = math::sqrt(variance);
  const Interval interval = incidence > 0 ? probability_interval(incidence, se / incidence, confidence) : Interval{0, 0};
  return {events, incidence, se, interval};
}

}  // namespace

Incidence cumulative_incidence(std::span<const Outcome> individuals, std::uint32_t causes, const Confidence& confidence) {
  CARINA_CHECK(causes > 0);
  std::vector<Outcome> ordered(individuals.begin(), individuals.end());
  std::sort(ordered.begin(), ordered.end(), [](const Outcome& a, const Outcome& b) { return a.time < b.time; });

  Incidence result;
  result.causes = causes;
  result.entered = impl::entered(individuals);
  if (!result.entered.empty()) result.individuals = result.entered.back().individuals;
  Jackknife jackknife(individuals, causes);
  Doubles incidence(causes);
  double survival = 1;
  std::uint64_t gone = 0;
  for (std::size_t i = 0; i < ordered.size();) {
    IncidenceStep step;
    step.time = ordered[i].time;
    CARINA_CHECK(step.time == step.time);
    step.at_risk = impl::entered_before(result.entered, step.time) - gone;
    step.causes.resize(causes);
    std::uint64_t events = 0;
    const std::size_t first = i;
    for (; i < ordered.size() && ordered[i].time == step.time; ++i) {
      const Outcome& row = ordered[i];
      (row.cause == 0 ? step.censored : step.causes[row.cause - 1].events) += row.individuals;
      if (row.cause > 0) events += row.individuals;
    }
    gone += events + step.censored;
    const auto n = static_cast<double>(step.at_risk);
    const auto d = static_cast<double>(events);
    if (events > 0) jackknife.events(survival, n, d, step.causes);
    for (std::size_t row = first; row < i; ++row) jackknife.leave(ordered[row]);
    jackknife.sum_up();
    for (std::uint32_t k = 0; k < causes; ++k) {
      incidence[k] += survival * static_cast<double>(step.causes[k].events) / n;
      step.causes[k] = estimate(step.causes[k].events, incidence[k], jackknife.variance(k), confidence);
    }
    survival *= (n - d) / n;
    step.survival = survival;
    step.se = survival * math::sqrt(jackknife.survival_variance());
    result.steps.push_back(std::move(step));
  }
  return result;
}

IncidenceStep Incidence::at(double time) const {
  const IncidenceStep* last = impl::step_at(steps, time);
  IncidenceStep found;
  found.causes.resize(causes);
  if (last != nullptr) found = *last;
  for (const IncidenceStep* step = steps.data(); last != nullptr && step < last; ++step) {
    found.censored += step->censored;
    for (std::uint32_t k = 0; k < causes; ++k) found.causes[k].events += step->causes[k].events;
  }
  found.time = time;
  found.at_risk = at_risk(time);
  return found;
}

std::uint64_t Incidence::at_risk(double time) const { return impl::at_risk(*this, time); }

}  // namespace carina::stats
