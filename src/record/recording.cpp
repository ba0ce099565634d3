#include "record/recording.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/problem.h"
#include "record/impl/disk.h"
#include "record/impl/parts.h"
#include "record/impl/pieces.h"

namespace carina::record {
namespace {

std::string failure_text(const std::string& doing, const std::string& path, int code, const std::string& detail) {
  return doing + " " + path + ": " + (code != 0 ? std::string(std::strerror(code)) : detail);
}

Recording open_file(const std::string& path) {
  auto inside = std::make_unique<Recording::Inside>();
  auto piece = std::make_unique<impl::FilePiece>(path);
  inside->plan = piece->plan();
  inside->identity = piece->identity();
  const ChunkRange range = shard_chunks(inside->plan.chunks, inside->plan.shard);
  inside->done = inside->total = range.end - range.first;
  inside->complete = true;
  inside->pieces.push_back(std::move(piece));
  return Recording(std::move(inside));
}

Recording open_unfinished(const impl::PartsFolder& folder, const Finish& finish) {
  const impl::Header header = impl::read_header(folder);
  std::vector<impl::Damaged> damaged;
  const auto done = impl::scan(folder, header.plan, header.identity, damaged);
  Recording recording = impl::open_parts(folder, header.plan, header.identity, done);
  std::vector<Table> made = impl::made(recording, finish);
  auto& inside = const_cast<Recording::Inside&>(recording.inside());
  for (Table& table : made) {
    inside.plan.tables.push_back(table.shape());
    inside.in_memory.emplace(table.name, std::move(table));
  }
  for (const impl::Damaged& part : damaged) inside.damaged.push_back(part.path + ": " + part.why);
  return recording;
}

/// The rows of `table` from `first` on, `count` of them.
Table slice(const Table& table, std::uint64_t first, std::uint64_t count) {
  Table part = table.shape();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::size_t width = table.columns[i].across ? table.points() : 1;
    std::visit(
        [&](const auto& list) {
          const auto from = list.begin() + static_cast<std::ptrdiff_t>(first * width);
          part.columns[i].values = std::decay_t<decltype(list)>(from, from + static_cast<std::ptrdiff_t>(count * width));
        },
        table.columns[i].values);
  }
  return part;
}

void append(Table& whole, const Table& rows) {
  for (std::size_t i = 0; i < whole.columns.size(); ++i) {
    std::visit(
        [&](auto& list) {
          const auto& more = std::get<std::decay_t<decltype(list)>>(rows.columns[i].values);
          list.insert(list.end(), more.begin(), more.end());
        },
        whole.columns[i].values);
  }
}

/// Rows of a shape, which may be a table's or one column of it.
Table read_shape_rows(const Recording::Inside& inside, const Table& shape, std::uint64_t first, std::uint64_t count) {
  Table result = shape;
  std::uint64_t start = 0;
  for (const std::unique_ptr<impl::Piece>& piece : inside.pieces) {
    const std::uint64_t rows = piece->rows(shape);
    const std::uint64_t from = std::max(first, start);
    const std::uint64_t end = std::min(first + count, start + rows);
    if (from < end) append(result, piece->read(shape, from - start, end - from));
    start += rows;
  }
  return result;
}

}  // namespace

FileError::FileError(const std::string& doing, std::string path, int code, const std::string& detail)
    : std::runtime_error(failure_text(doing, path, code, detail)), path_(std::move(path)), code_(code) {}

ChunkRange shard_chunks(std::uint64_t chunks, Shard shard) {
  CARINA_CHECK(shard.index >= 1 && shard.index <= shard.count);
  const std::uint64_t share = chunks / shard.count;
  const std::uint64_t longer = chunks % shard.count;
  const auto begin = [&](std::uint64_t index) { return index * share + std::min(index, longer); };
  return {begin(shard.index - 1), begin(shard.index)};
}

Recording Recording::open(const std::string& path, const Finish& finish) {
  constexpr std::string_view ending = ".parts";
  std::string name = path;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  const impl::PartsFolder folder = impl::PartsFolder::of(name);
  if (impl::exists(name)) return open_file(name);
  if (!impl::exists(folder.header())) impl::refuse(path, "no recording there");
  return open_unfinished(folder, finish);
}

Recording::Recording(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Recording::Recording(Recording&&) noexcept = default;
Recording& Recording::operator=(Recording&&) noexcept = default;
Recording::~Recording() = default;

const Plan& Recording::plan() const { return inside_->plan; }
bool Recording::complete() const { return inside_->complete; }
std::uint64_t Recording::chunks_done() const { return inside_->done; }
std::uint64_t Recording::chunks_total() const { return inside_->total; }
const std::vector<std::string>& Recording::damaged() const { return inside_->damaged; }

bool Recording::has(std::string_view table) const {
  const auto& tables = inside_->plan.tables;
  return std::any_of(tables.begin(), tables.end(),
                     [&](const Table& candidate) { return candidate.role != Role::State && candidate.name == table; });
}

const Table& Recording::shape(std::string_view table) const { return inside_->shape(table); }

std::uint64_t Recording::rows(std::string_view table) const {
  const Table& shape = inside_->shape(table);
  if (const auto found = inside_->in_memory.find(shape.name); found != inside_->in_memory.end()) {
    return found->second.rows();
  }
  std::uint64_t sum = 0;
  for (const std::unique_ptr<impl::Piece>& piece : inside_->pieces) sum += piece->rows(shape);
  return sum;
}

Table Recording::read(std::string_view table) const { return read(table, 0, rows(table)); }

Table Recording::read(std::string_view table, std::uint64_t first, std::uint64_t count) const {
  const Table& shape = inside_->shape(table);
  const std::uint64_t total = rows(table);
  first = std::min(first, total);
  count = std::min(count, total - first);
  if (const auto found = inside_->in_memory.find(shape.name); found != inside_->in_memory.end()) {
    return slice(found->second, first, count);
  }
  return read_shape_rows(*inside_, shape, first, count);
}

Column Recording::read_column(std::string_view table, std::string_view column) const {
  const Table& shape = inside_->shape(table);
  const Column* wanted = shape.find(column);
  if (!wanted) {
    std::string names;
    for (const Column& candidate : shape.columns) names += (names.empty() ? "" : ", ") + candidate.name;
    impl::refuse_name("column", column, names);
  }
  if (const auto found = inside_->in_memory.find(shape.name); found != inside_->in_memory.end()) {
    return found->second.column(column);
  }
  Table narrow = shape;
  narrow.columns = {*wanted};
  return read_shape_rows(*inside_, narrow, 0, rows(table)).columns.front();
}

void Recording::each_block(std::string_view table,
                           const std::function<void(std::uint64_t first, const Table& block)>& see) const {
  const Table& shape = inside_->shape(table);
  if (const auto found = inside_->in_memory.find(shape.name); found != inside_->in_memory.end()) {
    if (found->second.rows() > 0) see(0, found->second);
    return;
  }
  std::uint64_t start = 0;
  for (const std::unique_ptr<impl::Piece>& piece : inside_->pieces) {
    piece->each_block(shape, [&](std::uint64_t first, const Table& block) { see(start + first, block); });
    start += piece->rows(shape);
  }
}

void Recording::each_state(std::string_view table,
                           const std::function<void(std::uint64_t chunk, const Table& state)>& see) const {
  const auto& tables = inside_->plan.tables;
  const auto shape = std::find_if(tables.begin(), tables.end(), [&](const Table& candidate) {
    return candidate.role == Role::State && candidate.name == table;
  });
  CARINA_CHECK(shape != tables.end());
  for (const std::unique_ptr<impl::Piece>& piece : inside_->pieces) piece->each_state(*shape, see);
}

}  // namespace carina::record
