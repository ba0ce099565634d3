#include "record/impl/pieces.h"

#include <algorithm>

#include "base/check.h"
#include "record/impl/parts.h"

namespace carina::record {
namespace impl {
namespace {

constexpr std::uint64_t block_bytes = std::uint64_t{8} << 20;

std::uint64_t bytes_in_row(const Table& shape) {
  constexpr std::uint64_t bytes[] = {8, 4, 8, 4, 1, 64};  // by type; a text is taken for 64
  std::uint64_t sum = 0;
  for (const Column& column : shape.columns) {
    sum += bytes[column.values.index()] * (column.across ? shape.points() : 1);
  }
  return sum;
}

/// Which chunk left a row of a state.
Column chunk_column() { return {"chunk", "", "chunk that left the row", std::vector<std::int64_t>{}}; }

}  // namespace

Table with_chunk(const Table& shape) {
  Table copy = shape;
  copy.columns.insert(copy.columns.begin(), chunk_column());
  return copy;
}

Problem about(const std::string& file, const std::string& rule, const std::string& hint) {
  Problem problem;
  problem.file = file;
  problem.rule = rule;
  problem.hint = hint;
  return problem;
}

void refuse(const std::string& file, const std::string& rule, const std::string& hint) {
  throw InputError({about(file, rule, hint)});
}

void refuse_name(const std::string& kind, std::string_view name, const std::string& names) {
  Problem problem = about({}, "no such " + kind + " in the recording", "there are: " + names);
  problem.path = kind;
  problem.value = name;
  throw InputError({problem});
}

template <class Do>
auto FilePiece::guarded(Do&& act) const {
  const Session session;
  try {
    return act();
  } catch (const LibraryError& error) {
    throw FileError("cannot read", path_, failure_.code, error.what());
  }
}

FilePiece::FilePiece(const std::string& path) : path_(path) {
  const Session session;
  try {
    file_ = open_disk_file(path, &failure_);
    if (get_text(file_, "format") != "carina recording") throw LibraryError("another format");
    states_ = open_group(file_, "states");
  } catch (const LibraryError&) {
    if (failure_.code != 0) throw FileError("cannot read", path, failure_.code);
    refuse(path, "not a recording, or damaged");
  }
  if (get_number(file_, "format_version") > 1) {
    refuse(path, "was written by a newer carina");
  }
}

FilePiece::~FilePiece() {
  const Session session;
  states_.reset();
  file_.reset();
}

Plan FilePiece::plan() const {
  return guarded([&] { return read_plan(file_); });
}

std::string FilePiece::identity() const {
  return guarded([&] { return get_text(file_, "identity"); });
}

hid_t FilePiece::parent(const Table& shape) const { return shape.role == Role::State ? states_ : file_; }

std::uint64_t FilePiece::rows(const Table& shape) const {
  return guarded([&] { return row_count(parent(shape), shape); });
}

Table FilePiece::read(const Table& shape, std::uint64_t first, std::uint64_t count) const {
  return guarded([&] { return read_rows(parent(shape), shape, first, count); });
}

void FilePiece::each_block(const Table& shape, const SeeRows& see) const {
  const std::uint64_t total = rows(shape);
  const std::uint64_t step = std::max<std::uint64_t>(1, block_bytes / std::max<std::uint64_t>(1, bytes_in_row(shape)));
  for (std::uint64_t first = 0; first < total; first += step) see(first, read(shape, first, std::min(step, total - first)));
}

void FilePiece::each_state(const Table& shape, const SeeState& see) const {
  const Table kept = with_chunk(shape);
  const std::uint64_t total = rows(kept);
  Table chunk_only = kept;
  chunk_only.columns.resize(1);
  const Table chunks = read(chunk_only, 0, total);
  const std::vector<std::int64_t>& of_row = chunks.columns.front().integers();
  for (std::uint64_t first = 0; first < total;) {
    std::uint64_t end = first;
    while (end < total && of_row[end] == of_row[first]) ++end;
    see(static_cast<std::uint64_t>(of_row[first]), read(shape, first, end - first));
    first = end;
  }
}

std::uint64_t PartPiece::rows(const Table& shape) const {
  const auto found = counts_.find(shape.name);
  return found == counts_.end() ? 0 : found->second;
}

Table PartPiece::read(const Table& shape, std::uint64_t first, std::uint64_t count) const {
  try {
    const Session session;
    if (slot_->path != path_) {
      slot_->path.clear();
      slot_->file.reset();
      slot_->file = open_memory_file(checked_bytes(path_));
      slot_->path = path_;
    }
    return read_rows(slot_->file, shape, first, count);
  } catch (const LibraryError& error) {
    throw FileError("cannot read", path_, 0, error.what());
  }
}

void PartPiece::each_block(const Table& shape, const SeeRows& see) const {
  if (rows(shape) > 0) see(0, read(shape, 0, rows(shape)));
}

void PartPiece::each_state(const Table& shape, const SeeState& see) const {
  if (rows(shape) > 0) see(chunk_, read(shape, 0, rows(shape)));
}

}  // namespace impl

const Table& Recording::Inside::shape(std::string_view table) const {
  std::string names;
  for (const Table& candidate : plan.tables) {
    if (candidate.role == Role::State) continue;
    if (candidate.name == table) return candidate;
    names += (names.empty() ? "" : ", ") + candidate.name;
  }
  impl::refuse_name("table", table, names);
}

}  // namespace carina::record
