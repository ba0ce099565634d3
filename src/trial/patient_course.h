/// @file
/// The course of one infused patient in time, for whoever wants more than the PatientRow: what a laboratory and a bedside would
/// have seen had they looked on each of VirtualTrial::days(), and the lane of a swimmer plot.
#pragma once

#include <functional>
#include <vector>

#include "therapy/lane.h"
#include "trial/patient_row.h"

namespace carina::trial {

/// One patient. Columns have one value a day of VirtualTrial::days(), exact (no assay's limit, no residual error). NaN: after the
/// data cut, loss, death, transplant or the next therapy, or on a day on which signs are not looked at.
struct PatientCourse {
  therapy::Lane lane;            ///< responses and events, days since infusion
  std::vector<float> transgene;  ///< in blood, copies/ug
  std::vector<float> burden;     ///< what the disease's criteria follow: blasts, volume of lesions, M protein; model's unit
  std::vector<float> b_cells;    ///< cell/uL
  std::vector<float> neutrophils;  ///< cell/uL
  std::vector<float> platelets;    ///< cell/uL
  std::vector<float> il6;          ///< pg/mL
  std::vector<float> temperature;  ///< degC
  std::vector<float> crs_grade;    ///< of cytokine release on the trial's scale, 0 to 5
  std::vector<float> tocilizumab;  ///< doses so far
  std::vector<float> steroid;      ///< 1: being given
};

/// Is handed the courses of a simulated trial, patient after patient. The row is complete.
using CourseSink = std::function<void(const PatientRow&, const PatientCourse&)>;

}  // namespace carina::trial
