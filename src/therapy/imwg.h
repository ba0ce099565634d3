/// @file
/// Response of multiple myeloma at visits by the criteria of the International Myeloma Working Group (IMWG). Sources (read):
/// Table 1 of PMC9954856, Table 5 of PMC2627786, ashpublications.org view-large/7148891, ash-sap.org view-large/3937963 (MR),
/// CIBMTR Forms Instruction Manual; they restate Durie 2006, Rajkumar 2011 and Kumar et al., Lancet Oncol 2016 17:e328.
/// PMC2627786 prints 10 mg/L for progression by free light chains, where the others and the criteria themselves have 10 mg/dL.
/// docs/endpoints.md has the tables. Not judged: circulating plasma cells, bone lesions beyond `new_lesion`.
#pragma once

#include <span>

#include "therapy/response.h"
#include "therapy/visits.h"

namespace carina::therapy {

/// One visit; the first is the baseline.
struct MyelomaVisit {
  double time = 0;                  ///< days after infusion
  double serum = not_done;          ///< M-protein in serum, g/dL
  double urine = not_done;          ///< M-protein in urine, mg/24 h
  double kappa = not_done;          ///< free kappa light chains in serum, mg/dL
  double lambda = not_done;         ///< free lambda light chains in serum, mg/dL
  double plasma_cells = not_done;   ///< % of marrow cells by morphology
  double clonal = not_done;         ///< clonal plasma cells as a share of nucleated marrow cells, 0 to 1
  double plasmacytoma = not_done;   ///< sum of products of soft-tissue plasmacytomas, cm2; 0: none
  Seen new_lesion = Seen::NotDone;  ///< a new bone lesion or plasmacytoma
  Clones clones = {};               ///< plasma cells by antigen
  double b_cells = not_done;        ///< B cells in blood, 1/uL
};

/// What a patient's disease is followed by: the first that is measurable at baseline.
enum class Marker : std::uint8_t {
  Protein,      ///< M-protein in serum or urine
  LightChains,  ///< difference of involved and uninvolved free light chains (dFLC)
  Marrow,       ///< plasma cells in marrow
  None,         ///< nothing is measurable: responses are NE
};

/// Thresholds; a share left is of the baseline's value.
struct ImwgCriteria {
  double serum_measurable = 1;       ///< g/dL; M-protein is measurable from here
  double urine_measurable = 200;     ///< mg/24 h; measurable from here
  double flc_measurable = 10;        ///< mg/dL; the involved light chain is measurable from here, with an abnormal ratio
  double marrow_measurable = 30;     ///< %; plasma cells are measurable from here
  double vgpr_left = 0.10;           ///< VGPR: at most this share of serum M-protein or dFLC is left, and
  double vgpr_urine = 100;           ///< mg/24 h; urine is below
  double pr_left = 0.50;             ///< PR: at most this share of serum M-protein, dFLC or plasma cells is left, and
  double pr_urine_left = 0.10;       ///< at most this share in urine, or
  double pr_urine = 200;             ///< mg/24 h; urine is below
  double mr_left = 0.75;             ///< MR: at most this share of serum M-protein is left, and
  double mr_urine_left = 0.50;       ///< at most this share in urine
  double plasma_cells = 5;           ///< %; CR below
  double plasmacytoma_left = 0.50;   ///< PR and MR: at most this share of plasmacytomas is left
  double plasmacytoma_vgpr = 0.10;   ///< VGPR: at most this share (Kumar 2016, footnote; recalled)
  double ratio_low = 0.26;           ///< kappa/lambda is normal from here (Katzmann 2002; recalled)
  double ratio_high = 1.65;          ///< to here
  double clonal = 1e-4;              ///< sCR: clonal share below; two- to four-colour flow sees one in 10^4 (recalled)
  double mrd = 1e-5;                 ///< MRD-negative below
  double growth = 1.25;              ///< PD: at least this multiple of the lowest value, and
  double serum_growth = 0.5;         ///< g/dL; serum rose by at least this
  double serum_high = 5;             ///< g/dL; or, where serum was lowest at or above this,
  double serum_high_growth = 1;      ///< g/dL; rose by at least this, whatever the multiple
  double urine_growth = 200;         ///< mg/24 h; urine rose by at least this
  double flc_growth = 10;            ///< mg/dL; dFLC rose by more (only where M-protein is not measurable)
  double marrow_growth = 10;         ///< percentage points; plasma cells rose by at least this (only where nothing else is)
  double plasmacytoma_growth = 1.5;  ///< PD: plasmacytomas are at least this multiple of their smallest
  /// IMWG's confirmation: a rise of a marker is progression when the next measurement still shows it, and the lowest value is
  /// the lowest that two measurements in a row reached. Lesions need none. Responses are confirmed by therapy/definitions.h.
  bool confirm = true;
  /// Electrophoresis and immunofixation. With these limits nothing on electrophoresis never is less than a fall of 90 % to below
  /// 100 mg/24 h; it says something of its own where an electrophoresis sees less.
  double serum_electrophoresis = 0.1;  ///< g/dL; below it electrophoresis sees nothing (recalled)
  double urine_electrophoresis = 20;   ///< mg/24 h; the same in urine (carina's choice)
  double serum_immunofixation = 0.02;  ///< g/dL; immunofixation is negative below (recalled)
  double urine_immunofixation = 4;     ///< mg/24 h; the same in urine (carina's choice)
  AntigenCut antigen = {};             ///< classes at progression
};

/// What a visit sees of what is there. M-protein below what immunofixation sees and clonal shares below the assay are 0.
MyelomaVisit observed(const MyelomaVisit& truth, Assays done, const ImwgCriteria& criteria = {});

/// What the disease is followed by.
Marker marker(const MyelomaVisit& baseline, const ImwgCriteria& criteria);

/// Value of the marker, for change from baseline: serum M-protein (g/dL) or, where it is not measurable, urine's (mg/24 h);
/// dFLC (mg/dL); plasma cells (%).
double measure(const MyelomaVisit& visit, const MyelomaVisit& baseline, const ImwgCriteria& criteria);

/// Judges visits after the baseline, rising in time, into `out`, which is as long. NE without the marker. The last known
/// marrow and plasmacytomas hold until they are looked at again, as IMWG asks no second biopsy. After progression every visit
/// says PD.
void assess(const MyelomaVisit& baseline, std::span<const MyelomaVisit> visits, const ImwgCriteria& criteria,
            std::span<Assessed> out);

}  // namespace carina::therapy
