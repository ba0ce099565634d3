/// @file
/// Response of lymphoma at visits by the Lugano classification of 2014: by CT from diameters, spleen and new lesions, by PET from
/// the Deauville score and uptake. Sources (read): Table 2 of PMC5298348, Table 9 of ashpublications.org view-large/10674621,
/// Table 6 of J Nucl Med (Lugano 2014), Table 1 of the AJNR review; they restate Cheson et al., J Clin Oncol 2014 32:3059.
/// docs/endpoints.md has the tables, and where the restatements differ.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "therapy/response.h"
#include "therapy/visits.h"

namespace carina::therapy {

/// Most lesions that are measured (Lugano).
inline constexpr std::size_t most_lesions = 6;

/// A measured lesion; 0 x 0 cm when no longer visible.
struct Lesion {
  double ldi = 0;  ///< longest diameter, cm
  double sdi = 0;  ///< diameter perpendicular to it, cm
};

/// Product of a lesion's perpendicular diameters (PPD), cm2.
constexpr double product(const Lesion& lesion) { return lesion.ldi * lesion.sdi; }

/// A round lesion of `volume` mL, 0 or more.
Lesion round_lesion(double volume);

/// Lesions and sites that are watched but not measured.
enum class Nonmeasured : std::uint8_t {
  Absent,      ///< none, or gone
  Present,     ///< there, not larger than at baseline
  Progressed,  ///< clearly larger, or new ones
};

/// One visit; the first is the baseline.
struct LymphomaVisit {
  double time = 0;                                ///< days after infusion
  bool ct = false;                                ///< CT was done; without it the next six members say nothing
  std::uint8_t lesions = 0;                       ///< how many are measured, the same at every visit, up to 6
  std::uint8_t extranodal = 0;                    ///< bit i set: lesion i is no node
  std::array<Lesion, most_lesions> sizes = {};    ///< in the order of the baseline
  Nonmeasured nonmeasured = Nonmeasured::Absent;  ///< the rest
  double new_node = 0;                            ///< longest diameter of the largest new node, cm; 0 none
  double new_extranodal = 0;                      ///< longest diameter of the largest new extranodal lesion, cm; 0 none
  double spleen = not_done;                       ///< length, cm
  Seen marrow = Seen::NotDone;                    ///< involvement by morphology
  int deauville = 0;                              ///< score 1 to 5; 0: no PET
  double uptake = not_done;                       ///< of the hottest lesion, in any unit that is the baseline's too (SUVmax)
  bool new_foci = false;                          ///< PET shows new foci consistent with lymphoma
  Clones clones = {};                             ///< lymphoma cells by antigen
  double b_cells = not_done;                      ///< normal B cells in blood, 1/uL
};

/// What decides a visit.
enum class Imaging : std::uint8_t {
  PetThenCt,  ///< PET where it was done (avid lymphoma), CT elsewhere
  Ct,         ///< CT alone
  Pet,        ///< PET alone
};

/// Thresholds; all from the Lugano classification but the last two.
struct LuganoCriteria {
  Imaging imaging = Imaging::PetThenCt;  ///< what decides
  double normal_ldi = 1.5;               ///< cm; a node up to this is normal, a new or growing one counts above
  double extranodal_ldi = 1.0;           ///< cm; a new extranodal lesion counts above
  double response_left = 0.5;            ///< PR: at most this share of the baseline's sum of products is left
  double growth = 1.5;                   ///< PD: a lesion's product is at least this multiple of its lowest, and
  double small_lesion = 2.0;             ///< cm; a lesion whose longest diameter was lowest at or below this
  double small_growth = 0.5;             ///< cm; grew by at least this in one diameter,
  double large_growth = 1.0;             ///< cm; and a larger one by at least this
  double normal_spleen = 13;             ///< cm; length of a normal spleen up to this
  double spleen_response = 0.5;          ///< PR: more than this share of the excess over normal has gone
  double spleen_growth = 0.5;            ///< PD: longer than baseline by more than this share of the baseline's excess,
  double spleen_new = 2;                 ///< cm; or, where it was normal, longer by at least this and above normal
  int negative_deauville = 3;            ///< complete metabolic response up to this score
  /// Change of uptake that is more than unchanged. Lugano says "significant"; 25 % is EORTC's (Young et al., Eur J Cancer 1999
  /// 35:1773), recalled.
  double uptake_change = 0.25;
  AntigenCut antigen = {};  ///< classes at progression
};

/// Limits of CT (Lugano: too small to measure is 0.5 x 0.5 cm, no longer visible 0 x 0 cm) and of the B-cell count.
struct LymphomaLimits {
  double visible = 0.2;     ///< cm of longest diameter; below it a lesion is not visible. carina's choice
  double measurable = 0.5;  ///< cm of longest diameter; below it a visible lesion counts as 0.5 x 0.5 cm
  double b_cells = 0;       ///< 1/uL
};

/// What a visit sees of what is there. Marrow involvement is seen with Marrow, new lesions with Ct.
LymphomaVisit observed(const LymphomaVisit& truth, Assays done, const LymphomaLimits& limits = {});

/// Sum of products of the measured lesions (SPD), cm2; not_done without CT.
double measure(const LymphomaVisit& visit);

/// Judges visits after the baseline, rising in time, into `out`, which is as long. The baseline has CT for judging by CT. A
/// spleen or marrow that was not looked at counts as unchanged. A new node of normal size is none; a new extranodal lesion too
/// small to be progression stands in the way of CR and PR. After progression every visit says PD. The measure is the SPD.
void assess(const LymphomaVisit& baseline, std::span<const LymphomaVisit> visits, const LuganoCriteria& criteria,
            std::span<Assessed> out);

}  // namespace carina::therapy
