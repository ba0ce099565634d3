/// @file
/// Low blood counts: CTCAE grades of neutrophils, platelets and haemoglobin, and what trials report of their course. Grades
/// are CTCAE 5.0's, read in its transcription in the R package admiral (ncictcaev5_uscv.json). Counts of a course are in any
/// one unit; a count stands from its day until the next.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace carina::therapy {

/// Neutrophils: below 1500, 1000 and 500 per uL is grade 2, 3 and 4; below the laboratory's lower limit grade 1.
std::uint8_t neutrophil_grade(double per_ul, double lower_limit_per_ul);

/// Platelets: below 75, 50 and 25 (1e9 per L) is grade 2, 3 and 4; below the laboratory's lower limit grade 1.
std::uint8_t platelet_grade(double e9_per_l, double lower_limit_e9_per_l);

/// Haemoglobin: below 10 and 8 g/dL is grade 2 and 3; below the laboratory's lower limit grade 1. Grade 4 is no laboratory
/// grade.
std::uint8_t haemoglobin_grade(double g_per_dl, double lower_limit_g_per_dl);

/// Whether a cytopenia of at least `grade_from` has not resolved by `day`: the grade of the last count at or before that
/// day. The Kymriah label says "grade 3 or higher not resolved by day 28" and 56 (label 6/2025, section 5.6); that the last
/// count before the day decides is our reading. Nothing when there is no count by then. `days` rise.
std::optional<bool> unresolved(std::span<const double> days, std::span<const std::uint8_t> grades, double day,
                               std::uint8_t grade_from = 3);

/// What counts as low.
struct LowCount {
  double limit = 0;       ///< in the unit of the counts
  bool or_equal = false;  ///< a count at the limit is low
  /// Whether a count is low.
  constexpr bool operator()(double count) const { return count < limit || (or_equal && count == limit); }
};

/// Severe neutropenia of Rejeski 2021 (Blood 138:2499, read): 500 per uL or less. CTCAE's grade 4 is less than 500.
inline constexpr LowCount severe_neutropenia = {500, true};
/// Profound neutropenia of Rejeski 2021 (read): 100 per uL or less.
inline constexpr LowCount profound_neutropenia = {100, true};

/// Days with a low count.
struct LowDays {
  double total = 0;    ///< all days within the window
  double longest = 0;  ///< longest stretch without a count that is not low
};

/// Low days between `from` and `until`, e.g. 0 and 60. The first count stands from its own day on, the last one until
/// `until`.
LowDays low_days(std::span<const double> days, std::span<const double> counts, const LowCount& low, double from,
                 double until);

/// When a count has recovered.
struct RecoveryRule {
  double limit = 0;     ///< this count or more, in the unit of the counts
  double for_days = 0;  ///< it holds at every count over this many days
};

/// First day, after a first count below the limit, from which on the rule holds; NaN when never below, or not yet recovered.
double recovery_day(std::span<const double> days, std::span<const double> counts, const RecoveryRule& rule);

/// IgG below 4 g/L (400 mg/dL), the usual level for replacement. Recalled, to be verified; trials report the adverse event.
constexpr bool hypogammaglobulinaemia(double igg_g_per_l, double limit_g_per_l = 4) { return igg_g_per_l < limit_g_per_l; }

}  // namespace carina::therapy
