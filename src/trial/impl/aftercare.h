/// @file
/// What else happens to a patient after the infusion: infections, fever with few neutrophils, immunoglobulin that runs out,
/// haemophagocytosis, a second malignancy, headache and the like. Hazards follow the patient's own simulated course; docs/aftercare.md.
#pragma once

#include "therapy/outcome.h"
#include "trial/impl/luck.h"
#include "trial/impl/signs.h"

namespace carina::trial::impl {

/// Days since infusion; infinity: never. All as if the patient lived on and were looked at for as long as the course goes.
struct Aftercare {
  double infection = therapy::never;  // the first of any grade
  double severe = therapy::never;     // the first of grade 3 or higher
  double death = therapy::never;      // of it
  double febrile = therapy::never;    // febrile neutropenia that is not laid to cytokine release
  double low_igg = therapy::never;    // immunoglobulin G first below the limit
  double second = therapy::never;     // second malignancy
  double hlh = therapy::never;        // first day that meets the definition of haemophagocytosis
  double nervous = therapy::never;    // first neurological event that is not laid to CAR T cells
  double nervous_days = 0;            // how long it lasts
  std::uint8_t nervous_grade = 0;     // 1 or 3
};

/// Decides, from the first recorded day on that is not before the infusion. Hazards are integrated over recorded times by trapezoids.
Aftercare aftercare(const Individual& who, const Luck& luck, const Trajectory& course);

/// Infections a day at some neutrophils (cell/uL) and immunoglobulin G (of the patient's own normal), with or without steroids.
double infections_a_day(const Individual& who, double neutrophils, double igg_share, bool steroids);

/// Immunoglobulin G as a share of the patient's own normal after `days` with a share `made` of normal production, from `share`.
double igg_after(const Individual& who, double share, double made, double days);

}  // namespace carina::trial::impl
