/// @file
/// One patient's way from referral to the end of follow-up as an ordered list of events. Everyone ends in exactly one way.
/// Until infusion the cancer grows and risks run (therapy/burden.h); what happens to the infused is not decided here: their
/// follow-up is a plan.
///
/// The order: referral, screening, [queue for a slot], apheresis, acceptance of the leukapheresis, [wait for production],
/// shipping, culture, release and return, perhaps once more, [bed], lymphodepletion, infusion. Bridging therapy lies
/// between apheresis and infusion. The two queues are the centre's (therapy/centre.h); `journey` alone knows none.
/// docs/pathway.md lists distributions and sources.
#pragma once

#include <limits>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "therapy/burden.h"
#include "therapy/manufacture.h"
#include "therapy/patient.h"

namespace carina::therapy {

/// Who may enter, as far as it hangs on what a Patient has. Labels and full eligibility rules are the product room's.
struct Screening {
  double least_age = 0;                                       ///< year
  double most_age = std::numeric_limits<double>::infinity();  ///< year, up to and including
  double least_lymphocytes = 0;                               ///< cell/uL
  int least_lines = 0;                                        ///< prior lines
  bool transplant_allowed = true;                             ///< prior allogeneic transplant
  double other_failure = 0;                                   ///< chance to fail for a reason not named here
  Lognormal days{0, 7, 0};                                    ///< referral to the answer, days; assumed
};

/// When a patient counts as enrolled.
enum class EnrolmentAt : std::uint8_t {
  Eligible,   ///< when found eligible
  Collected,  ///< at apheresis
  Accepted,   ///< when the leukapheresis is accepted for manufacture (ELIANA)
};

/// Treatment against the cancer while cells are made.
struct Bridging {
  double share = 0;           ///< of patients who get it
  double after = 3;           ///< apheresis to its start, days; assumed
  Lognormal effect{0, 0, 0};  ///< taken from the net growth rate until infusion, 1/day
};

/// Lymphodepletion and the time around it.
struct Preparation {
  double share = 1;  ///< of patients who get lymphodepletion
  double days = 4;   ///< from its first to its last day of treatment, plus one: 4 days of fludarabine (Kymriah label, read)
  Lognormal rest{2, 2, 0.5};  ///< end of lymphodepletion to infusion, days: least by the label (read), spread assumed
  double most_rest = 14;      ///< days; label (read)
};

/// What care prescribes and what delays it. All durations in days.
struct Pathway {
  Screening screening;                            ///< who may enter
  Lognormal collection_wait{0, 0, 0};             ///< slot to apheresis
  Collection collection;                          ///< apheresis
  double acceptance = 1;                          ///< last session of apheresis to its acceptance; assumed
  EnrolmentAt enrolment = EnrolmentAt::Accepted;  ///< who counts as enrolled
  Lognormal production_wait{0, 0, 0};             ///< acceptance to shipping: the leukapheresis lies frozen
  Process process;                                ///< manufacture
  double holding = 0;              ///< taken from the net growth rate before apheresis by interim therapy, 1/day; may be 0
  Bridging bridging;               ///< between apheresis and infusion
  Preparation preparation;         ///< lymphodepletion
  double monitoring = 28;          ///< infusion to the end of close monitoring; 4 weeks by the 2017 label, 2 by that of 2025
  double follow_up = 15 * 365.25;  ///< infusion to the end of follow-up: 15 years for gene therapies (recalled: to verify)
  Hazards hazards;                 ///< until infusion; therapy/attrition.h sets them from published attrition
  double burden_limit = 5e12;      ///< cells at which growth ends; assumed
};

/// What happens, in the order in which it may.
enum class Step : std::uint8_t {
  Referral,                    ///< referred to the centre
  Eligible,                    ///< found eligible; waits for a slot from here on
  Slot,                        ///< a slot became free
  Apheresis,                   ///< last session of leukapheresis
  Accepted,                    ///< leukapheresis accepted
  Enrolment,                   ///< counts as enrolled
  Bridging,                    ///< bridging therapy begins
  Shipped,                     ///< leukapheresis on its way
  Received,                    ///< at the maker
  Activation,                  ///< a batch begins
  Transduction,                ///< vector added
  Expansion,                   ///< expansion begins
  Harvest,                     ///< cells harvested and frozen
  BatchFailed,                 ///< batch failed or may not be used
  Released,                    ///< product released and back at the centre
  ReleasedOutOfSpecification,  ///< the same, out of specification
  Lymphodepletion,             ///< lymphodepletion begins
  Infusion,                    ///< cells given
  MonitoringEnd,               ///< end of close monitoring, as planned
  FollowUpEnd,                 ///< end of follow-up, as planned
  Leaving,                     ///< the pathway ends without infusion; PathwayEnd says how
};

/// snake_case of the name, e.g. released_out_of_specification.
std::string_view name(Step step);

/// How a patient's way ended: each in exactly one.
enum class PathwayEnd : std::uint8_t {
  Ineligible,    ///< failed screening
  NotAccepted,   ///< leukapheresis out of specification and not used
  NotMade,       ///< no product after the last attempt
  Died,          ///< before infusion
  Progressed,    ///< too ill for infusion
  AdverseEvent,  ///< an adverse event ruled infusion out
  Withdrew,      ///< left for another reason
  Infused,       ///< got cells
  Underway,      ///< none of these by the end of the study's calendar
};

/// Number of ends.
inline constexpr std::size_t pathway_ends = 9;

/// ineligible, not_accepted, not_made, died, progressed, adverse_event, withdrew, infused, underway.
std::string_view name(PathwayEnd end);

/// A step on its day of the study's calendar.
struct PathwayEvent {
  double day = 0;              ///< day
  Step step = Step::Referral;  ///< step
};

/// One patient's way.
struct Journey {
  std::uint64_t number = 0;               ///< individual number
  std::uint32_t centre = 0;               ///< centre
  std::vector<PathwayEvent> events;       ///< days never fall
  PathwayEnd end = PathwayEnd::Underway;  ///< how it ended
  double ended = 0;                       ///< day of infusion or of leaving; of the calendar's end when under way
  int attempts = 0;                       ///< batches begun by then
  CellProduct product;                    ///< what was infused, or the last batch released; zeros when none was
  double burden = 0;                      ///< cells on the day it ended
};

/// The first day of a step; NaN when it did not happen.
double day_of(const Journey& journey, Step step);

/// The way of one patient whom no queue holds up.
Journey journey(const Patient& patient, const Pathway& pathway, std::uint64_t seed);

/// Adds every problem of a pathway, with paths below `path` (`path.process.failure`).
void validate(const Pathway& pathway, const std::string& path, Problems& problems);

}  // namespace carina::therapy
