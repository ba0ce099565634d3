/// @file
/// The shapes of the tables that a run writes, and how it is cut.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "record/recording.h"
#include "scenario/run.h"
#include "scenario/scenario.h"

namespace carina::scenario::impl {

/// A column of a table.
record::Column make_column(std::string name, std::string unit, std::string about, record::Values values);
/// A table without columns; `row` is what a row is.
record::Table make_table(std::string name, std::string about, std::string row, record::Role role);

/// A recorded column with its unit and formula.
struct RecordedColumn {
  std::string name, unit, about;
  expr::NodeId node = expr::no_node;
};

/// The columns of [output].
std::vector<RecordedColumn> recorded_columns(const Scenario& scenario);

/// Individuals in a chunk: a function of the scenario alone.
std::uint64_t chunk_size(const Scenario& scenario);

/// Everything that the recording is told before the run.
record::Plan make_plan(const Scenario& scenario, const RunOptions& options, const std::vector<std::uint32_t>& varied);

/// The words of the column `status`, in the order of ensemble::Status.
std::vector<std::string> status_labels();

}  // namespace carina::scenario::impl
