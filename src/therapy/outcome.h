/// @file
/// Endpoints of one patient from assessed visits and what else happened, under explicit definitions: best response, its
/// duration, relapse-, event- and progression-free and overall survival, duration of B-cell aplasia. Each clock ends with an
/// event or censored, and says why. Nothing is allocated.
#pragma once

#include <span>
#include <string_view>

#include "therapy/definitions.h"
#include "therapy/response.h"

namespace carina::therapy {

/// Of what someone died.
enum class DeathCause : std::uint8_t {
  Disease,    ///< the cancer
  Treatment,  ///< toxicity of the product or its preparation
  Infection,  ///< infection
  Other,      ///< anything else, unknown included
};

/// Why a clock ended.
enum class Cause : std::uint8_t {
  None,          ///< it never ran
  NoResponse,    ///< event: no response
  Progression,   ///< event: relapse or progression
  DiseaseDeath,  ///< death of the disease: event, or censored where the rule says so
  OtherDeath,    ///< another death: event, or censored where the rule says so
  Transplant,    ///< event or censored, as the rule says
  NewTherapy,    ///< event or censored, as the rule says
  BCells,        ///< event: B cells came back
  Lost,          ///< censored: lost to follow-up
  DataCut,       ///< censored: data cut
  MissedVisits,  ///< censored: the event came after too long a time without visits
};

/// none, no_response, progression, disease_death, other_death, transplant, new_therapy, b_cells, lost, data_cut, missed_visits.
std::string_view name(Cause cause);

/// One patient. Times are days after infusion; for someone never infused, after enrolment, which is then 0.
struct Course {
  std::span<const Assessed> visits;              ///< visits that took place after infusion, rising in time
  bool infused = true;                           ///< got the product
  double enrolled = 0;                           ///< enrolment, 0 or below
  double baseline = not_done;                    ///< the measure before infusion, in its unit
  double death = never;                          ///< death
  DeathCause death_cause = DeathCause::Disease;  ///< of what
  double transplant = never;                     ///< stem-cell transplant after infusion
  double therapy = never;                        ///< first new therapy against the disease after infusion
  double lost = never;                           ///< last contact of someone lost to follow-up
  double cut = 0;                                ///< data cut; finite
};

/// How one clock ended.
struct Ending {
  double time = not_done;     ///< days from the rule's origin; not_done when it never ran
  bool event = false;         ///< true: event; false: censored
  Cause cause = Cause::None;  ///< why; None when it never ran
  double clear = not_done;    ///< days from the origin to the last evaluable visit before the end: an event that visits find
                              ///< lies between this and time
};

/// True when the clock ran.
constexpr bool ran(const Ending& ending) { return ending.cause != Cause::None; }

/// Everything about one patient.
struct Outcome {
  bool in_set = false;                                   ///< counts in the denominator
  Response best = Response::NotEvaluable;                ///< best overall response (BOR), confirmed where that is asked
  bool responded = false;                                ///< BOR is PR or better: what ORR counts
  double response_at = not_done;                         ///< time to response: day of the first visit in PR or better
  Mrd mrd = Mrd::NotDone;                                ///< best MRD at a visit in response within the window
  AntigenClass relapse_antigen = AntigenClass::Unknown;  ///< at the first visit with relapse or progression
  double best_change = not_done;  ///< waterfall: lowest % change of the measure from baseline, -100 up
  Ending dor;                     ///< duration of response; responders only
  Ending rfs;                     ///< relapse-free survival; responders only
  Ending efs;                     ///< event-free survival
  Ending pfs;                     ///< progression-free survival
  Ending os;                      ///< overall survival
  Ending aplasia;                 ///< duration of B-cell aplasia
};

/// The outcome. Response counts visits up to the first relapse, progression, transplant, new therapy, loss or data cut,
/// whichever comes first; what happens after loss or data cut is not known. Time: the square of the number of visits at most.
Outcome outcome(const Course& course, const Definitions& definitions);

/// The last evaluable response at or before `day`; NE when there is none.
Response response_at(const Course& course, double day);

}  // namespace carina::therapy
