/// @file
/// What an endpoint means: which patients, from when, which events, what is censored. Trials differ in it, so a definition set
/// is data, is printed beside every published value, and says of each choice whether its source was read, is recalled or is
/// carina's own. docs/endpoints.md lists the sets.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/problem.h"
#include "therapy/response.h"

namespace carina::therapy {

/// Whom a share counts as its denominator.
enum class AnalysisSet : std::uint8_t {
  Enrolled,   ///< everybody enrolled, infused or not (intention to treat)
  Infused,    ///< everybody infused
  Evaluable,  ///< infused, and followed for `Definitions::follow_up` by the data cut, or gone before
};

/// When a clock starts.
enum class Origin : std::uint8_t {
  Enrolment,      ///< enrolment
  Infusion,       ///< first infusion
  FirstResponse,  ///< the first visit of the (confirmed) response
};

/// Which deaths are events.
enum class Deaths : std::uint8_t {
  Any,      ///< death of any cause
  Disease,  ///< death of the disease; another one censors
  None,     ///< none; every death censors
};

/// What happens to a clock at a transplant or a new therapy.
enum class Handling : std::uint8_t {
  Ignore,  ///< it goes on
  Censor,  ///< it is censored
  Event,   ///< that is an event
};

/// Which date a patient without response fails at.
enum class FailureDate : std::uint8_t {
  Start,       ///< where the clock starts (day 1)
  Assessment,  ///< the last evaluable visit by the time the failure is known; that time without one
  WindowEnd,   ///< the end of the time in which a response was due
  Fixed,       ///< Definitions::failure_day
  Leaving,     ///< new therapy, transplant or death, whichever comes first; nobody fails by staying
};

/// Which time a censored clock of a visit-based endpoint stops at.
enum class CensorAt : std::uint8_t {
  LastAssessment,  ///< the last evaluable visit before
  Contact,         ///< the very day of loss, data cut, transplant or new therapy
};

/// A time-to-event endpoint.
struct Rule {
  Origin origin = Origin::Infusion;        ///< when the clock starts
  bool failure = false;                    ///< having no response is an event
  bool progression = true;                 ///< relapse or progression is an event
  Deaths deaths = Deaths::Any;             ///< which deaths are
  Handling transplant = Handling::Ignore;  ///< a transplant after the start
  Handling therapy = Handling::Ignore;     ///< a new therapy against the disease after the start
};

/// Duration of B-cell aplasia: from infusion to the first visit, after one with aplasia, that finds B cells.
struct AplasiaRule {
  double b_cells = 50;     ///< 1/uL; aplasia below
  bool responders = true;  ///< responders only; otherwise everybody infused
  bool confirm = false;    ///< loss counts when the next count still is not below
};

/// How much a choice can be trusted.
enum class Status : std::uint8_t {
  Read,      ///< its source was read
  Recalled,  ///< from general knowledge of the trial; the protocol was not seen
  Chosen,    ///< carina's choice, or an input of the calibration
};

/// A choice's source.
struct Basis {
  Status status = Status::Chosen;  ///< how far it can be trusted
  std::string_view source = {};    ///< where it stands
};

/// The choices of a definition set, in the order in which they are printed.
enum class Choice : std::uint8_t { Set, Window, Confirmation, Failure, Dor, Rfs, Efs, Pfs, Os, Aplasia, Visits };
/// Number of choices.
inline constexpr std::size_t choices = 11;

/// A complete set.
struct Definitions {
  std::string_view name;                   ///< as a file names it, e.g. `eliana_2017`
  std::string_view title;                  ///< what it is
  Disease disease = Disease::BAll;         ///< whose criteria
  AnalysisSet set = AnalysisSet::Infused;  ///< denominator
  double follow_up = 0;                    ///< days from infusion to the data cut that make evaluable
  double response_window = never;          ///< days after infusion in which the best response is sought
  double confirm = -1;                     ///< days for which a response must hold at a later visit; 0: the next visit
                                           ///< confirms it; negative: none is asked
  double failure_by = never;               ///< days after infusion by which a response is due (Rule::failure)
  FailureDate failure_date = FailureDate::Assessment;  ///< which date a failure has
  double failure_day = 1;                              ///< days after infusion, for FailureDate::Fixed
  bool unseen_fails = true;                            ///< someone without any evaluable visit fails too
  Rule dor = {};                                       ///< duration of response
  Rule rfs = {};                                       ///< relapse-free survival
  Rule efs = {};                                       ///< event-free survival
  Rule pfs = {};                                       ///< progression-free survival
  Rule os = {};                                        ///< overall survival
  AplasiaRule aplasia = {};                            ///< duration of B-cell aplasia
  CensorAt censor_at = CensorAt::LastAssessment;       ///< date of a censored clock
  double longest_gap = never;             ///< days; an event after a longer time without an evaluable visit is censored
                                          ///< at the last one before
  std::array<Basis, choices> basis = {};  ///< source of each choice
};

/// One choice as a sentence, with its mark: `Best response: within 91.3 days of infusion. [recalled: ...]`.
std::string sentence(const Definitions& definitions, Choice choice);

/// The whole set as text: its title, then a line for each choice.
std::string text(const Definitions& definitions);

/// Adds a problem for everything that contradicts itself or is out of range; `path` names the set in them.
void check(const Definitions& definitions, std::string_view path, Problems& problems);

/// The sets that carina knows: eliana_2017, juliet, zuma_1, karmma, cartitude_1, registry.
std::span<const Definitions> presets();

/// The set of that name; null when there is none.
const Definitions* preset(std::string_view name);

}  // namespace carina::therapy
