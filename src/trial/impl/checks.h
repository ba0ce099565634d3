/// @file
/// What must hold between the rows of a trial file: names that are used exist, figures fit their measures, and nothing
/// counts twice.
#pragma once

#include "trial/impl/reader.h"

namespace carina::trial::impl {

/// Adds a problem to `reading` for each rule that `trial`, as it was read, breaks. Marks figures of recalled sources.
void check_trial(Reading& reading, Trial& trial);

/// The figures of a trial.
void check_figures(Reading& reading, Trial& trial);

/// What two figures of the same patients share: measure, grade, group, arm, dose, time, contrast and kind of patients.
std::string figure_key(const Trial& trial, const Figure& figure);

/// Reports values that are not inside their own interval, and intervals without a kind.
template <class Row>
void check_interval(Reading& reading, const Place& place, const Row& row, std::optional<double> value) {
  const bool any = row.low || row.high;
  if (any && row.interval == IntervalKind::None)
    reading.problem(place, "interval", "is missing", "what low and high are: 95 % CI, range or IQR");
  if (!any && row.interval != IntervalKind::None) reading.problem(place, "interval", "has neither low nor high");
  if (row.low && row.high && *row.low > *row.high) reading.problem(place, "low", "must not lie above high");
  if (value && row.low && *value < *row.low) reading.problem(place, "value", "must not lie below low");
  if (value && row.high && *value > *row.high) reading.problem(place, "value", "must not lie above high");
}

}  // namespace carina::trial::impl
