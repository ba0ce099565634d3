#include "record/impl/disk.h"
#include "record/impl/parts.h"

namespace carina::record::impl {
namespace {

/// The rows of all Rows tables, piece by piece, so that each part is read once.
void copy_rows(hid_t file, const Recording& recording, const Failure& failure) {
  std::map<std::string, std::uint64_t> filled;
  for (const std::unique_ptr<Piece>& piece : recording.inside().pieces) {
    for (const Table& table : recording.plan().tables) {
      if (table.role != Role::Rows) continue;
      std::uint64_t& at = filled[table.name];
      piece->each_block(table, [&](std::uint64_t, const Table& block) {
        const Session session;
        write_rows(file, block, at);
        at += block.rows();
        if (failure.code != 0) throw LibraryError("HDF5 cannot write");
      });
    }
  }
}

/// The states of a shard, each row with its chunk.
void copy_states(hid_t states, const Recording& recording, const Failure& failure) {
  for (const Table& table : recording.plan().tables) {
    if (table.role != Role::State) continue;
    std::uint64_t total = 0;
    for (const std::unique_ptr<Piece>& piece : recording.inside().pieces) total += piece->rows(table);
    {
      const Session session;
      make_table(states, with_chunk(table), total, true);
    }
    std::uint64_t at = 0;
    recording.each_state(table.name, [&](std::uint64_t chunk, const Table& state) {
      Table block = with_chunk(state);
      block.columns.front().values = std::vector<std::int64_t>(state.rows(), static_cast<std::int64_t>(chunk));
      const Session session;
      write_rows(states, block, at);
      at += block.rows();
      if (failure.code != 0) throw LibraryError("HDF5 cannot write");
    });
  }
}

}  // namespace

void write_whole(const std::string& path, const Recording& recording, const std::vector<Table>& made) {
  Failure failure;
  const Session session;
  Handle file;
  try {
    const Plan& plan = recording.plan();
    file = make_disk_file(path, &failure);
    write_plan(file, plan, {});
    set_text(file, "identity", recording.inside().identity);
    for (const Table& table : plan.tables) {
      if (table.role == Role::Rows) make_table(file, table, recording.rows(table.name), true);
      if (table.role != Role::Fixed) continue;
      make_table(file, table, recording.rows(table.name), true);
      write_rows(file, recording.read(table.name), 0);
    }
    for (const Table& table : made) {
      make_table(file, table.shape(), table.rows(), true);
      write_rows(file, table, 0);
    }
    copy_rows(file, recording, failure);
    if (plan.shard.count > 1) {
      const Handle states = open_group(file, "states");
      copy_states(states, recording, failure);
    }
    const bool closed = file.reset();
    if (!closed || failure.code != 0) throw LibraryError("HDF5 cannot close the file");
  } catch (const LibraryError& error) {
    file.reset();
    remove_file(path);
    throw FileError("cannot write", path, failure.code, error.what());
  } catch (...) {
    file.reset();
    remove_file(path);
    throw;
  }
}

}  // namespace carina::record::impl
