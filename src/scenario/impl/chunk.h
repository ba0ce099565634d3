/// @file
/// The work of one chunk: individuals are drawn, integrated, observed, analysed and reduced into the tables of a part.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "ensemble/integrate.h"
#include "ensemble/observe.h"
#include "ensemble/population.h"
#include "record/writer.h"
#include "scenario/impl/endpoints.h"
#include "scenario/impl/tables.h"
#include "scenario/scenario.h"
#include "stats/nca.h"

namespace carina::scenario::impl {

/// Everything that the chunks of a run share. Immutable once made.
class ChunkWork {
 public:
  /// Compiles the model. The scenario must outlive it.
  ChunkWork(const Scenario& scenario, const RunOptions& options);

  /// What the recording is told.
  const record::Plan& plan() const { return plan_; }
  /// The engine in use.
  const ensemble::Ensemble& ensemble() const { return ensemble_; }
  /// Does one chunk; nothing when `stop` came first. `progress` counts individuals.
  std::optional<record::Part> part(std::uint64_t chunk, const std::atomic<bool>* stop, ProgressMeter* progress) const;
  /// Does what `part` does for the first `count` individuals of the run.
  record::Part sample(std::uint64_t count) const;
  /// Bytes that one thread needs.
  double thread_bytes() const;

 private:
  struct Buffers;
  std::optional<record::Part> part_of(std::uint64_t chunk, std::uint64_t first, std::uint64_t count,
                                      const std::atomic<bool>* stop, ProgressMeter* progress) const;
  std::uint64_t batch_size() const;
  void draw(std::uint64_t first, std::uint64_t count, std::vector<double>& parameters) const;
  void trace(Buffers& buffers, std::uint64_t id, const std::vector<double>& parameters, ensemble::Results& results) const;
  void take(Buffers& buffers, std::uint64_t first, std::size_t offset, const std::vector<double>& parameters,
            const ensemble::Results& results) const;
  void take_individual(Buffers& buffers, Outcome outcome) const;
  void observe(Buffers& buffers, std::uint64_t id, const double* values) const;
  void analyse(Buffers& buffers, std::size_t column, const double* values) const;
  std::size_t width() const { return columns_.size() + endpoints_.columns().size(); }  // values at each time
  void reduce(Buffers& buffers, std::size_t count) const;
  void reduce_seen(Buffers& buffers, std::size_t count) const;
  bool reduces_seen() const { return only_ == 0 && scenario_.observe && scenario_.output.keep.quantiles; }

  const Scenario& scenario_;
  std::uint64_t only_;
  bool trace_;
  ensemble::Draws draws_;
  std::vector<RecordedColumn> columns_;
  std::vector<double> times_;  // all: outputs, visits, endpoints
  Endpoints endpoints_;
  std::vector<std::size_t> output_at_;              // index of each output time in times_
  std::vector<std::size_t> visit_at_;               // index of each visit
  std::vector<ensemble::Assay> assays_;             // one a column, when observed
  std::vector<std::optional<std::size_t>> nca_of_;  // for each column: which analysis, if any
  stats::NcaOptions nca_options_;
  std::vector<double> nca_lloq_;  // one a column
  record::Plan plan_;
  ensemble::Ensemble ensemble_;
};

}  // namespace carina::scenario::impl
