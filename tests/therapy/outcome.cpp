#include "therapy/outcome.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "therapy/imwg.h"
#include "therapy/lane.h"
#include "therapy/lugano.h"
#include "therapy/response_all.h"

using namespace carina::therapy;

namespace {

Assessed at(double time, Response response, Mrd mrd = Mrd::NotDone, double b_cells = not_done) {
  Assessed visit;
  visit.time = time;
  visit.response = response;
  visit.mrd = mrd;
  visit.b_cells = b_cells;
  return visit;
}

const Definitions& eliana() { return *preset("eliana_2017"); }

void check_event(const Ending& ending, double time, Cause cause) {
  CHECK(ending.event);
  CHECK(ending.time == doctest::Approx(time));
  CHECK(name(ending.cause) == name(cause));
}

void check_censored(const Ending& ending, double time, Cause cause) {
  CHECK_FALSE(ending.event);
  CHECK(ending.time == doctest::Approx(time));
  CHECK(name(ending.cause) == name(cause));
}

}  // namespace

// By hand. Day 28: 2 % blasts, MRD 0, platelets 80,000: CRi, MRD negative. Day 56 and 91: counts recovered: CR. Day 182: blood
// only, no blasts: CR goes on. Day 273: 40 % blasts, 98 of 100 without CD19: relapse, CD19-. Day 280 chemotherapy. Cut day 400.
// BOR within 3 months: CRi of day 28 is held at day 56 (28 days later), CR of day 56 at day 91 (35 days): CR. First response 28.
// DOR and RFS: 273 - 28 = 245, relapse, clear at 182 - 28 = 154. EFS 273. OS censored at the cut. Blasts 60 -> lowest 1: -98.3 %.
TEST_CASE("leukaemia: remission, then relapse without the antigen") {
  std::vector<AllVisit> visits(5);
  const double days[] = {28, 56, 91, 182, 273};
  const double blasts[] = {2, 1, 1, not_done, 40};
  for (std::size_t i = 0; i < 5; ++i) {
    visits[i] = {.time = days[i],
                 .blasts = blasts[i],
                 .mrd = i < 3 ? 0 : not_done,
                 .platelets = i == 0 ? 80'000.0 : 200'000.0,
                 .neutrophils = 2'000,
                 .circulating = Seen::No};
  }
  visits[4].clones = {2, 0, 98};
  std::vector<Assessed> assessed(5);
  assess(visits, {}, assessed);
  Course course;
  course.visits = assessed;
  course.baseline = 60;
  course.therapy = 280;
  course.cut = 400;
  const Outcome out = outcome(course, eliana());
  CHECK(out.in_set);
  CHECK(out.best == Response::Complete);
  CHECK(out.response_at == 28);
  CHECK(out.mrd == Mrd::Negative);
  CHECK(out.relapse_antigen == AntigenClass::Negative);
  CHECK(out.best_change == doctest::Approx(-100 * 59.0 / 60));
  check_event(out.dor, 245, Cause::Progression);
  CHECK(out.dor.clear == 154);
  check_event(out.rfs, 245, Cause::Progression);
  check_event(out.efs, 273, Cause::Progression);
  check_censored(out.os, 400, Cause::DataCut);
  CHECK(response_at(course, 27) == Response::NotEvaluable);
  CHECK(response_at(course, 55) == Response::CompleteIncomplete);
  CHECK(response_at(course, 365) == Response::Relapse);
}

// By hand. 60 % blasts at day 28, chemotherapy day 40, death of leukaemia day 120. No response. It is known at day 40, before
// the three months are over. Dates: start 0; last evaluable visit 28; window's end, cut short by the therapy, 40; day 1; leaving
// 40. OS 120.
TEST_CASE("leukaemia: no response, dated as the definition says") {
  const std::vector<Assessed> visits = {at(28, Response::NoResponse)};
  Course course;
  course.visits = visits;
  course.therapy = 40;
  course.death = 120;
  course.cut = 400;
  Definitions set = eliana();
  constexpr std::pair<FailureDate, double> dates[] = {{FailureDate::Start, 0},
                                                      {FailureDate::Assessment, 28},
                                                      {FailureDate::WindowEnd, 40},
                                                      {FailureDate::Fixed, 1},
                                                      {FailureDate::Leaving, 40}};
  for (const auto& [date, day] : dates) {
    set.failure_date = date;
    const Outcome out = outcome(course, set);
    CHECK(out.best == Response::NoResponse);
    CHECK_FALSE(out.responded);
    check_event(out.efs, day, Cause::NoResponse);
    CHECK_FALSE(ran(out.dor));
    CHECK_FALSE(ran(out.rfs));
    check_event(out.os, 120, Cause::DiseaseDeath);
  }
  // death before the three months are over, without another therapy: the same day either way, and a death; on day 1 a failure
  course.therapy = never;
  course.death = 50;
  set.failure_date = FailureDate::Leaving;
  check_event(outcome(course, set).efs, 50, Cause::DiseaseDeath);
  set.efs.deaths = Deaths::None;
  check_event(outcome(course, set).efs, 50, Cause::NoResponse);
  set.failure_date = FailureDate::Start;
  check_event(outcome(course, set).efs, 0, Cause::NoResponse);
  course.cut = 50;  // the day of the cut is still known
  set.failure_date = FailureDate::Leaving;
  check_event(outcome(course, set).efs, 50, Cause::NoResponse);
  course.cut = 400;
  // who stays: fails when the three months are over, unless failure means leaving
  course.therapy = course.death = never;
  set.failure_date = FailureDate::WindowEnd;
  check_event(outcome(course, set).efs, 91.3125, Cause::NoResponse);
  set.failure_date = FailureDate::Leaving;
  check_censored(outcome(course, set).efs, 28, Cause::DataCut);
  // before they are over nobody knows
  set.failure_date = FailureDate::Start;
  course.cut = 80;
  check_censored(outcome(course, set).efs, 28, Cause::DataCut);
  course.cut = 91.3125;
  check_event(outcome(course, set).efs, 0, Cause::NoResponse);
}

TEST_CASE("someone whom no visit saw fails, or does not, as the definition says") {
  Course course;
  course.cut = 400;
  Definitions set = eliana();
  set.failure_date = FailureDate::WindowEnd;
  CHECK(outcome(course, set).best == Response::NotEvaluable);
  check_event(outcome(course, set).efs, 91.3125, Cause::NoResponse);
  set.unseen_fails = false;
  check_censored(outcome(course, set).efs, 0, Cause::DataCut);
  course.death = 20;
  check_event(outcome(course, set).efs, 20, Cause::DiseaseDeath);
}

// By hand. CR at day 28, relapse at day 49, 21 days later: not held for 28 days, so the best response is none; EFS ends at 49.
TEST_CASE("a remission that is not held for 28 days is no response") {
  std::vector<Assessed> visits = {at(28, Response::Complete), at(49, Response::Relapse)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  Outcome out = outcome(course, eliana());
  CHECK(out.best == Response::NoResponse);
  CHECK_FALSE(ran(out.dor));
  check_event(out.efs, 49, Cause::Progression);
  // held for 28 days exactly it is
  visits = {at(28, Response::Complete), at(56, Response::Complete), at(70, Response::Relapse)};
  course.visits = visits;
  CHECK(outcome(course, eliana()).best == Response::Complete);
  visits[1].time = 55.9;
  CHECK(outcome(course, eliana()).best == Response::NoResponse);
  // and so it is where no confirmation is asked
  Definitions set = eliana();
  set.confirm = -1;
  CHECK(outcome(course, set).best == Response::Complete);
  // a visit that says nothing confirms nothing and breaks nothing
  visits = {at(28, Response::Complete), at(56, Response::NotEvaluable), at(84, Response::CompleteIncomplete)};
  course.visits = visits;
  CHECK(outcome(course, eliana()).best == Response::CompleteIncomplete);
}

TEST_CASE("deaths are events as the rule says: any, of the disease, none") {
  const std::vector<Assessed> visits = {at(28, Response::Complete), at(56, Response::Complete)};
  Course course;
  course.visits = visits;
  course.death = 200;
  course.cut = 400;
  Definitions set = eliana();
  check_event(outcome(course, set).dor, 172, Cause::DiseaseDeath);
  set.dor.deaths = Deaths::None;
  check_censored(outcome(course, set).dor, 172, Cause::DiseaseDeath);
  course.death_cause = DeathCause::Infection;
  check_censored(outcome(course, set).dor, 172, Cause::OtherDeath);
  set.dor.deaths = Deaths::Any;
  check_event(outcome(course, set).dor, 172, Cause::OtherDeath);
}

TEST_CASE("the first of transplant and new therapy ends a clock, be it an event or not") {
  const std::vector<Assessed> visits = {at(28, Response::Complete), at(56, Response::Complete)};
  Course course;
  course.visits = visits;
  course.transplant = 100;
  course.therapy = 200;
  course.cut = 400;
  Definitions set = eliana();
  set.censor_at = CensorAt::Contact;
  set.efs.therapy = Handling::Event;
  check_censored(outcome(course, set).efs, 100, Cause::Transplant);
  course.transplant = 300;
  check_event(outcome(course, set).efs, 200, Cause::NewTherapy);
  // on the day of the first response it ends the response at once
  course.therapy = never;
  course.transplant = 28;
  set.confirm = -1;
  check_censored(outcome(course, set).dor, 0, Cause::Transplant);
  course.transplant = never;
  course.therapy = 28;
  check_censored(outcome(course, set).dor, 0, Cause::NewTherapy);
}

TEST_CASE("visits after death or after another therapy count for nothing, one on that day does") {
  std::vector<Assessed> visits = {at(30, Response::Partial), at(90, Response::Complete)};
  visits[0].measure = 6;
  visits[1].measure = 1;
  Course course;
  course.visits = visits;
  course.baseline = 10;
  course.cut = 400;
  const Definitions& set = *preset("juliet");
  for (double Course::*end : {&Course::therapy, &Course::transplant, &Course::death}) {
    Course ended = course;
    ended.*end = 89;
    CHECK(outcome(ended, set).best == Response::Partial);
    CHECK(outcome(ended, set).best_change == -40);
    ended.*end = 90;
    CHECK(outcome(ended, set).best == Response::Complete);
    CHECK(outcome(ended, set).best_change == -90);
  }
  course.death = 90;
  CHECK(response_at(course, 365) == Response::Complete);
  course.death = 89;
  CHECK(response_at(course, 365) == Response::Partial);
  visits[1].response = Response::Progression;
  check_event(outcome(course, set).pfs, 89, Cause::DiseaseDeath);
  course.baseline = 0;
  CHECK_FALSE(outcome(course, set).best_change == outcome(course, set).best_change);
}

TEST_CASE("a response counts when its first visit lies in the window") {
  std::vector<Assessed> visits = {at(91.3, Response::Complete), at(182, Response::Complete)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  CHECK(outcome(course, eliana()).responded);
  visits[0].time = 91.4;
  CHECK_FALSE(outcome(course, eliana()).responded);
}

// By hand. CR days 28, 56, 91; transplant day 100; death of its complications day 300. ELIANA: RFS censored at the last visit
// before transplant, 91 - 28 = 63, EFS at 91; DOR the same. The registry looks on: any death is an event: EFS 300, RFS 272.
TEST_CASE("leukaemia: transplant in remission and death after it, by trial and by registry") {
  const std::vector<Assessed> visits = {at(28, Response::Complete), at(56, Response::Complete), at(91, Response::Complete)};
  Course course;
  course.visits = visits;
  course.transplant = 100;
  course.death = 300;
  course.death_cause = DeathCause::Treatment;
  course.cut = 400;
  Outcome out = outcome(course, eliana());
  check_censored(out.rfs, 63, Cause::Transplant);
  check_censored(out.dor, 63, Cause::Transplant);
  check_censored(out.efs, 91, Cause::Transplant);
  check_event(out.os, 300, Cause::OtherDeath);
  Definitions set = eliana();
  set.censor_at = CensorAt::Contact;
  check_censored(outcome(course, set).efs, 100, Cause::Transplant);
  set.efs.transplant = Handling::Event;
  check_event(outcome(course, set).efs, 100, Cause::Transplant);
  out = outcome(course, *preset("registry"));
  check_event(out.efs, 300, Cause::OtherDeath);
  check_event(out.rfs, 272, Cause::OtherDeath);
  // without the transplant the death ends RFS, but DOR counts deaths of leukaemia only
  course.transplant = never;
  out = outcome(course, eliana());
  check_event(out.rfs, 272, Cause::OtherDeath);
  check_censored(out.dor, 272, Cause::OtherDeath);
}

// By hand. Two nodes, SPD 18 cm2. Day 30: 3 x 2 and 2 x 1, SPD 8: PR. Day 90: 1.5 x 1 and 1 x 1, SPD 2.5: CR. Day 180: the same.
// Day 270: a new node of 2 cm: PD, lymphoma CD19+. Death day 330. JULIET: BOR CR, first response day 30, DOR 240, PFS 270, OS 330;
// waterfall 100 (2.5 - 18) / 18 = -86.1 %.
TEST_CASE("lymphoma: partial, then complete response, then progression") {
  LymphomaVisit base;
  base.ct = true;
  base.lesions = 2;
  base.sizes = {{{4, 3}, {3, 2}}};
  base.spleen = 12;
  std::vector<LymphomaVisit> visits(4, base);
  visits[0].time = 30;
  visits[0].sizes = {{{3, 2}, {2, 1}}};
  for (std::size_t i = 1; i < 4; ++i) {
    visits[i].time = 90.0 * static_cast<double>(i);
    visits[i].sizes = {{{1.5, 1}, {1, 1}}};
  }
  visits[3].new_node = 2;
  visits[3].clones = {100, 0, 0};
  std::vector<Assessed> assessed(4);
  assess(base, visits, {}, assessed);
  Course course;
  course.visits = assessed;
  course.baseline = measure(base);
  course.death = 330;
  course.cut = 600;
  const Outcome out = outcome(course, *preset("juliet"));
  CHECK(out.best == Response::Complete);
  CHECK(out.response_at == 30);
  CHECK(out.relapse_antigen == AntigenClass::Positive);
  CHECK(out.best_change == doctest::Approx(-86.1111));
  check_event(out.dor, 240, Cause::Progression);
  check_event(out.pfs, 270, Cause::Progression);
  CHECK(out.pfs.clear == 180);
  check_event(out.os, 330, Cause::DiseaseDeath);
}

// By hand. Serum 4 g/dL. Day 28: 0.3, VGPR. Day 56: immunofixation negative, 2 % plasma cells: CR, held at day 84. Day 168: 0.6
// (from 0: + 0.6), day 196: 1.0: progression of day 168, confirmed. KarMMa: BOR CR; VGPR of day 28 is confirmed by the next
// visit: first response day 28; DOR 168 - 28 = 140; PFS 168; OS censored at the cut, day 300.
TEST_CASE("myeloma: very good partial, then complete response, then confirmed progression") {
  MyelomaVisit base;
  base.serum = 4;
  const double days[] = {28, 56, 84, 168, 196};
  const double serum[] = {0.3, 0, 0, 0.6, 1.0};
  std::vector<MyelomaVisit> visits(5);
  for (std::size_t i = 0; i < 5; ++i) {
    visits[i].time = days[i];
    visits[i].serum = serum[i];
  }
  visits[1].plasma_cells = 2;
  std::vector<Assessed> assessed(5);
  assess(base, visits, {}, assessed);
  Course course;
  course.visits = assessed;
  course.baseline = measure(base, base, {});
  course.cut = 300;
  const Outcome out = outcome(course, *preset("karmma"));
  CHECK(assessed[0].response == Response::VeryGoodPartial);
  CHECK(out.best == Response::Complete);
  CHECK(out.response_at == 28);
  CHECK(out.best_change == -100);
  check_event(out.dor, 140, Cause::Progression);
  check_event(out.pfs, 168, Cause::Progression);
  check_censored(out.os, 300, Cause::DataCut);
}

TEST_CASE("the level of a response is the one that the confirming visit still shows") {
  const std::vector<Assessed> visits = {at(28, Response::Complete), at(56, Response::VeryGoodPartial),
                                        at(84, Response::Partial)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  CHECK(outcome(course, *preset("cartitude_1")).best == Response::VeryGoodPartial);
  // the last visit has nothing to confirm it
  course.visits = course.visits.first(1);
  CHECK(outcome(course, *preset("cartitude_1")).best == Response::Stable);
  CHECK(outcome(course, *preset("zuma_1")).best == Response::Complete);
}

TEST_CASE("what comes after a new therapy, a transplant or progression is no response of the product") {
  const std::vector<Assessed> visits = {at(30, Response::Stable), at(90, Response::Complete)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  CHECK(outcome(course, *preset("juliet")).best == Response::Complete);
  course.therapy = 60;
  CHECK(outcome(course, *preset("juliet")).best == Response::Stable);
  course.therapy = never;
  course.transplant = 60;
  CHECK(outcome(course, *preset("juliet")).best == Response::Stable);
  const std::vector<Assessed> progressed = {at(30, Response::Progression), at(90, Response::Complete)};
  course.visits = progressed;
  course.transplant = never;
  CHECK(outcome(course, *preset("juliet")).best == Response::Progression);
}

TEST_CASE("after loss to follow-up or the data cut nothing is known") {
  const std::vector<Assessed> visits = {at(30, Response::Partial), at(90, Response::Partial),
                                        at(180, Response::Progression)};
  Course course;
  course.visits = visits;
  course.death = 200;
  course.cut = 150;
  Outcome out = outcome(course, *preset("juliet"));
  check_censored(out.pfs, 90, Cause::DataCut);
  check_censored(out.os, 150, Cause::DataCut);
  course.cut = 90;  // a visit on that day is the last one
  check_censored(outcome(course, *preset("juliet")).pfs, 90, Cause::DataCut);
  course.cut = 400;
  course.lost = 190;
  out = outcome(course, *preset("juliet"));
  check_event(out.pfs, 180, Cause::Progression);
  check_censored(out.os, 190, Cause::Lost);
  course.lost = course.cut = 190;  // lost on the very day of the cut
  check_censored(outcome(course, *preset("juliet")).os, 190, Cause::Lost);
  course.cut = 180;  // on the day of the cut it is still known
  check_event(outcome(course, *preset("juliet")).pfs, 180, Cause::Progression);
}

TEST_CASE("an event after too long a time without visits is censored at the last one") {
  const std::vector<Assessed> visits = {at(30, Response::Partial), at(90, Response::NotEvaluable),
                                        at(180, Response::Progression)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  Definitions set = *preset("juliet");
  check_event(outcome(course, set).pfs, 180, Cause::Progression);
  set.longest_gap = 150;
  check_event(outcome(course, set).pfs, 180, Cause::Progression);
  set.longest_gap = 149;
  check_censored(outcome(course, set).pfs, 30, Cause::MissedVisits);
  check_censored(outcome(course, set).dor, 0, Cause::MissedVisits);
  // a failure that a definition dates, and a clock that was censored anyway, are not touched
  const std::vector<Assessed> none = {at(28, Response::NoResponse)};
  Course failed;
  failed.visits = none;
  failed.cut = 400;
  set = eliana();
  set.failure_date = FailureDate::WindowEnd;
  set.longest_gap = 10;
  check_event(outcome(failed, set).efs, 91.3125, Cause::NoResponse);
  check_censored(outcome(failed, set).pfs, 28, Cause::DataCut);
}

TEST_CASE("clocks start at infusion, enrolment or first response, and not at all for someone never infused") {
  const std::vector<Assessed> visits = {at(30, Response::Partial), at(90, Response::Progression)};
  Course course;
  course.visits = visits;
  course.enrolled = -45;
  course.cut = 400;
  Definitions set = *preset("juliet");
  set.pfs.origin = set.os.origin = Origin::Enrolment;
  check_event(outcome(course, set).pfs, 135, Cause::Progression);
  check_censored(outcome(course, set).os, 445, Cause::DataCut);
  Course never_infused;
  never_infused.infused = false;
  never_infused.death = 60;
  never_infused.cut = 400;
  const Outcome out = outcome(never_infused, set);
  CHECK_FALSE(out.in_set);
  check_event(out.os, 60, Cause::DiseaseDeath);
  CHECK_FALSE(ran(out.efs));
  set.set = AnalysisSet::Enrolled;
  CHECK(outcome(never_infused, set).in_set);
}

TEST_CASE("evaluable is who was followed for three months by the cut, or was gone before") {
  Definitions set = *preset("juliet");
  set.set = AnalysisSet::Evaluable;
  Course course;
  course.cut = 91.3125;
  CHECK(outcome(course, set).in_set);
  course.cut = 91;
  CHECK_FALSE(outcome(course, set).in_set);
  course.death = 50;
  CHECK(outcome(course, set).in_set);
  course.death = 91;
  CHECK(outcome(course, set).in_set);
  course.infused = false;
  CHECK_FALSE(outcome(course, set).in_set);
}

// By hand. B cells 0 at days 28, 56 and 91, 60 at day 182 (threshold 50), 10 at 273, 80 at 364 and 455. Loss at the first visit
// that finds more: 182, clear at 91; where the next has to agree: 364, clear at 273.
TEST_CASE("B-cell aplasia lasts until a visit finds B cells") {
  const auto b = [](double time, double cells) { return at(time, Response::Complete, Mrd::NotDone, cells); };
  std::vector<Assessed> visits = {b(28, 0),   b(56, 0),   b(91, 0),   b(120, not_done),
                                  b(182, 60), b(273, 10), b(364, 80), b(455, 80)};
  Course course;
  course.visits = visits;
  course.cut = 500;
  Definitions set = eliana();
  check_event(outcome(course, set).aplasia, 182, Cause::BCells);
  CHECK(outcome(course, set).aplasia.clear == 91);
  set.aplasia.confirm = true;
  check_event(outcome(course, set).aplasia, 364, Cause::BCells);
  CHECK(outcome(course, set).aplasia.clear == 273);
  visits[7].b_cells = 50;  // the threshold itself agrees
  check_event(outcome(course, set).aplasia, 364, Cause::BCells);
  course.visits = std::span(visits).first(7);  // nothing confirms day 364
  check_censored(outcome(course, set).aplasia, 273, Cause::DataCut);
  // the threshold itself is no longer aplasia
  set.aplasia.confirm = false;
  visits[4].b_cells = 50;
  check_event(outcome(course, set).aplasia, 182, Cause::BCells);
  visits[4].b_cells = 49.9;
  check_event(outcome(course, set).aplasia, 364, Cause::BCells);
  // relapse, transplant and death censor it at the last count
  course.transplant = 150;
  check_censored(outcome(course, set).aplasia, 91, Cause::Transplant);
  course.transplant = never;
  course.death = 300;
  check_censored(outcome(course, set).aplasia, 273, Cause::DiseaseDeath);
  course.death = never;
  visits[5].response = Response::Relapse;
  check_censored(outcome(course, set).aplasia, 273, Cause::Progression);
  // who does not respond has none to lose, unless everybody counts; who never was aplastic has none either
  const std::vector<Assessed> none = {at(28, Response::NoResponse, Mrd::NotDone, 0),
                                      at(56, Response::NoResponse, Mrd::NotDone, 90)};
  course.visits = none;
  CHECK_FALSE(ran(outcome(course, set).aplasia));
  set.aplasia.responders = false;
  check_event(outcome(course, set).aplasia, 56, Cause::BCells);
  course.visits = std::span(none).subspan(1);
  CHECK_FALSE(ran(outcome(course, set).aplasia));
}

TEST_CASE("MRD counts at visits in response: negative once is negative") {
  std::vector<Assessed> visits = {at(28, Response::NoResponse, Mrd::Negative), at(56, Response::Complete, Mrd::Positive),
                                  at(91, Response::Complete, Mrd::NotDone), at(120, Response::Complete, Mrd::Negative)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  CHECK(outcome(course, eliana()).mrd == Mrd::Positive);  // day 120 is past the window
  visits[2].mrd = Mrd::Negative;
  CHECK(outcome(course, eliana()).mrd == Mrd::Negative);
  visits[1].mrd = visits[2].mrd = Mrd::NotDone;
  CHECK(outcome(course, eliana()).mrd == Mrd::NotDone);
}

TEST_CASE("a swimmer's lane has a stretch for each response and a mark for each event") {
  const std::vector<Assessed> visits = {at(30, Response::Partial),      at(60, Response::NotEvaluable),
                                        at(90, Response::Partial),      at(180, Response::Complete),
                                        at(270, Response::Progression), at(300, Response::Progression)};
  Course course;
  course.visits = visits;
  course.cut = 400;
  course.therapy = 280;
  course.death = 350;
  Lane lane = swimmer_lane(course);
  REQUIRE(lane.stretches.size() == 3);
  CHECK(lane.stretches[0].from == 30);
  CHECK(lane.stretches[0].to == 180);
  CHECK(lane.stretches[1].to == 270);
  CHECK(lane.stretches[1].response == Response::Complete);
  CHECK(lane.stretches[2].to == 350);
  REQUIRE(lane.marks.size() == 3);
  CHECK(lane.marks[0].what == Cause::Progression);
  CHECK(lane.marks[0].time == 270);
  CHECK(lane.marks[1].what == Cause::NewTherapy);
  CHECK(lane.marks[2].what == Cause::DiseaseDeath);
  CHECK(lane.end == 350);
  CHECK_FALSE(lane.ongoing);
  course.cut = 200;
  lane = swimmer_lane(course);
  CHECK(lane.ongoing);
  CHECK(lane.marks.empty());
  CHECK(lane.end == 200);
  course.cut = 180;  // a visit on the last day counts
  CHECK(swimmer_lane(course).stretches.back().response == Response::Complete);
  course.visits = {};
  CHECK_FALSE(swimmer_lane(course).ongoing);
}
