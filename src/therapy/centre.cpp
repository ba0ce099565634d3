#include "therapy/centre.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

#include "base/check.h"
#include "base/math.h"
#include "stats/quantiles.h"
#include "therapy/impl/stages.h"

namespace carina::therapy {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t chunk_size = 1024;

/// A cohort on its way: what is known of patient i after each stage lies at i.
struct Cohort {
  std::span<const Patient> patients;
  const Pathway& pathway;
  std::span<const Centre> centres;
  std::uint64_t seed = 0;
  const CohortOptions& options;
  std::vector<impl::Plan> plans;
  std::vector<Exit> exits;   // under what is planned so far
  std::vector<double> next;  // day of the slot, then of the bed; infinity: none

  Luck luck(std::size_t i) const { return {seed, patients[i].number}; }
};

void for_each_patient(const Cohort& cohort, const std::function<void(std::size_t)>& work) {
  const std::size_t count = cohort.patients.size();
  for_each_chunk((count + chunk_size - 1) / chunk_size, cohort.options.parallel, [&](std::uint64_t chunk) {
    const std::size_t end = std::min(count, (chunk + 1) * chunk_size);
    for (std::size_t i = chunk * chunk_size; i < end; ++i) work(i);
  });
}

// Patients of a centre who wait for what comes next, by the day from which they wait.
std::vector<std::size_t> arrivals(const Cohort& cohort, std::uint32_t centre) {
  std::vector<std::size_t> coming;
  for (std::size_t i = 0; i < cohort.patients.size(); ++i) {
    if (cohort.patients[i].centre == centre && !cohort.plans[i].closed && cohort.exits[i].day > cohort.plans[i].ready) {
      coming.push_back(i);
    }
  }
  std::sort(coming.begin(), coming.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(cohort.plans[a].ready, cohort.patients[a].number) <
           std::pair(cohort.plans[b].ready, cohort.patients[b].number);
  });
  return coming;
}

// The day on which the burden would reach its limit without a slot.
double deadline(const Cohort& cohort, std::size_t i) {
  const Patient& patient = cohort.patients[i];
  const double growth = patient.growth - cohort.pathway.holding;
  if (growth <= 0) return infinity;
  return patient.referred + math::log(cohort.pathway.burden_limit / patient.burden) / growth;
}

/// A place in a queue: lower urgency first, then the order of arrival.
struct Waiting {
  double urgency = 0;
  std::size_t arrival = 0;
  std::size_t patient = 0;
  bool operator>(const Waiting& other) const {
    return std::pair(urgency, arrival) > std::pair(other.urgency, other.arrival);
  }
};

void give_slots(Cohort& cohort, std::uint32_t at) {
  const Centre& centre = cohort.centres[at];
  const std::vector<std::size_t> coming = arrivals(cohort, at);
  if (centre.slots_per_month == infinity) {
    for (const std::size_t i : coming) cohort.next[i] = std::max(cohort.plans[i].ready, centre.opens);
    return;
  }
  if (centre.slots_per_month <= 0) return;
  const double gap = days_a_month / centre.slots_per_month;
  const auto slot_from = [&](double day) { return std::max(0.0, std::ceil(day / gap - 0.5)); };
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> queue;
  std::size_t arrived = 0;
  double slot = slot_from(centre.opens);
  while (arrived < coming.size() || !queue.empty()) {
    if (queue.empty()) slot = std::max(slot, slot_from(cohort.plans[coming[arrived]].ready));
    const double day = (slot + 0.5) * gap;
    if (day > cohort.options.until) return;
    for (; arrived < coming.size() && cohort.plans[coming[arrived]].ready <= day; ++arrived) {
      const std::size_t i = coming[arrived];
      queue.push({centre.order == QueueOrder::Urgency ? deadline(cohort, i) : 0, arrived, i});
    }
    while (!queue.empty() && cohort.exits[queue.top().patient].day <= day) queue.pop();
    if (!queue.empty()) {
      cohort.next[queue.top().patient] = day;
      queue.pop();
    }
    ++slot;
  }
}

void give_beds(Cohort& cohort, std::uint32_t at) {
  const Centre& centre = cohort.centres[at];
  const std::vector<std::size_t> coming = arrivals(cohort, at);
  if (centre.beds == 0) {
    for (const std::size_t i : coming) cohort.next[i] = cohort.plans[i].ready;
    return;
  }
  std::priority_queue<double, std::vector<double>, std::greater<>> free;
  for (int bed = 0; bed < centre.beds; ++bed) free.push(-infinity);
  for (const std::size_t i : coming) {
    const double day = std::max(cohort.plans[i].ready, free.top());
    if (cohort.exits[i].day <= day) continue;
    cohort.next[i] = day;
    free.pop();
    free.push(day + centre.bed_days);
  }
}

void collect_and_make(Cohort& cohort, std::size_t i) {
  impl::Plan& plan = cohort.plans[i];
  const double slot = std::exchange(cohort.next[i], infinity);
  if (slot == infinity) {
    plan.ready = infinity;  // never comes to a bed
    return;
  }
  const Apheresis apheresis = impl::gather(plan, slot, cohort.patients[i], cohort.pathway, cohort.luck(i));
  if (!plan.closed) {
    impl::make(plan, impl::draw_attempts(cohort.patients[i], cohort.pathway, apheresis, cohort.luck(i)), cohort.pathway,
               cohort.luck(i));
  }
  cohort.exits[i] = impl::exit_of(plan, cohort.pathway, cohort.luck(i));
}

std::array<double, 3> quartiles(std::vector<double>& values) {
  if (values.empty()) return {nan, nan, nan};
  std::sort(values.begin(), values.end());
  return {stats::sorted_quantile(values, 0.25), stats::sorted_quantile(values, 0.5), stats::sorted_quantile(values, 0.75)};
}

}  // namespace

std::vector<Journey> run_cohort(std::span<const Patient> patients, const Pathway& pathway, std::span<const Centre> centres,
                                std::uint64_t seed, const CohortOptions& options) {
  const std::size_t count = patients.size();
  Cohort cohort{patients,
                pathway,
                centres,
                seed,
                options,
                std::vector<impl::Plan>(count),
                std::vector<Exit>(count),
                std::vector<double>(count, infinity)};
  for_each_patient(cohort, [&](std::size_t i) {
    CARINA_CHECK(patients[i].centre < centres.size());
    cohort.plans[i] = impl::refer(patients[i], pathway, cohort.luck(i));
    cohort.exits[i] = impl::exit_of(cohort.plans[i], pathway, cohort.luck(i));
  });
  const auto each_centre = [&](void (*work)(Cohort&, std::uint32_t)) {
    for_each_chunk(centres.size(), options.parallel,
                   [&](std::uint64_t at) { work(cohort, static_cast<std::uint32_t>(at)); });
  };
  each_centre(give_slots);
  for_each_patient(cohort, [&](std::size_t i) {
    if (!cohort.plans[i].closed) collect_and_make(cohort, i);
  });
  each_centre(give_beds);
  std::vector<Journey> journeys(count);
  for_each_patient(cohort, [&](std::size_t i) {
    impl::Plan& plan = cohort.plans[i];
    if (!plan.closed && cohort.next[i] < infinity) impl::treat(plan, cohort.next[i], pathway, cohort.luck(i));
    journeys[i] = impl::close(std::move(plan), cohort.exits[i], options.until);
  });
  return journeys;
}

CentreSummary summarize(std::span<const Journey> journeys, double from, double to) {
  CentreSummary summary;
  std::vector<double> slot_waits, infusion_waits;
  double queue_days = 0;
  for (const Journey& journey : journeys) {
    const double eligible = day_of(journey, Step::Eligible), slot = day_of(journey, Step::Slot);
    const double left = slot == slot ? slot : journey.ended;
    if (eligible == eligible) queue_days += std::max(0.0, std::min(left, to) - std::max(eligible, from));
    // whoever is referred after the end of the calendar has no event in it
    const double referred = journey.events.empty() ? journey.ended : journey.events.front().day;
    if (referred < from || referred >= to) continue;
    ++summary.referred;
    ++summary.ends[static_cast<std::size_t>(journey.end)];
    if (eligible == eligible) ++summary.eligible;
    if (slot == slot) {
      ++summary.slots;
      slot_waits.push_back(slot - eligible);
    }
    const double enrolled = day_of(journey, Step::Enrolment);
    if (enrolled == enrolled) ++summary.enrolled;
    if (journey.end == PathwayEnd::Infused && enrolled == enrolled) infusion_waits.push_back(journey.ended - enrolled);
  }
  const auto share = [&](PathwayEnd end) {
    if (summary.eligible == 0) return nan;
    return static_cast<double>(summary.ends[static_cast<std::size_t>(end)]) / static_cast<double>(summary.eligible);
  };
  summary.treated_share = share(PathwayEnd::Infused);
  summary.died_share = share(PathwayEnd::Died);
  summary.slot_wait = quartiles(slot_waits);
  summary.infusion_wait = quartiles(infusion_waits);
  summary.waiting = to - from < infinity ? queue_days / (to - from) : nan;
  return summary;
}

void validate(const Centre& centre, double until, const std::string& path, Problems& problems) {
  const auto need = [&](bool holds, const char* key, double value, const char* rule) {
    if (holds) return;
    Problem problem;
    problem.path = path + "." + key;
    problem.value = fmt::format("{}", value);
    problem.rule = rule;
    problems.add(problem);
  };
  need(centre.slots_per_month >= 0, "slots_per_month", centre.slots_per_month, "must be 0 or more");
  need(centre.slots_per_month > 0 || until < infinity, "slots_per_month", centre.slots_per_month,
       "must be above 0 where the calendar has no end");
  need(centre.opens >= 0 && centre.opens < infinity, "opens", centre.opens, "must be 0 or more, and finite");
  need(centre.beds >= 0, "beds", centre.beds, "must be 0 or more");
  need(centre.bed_days > 0 && centre.bed_days < infinity, "bed_days", centre.bed_days, "must be above 0, and finite");
}

}  // namespace carina::therapy
