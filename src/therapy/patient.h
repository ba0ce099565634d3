/// @file
/// A virtual patient at referral: what the pathway asks of one. Who fills it (a declared population, a table) is not
/// decided here. Numbers must be finite; `burden` is above 0.
#pragma once

#include <cstdint>
#include <string_view>

namespace carina::therapy {

/// What the patient has.
enum class Diagnosis : std::uint8_t {
  BAll,        ///< B-cell acute lymphoblastic leukaemia
  Lbcl,        ///< large B-cell lymphoma
  Follicular,  ///< follicular lymphoma
  MantleCell,  ///< mantle-cell lymphoma
  Myeloma,     ///< multiple myeloma
};

/// b_all, lbcl, follicular, mantle_cell, myeloma.
std::string_view name(Diagnosis diagnosis);

/// Cytogenetic risk by the disease's own classification.
enum class CytogeneticRisk : std::uint8_t {
  Unknown,   ///< not tested
  Standard,  ///< standard or favourable
  High,      ///< high
};

/// unknown, standard, high.
std::string_view name(CytogeneticRisk risk);

/// A patient.
struct Patient {
  std::uint64_t number = 0;               ///< individual number, the address of every draw: replicate x size + number
  double referred = 0;                    ///< day of referral in the study's calendar
  std::uint32_t centre = 0;               ///< index of the centre that the patient is referred to
  double age = 0;                         ///< year
  double weight = 0;                      ///< kg, at leukapheresis
  Diagnosis diagnosis = Diagnosis::BAll;  ///< disease
  CytogeneticRisk cytogenetic_risk = CytogeneticRisk::Unknown;  ///< risk
  int prior_lines = 0;                                          ///< lines of systemic therapy
  bool prior_transplant = false;                                ///< allogeneic stem-cell transplant
  bool prior_bendamustine = false;                              ///< ever
  double lymphocytes = 0;                                       ///< in blood, cell/uL
  double burden = 0;                                            ///< cancer cells in the whole body
  double growth = 0;  ///< net growth rate (birth - death) without treatment, 1/day; may be below 0
};

}  // namespace carina::therapy
