/// @file
/// What the trial's visits see of the disease, in the words that every disease shares: one function a disease, each in its own
/// file. The baseline is an examination on the first day of the equations, before lymphodepletion.
#pragma once

#include <span>
#include <vector>

#include "therapy/response.h"
#include "trial/impl/signs.h"
#include "trial/virtual_trial.h"

namespace carina::trial::impl {

/// Who is looked at, when, and what the assays cannot see.
struct View {
  const Individual& who;
  const Trajectory& course;
  std::size_t baseline;                 // which time is the baseline's
  std::span<const std::size_t> visits;  // which times are the visits'
  const Limits& limits;

  double day(std::size_t time) const { return (*course.times)[time]; }
  therapy::Clones clones(std::size_t time) const {
    return {course.at(time, Column::Positive), course.at(time, Column::Low), course.at(time, Column::Negative)};
  }
};

/// What was found.
struct Found {
  double baseline = therapy::not_done;    // the disease's measure before infusion
  std::vector<therapy::Assessed> visits;  // one a visit
};

Found see_all(const View& view);     // B-ALL: blasts, counts, MRD
Found see_lugano(const View& view);  // lymphoma: the mass as one round lesion by CT, and by PET
Found see_imwg(const View& view);    // myeloma: M-protein, light chains, marrow

/// By the disease's own criteria.
Found see(therapy::Disease disease, const View& view);

}  // namespace carina::trial::impl
