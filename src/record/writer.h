/// @file
/// Writing a recording so that a killed run is not lost. Each finished chunk becomes a file of its own in
/// RESULT.h5.parts/ (written under another name, synced, renamed, folder synced); at the end the parts are put together in
/// chunk order into RESULT.h5 and go. A run that was killed at any moment continues with the chunks that are missing and
/// ends with the same bits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "record/recording.h"
#include "record/table.h"

namespace carina::record {

/// What one finished chunk leaves. Each Rows and State table of the plan at most once; one left out has no rows here.
struct Part {
  std::uint64_t chunk = 0;         ///< number of the chunk in the whole run
  std::vector<Table> tables = {};  ///< in the shapes of the plan; coordinates' values may be left out
};

/// What to do with what stands at the place of the recording already.
enum class Existing : std::uint8_t {
  Refuse,   ///< InputError when there is a recording or an unfinished run
  Replace,  ///< remove it
  Resume,   ///< continue an unfinished run of an equal plan; a finished one of an equal plan is left as it is
};

/// Writes one recording. Only one process at a time can write to one path.
class RecordingWriter {
 public:
  /// Takes the lock, makes the parts folder and writes its header, or checks what is there. Throws InputError when another
  /// process writes there, when something exists and may not be touched, when it belongs to another scenario, version,
  /// seed, chunking or shard, or when the folder does not exist; FileError when the disk fails.
  RecordingWriter(std::string path, Plan plan, Existing existing);
  RecordingWriter(RecordingWriter&&) noexcept;             ///< moves
  RecordingWriter& operator=(RecordingWriter&&) noexcept;  ///< moves
  ~RecordingWriter();  ///< lets the lock go; the parts stay when `assemble` did not succeed

  /// The chunks of this shard that are not there yet, in order. Empty when only `assemble` is left, or nothing at all.
  std::vector<std::uint64_t> missing() const;
  /// Chunks of this shard that are there.
  std::uint64_t done() const;
  /// True when the finished recording stands.
  bool assembled() const;

  /// Keeps one finished chunk; when this returns, a crash cannot lose it. Any thread, any order; one chunk once.
  /// Throws FileError when the disk is full or fails; the other parts stay.
  void write(Part part);

  /// Puts the parts together, with the tables that `finish` makes at the end, and removes the parts. All chunks must be
  /// there. Throws FileError when the disk fails: then there is no RESULT.h5 and the parts stay. Needs memory for one part
  /// and for what `finish` uses.
  void assemble(const Finish& finish = {});

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Joins the recordings of all shards of one run into `path`: the bits are those of a run that was never split. `finish` is
/// the one that the run used. Throws InputError when the shards do not belong together, or one is missing, unfinished or
/// there twice, or when `path` exists and `existing` is Refuse. Existing::Resume leaves a finished one as it is.
void merge(const std::vector<std::string>& shards, const std::string& path, Existing existing, const Finish& finish = {});

/// Bytes that a plan needs on disk at most at once when every chunk brings the given number of rows to its Rows tables:
/// parts and file together. State tables and text are not counted.
std::uint64_t disk_bytes(const Plan& plan, std::uint64_t rows);

}  // namespace carina::record
