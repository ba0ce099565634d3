/// @file
/// A published figure's counterpart in one simulated trial: the same measure, statistic, group and time, on its rows.
#pragma once

#include <span>
#include <string_view>

#include "trial/patient_row.h"
#include "trial/trial.h"

namespace carina::trial {

/// Whether the simulation has what the figure is about: its measure, group and statistic.
bool can_estimate(const Figure& figure);

/// The figure of the patients in `rows`, shares as a fraction, times in days, levels in
/// copies/ug, areas in copies day/ug, doses in cell or cell/kg: `figure_factor` leads to the figure's unit. `patients` is whose subset its denominator is: `screened`,
/// `enrolled` or `infused`. NaN where it does not exist: nobody in the group, a median that is not reached, a variance of one.
double estimate(const Figure& figure, std::string_view patients, std::span<const PatientRow> rows);

/// What turns an estimate into the figure's unit; NaN when that has another dimension. Reads units: once a figure.
double figure_factor(const Figure& figure);

/// The coefficient of variation (%) that belongs to a geometric mean; NaN for other figures.
double estimate_cv(const Figure& figure, std::string_view patients, std::span<const PatientRow> rows);

}  // namespace carina::trial
