/// @file
/// Cytokine release syndrome (CRS) graded from signs and interventions on the three scales that trials used, and one course
/// summed up on one of them. docs/toxicity.md has the tables, our readings of the printed words, and the sources:
///
/// - Penn: Porter 2018, J Hematol Oncol 11:35; grades 1 to 3 read as reprinted in J Hematol Oncol 11:121 (2018) Table 1,
///   grade 4 in the table of PMC7006459. ELIANA and JULIET.
/// - Lee 2014: Blood 124:188; read in the Kymriah label 6/2025 Table 1 and in the reprint above. ZUMA-1, TRANSCEND, KarMMa,
///   ELARA.
/// - ASTCT: Lee 2019, Biol Blood Marrow Transplant 25:625; read in PMC8021214 Table 1. Registries, CARTITUDE-1.
///
/// Without attribution nothing is CRS, on any scale: a new fever alone is not. Death from CRS is grade 5.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "therapy/grade.h"
#include "therapy/signs.h"

namespace carina::therapy {

/// A scale of CRS, where it is data: of a trial, of a treatment algorithm.
enum class CrsScale : std::uint8_t {
  Penn,   ///< University of Pennsylvania, Porter 2018
  Lee,    ///< Lee 2014
  Astct,  ///< ASTCT consensus, Lee 2019
};

/// `Penn`, `Lee 2014` or `ASTCT`.
std::string_view name(CrsScale scale);

/// CRS by Penn's scale.
using PennGrade = Grade<struct PennScale>;
/// CRS by Lee's scale of 2014.
using LeeGrade = Grade<struct LeeScale>;
/// CRS by the ASTCT consensus.
using AstctGrade = Grade<struct AstctScale>;

/// Penn: what was done decides. Fever is not needed.
PennGrade penn_grade(const Signs& signs);
/// Lee 2014: oxygen by FiO2 (40 % is the limit), vasopressors by dose and number, organ toxicity. Fever is not needed.
LeeGrade lee_grade(const Signs& signs);
/// ASTCT: the worse of hypotension and hypoxia; organ toxicity does not count. Fever is needed unless masked.
AstctGrade astct_grade(const Signs& signs);

/// The grade of every point of a course, into `grades` of the same length.
void crs_grades(CrsScale scale, const SignsCourse& course, std::span<std::uint8_t> grades);

/// What was done in a course for signs attributed to CRS, as bits of CrsEpisode::used.
namespace used {
inline constexpr std::uint16_t fluid = 1;                  ///< any fluid bolus for blood pressure
inline constexpr std::uint16_t vasopressor = 2;            ///< any vasopressor
inline constexpr std::uint16_t vasopressors = 4;           ///< two or more at once, vasopressin not counted
inline constexpr std::uint16_t high_dose_vasopressor = 8;  ///< a high dose
inline constexpr std::uint16_t oxygen = 16;                ///< any oxygen
inline constexpr std::uint16_t high_flow = 32;             ///< high flow, mask or more
inline constexpr std::uint16_t positive_pressure = 64;     ///< CPAP, BiPAP or ventilator
inline constexpr std::uint16_t ventilator = 128;           ///< intubated and ventilated
inline constexpr std::uint16_t dialysis = 256;             ///< dialysis
inline constexpr std::uint16_t plasma = 512;               ///< plasma, cryoprecipitate or fibrinogen
inline constexpr std::uint16_t steroid = 1024;             ///< a corticosteroid
inline constexpr std::uint16_t hospital = 2048;            ///< hospital stay for CRS
}  // namespace used

/// How a course is cut into episodes.
struct CrsEpisodeRule {
  double gap_days = 2;  ///< an episode is over when the grade stays 0 for this long; declared, no protocol was read
};

/// The first episode of CRS in a course, and what was done in all of it. Days are days since infusion; NaN: never.
struct CrsEpisode {
  CrsScale scale = CrsScale::Astct;                                    ///< the scale of every grade here
  std::uint8_t highest = 0;                                            ///< highest grade of the episode; 0: no CRS
  double onset = std::numeric_limits<double>::quiet_NaN();             ///< first day with grade 1 or more
  double highest_at = std::numeric_limits<double>::quiet_NaN();        ///< first day at the highest grade
  double onset_to_grade_3 = std::numeric_limits<double>::quiet_NaN();  ///< days from onset to grade 3 or more
  double onset_to_grade_4 = std::numeric_limits<double>::quiet_NaN();  ///< days from onset to grade 4 or more
  double end = std::numeric_limits<double>::quiet_NaN();  ///< first day back at grade 0; of death; or the course's last day
  bool resolved = false;                                  ///< the grade went back to 0
  double fever_days = 0;                                  ///< days with attributed fever within the episode
  double icu_days = 0;                                    ///< days in intensive care for CRS, whole course
  double icu_at = std::numeric_limits<double>::quiet_NaN();  ///< first of those days
  std::uint32_t tocilizumab_doses = 0;                       ///< whole course
  std::uint16_t used = 0;                                    ///< `used` bits, whole course
  std::uint16_t episodes = 0;                                ///< number of episodes; those after the first are only counted

  /// Days from onset to end; NaN without CRS.
  double duration() const { return end - onset; }
};

/// Sums up a course. Times rise. Points after death are not looked at.
CrsEpisode crs_episode(CrsScale scale, const SignsCourse& course, const CrsEpisodeRule& rule = {});

}  // namespace carina::therapy
