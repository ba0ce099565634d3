#include "record/writer.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/check.h"
#include "base/problem.h"
#include "record/impl/disk.h"
#include "record/impl/parts.h"

namespace carina::record {
namespace {

using impl::refuse;

std::string temporary(const std::string& path) { return path + ".tmp"; }

/// Writes the finished file under another name and gives it its own when every byte is on disk.
void put_together(const std::string& path, const Recording& recording, const Finish& finish) {
  const std::vector<Table> made = impl::made(recording, finish);
  impl::write_whole(temporary(path), recording, made);
  try {
    impl::rename_durably(temporary(path), path);
  } catch (const FileError&) {
    impl::remove_file(temporary(path));
    throw;
  }
}

/// Removes what a run left behind, the header last but for the lock: without it nothing takes the rest for a run.
void remove_parts(const impl::PartsFolder& folder) {
  for (const std::string& name : impl::names_in(folder.folder)) {
    if (name.starts_with("chunk-") || name.ends_with(".tmp")) impl::remove_file(folder.folder + "/" + name);
  }
  impl::remove_file(folder.header());
}

void remove_folder(const impl::PartsFolder& folder) {
  impl::remove_file(folder.lock());
  impl::remove_folder(folder.folder);
}

}  // namespace

struct RecordingWriter::Inside {
  std::string path;
  impl::PartsFolder folder;
  Plan plan;
  std::string run;  // identity of the plan
  ChunkRange range;
  impl::Lock lock;
  std::mutex mutex;  // guards what follows
  std::map<std::uint64_t, impl::RowCounts> done;
  std::set<std::uint64_t> writing;
  bool assembled = false;

  void take_lock();
  void start(Existing existing);
  void check_same(const Plan& stored, const std::string& identity, const std::string& where) const;
  void resume();
};

void RecordingWriter::Inside::take_lock() {
  const std::string parent = impl::folder_of(path);
  if (!impl::exists(parent)) refuse(path, "the folder does not exist");
  impl::make_folder(folder.folder);
  lock = impl::Lock(folder.lock());
  if (!lock.held()) refuse(path, "another process is writing this recording", "wait for it, or choose another name");
}

void RecordingWriter::Inside::check_same(const Plan& stored, const std::string& identity, const std::string& where) const {
  std::string wrong = impl::difference(stored, identity, plan);
  if (wrong.empty() && stored.shard != plan.shard) wrong = "another shard";
  if (!wrong.empty()) refuse(where, "belongs to another run: " + wrong, "--force replaces it");
}

void RecordingWriter::Inside::resume() {
  if (impl::exists(path)) {
    const Recording finished = Recording::open(path);
    check_same(finished.plan(), finished.inside().identity, path);
    remove_parts(folder);
    remove_folder(folder);
    assembled = true;
    return;
  }
  bool header = impl::exists(folder.header());
  if (header) {
    try {
      const impl::Header stored = impl::read_header(folder);
      check_same(stored.plan, stored.identity, folder.folder);
    } catch (const InputError& error) {
      // A header that cannot be read says nothing against the parts: each names the run that it belongs to.
      const std::string& rule = error.problems().front().rule;
      if (rule.starts_with("belongs to another run")) throw;
      header = false;
    }
  }
  std::vector<impl::Damaged> damaged;
  done = impl::scan(folder, plan, run, damaged);
  if (!header) impl::write_durably(folder.header(), impl::header_bytes(plan));
  for (const impl::Damaged& part : damaged) impl::remove_file(part.path);
  for (const std::string& name : impl::names_in(folder.folder)) {
    if (name.ends_with(".tmp")) impl::remove_file(folder.folder + "/" + name);
  }
  impl::remove_file(temporary(path));
}

void RecordingWriter::Inside::start(Existing existing) {
  take_lock();
  if (existing == Existing::Resume) {
    resume();
    return;
  }
  const bool finished = impl::exists(path);
  if (existing == Existing::Refuse && (finished || impl::exists(folder.header()))) {
    if (finished && !impl::exists(folder.header())) remove_folder(folder);
    refuse(path, finished ? "exists already" : "an unfinished run is there",
           finished ? "--force replaces it" : "--resume continues it, --force replaces it");
  }
  remove_parts(folder);
  impl::remove_file(temporary(path));
  impl::remove_file(path);
  impl::write_durably(folder.header(), impl::header_bytes(plan));
}

RecordingWriter::RecordingWriter(std::string path, Plan plan, Existing existing) : inside_(std::make_unique<Inside>()) {
  inside_->path = std::move(path);
  inside_->folder = impl::PartsFolder::of(inside_->path);
  inside_->plan = impl::normal(std::move(plan));
  inside_->run = impl::identity(inside_->plan);
  inside_->range = shard_chunks(inside_->plan.chunks, inside_->plan.shard);
  inside_->start(existing);
}

RecordingWriter::RecordingWriter(RecordingWriter&&) noexcept = default;
RecordingWriter& RecordingWriter::operator=(RecordingWriter&&) noexcept = default;
RecordingWriter::~RecordingWriter() = default;

std::vector<std::uint64_t> RecordingWriter::missing() const {
  const std::scoped_lock guard(inside_->mutex);
  std::vector<std::uint64_t> chunks;
  if (inside_->assembled) return chunks;
  for (std::uint64_t chunk = inside_->range.first; chunk < inside_->range.end; ++chunk) {
    if (!inside_->done.contains(chunk)) chunks.push_back(chunk);
  }
  return chunks;
}

std::uint64_t RecordingWriter::done() const {
  const std::scoped_lock guard(inside_->mutex);
  return inside_->assembled ? inside_->range.end - inside_->range.first : inside_->done.size();
}

bool RecordingWriter::assembled() const {
  const std::scoped_lock guard(inside_->mutex);
  return inside_->assembled;
}

void RecordingWriter::write(Part part) {
  CARINA_CHECK(part.chunk >= inside_->range.first && part.chunk < inside_->range.end);
  {
    const std::scoped_lock guard(inside_->mutex);
    CARINA_CHECK(!inside_->assembled && !inside_->done.contains(part.chunk));
    CARINA_CHECK(inside_->writing.insert(part.chunk).second);
  }
  impl::RowCounts counts;
  for (Table& table : part.tables) {
    for (const Table& planned : inside_->plan.tables) {
      if (planned.name == table.name && table.coordinates.empty()) table.coordinates = planned.coordinates;
    }
    counts[table.name] = table.rows();
  }
  try {
    impl::write_durably(inside_->folder.chunk(part.chunk), impl::part_bytes(inside_->plan, inside_->run, part));
  } catch (const impl::LibraryError& error) {
    const std::scoped_lock guard(inside_->mutex);
    inside_->writing.erase(part.chunk);
    throw FileError("cannot write", inside_->folder.chunk(part.chunk), 0, error.what());
  } catch (...) {
    const std::scoped_lock guard(inside_->mutex);
    inside_->writing.erase(part.chunk);
    throw;
  }
  const std::scoped_lock guard(inside_->mutex);
  inside_->writing.erase(part.chunk);
  inside_->done.emplace(part.chunk, std::move(counts));
}

void RecordingWriter::assemble(const Finish& finish) {
  if (assembled()) return;
  CARINA_CHECK(missing().empty());
  {
    const Recording parts = impl::open_parts(inside_->folder, inside_->plan, inside_->run, inside_->done);
    put_together(inside_->path, parts, finish);
  }
  {
    const std::scoped_lock guard(inside_->mutex);
    inside_->assembled = true;
    inside_->done.clear();
  }
  remove_parts(inside_->folder);
  remove_folder(inside_->folder);
}

namespace {

/// The recordings of all shards as one, in order; throws InputError with everything that is wrong.
Recording joined(const std::vector<std::string>& shards) {
  Problems problems;
  std::map<std::uint64_t, Recording> by_index;
  const Recording* first = nullptr;
  std::string first_path;
  for (const std::string& path : shards) {
    Recording shard = Recording::open(path);
    const Shard number = shard.plan().shard;
    std::string wrong;
    if (!shard.complete()) {
      wrong = "is not finished: " + std::to_string(shard.chunks_done()) + " of " + std::to_string(shard.chunks_total()) +
              " chunks";
    } else if (number.count < 2) {
      wrong = "is not a shard";
    } else if (by_index.contains(number.index)) {
      wrong = "is shard " + std::to_string(number.index) + ", which was given already";
    } else if (first && (first->inside().identity != shard.inside().identity || first->plan().shard.count != number.count)) {
      wrong = "belongs to another run than " + first_path;
    }
    if (!wrong.empty()) {
      problems.add(impl::about(path, wrong));
      continue;
    }
    const auto place = by_index.emplace(number.index, std::move(shard)).first;
    if (!first) {
      first = &place->second;
      first_path = path;
    }
  }
  for (std::uint64_t index = 1; first && index <= first->plan().shard.count; ++index) {
    if (by_index.contains(index)) continue;
    const std::string count = std::to_string(first->plan().shard.count);
    problems.add(impl::about({}, "shard " + std::to_string(index) + "/" + count + " is missing"));
  }
  if (!first && problems.empty()) problems.add(impl::about({}, "no shards to merge"));
  problems.throw_if_any();

  auto inside = std::make_unique<Recording::Inside>();
  inside->plan = first->plan();
  inside->plan.shard = {1, 1};
  inside->identity = first->inside().identity;
  inside->done = inside->total = inside->plan.chunks;
  std::erase_if(inside->plan.tables, [](const Table& table) { return table.role == Role::Made; });
  for (const Table& table : inside->plan.tables) {
    if (table.role == Role::Fixed) inside->in_memory.emplace(table.name, first->read(table.name));
  }
  for (auto& [index, shard] : by_index) {
    for (auto& piece : const_cast<Recording::Inside&>(shard.inside()).pieces) inside->pieces.push_back(std::move(piece));
  }
  return Recording(std::move(inside));
}

}  // namespace

void merge(const std::vector<std::string>& shards, const std::string& path, Existing existing, const Finish& finish) {
  if (!impl::exists(impl::folder_of(path))) refuse(path, "the folder does not exist");
  const bool there = impl::exists(path);
  if (there && existing == Existing::Refuse) refuse(path, "exists already", "--force replaces it");
  if (std::find(shards.begin(), shards.end(), path) != shards.end()) refuse(path, "is one of the shards");
  const Recording whole = joined(shards);
  if (there && existing == Existing::Resume) {
    const Recording finished = Recording::open(path);
    if (finished.inside().identity == whole.inside().identity && finished.plan().shard.count == 1) return;
    refuse(path, "belongs to another run", "--force replaces it");
  }
  put_together(path, whole, finish);
}

std::uint64_t disk_bytes(const Plan& plan, std::uint64_t rows) {
  constexpr std::uint64_t bytes[] = {8, 4, 8, 4, 1, 32};  // by type; a text is taken for 32
  std::uint64_t in_row = 0;
  std::uint64_t columns = 0;
  for (const Table& table : plan.tables) {
    if (table.role != Role::Rows) continue;
    for (const Column& column : table.columns) {
      in_row += bytes[column.values.index()] * (column.across ? table.points() : 1);
      ++columns;
    }
  }
  // A part pays some hundred bytes of HDF5 for each column; parts and file stand together for a while.
  constexpr std::uint64_t overhead = 600;
  return 2 * rows * in_row + (plan.chunks + 1) * columns * overhead;
}

}  // namespace carina::record
