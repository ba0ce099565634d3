#include "therapy/scores.h"

namespace carina::therapy {
namespace {

int platelet_points(double e9_per_l) {
  if (e9_per_l < 75) return 2;
  return e9_per_l <= 175 ? 1 : 0;
}

int ferritin_points(double ng_per_ml) {
  if (ng_per_ml > 2000) return 2;
  return ng_per_ml >= 650 ? 1 : 0;
}

}  // namespace

int car_hematotox(const HematotoxItems& items) {
  return platelet_points(items.platelets_e9_per_l) + ferritin_points(items.ferritin_ng_per_ml) +
         (items.neutrophils_per_ul < 1200 ? 1 : 0) + (items.haemoglobin_g_per_dl < 9 ? 1 : 0) +
         (items.crp_mg_per_dl >= 3 ? 1 : 0);
}

int ipi(const IpiItems& items) {
  return (items.age_years > 60 ? 1 : 0) + (items.ldh_times_upper_limit > 1 ? 1 : 0) + (items.ecog >= 2 ? 1 : 0) +
         (items.stage >= 3 ? 1 : 0) + (items.extranodal_sites > 1 ? 1 : 0);
}

IpiRisk ipi_risk(int points) {
  if (points <= 1) return IpiRisk::Low;
  if (points == 2) return IpiRisk::LowIntermediate;
  return points == 3 ? IpiRisk::HighIntermediate : IpiRisk::High;
}

}  // namespace carina::therapy
