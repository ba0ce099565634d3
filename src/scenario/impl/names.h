/// @file
/// The tables of a recording that an ensemble run leaves: their names, and the columns of the analysis of profiles. One
/// place for what the run writes, what `finish` reads and what [[published]] may name.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.h"
#include "stats/nca.h"

namespace carina::scenario::impl {

/// A column of the table of profile analyses.
struct NcaColumn {
  std::string name;                           ///< column name
  std::string unit;                           ///< its unit
  std::string about;                          ///< meaning
  double stats::NcaResult::*value = nullptr;  ///< where the result has it
  bool summarised = false;                    ///< an endpoint of its own, with a row in the summary
};

/// `AUC0-28d` for an area to 28 days.
std::string auc_name(const NcaPart& nca);

/// The columns of an analysis of a column in `unit` over `time` units.
std::vector<NcaColumn> nca_columns(const NcaPart& nca, const std::string& unit, const std::string& time);

/// Table of the analyses of `column`: `nca` for the first analysed one, `nca_<column>` for others.
std::string nca_table(const Scenario& scenario, const std::string& column);

/// State table of the quantile sketches of `column`.
std::string sketch_table(const std::string& column);
/// State table of the quantile sketches of what was reported of `column` at visits.
std::string seen_sketch_table(const std::string& column);
/// State table of how many values of `column` were below its limit at visits.
std::string seen_below_table(const std::string& column);
/// State table of the sums of `column`.
std::string moments_table(const std::string& column);

}  // namespace carina::scenario::impl
