/// @file
/// A recording: one HDF5 file of tables that holds all that a run left, or the parts of a run that is not finished.
/// Reading only; record/writer.h writes. docs/recording.md gives the layout, which h5py and xarray read without us.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "record/table.h"

namespace carina::record {

/// The disk, not the user's input, was in the way: full, not writable, or a file that cannot be read.
class FileError : public std::runtime_error {
 public:
  /// `doing` is e.g. "cannot write"; `code` an errno value or 0; `detail` stands for the errno text when code is 0.
  FileError(const std::string& doing, std::string path, int code, const std::string& detail = {});
  /// The file or folder in question.
  const std::string& path() const { return path_; }
  /// The errno value, 0 when there is none.
  int code() const { return code_; }

 private:
  std::string path_;
  int code_;
};

/// A file that entered the run and is kept in the recording.
struct EmbeddedFile {
  std::string name = {};  ///< as the user or the library names it
  std::string kind = {};  ///< `scenario`, `model`, `product`, `covariates`, `rules` ...
  std::string text = {};  ///< whole text, UTF-8
  std::string hash = {};  ///< 32 hex digits (carina::hash_text of the text); filled in by the writer
};

/// Which part of a run is done here: shard `index` of `count`, from 1.
struct Shard {
  std::uint64_t index = 1;  ///< 1 to count
  std::uint64_t count = 1;  ///< 1: the whole run
  /// Equal when both numbers are.
  bool operator==(const Shard&) const = default;
};

/// A range of chunks, `first` to before `end`.
struct ChunkRange {
  std::uint64_t first = 0;  ///< the first chunk
  std::uint64_t end = 0;    ///< one after the last
};

/// The chunks of one shard of a run of `chunks` chunks; shards differ in length by at most one chunk.
ChunkRange shard_chunks(std::uint64_t chunks, Shard shard);

/// What a run is going to write, all known before it starts. Two runs with equal plans (created_by apart) leave equal bits.
struct Plan {
  std::string version = {};              ///< carina's version, e.g. 0.1.0
  std::string commit = {};               ///< carina's commit
  std::string created_by = {};           ///< the command, for people
  std::string scenario = {};             ///< the resolved scenario as text
  std::uint64_t seed = 0;                ///< the seed of every draw
  std::uint64_t chunks = 1;              ///< chunks of the whole run, all shards together
  std::uint64_t chunk_size = 1;          ///< individuals in a chunk (the last may have fewer)
  std::uint64_t individuals = 0;         ///< individuals of the whole run; 0 where the word means nothing
  Shard shard = {};                      ///< what is done here
  std::vector<EmbeddedFile> files = {};  ///< every file that entered
  std::vector<Table> tables = {};        ///< in the order of the recording; Rows and State as shapes, Fixed with values
};

class Recording;

/// Makes the tables that need all chunks (quantiles, summary) from the states and rows that the chunks left. The recording
/// given has Rows, State and Fixed tables, chunk after chunk in order. Must depend on nothing else.
using Finish = std::function<std::vector<Table>(const Recording&)>;

/// A finished recording, or the finished chunks of a run that is not. Not for use by two threads at once.
class Recording {
 public:
  /// Opens `path` (RESULT.h5), or the parts in RESULT.h5.parts when it does not exist; `path` may also name the parts
  /// folder. `finish` makes the tables that are not there yet from the parts; without it they are missing. Throws
  /// InputError when there is no recording or it is damaged, FileError when the disk fails.
  static Recording open(const std::string& path, const Finish& finish = {});

  Recording(Recording&&) noexcept;             ///< moves
  Recording& operator=(Recording&&) noexcept;  ///< moves
  ~Recording();                                ///< closes

  /// What was asked for. Its `tables` are the shapes of every table that can be read here, in order, and of the states.
  const Plan& plan() const;
  /// False while chunks are missing or not yet put together.
  bool complete() const;
  /// Chunks that are there, of those that belong to this shard.
  std::uint64_t chunks_done() const;
  /// Chunks that belong to this shard.
  std::uint64_t chunks_total() const;
  /// Finished parts that could not be used because they are torn or damaged; empty for a finished recording.
  const std::vector<std::string>& damaged() const;

  /// True when there is a table of that name.
  bool has(std::string_view table) const;
  /// Columns and coordinates of a table, without the columns' values. Throws InputError (with the names there are).
  const Table& shape(std::string_view table) const;
  /// Number of rows of a table.
  std::uint64_t rows(std::string_view table) const;
  /// A whole table.
  Table read(std::string_view table) const;
  /// `count` rows from row `first`; cut at the end of the table.
  Table read(std::string_view table, std::uint64_t first, std::uint64_t count) const;
  /// One whole column, with its values.
  Column read_column(std::string_view table, std::string_view column) const;

  /// Calls `see` with block after block of a table's rows, in order; `first` is the block's first row. A block is at most
  /// some megabytes, or what one chunk wrote.
  void each_block(std::string_view table, const std::function<void(std::uint64_t first, const Table& block)>& see) const;
  /// Calls `see` with what each chunk left in a State table, in chunk order.
  void each_state(std::string_view table, const std::function<void(std::uint64_t chunk, const Table& state)>& see) const;

  struct Inside;  ///< not for use outside the room
  /// Not for use outside the room.
  explicit Recording(std::unique_ptr<Inside> inside);
  /// Not for use outside the room.
  const Inside& inside() const { return *inside_; }

 private:
  std::unique_ptr<Inside> inside_;
};

/// 32 hex digits over every result column in order: names, units, types, values. Nothing of time, machine, chunking or
/// way of storing: parts that are all there hash as the file made of them (given the same `finish`). All NaNs are alike.
std::string hash(const Recording& recording);

/// The first place where two recordings differ.
struct Difference {
  std::string table = {};   ///< table
  std::string column = {};  ///< column; empty when the tables themselves differ
  std::uint64_t row = 0;    ///< row, from 0
  std::uint64_t point = 0;  ///< which value of the row, for a column across coordinates
  std::string first = {};   ///< value in the first recording, exact
  std::string second = {};  ///< value in the second recording, exact
  std::optional<std::uint64_t> ulps =
      {};                 ///< steps of floating point between two numbers of one type, where both are numbers
  std::string text = {};  ///< the whole as one sentence
};

/// The first difference of the result tables in the order table, column, row; nothing when they are equal bit for bit
/// (all NaNs are alike). Tables marked as not a result are left out, and so are seed, version and scenario.
std::optional<Difference> diff(const Recording& first, const Recording& second);

}  // namespace carina::record
