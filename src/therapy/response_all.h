/// @file
/// Response of B-cell acute lymphoblastic leukaemia at visits: CR, CRi, no response, relapse, MRD. That a remission holds 28
/// days is a matter of the next visits and lies in therapy/definitions.h. Source: KYMRIAH US prescribing information, section
/// 14.1 (read); relapse as reappearance of blasts in blood, marrow (5 % or more) or elsewhere: Maude et al., N Engl J Med 2018
/// 378:439 (recalled; the 5 % is the label's CR turned round).
#pragma once

#include <span>

#include "therapy/response.h"
#include "therapy/visits.h"

namespace carina::therapy {

/// One visit: what is there, or, after `observed`, what was seen of it.
struct AllVisit {
  double time = 0;                      ///< days after infusion
  double blasts = not_done;             ///< % of marrow cells by morphology
  double mrd = not_done;                ///< % of marrow cells by flow cytometry
  double platelets = not_done;          ///< 1/uL
  double neutrophils = not_done;        ///< absolute neutrophil count, 1/uL
  bool transfused = false;              ///< platelets or growth factor were given within the criteria's time
  Seen circulating = Seen::NotDone;     ///< blasts in blood
  Seen extramedullary = Seen::NotDone;  ///< disease outside marrow and blood; not looked for counts as not there
  Clones clones = {};                   ///< leukaemia cells by antigen
  double b_cells = not_done;            ///< normal B cells in blood, 1/uL
};

/// Thresholds.
struct AllCriteria {
  double blasts = 5;           ///< %; remission below, relapse at or above (label)
  double platelets = 100'000;  ///< 1/uL; CR above (label)
  double neutrophils = 1'000;  ///< 1/uL; CR above (label)
  double mrd = 0.01;           ///< %; negative below (label: flow cytometry)
  /// A remission goes on at a visit without marrow when blood is free of blasts; marrow is taken less often than blood.
  bool remission_without_marrow = true;
  AntigenCut antigen = {};  ///< classes of a relapse
};

/// Limits below which an assay reports nothing.
struct AllLimits {
  double mrd = 0.01;   ///< % of marrow cells (label: flow cytometry)
  double b_cells = 0;  ///< 1/uL
};

/// What a visit sees of what is there: values not done become not_done, values below the limit 0. An examination sees
/// extramedullary disease; counts see blood.
AllVisit observed(const AllVisit& truth, Assays done, const AllLimits& limits = {});

/// Judges visits after infusion, rising in time, into `out`, which is as long. A visit is NE when the marrow is unknown and
/// there is no remission to go on. Without counts a remission is CRi. After a relapse every visit says relapse. The measure
/// is the % of blasts.
void assess(std::span<const AllVisit> visits, const AllCriteria& criteria, std::span<Assessed> out);

}  // namespace carina::therapy
