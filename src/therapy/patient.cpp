#include "therapy/patient.h"

#include "base/check.h"

namespace carina::therapy {

std::string_view name(Diagnosis diagnosis) {
  switch (diagnosis) {
    case Diagnosis::BAll: return "b_all";
    case Diagnosis::Lbcl: return "lbcl";
    case Diagnosis::Follicular: return "follicular";
    case Diagnosis::MantleCell: return "mantle_cell";
    case Diagnosis::Myeloma: return "myeloma";
  }
  CARINA_CHECK(false);
}

std::string_view name(CytogeneticRisk risk) {
  switch (risk) {
    case CytogeneticRisk::Unknown: return "unknown";
    case CytogeneticRisk::Standard: return "standard";
    case CytogeneticRisk::High: return "high";
  }
  CARINA_CHECK(false);
}

}  // namespace carina::therapy
