/// @file
/// A cohort at treatment centres with finite slots: patients arrive, wait in a queue for a slot of apheresis and
/// manufacture, and may die, progress or leave while they wait. Optionally a second queue for beds before lymphodepletion.
///
/// Each patient's luck is that of `journey`; patients touch each other through the queues alone. The result does not depend
/// on the order of patients nor on the number of threads. 100 000 patients take about a second on one core.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "therapy/pathway.h"

namespace carina::therapy {

/// A month, in days: a twelfth of 365.25.
inline constexpr double days_a_month = 365.25 / 12;

/// Who gets the next slot among those who wait.
enum class QueueOrder : std::uint8_t {
  FirstCome,  ///< who was found eligible first
  Urgency,    ///< whose cancer would first reach the pathway's burden limit as it grows before apheresis; then first come
};

/// A treatment centre.
struct Centre {
  /// Slots fall evenly: number k of the calendar on day (k + 1/2) x month / slots. One that nobody can use is lost.
  /// Infinity: nobody waits for one.
  double slots_per_month = std::numeric_limits<double>::infinity();
  QueueOrder order = QueueOrder::FirstCome;  ///< of the queue for slots
  double opens = 0;                          ///< no slot before this day
  int beds = 0;                              ///< for patients in lymphodepletion and after infusion; 0: no limit
  double bed_days = 28;                      ///< from the first day of lymphodepletion to the release of the bed; assumed
};

/// How a cohort is run.
struct CohortOptions {
  double until = std::numeric_limits<double>::infinity();  ///< end of the calendar, day: who is still under way stays so
  ParallelOptions parallel = {};                           ///< threads
};

/// Runs a cohort: one journey for each patient, in the order given. `Patient::centre` is an index of `centres`. A patient
/// who drops out after a bed was given keeps it for all of bed_days.
std::vector<Journey> run_cohort(std::span<const Patient> patients, const Pathway& pathway, std::span<const Centre> centres,
                                std::uint64_t seed, const CohortOptions& options = {});

/// What happened to patients who were referred from `from` to before `to`.
struct CentreSummary {
  std::uint64_t referred = 0;                      ///< patients
  std::uint64_t eligible = 0;                      ///< found eligible
  std::uint64_t slots = 0;                         ///< got a slot
  std::uint64_t enrolled = 0;                      ///< were enrolled
  std::array<std::uint64_t, pathway_ends> ends{};  ///< by PathwayEnd; sums to `referred`
  double treated_share = 0;                        ///< infused among the eligible; NaN without any
  double died_share = 0;                           ///< died without infusion among the eligible; NaN without any
  std::array<double, 3> slot_wait{};      ///< eligible to slot of those who got one: quartiles, days; NaN without any
  std::array<double, 3> infusion_wait{};  ///< enrolment to infusion of the infused: quartiles, days; NaN without any
  double waiting = 0;                     ///< patients in the queue for a slot, mean over the days from `from` to `to`
};

/// Sums up journeys; `waiting` counts everyone who waits between `from` and `to`, whenever referred.
CentreSummary summarize(std::span<const Journey> journeys, double from = -std::numeric_limits<double>::infinity(),
                        double to = std::numeric_limits<double>::infinity());

/// Adds every problem of a centre and a calendar, with paths below `path`.
void validate(const Centre& centre, double until, const std::string& path, Problems& problems);

}  // namespace carina::therapy
