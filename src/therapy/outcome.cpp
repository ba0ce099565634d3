#include "therapy/outcome.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "therapy/impl/compare.h"

namespace carina::therapy {

using namespace impl;

namespace {

/// Until when anything is known.
double horizon(const Course& course) { return std::min(course.lost, course.cut); }

Cause horizon_cause(const Course& course) { return course.lost <= course.cut ? Cause::Lost : Cause::DataCut; }

Cause death_cause(const Course& course) {
  return course.death_cause == DeathCause::Disease ? Cause::DiseaseDeath : Cause::OtherDeath;
}

/// Until when a visit can be; a date after death is no visit.
double last_day(const Course& course) { return std::min(horizon(course), course.death); }

/// First transplant or new therapy: what follows is not the product's doing.
double another_therapy(const Course& course) { return std::min(course.transplant, course.therapy); }

/// The first relapse or progression that is known; null when there is none.
const Assessed* first_loss(const Course& course) {
  for (const Assessed& visit : course.visits) {
    if (visit.time > last_day(course)) break;
    if (is_loss(visit.response)) return &visit;
  }
  return nullptr;
}

/// The last evaluable visit from `from` on and before `day`, or at it when `with`; `from` when there is none.
double last_visit(const Course& course, double day, bool with, double from) {
  double last = from;
  for (const Assessed& visit : course.visits) {
    if (visit.time > day || (visit.time == day && !with)) break;
    if (is_evaluable(visit.response)) last = std::max(last, visit.time);
  }
  return last;
}

/// The response of `visits.front()` as far as later ones confirm it: the least response until it has held long enough.
Response confirmed(std::span<const Assessed> visits, double held, Response otherwise) {
  Response level = visits.front().response;
  if (held < 0 || level <= Response::Stable) return level;
  for (const Assessed& next : visits.subspan(1)) {
    if (!is_evaluable(next.response)) continue;
    level = std::min(level, next.response);
    if (level <= Response::Stable) break;
    if (at_least(next.time - visits.front().time, held)) return level;
  }
  return otherwise;
}

/// The visits in which a response of the product can be seen.
std::span<const Assessed> response_visits(const Course& course) {
  const double until = std::min(last_day(course), another_therapy(course));
  std::size_t n = 0;
  while (n < course.visits.size() && course.visits[n].time <= until) {
    if (is_loss(course.visits[n++].response)) break;
  }
  return course.visits.first(n);
}

void find_response(const Course& course, const Definitions& definitions, Outcome& out) {
  const std::span<const Assessed> visits = response_visits(course);
  for (std::size_t i = 0; i < visits.size() && at_most(visits[i].time, definitions.response_window); ++i) {
    if (!is_evaluable(visits[i].response)) continue;
    const Response level = confirmed(visits.subspan(i), definitions.confirm, unconfirmed(definitions.disease));
    // PD after SD leaves SD the best; PD at first is the best there is
    out.best = std::max(out.best, level);
    if (!is_response(level)) continue;
    if (!out.responded) out.response_at = visits[i].time;
    out.responded = true;
    if (visits[i].mrd == Mrd::Negative) out.mrd = Mrd::Negative;
    if (visits[i].mrd == Mrd::Positive && out.mrd == Mrd::NotDone) out.mrd = Mrd::Positive;
  }
}

/// The lowest change of the measure, over the visits that may count for response.
double best_change(const Course& course) {
  double best = not_done;
  if (!(course.baseline > 0)) return best;
  const double until = std::min(last_day(course), another_therapy(course));
  for (const Assessed& visit : course.visits) {
    if (visit.time > until) break;
    const double change = 100 * (visit.measure - course.baseline) / course.baseline;
    if (done(change) && !(best <= change)) best = change;
  }
  return best;
}

/// The earliest of what may end a clock; of equal times the first that was offered, events before censoring.
struct Race {
  double time = never;
  bool event = false;
  Cause cause = Cause::None;

  void offer(double at, bool is_event, Cause why) {
    if (at < time || (at == time && is_event && !event)) *this = {at, is_event, why};
  }
  void offer(double at, Handling handling, Cause why) {
    if (handling != Handling::Ignore) offer(at, handling == Handling::Event, why);
  }
};

/// When someone without response fails; never for one who does not, or of whom it is not yet known.
double failure(const Course& course, const Definitions& definitions, double start, const Outcome& out) {
  if (out.responded) return never;
  if (out.best == Response::NotEvaluable && !definitions.unseen_fails) return never;
  const double left = std::min(another_therapy(course), course.death);
  const double known = std::min(left, definitions.failure_by);
  if (known > horizon(course)) return never;
  const double seen = last_visit(course, known, true, -never);
  switch (definitions.failure_date) {
    case FailureDate::Start: return start;
    case FailureDate::Assessment: return seen > -never ? std::max(start, seen) : known;
    case FailureDate::WindowEnd: return known;
    case FailureDate::Fixed: return std::max(start, std::min(definitions.failure_day, known));
    case FailureDate::Leaving: return left <= horizon(course) ? left : never;
  }
  return never;
}

double start_of(const Course& course, Origin origin, const Outcome& out) {
  switch (origin) {
    case Origin::Enrolment: return course.enrolled;
    case Origin::Infusion: return course.infused ? 0 : not_done;
    case Origin::FirstResponse: return out.response_at;
  }
  return not_done;
}

Race race(const Course& course, const Definitions& definitions, const Rule& rule, const Outcome& out) {
  const double start = start_of(course, rule.origin, out);
  Race ends;
  const Assessed* loss = first_loss(course);
  if (rule.progression && loss != nullptr) ends.offer(loss->time, true, Cause::Progression);
  const bool counts =
      rule.deaths == Deaths::Any || (rule.deaths == Deaths::Disease && course.death_cause == DeathCause::Disease);
  if (rule.failure && definitions.failure_date == FailureDate::Start) {
    ends.offer(failure(course, definitions, start, out), true, Cause::NoResponse);
  }
  ends.offer(course.death, counts, death_cause(course));
  if (rule.failure) ends.offer(failure(course, definitions, start, out), true, Cause::NoResponse);
  if (course.transplant >= start) ends.offer(course.transplant, rule.transplant, Cause::Transplant);
  if (course.therapy >= start) ends.offer(course.therapy, rule.therapy, Cause::NewTherapy);
  // an event on the day of loss or data cut is still known
  if (!(ends.time <= horizon(course))) ends = {horizon(course), false, horizon_cause(course)};
  return ends;
}

bool is_death(Cause cause) { return cause == Cause::DiseaseDeath || cause == Cause::OtherDeath; }

Ending run(const Course& course, const Definitions& definitions, const Rule& rule, const Outcome& out) {
  const double start = start_of(course, rule.origin, out);
  if (!done(start)) return {};
  Race ends = race(course, definitions, rule, out);
  // only a clock that visits drive stops at visits
  const bool by_visits = rule.progression || rule.failure;
  double clear = last_visit(course, ends.time, !ends.event, start);
  const bool found_late = ends.event && (ends.cause == Cause::Progression || is_death(ends.cause));
  if (by_visits && found_late && above(ends.time - clear, definitions.longest_gap)) {
    ends = {clear, false, Cause::MissedVisits};
  } else if (by_visits && !ends.event && !is_death(ends.cause) && definitions.censor_at == CensorAt::LastAssessment) {
    ends.time = clear;
  }
  ends.time = std::max(ends.time, start);
  clear = std::min(clear, ends.time);
  return {ends.time - start, ends.event, ends.cause, clear - start};
}

/// The first visit from `from` on with a B-cell count that is (not) below the threshold; the number of visits when none is.
std::size_t find_count(std::span<const Assessed> visits, std::size_t from, double threshold, bool low) {
  while (from < visits.size() && (!done(visits[from].b_cells) || below(visits[from].b_cells, threshold) != low)) ++from;
  return from;
}

Ending run_aplasia(const Course& course, const AplasiaRule& rule, const Outcome& out) {
  if (!course.infused || (rule.responders && !out.responded)) return {};
  Race ends{horizon(course), false, horizon_cause(course)};
  if (const Assessed* loss = first_loss(course)) ends.offer(loss->time, false, Cause::Progression);
  ends.offer(course.death, false, death_cause(course));
  ends.offer(course.transplant, false, Cause::Transplant);
  ends.offer(course.therapy, false, Cause::NewTherapy);
  std::size_t n = 0;
  while (n < course.visits.size() && course.visits[n].time <= ends.time) ++n;
  const std::span<const Assessed> visits = course.visits.first(n);
  const std::size_t low = find_count(visits, 0, rule.b_cells, true);
  if (low == n) return {};
  std::size_t back = find_count(visits, low, rule.b_cells, false);
  if (rule.confirm) {
    // a count that the next one takes back was a slip
    while (back < n) {
      std::size_t next = back + 1;
      while (next < n && !done(visits[next].b_cells)) ++next;
      if (next == n) back = n;
      if (back == n || !below(visits[next].b_cells, rule.b_cells)) break;
      back = find_count(visits, next, rule.b_cells, false);
    }
  }
  double clear = visits[low].time;
  for (std::size_t i = low; i < back; ++i) {
    if (done(visits[i].b_cells) && below(visits[i].b_cells, rule.b_cells)) clear = visits[i].time;
  }
  if (back < n) return {visits[back].time, true, Cause::BCells, clear};
  return {clear, false, ends.cause, clear};
}

bool in_set(const Course& course, const Definitions& definitions) {
  if (definitions.set == AnalysisSet::Enrolled) return true;
  if (definitions.set == AnalysisSet::Infused || !course.infused) return course.infused;
  const double gone = std::min({course.death, course.lost, another_therapy(course)});
  return at_least(course.cut, definitions.follow_up) || gone <= course.cut;
}

}  // namespace

std::string_view name(Cause cause) {
  constexpr std::array<std::string_view, 11> names = {"none",        "no_response", "progression",  "disease_death",
                                                      "other_death", "transplant",  "new_therapy",  "b_cells",
                                                      "lost",        "data_cut",    "missed_visits"};
  return names[static_cast<std::size_t>(cause)];
}

Outcome outcome(const Course& course, const Definitions& definitions) {
  CARINA_CHECK(course.cut < never && course.enrolled <= 0);
  Outcome out;
  out.in_set = in_set(course, definitions);
  find_response(course, definitions, out);
  if (const Assessed* loss = first_loss(course)) out.relapse_antigen = loss->antigen;
  out.best_change = best_change(course);
  out.dor = run(course, definitions, definitions.dor, out);
  out.rfs = run(course, definitions, definitions.rfs, out);
  out.efs = run(course, definitions, definitions.efs, out);
  out.pfs = run(course, definitions, definitions.pfs, out);
  out.os = run(course, definitions, definitions.os, out);
  out.aplasia = run_aplasia(course, definitions.aplasia, out);
  return out;
}

Response response_at(const Course& course, double day) {
  Response response = Response::NotEvaluable;
  for (const Assessed& visit : course.visits) {
    if (visit.time > std::min(day, last_day(course))) break;
    if (is_evaluable(visit.response)) response = visit.response;
  }
  return response;
}

}  // namespace carina::therapy
