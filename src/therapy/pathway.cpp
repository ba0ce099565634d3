#include "therapy/pathway.h"

#include <fmt/format.h>

#include "base/check.h"
#include "therapy/impl/stages.h"

namespace carina::therapy {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Collects problems of numbers below one path.
class Checks {
 public:
  Checks(std::string path, Problems& problems) : path_(std::move(path)), problems_(problems) {}

  void need(bool holds, const char* key, double value, const char* rule) {
    if (holds) return;
    Problem problem;
    problem.path = path_ + "." + key;
    problem.value = fmt::format("{}", value);
    problem.rule = rule;
    problems_.add(problem);
  }
  void not_negative(const char* key, double value) {
    need(value >= 0 && value < infinity, key, value, "must be 0 or more, and finite");
  }
  void positive(const char* key, double value) { need(value > 0 && value < infinity, key, value, "must be above 0"); }
  void share(const char* key, double value) { need(value >= 0 && value <= 1, key, value, "must be from 0 to 1"); }
  void duration(const char* key, const Lognormal& value) {
    need(value.shift + value.median >= 0 && value.median >= 0 && value.sd >= 0 && value.shift >= 0, key, value.shift,
         "must have shift, median and sd of 0 or more");
  }
  void inner(const char* key, const LogitNormal& value) {
    need(value.median > 0 && value.median < 1 && value.sd >= 0, key, value.median,
         "must have a median between 0 and 1, and sd of 0 or more");
  }

 private:
  std::string path_;
  Problems& problems_;
};

void validate_collection(const Collection& collection, const std::string& path, Problems& problems) {
  Checks checks(path, problems);
  for (const double volume : collection.blood_volume) checks.positive("blood_volume", volume);
  for (const double share : collection.t_share) checks.share("t_share", share);
  checks.positive("volumes", collection.volumes);
  checks.inner("efficiency", collection.efficiency);
  checks.need(collection.t_of_nucleated > 0 && collection.t_of_nucleated <= 1, "t_of_nucleated", collection.t_of_nucleated,
              "must be above 0, at most 1");
  checks.not_negative("least", collection.least);
  checks.need(collection.sessions >= 1, "sessions", collection.sessions, "must be 1 or more");
  checks.not_negative("session_days", collection.session_days);
}

void validate_dose(const std::vector<DoseBand>& bands, const std::string& path, Problems& problems) {
  Checks checks(path, problems);
  for (const DoseBand& band : bands) {
    checks.need(band.low >= 0 && band.low <= band.high, "dose.low", band.low, "must be from 0 to high");
    checks.positive("dose.high", band.high);
    checks.not_negative("dose.cap", band.cap);
    checks.not_negative("dose.weight_through", band.weight_through);
  }
  const bool open = !bands.empty() && bands.back().weight_through == 0;
  checks.need(open, "dose", static_cast<double>(bands.size()), "the last band must fit any weight");
}

void validate_process(const Process& process, const std::string& path, Problems& problems) {
  Checks checks(path, problems);
  validate_dose(process.dose, path, problems);
  checks.share("selection", process.selection);
  checks.need(process.planned > 0 && process.planned <= 1, "planned", process.planned, "must be above 0, at most 1");
  checks.inner("car", process.car);
  checks.positive("fold.median", process.fold.shift + process.fold.median);
  checks.duration("fold", process.fold);
  checks.inner("viability", process.viability);
  checks.duration("cd4_cd8", process.cd4_cd8);
  checks.inner("memory", process.memory);
  checks.share("release_viability", process.release_viability);
  checks.positive("most_copies", process.most_copies);
  checks.need(process.failure >= 0 && process.failure < 1, "failure", process.failure, "must be 0 or more, below 1");
  checks.positive("bendamustine_odds", process.bendamustine_odds);
  checks.share("rescue", process.rescue);
  checks.need(process.attempts >= 1 && process.attempts <= max_attempts, "attempts", process.attempts,
              "must be from 1 to 4");
  checks.duration("shipping", process.shipping);
  checks.not_negative("activation", process.activation);
  checks.not_negative("transduction", process.transduction);
  checks.not_negative("expansion", process.expansion);
  checks.duration("throughput", process.throughput);
  checks.not_negative("again", process.again);
}

}  // namespace

std::string_view name(Step step) {
  switch (step) {
    case Step::Referral: return "referral";
    case Step::Eligible: return "eligible";
    case Step::Slot: return "slot";
    case Step::Apheresis: return "apheresis";
    case Step::Accepted: return "accepted";
    case Step::Enrolment: return "enrolment";
    case Step::Bridging: return "bridging";
    case Step::Shipped: return "shipped";
    case Step::Received: return "received";
    case Step::Activation: return "activation";
    case Step::Transduction: return "transduction";
    case Step::Expansion: return "expansion";
    case Step::Harvest: return "harvest";
    case Step::BatchFailed: return "batch_failed";
    case Step::Released: return "released";
    case Step::ReleasedOutOfSpecification: return "released_out_of_specification";
    case Step::Lymphodepletion: return "lymphodepletion";
    case Step::Infusion: return "infusion";
    case Step::MonitoringEnd: return "monitoring_end";
    case Step::FollowUpEnd: return "follow_up_end";
    case Step::Leaving: return "leaving";
  }
  CARINA_CHECK(false);
}

std::string_view name(PathwayEnd end) {
  switch (end) {
    case PathwayEnd::Ineligible: return "ineligible";
    case PathwayEnd::NotAccepted: return "not_accepted";
    case PathwayEnd::NotMade: return "not_made";
    case PathwayEnd::Died: return "died";
    case PathwayEnd::Progressed: return "progressed";
    case PathwayEnd::AdverseEvent: return "adverse_event";
    case PathwayEnd::Withdrew: return "withdrew";
    case PathwayEnd::Infused: return "infused";
    case PathwayEnd::Underway: return "underway";
  }
  CARINA_CHECK(false);
}

double day_of(const Journey& journey, Step step) {
  for (const PathwayEvent& event : journey.events) {
    if (event.step == step) return event.day;
  }
  return nan;
}

Journey journey(const Patient& patient, const Pathway& pathway, std::uint64_t seed) {
  const Luck luck{seed, patient.number};
  impl::Plan plan = impl::refer(patient, pathway, luck);
  if (!plan.closed) {
    const Apheresis apheresis = impl::gather(plan, plan.ready, patient, pathway, luck);
    if (!plan.closed) impl::make(plan, impl::draw_attempts(patient, pathway, apheresis, luck), pathway, luck);
    if (!plan.closed) impl::treat(plan, plan.ready, pathway, luck);
  }
  const Exit exit = impl::exit_of(plan, pathway, luck);
  return impl::close(std::move(plan), exit, infinity);
}

void validate(const Pathway& pathway, const std::string& path, Problems& problems) {
  Checks checks(path, problems);
  const Screening& screening = pathway.screening;
  checks.not_negative("screening.least_age", screening.least_age);
  checks.need(screening.most_age >= screening.least_age, "screening.most_age", screening.most_age,
              "must not be below least_age");
  checks.not_negative("screening.least_lymphocytes", screening.least_lymphocytes);
  checks.share("screening.other_failure", screening.other_failure);
  checks.duration("screening.days", screening.days);
  checks.duration("collection_wait", pathway.collection_wait);
  validate_collection(pathway.collection, path + ".collection", problems);
  checks.not_negative("acceptance", pathway.acceptance);
  checks.duration("production_wait", pathway.production_wait);
  validate_process(pathway.process, path + ".process", problems);
  checks.not_negative("holding", pathway.holding);
  checks.share("bridging.share", pathway.bridging.share);
  checks.not_negative("bridging.after", pathway.bridging.after);
  checks.duration("bridging.effect", pathway.bridging.effect);
  checks.share("preparation.share", pathway.preparation.share);
  checks.not_negative("preparation.days", pathway.preparation.days);
  checks.duration("preparation.rest", pathway.preparation.rest);
  checks.not_negative("preparation.most_rest", pathway.preparation.most_rest);
  checks.not_negative("monitoring", pathway.monitoring);
  checks.not_negative("follow_up", pathway.follow_up);
  for (std::size_t i = 0; i < drop_outs; ++i) {
    const std::string key = fmt::format("hazards.{}", name(static_cast<DropOut>(i)));
    checks.not_negative((key + ".rate").c_str(), pathway.hazards[i].rate);
    checks.need(pathway.hazards[i].exponent >= 0 && pathway.hazards[i].exponent < infinity, (key + ".exponent").c_str(),
                pathway.hazards[i].exponent, "must be 0 or more, and finite");
  }
  checks.positive("burden_limit", pathway.burden_limit);
}

}  // namespace carina::therapy
