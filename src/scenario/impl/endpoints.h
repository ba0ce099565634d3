/// @file
/// How each [[endpoint]] comes about: as a column or a watched condition of the engine (the exact solution), or from what a
/// trial would have seen.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ensemble/formulas.h"
#include "record/table.h"
#include "scenario/scenario.h"

namespace carina::scenario::impl {

/// What is known of one individual when its endpoints are computed.
struct Outcome {
  std::uint64_t id = 0;
  bool failed = false;
  std::span<const double> parameters;
  const double* values = nullptr;  // [time][engine column], the endpoints' behind the recorded ones
  const double* hits = nullptr;    // one a watched condition
  const std::vector<std::vector<double>>* reported = nullptr;  // [recorded column][visit]; null without [observe]
};

/// The endpoints of a scenario. Immutable once made.
class Endpoints {
 public:
  /// The scenario must outlive it; `times` are all times that the engine records, those of the endpoints among them.
  Endpoints(const Scenario& scenario, const std::vector<double>& times);

  /// Formulas that the engine records for them at every time.
  const std::vector<expr::NodeId>& columns() const { return columns_; }
  /// Conditions that the engine watches for them.
  const std::vector<expr::NodeId>& watched() const { return watched_; }
  /// Adds a row to the tables `endpoints` and `events`, either of which may be null.
  void take(const Outcome& outcome, record::Table* endpoints, record::Table* events) const;

 private:
  struct Entry {
    const Endpoint* endpoint = nullptr;
    std::size_t time = 0;                        // of a column: index among the engine's times
    std::size_t place = 0;                       // among the endpoints' columns, or among the watched conditions
    std::vector<std::size_t> visits;             // looked at, when seen
    std::optional<ensemble::Formulas> formulas;  // when seen
  };
  double seen(const Entry& entry, const Outcome& outcome, std::size_t visit) const;
  double value(const Entry& entry, const Outcome& outcome) const;
  std::pair<double, bool> event(const Entry& entry, const Outcome& outcome) const;

  const Scenario& scenario_;
  std::vector<Entry> entries_;
  std::vector<expr::NodeId> columns_, watched_;
};

}  // namespace carina::scenario::impl
