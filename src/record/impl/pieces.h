/// @file
/// What a recording is read from: finished files and parts, one after the other. Each piece holds some rows of each table.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/problem.h"
#include "record/impl/hdf5.h"
#include "record/recording.h"
#include "record/table.h"

namespace carina::record {

namespace impl {

/// What is wrong with a file that the user named, with a hint where there is one.
Problem about(const std::string& file, const std::string& rule, const std::string& hint = {});
/// Throws that as the only problem.
[[noreturn]] void refuse(const std::string& file, const std::string& rule, const std::string& hint = {});
/// Throws: `kind` (table, column) has none called `name`; `names` are those there are.
[[noreturn]] void refuse_name(const std::string& kind, std::string_view name, const std::string& names);

/// Sees rows of a table; `first` counts from the beginning of the piece.
using SeeRows = std::function<void(std::uint64_t first, const Table& block)>;
/// Sees what one chunk left.
using SeeState = std::function<void(std::uint64_t chunk, const Table& state)>;

/// A State table as a finished shard keeps it: its first column says which chunk left a row.
Table with_chunk(const Table& shape);

/// Some rows of every table.
class Piece {
 public:
  virtual ~Piece() = default;
  /// Rows of the table that are here.
  virtual std::uint64_t rows(const Table& shape) const = 0;
  /// Reads rows that are here.
  virtual Table read(const Table& shape, std::uint64_t first, std::uint64_t count) const = 0;
  /// Shows all rows in order.
  virtual void each_block(const Table& shape, const SeeRows& see) const = 0;
  /// Shows the states in chunk order.
  virtual void each_state(const Table& shape, const SeeState& see) const = 0;
};

/// A finished file.
class FilePiece : public Piece {
 public:
  /// Throws InputError when the file is no recording.
  explicit FilePiece(const std::string& path);
  ~FilePiece() override;
  std::uint64_t rows(const Table& shape) const override;
  Table read(const Table& shape, std::uint64_t first, std::uint64_t count) const override;
  void each_block(const Table& shape, const SeeRows& see) const override;
  void each_state(const Table& shape, const SeeState& see) const override;
  /// The plan that the file tells of, with empty tables, and its identity.
  Plan plan() const;
  std::string identity() const;

 private:
  hid_t parent(const Table& shape) const;
  template <class Do>
  auto guarded(Do&& act) const;

  std::string path_;
  mutable Failure failure_;
  Handle file_;
  Handle states_;
};

/// Rows of each table in a part, by name.
using RowCounts = std::map<std::string, std::uint64_t>;

/// The part that was read last, opened: reading table after table reads the file once.
struct PartSlot {
  std::string path;
  Handle file;

  PartSlot() = default;
  PartSlot(const PartSlot&) = delete;
  PartSlot& operator=(const PartSlot&) = delete;
  ~PartSlot() {
    const Session session;
    file.reset();
  }
};

/// One chunk's part.
class PartPiece : public Piece {
 public:
  /// The slot is shared by the parts of one recording.
  PartPiece(std::string path, std::uint64_t chunk, RowCounts counts, std::shared_ptr<PartSlot> slot)
      : path_(std::move(path)), chunk_(chunk), counts_(std::move(counts)), slot_(std::move(slot)) {}
  std::uint64_t rows(const Table& shape) const override;
  Table read(const Table& shape, std::uint64_t first, std::uint64_t count) const override;
  void each_block(const Table& shape, const SeeRows& see) const override;
  void each_state(const Table& shape, const SeeState& see) const override;

 private:
  std::string path_;
  std::uint64_t chunk_;
  RowCounts counts_;
  std::shared_ptr<PartSlot> slot_;  // shared: parts come and go one by one, the slot belongs to all
};

}  // namespace impl

/// The inside of a recording.
struct Recording::Inside {
  Plan plan;                                         ///< tables as shapes
  std::string identity;                              ///< of the plan as it was written
  std::vector<std::unique_ptr<impl::Piece>> pieces;  ///< in order
  std::map<std::string, Table> in_memory;            ///< tables that no piece holds: Fixed and Made ones of parts and shards
  bool complete = false;
  std::uint64_t done = 0, total = 0;
  std::vector<std::string> damaged;

  /// The shape of a table that can be read; throws InputError.
  const Table& shape(std::string_view table) const;
};

}  // namespace carina::record
