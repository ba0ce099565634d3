#include "therapy/impl/stages.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"

namespace carina::therapy::impl {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void add(Plan& plan, double day, Step step) { plan.journey.events.push_back({day, step}); }

void shut(Plan& plan, double day, PathwayEnd end) {
  plan.closed = true;
  plan.journey.end = end;
  plan.journey.ended = day;
}

bool eligible(const Patient& patient, const Screening& screening, const Luck& luck) {
  if (patient.age < screening.least_age || patient.age > screening.most_age) return false;
  if (patient.lymphocytes < screening.least_lymphocytes || patient.prior_lines < screening.least_lines) return false;
  if (patient.prior_transplant && !screening.transplant_allowed) return false;
  return luck.uniform(Purpose::Screening) >= screening.other_failure;
}

PathwayEnd end_by(DropOut why) {
  switch (why) {
    case DropOut::Death: return PathwayEnd::Died;
    case DropOut::Progression: return PathwayEnd::Progressed;
    case DropOut::AdverseEvent: return PathwayEnd::AdverseEvent;
    case DropOut::Withdrawal: return PathwayEnd::Withdrew;
  }
  CARINA_CHECK(false);
}

}  // namespace

Plan refer(const Patient& patient, const Pathway& pathway, const Luck& luck) {
  Plan plan;
  plan.journey.number = patient.number;
  plan.journey.centre = patient.centre;
  plan.journey.events.reserve(24);
  add(plan, patient.referred, Step::Referral);
  plan.burden = start_burden(patient.referred, patient.burden, patient.growth - pathway.holding, pathway.burden_limit);
  const double answer = patient.referred + pathway.screening.days.at(luck.normal(Purpose::ScreeningDays));
  if (!eligible(patient, pathway.screening, luck)) {
    shut(plan, answer, PathwayEnd::Ineligible);
    return plan;
  }
  add(plan, answer, Step::Eligible);
  if (pathway.enrolment == EnrolmentAt::Eligible) add(plan, answer, Step::Enrolment);
  plan.ready = answer;
  return plan;
}

Apheresis gather(Plan& plan, double slot, const Patient& patient, const Pathway& pathway, const Luck& luck) {
  add(plan, slot, Step::Slot);
  const Apheresis apheresis = collect(patient, pathway.collection, luck);
  const double collected = slot + pathway.collection_wait.at(luck.normal(Purpose::CollectionWait)) +
                           (apheresis.sessions - 1) * pathway.collection.session_days;
  add(plan, collected, Step::Apheresis);
  if (pathway.enrolment == EnrolmentAt::Collected) add(plan, collected, Step::Enrolment);
  change_growth(plan.burden, collected, patient.growth);

  const double answer = collected + pathway.acceptance;
  if (!apheresis.enough && !pathway.process.use_out_of_specification) {
    shut(plan, answer, PathwayEnd::NotAccepted);
    return apheresis;
  }
  add(plan, answer, Step::Accepted);
  if (pathway.enrolment == EnrolmentAt::Accepted) add(plan, answer, Step::Enrolment);
  if (luck.uniform(Purpose::BridgingGiven) < pathway.bridging.share) {
    const double begin = collected + pathway.bridging.after;
    add(plan, begin, Step::Bridging);
    const double effect = pathway.bridging.effect.at(luck.normal(Purpose::BridgingEffect));
    change_growth(plan.burden, begin, patient.growth - effect);
  }
  plan.ready = answer + pathway.production_wait.at(luck.normal(Purpose::ProductionWait));
  return apheresis;
}

Attempts draw_attempts(const Patient& patient, const Pathway& pathway, const Apheresis& apheresis, const Luck& luck) {
  Attempts attempts;
  while (!attempts.made && attempts.last < pathway.process.attempts) {
    Batch& batch = attempts.batches[static_cast<std::size_t>(attempts.last)];
    batch = manufacture(patient, pathway.process, apheresis, luck, attempts.last);
    attempts.made = usable(pathway.process, batch);
    ++attempts.last;
  }
  return attempts;
}

void make(Plan& plan, const Attempts& attempts, const Pathway& pathway, const Luck& luck) {
  const Process& process = pathway.process;
  add(plan, plan.ready, Step::Shipped);
  double day = plan.ready + process.shipping.at(luck.normal(Purpose::Shipping));
  add(plan, day, Step::Received);
  for (int i = 0; i < attempts.last; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const Batch& batch = attempts.batches[at];
    if (i > 0) day += process.again;
    add(plan, day, Step::Activation);
    add(plan, day + process.activation, Step::Transduction);
    add(plan, day + process.activation + process.transduction, Step::Expansion);
    const double harvest = day + process.activation + process.transduction + process.expansion;
    add(plan, harvest, Step::Harvest);
    day = std::max(harvest, day + batch.throughput);
    plan.releases[at] = day;
    if (i + 1 < attempts.last || !attempts.made) {
      add(plan, day, Step::BatchFailed);
    } else {
      add(plan, day, batch.product.out_of_specification ? Step::ReleasedOutOfSpecification : Step::Released);
      plan.journey.product = batch.product;
    }
  }
  plan.ready = day;
  if (!attempts.made) shut(plan, day, PathwayEnd::NotMade);
}

void treat(Plan& plan, double day, const Pathway& pathway, const Luck& luck) {
  const Preparation& preparation = pathway.preparation;
  if (luck.uniform(Purpose::LymphodepletionGiven) < preparation.share) add(plan, day, Step::Lymphodepletion);
  const double rest = std::min(preparation.rest.at(luck.normal(Purpose::Rest)), preparation.most_rest);
  const double infusion = day + preparation.days + rest;
  add(plan, infusion, Step::Infusion);
  add(plan, infusion + pathway.monitoring, Step::MonitoringEnd);
  add(plan, infusion + pathway.follow_up, Step::FollowUpEnd);
  shut(plan, infusion, PathwayEnd::Infused);
}

Exit exit_of(const Plan& plan, const Pathway& pathway, const Luck& luck) {
  return first_exit(plan.burden, pathway.hazards, plan.journey.events.front().day, luck);
}

Journey close(Plan plan, const Exit& exit, double until) {
  Journey& journey = plan.journey;
  if (!plan.closed) shut(plan, infinity, PathwayEnd::Underway);
  if (exit.day < journey.ended) shut(plan, exit.day, end_by(exit.why));
  if (until < journey.ended) shut(plan, until, PathwayEnd::Underway);

  auto& events = journey.events;
  std::stable_sort(events.begin(), events.end(), [](auto& a, auto& b) { return a.day < b.day; });
  if (journey.end != PathwayEnd::Infused) {
    std::erase_if(events, [&](const PathwayEvent& event) { return event.day > journey.ended; });
    if (journey.end != PathwayEnd::Underway) events.push_back({journey.ended, Step::Leaving});
  }
  const auto happened = [&](Step step) {
    return std::any_of(events.begin(), events.end(), [&](const PathwayEvent& event) { return event.step == step; });
  };
  if (!happened(Step::Released) && !happened(Step::ReleasedOutOfSpecification)) journey.product = {};
  journey.attempts = static_cast<int>(
      std::count_if(events.begin(), events.end(), [](auto& event) { return event.step == Step::Activation; }));
  if (journey.ended < infinity) journey.burden = burden_on(plan.burden, journey.ended);
  return std::move(journey);
}

}  // namespace carina::therapy::impl
