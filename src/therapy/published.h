/// @file
/// The pathways of two trials, as far as they were published: what prescribes and delays, and who was lost between
/// enrolment and infusion. Hazards and the failure chance are not in a pathway until match_attrition (therapy/attrition.h)
/// sets them for a population; only the exponents are, which are assumed. Sources and arithmetic: docs/pathway.md.
#pragma once

#include <span>
#include <string_view>

#include "therapy/attrition.h"
#include "therapy/pathway.h"

namespace carina::therapy {

/// Hazards of death and progression double with each tenfold of burden: log10(2). Assumed.
inline constexpr double doubling_by_tenfold = 0.3010299956639812;

/// Enrolment to infusion in ELIANA: median 45 (30 to 105) days, n = 75; Maude 2018, NEJM 378:439 (read).
inline constexpr Range eliana_wait{30, 45, 105, 75};

/// ELIANA (NCT02435849): tisagenlecleucel, B-ALL of children and young adults.
Pathway eliana_pathway();

/// Of 92 enrolled 75 infused, 7 without a product, 7 died, 3 had adverse events; Maude 2018 (read).
Attrition eliana_attrition();

/// JULIET (NCT02445248): tisagenlecleucel, diffuse large B-cell lymphoma. Its wait has ELIANA's shape, stretched to a
/// median of 54 days (vein to vein, read): the published range belongs to another definition.
Pathway juliet_pathway();

/// Of 165 enrolled 115 infused; 12 without a product (7 %) and 38 with one that was not given (23 %), PMC8427697 Table 2
/// (read). The label (160 enrolled) splits 38 as 16 deaths, 16 physician's decisions, 3 adverse events; the 3 left over,
/// not named there, count as withdrawal.
Attrition juliet_attrition();

/// A published way to infusion, by name.
struct Published {
  std::string_view name;     ///< by which a trial's `design.pathway` asks for it
  Pathway (*pathway)();      ///< hazards not set
  Attrition (*attrition)();  ///< who was lost how
};

/// All of them: eliana, juliet.
std::span<const Published> published();
/// The one with this name; nullptr: none.
const Published* published(std::string_view name);

}  // namespace carina::therapy
