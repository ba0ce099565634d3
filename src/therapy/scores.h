/// @file
/// Scores of risk from what is measured before or early after infusion. Units are in the names.
#pragma once

#include <cstdint>

namespace carina::therapy {

/// What CAR-HEMATOTOX is made of, before lymphodepletion.
struct HematotoxItems {
  double platelets_e9_per_l = 0;    ///< platelets, 1e9 per L
  double neutrophils_per_ul = 0;    ///< absolute neutrophil count, per uL
  double haemoglobin_g_per_dl = 0;  ///< haemoglobin, g/dL
  double crp_mg_per_dl = 0;         ///< C-reactive protein, mg/dL (not mg/L)
  double ferritin_ng_per_ml = 0;    ///< ferritin, ng/mL
};

/// CAR-HEMATOTOX, 0 to 7: platelets above 175: 0, 75 to 175: 1, below 75: 2; neutrophils below 1200: 1; haemoglobin below 9:
/// 1; CRP 3 or more: 1; ferritin 650 to 2000: 1, above 2000: 2. Rejeski 2021, Blood 138:2499, in a public transcription.
int car_hematotox(const HematotoxItems& items);
/// High risk: 2 or more (Rejeski 2021, read).
constexpr bool car_hematotox_high(int score) { return score >= 2; }

/// EASIX: LDH (U/L) x creatinine (mg/dL) / platelets (1e9 per L). Pennisi 2021, Blood Adv 5:3397, PMC8525234, abstract read.
constexpr double easix(double ldh_u_per_l, double creatinine_mg_per_dl, double platelets_e9_per_l) {
  return ldh_u_per_l * creatinine_mg_per_dl / platelets_e9_per_l;
}
/// m-EASIX: LDH (U/L) x CRP (mg/dL) / platelets (1e9 per L). Pennisi 2021 as above.
constexpr double m_easix(double ldh_u_per_l, double crp_mg_per_dl, double platelets_e9_per_l) {
  return ldh_u_per_l * crp_mg_per_dl / platelets_e9_per_l;
}
/// s-EASIX: LDH (U/L) / platelets (1e9 per L). Pennisi 2021 as above.
constexpr double s_easix(double ldh_u_per_l, double platelets_e9_per_l) { return ldh_u_per_l / platelets_e9_per_l; }

/// What the International Prognostic Index of aggressive lymphoma is made of.
struct IpiItems {
  double age_years = 0;              ///< age
  double ldh_times_upper_limit = 0;  ///< LDH over the laboratory's upper limit of normal
  int ecog = 0;                      ///< ECOG performance status 0 to 4
  int stage = 1;                     ///< Ann Arbor stage 1 to 4
  int extranodal_sites = 0;          ///< number of extranodal sites
};

/// Groups of the IPI.
enum class IpiRisk : std::uint8_t {
  Low,               ///< 0 or 1 point
  LowIntermediate,   ///< 2 points
  HighIntermediate,  ///< 3 points
  High,              ///< 4 or 5 points
};

/// IPI, 0 to 5: a point each for age above 60, LDH above the limit, ECOG 2 or more, stage III or IV, more than one extranodal
/// site. NEJM 329:987 (1993), restated in PMC10575851 Table 2, which was read.
int ipi(const IpiItems& items);
/// The group of a number of points.
IpiRisk ipi_risk(int points);

}  // namespace carina::therapy
