/// @file
/// The folder RESULT.h5.parts: a header with the plan, a lock, and one file for each finished chunk. Each file ends in a
/// checksum of all its bytes, so that a torn or damaged one is never taken for whole.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "record/impl/pieces.h"
#include "record/recording.h"
#include "record/writer.h"

namespace carina::record::impl {

/// Names inside the parts folder of a recording.
struct PartsFolder {
  std::string folder;  ///< RESULT.h5.parts
  /// The folder that belongs to a recording.
  static PartsFolder of(const std::string& path) { return {path + ".parts"}; }
  std::string header() const { return folder + "/header.h5"; }
  std::string lock() const { return folder + "/lock"; }
  std::string chunk(std::uint64_t number) const;
};

/// A file of the folder that cannot be used; the text says why.
struct Damaged {
  std::string path;
  std::string why;
};

/// Puts states last, adds the table of files, hashes the files' texts, and checks all that a plan must be.
Plan normal(Plan plan);
/// 32 hex digits of all that makes the bits of a run: the plan without created_by and shard.
std::string identity(const Plan& plan);
/// Empty when the two are one run (shards apart), otherwise what differs, for a message.
std::string difference(const Plan& stored, const std::string& stored_identity, const Plan& plan);

/// Attributes and tables of a plan, written to and read from the top of a file.
void write_plan(hid_t file, const Plan& plan, const std::vector<Table>& tables);
Plan read_plan(hid_t file);

/// The header as a file's bytes, and a header read back. Reading throws InputError when it is damaged or missing.
std::string header_bytes(const Plan& plan);
struct Header {
  Plan plan;             ///< with the Fixed tables' values
  std::string identity;  ///< of the plan that was written
};
Header read_header(const PartsFolder& folder);

/// One chunk as a file's bytes.
std::string part_bytes(const Plan& plan, const std::string& run, const Part& part);
/// Rows of each table of the part, after a check of all its bytes; throws InputError when it is not whole or not of this run.
RowCounts check_part(const PartsFolder& folder, const Plan& plan, const std::string& run, std::uint64_t chunk);
/// The bytes of a file that ends in a checksum, without it; throws InputError when they do not agree.
std::string checked_bytes(const std::string& path);

/// The finished chunks of the plan's shard that stand in the folder; those that cannot be used go to `damaged`.
std::map<std::uint64_t, RowCounts> scan(const PartsFolder& folder, const Plan& plan, const std::string& run,
                                        std::vector<Damaged>& damaged);

/// A recording of parts; `done` must all be there. Tables of `fixed` are kept in memory.
Recording open_parts(const PartsFolder& folder, const Plan& fixed, const std::string& run,
                     const std::map<std::uint64_t, RowCounts>& done);

/// Adds the tables that `finish` makes; throws nothing of its own. A table that cannot be recorded is our mistake.
std::vector<Table> made(const Recording& recording, const Finish& finish);

/// Writes all of a recording and the tables that were made into one file at `path` (its temporary name) and syncs nothing.
/// States are kept when the recording is of a shard. Throws FileError; then nothing is left at `path`.
void write_whole(const std::string& path, const Recording& recording, const std::vector<Table>& made);

}  // namespace carina::record::impl
