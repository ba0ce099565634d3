#include "record/impl/parts.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/problem.h"
#include "record/impl/digest.h"
#include "record/impl/disk.h"

namespace carina::record::impl {
namespace {

constexpr std::string_view checksum_mark = "\ncarina checksum ";
constexpr std::size_t checksum_digits = 32;
constexpr std::size_t trailer_size = checksum_mark.size() + checksum_digits + 1;

/// The whole of a file to be: HDF5's bytes and a line with their checksum, which HDF5 does not look at.
std::string with_checksum(std::string bytes) {
  const std::string checksum = hash_text(bytes);
  return bytes.append(checksum_mark).append(checksum).append("\n");
}

Table files_table(const std::vector<EmbeddedFile>& files) {
  Table table{.name = "files", .about = "files that entered the run", .row = "file", .role = Role::Fixed, .result = false};
  std::vector<std::string> names, kinds, hashes, texts;
  for (const EmbeddedFile& file : files) {
    names.push_back(file.name);
    kinds.push_back(file.kind);
    hashes.push_back(file.hash);
    texts.push_back(file.text);
  }
  table.columns = {{"name", "", "file name", names},
                   {"kind", "", "what it is", kinds},
                   {"hash", "", "XXH3-128 of the text", hashes},
                   {"text", "", "whole text", texts}};
  return table;
}

void check_table(const Table& table) {
  const std::string wrong = fault(table);
  if (!wrong.empty()) ::carina::impl::check_failed(wrong.c_str(), __FILE__, __LINE__);
}

const Table* find_table(const Plan& plan, std::string_view name) {
  for (const Table& table : plan.tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

}  // namespace

std::string PartsFolder::chunk(std::uint64_t number) const {
  std::string digits = std::to_string(number);
  if (digits.size() < 6) digits.insert(0, 6 - digits.size(), '0');
  return folder + "/chunk-" + digits + ".h5";
}

Plan normal(Plan plan) {
  CARINA_CHECK(plan.chunks >= 1 && plan.chunk_size >= 1);
  CARINA_CHECK(plan.shard.index >= 1 && plan.shard.index <= plan.shard.count);
  for (EmbeddedFile& file : plan.files) file.hash = hash_text(file.text);
  plan.tables.push_back(files_table(plan.files));
  std::set<std::string> names = {"states"};
  for (const Table& table : plan.tables) {
    check_table(table);
    CARINA_CHECK(names.insert(table.name).second);
    CARINA_CHECK(table.role != Role::Made);
    CARINA_CHECK(table.role == Role::Fixed || table.rows() == 0);
    CARINA_CHECK(table.role != Role::State || table.find("chunk") == nullptr);
  }
  std::stable_partition(plan.tables.begin(), plan.tables.end(),
                        [](const Table& table) { return table.role != Role::State; });
  return plan;
}

std::string identity(const Plan& plan) {
  Hash hash;
  for (const std::string* text : {&plan.version, &plan.commit, &plan.scenario}) hash.text(*text);
  for (const std::uint64_t number : {plan.seed, plan.chunks, plan.chunk_size, plan.individuals}) hash.number(number);
  for (const Table& table : plan.tables) {
    add_shape(hash, table);
    hash.number(static_cast<std::uint64_t>(table.role));
    hash.number(table.rows());
    for (const Column& column : table.columns) add_values(hash, column.values);
  }
  return hash.hex();
}

std::string difference(const Plan& stored, const std::string& stored_identity, const Plan& plan) {
  const auto differ = [](const std::string& what, const std::string& there, const std::string& here) {
    return what + " " + there + " there, " + here + " here";
  };
  if (stored.version != plan.version) return differ("carina", stored.version, plan.version);
  if (stored.commit != plan.commit) return differ("carina's commit", stored.commit, plan.commit);
  if (stored.scenario != plan.scenario) return "another scenario";
  if (stored.seed != plan.seed) return differ("seed", std::to_string(stored.seed), std::to_string(plan.seed));
  if (stored.chunks != plan.chunks || stored.chunk_size != plan.chunk_size || stored.individuals != plan.individuals) {
    return "cut into other chunks";
  }
  if (stored_identity != identity(plan)) return "other files entered, or other tables";
  return {};
}

void write_plan(hid_t file, const Plan& plan, const std::vector<Table>& tables) {
  set_text(file, "format", "carina recording");
  set_number(file, "format_version", 1);
  set_text(file, "carina_version", plan.version);
  set_text(file, "carina_commit", plan.commit);
  set_text(file, "created_by", plan.created_by);
  set_text(file, "scenario", plan.scenario);
  set_number(file, "seed", plan.seed);
  set_number(file, "chunks", plan.chunks);
  set_number(file, "chunk_size", plan.chunk_size);
  set_number(file, "individuals", plan.individuals);
  set_number(file, "shard", plan.shard.index);
  set_number(file, "shards", plan.shard.count);
  const Handle states = make_group(file, "states");
  for (const Table& table : tables) {
    const hid_t parent = table.role == Role::State ? static_cast<hid_t>(states) : file;
    make_table(parent, table.shape(), table.rows(), true);
    write_rows(parent, table, 0);
  }
}

Plan read_plan(hid_t file) {
  Plan plan;
  plan.version = get_text(file, "carina_version");
  plan.commit = get_text(file, "carina_commit");
  plan.created_by = get_text(file, "created_by");
  plan.scenario = get_text(file, "scenario");
  plan.seed = get_number(file, "seed");
  plan.chunks = get_number(file, "chunks");
  plan.chunk_size = get_number(file, "chunk_size");
  plan.individuals = get_number(file, "individuals");
  plan.shard = {get_number(file, "shard"), get_number(file, "shards")};
  for (const std::string& name : members(file)) {
    if (name != "states") plan.tables.push_back(read_shape(file, name));
  }
  const Handle states = open_group(file, "states");
  for (const std::string& name : members(states)) {
    Table table = read_shape(states, name);
    std::erase_if(table.columns, [](const Column& column) { return column.name == "chunk"; });
    plan.tables.push_back(std::move(table));
  }
  const Table* shape = find_table(plan, "files");
  if (!shape) throw LibraryError("the table of files is missing");
  const Table files = read_rows(file, *shape, 0, row_count(file, *shape));
  for (std::size_t i = 0; i < files.rows(); ++i) {
    plan.files.push_back({files.column("name").texts()[i], files.column("kind").texts()[i], files.column("text").texts()[i],
                          files.column("hash").texts()[i]});
  }
  return plan;
}

std::string header_bytes(const Plan& plan) {
  const Session session;
  const Handle file = make_memory_file();
  write_plan(file, plan, plan.tables);
  set_text(file, "identity", identity(plan));
  return with_checksum(image(file));
}

Header read_header(const PartsFolder& folder) {
  const std::string bytes = checked_bytes(folder.header());
  const Session session;
  try {
    const Handle file = open_memory_file(bytes);
    Header header{read_plan(file), get_text(file, "identity")};
    for (Table& table : header.plan.tables) {
      if (table.role == Role::Fixed) table = read_rows(file, table, 0, row_count(file, table));
    }
    return header;
  } catch (const LibraryError& error) {
    refuse(folder.header(), error.what());
  }
}

std::string part_bytes(const Plan& plan, const std::string& run, const Part& part) {
  std::set<std::string> seen;
  const Session session;
  const Handle file = make_memory_file();
  set_text(file, "format", "carina part");
  set_text(file, "identity", run);
  set_number(file, "chunk", part.chunk);
  for (const Table& table : part.tables) {
    const Table* planned = find_table(plan, table.name);
    CARINA_CHECK(planned != nullptr && (planned->role == Role::Rows || planned->role == Role::State));
    CARINA_CHECK(seen.insert(table.name).second);
    check_table(table);
    const std::string wrong = mismatch(*planned, table);
    if (!wrong.empty()) ::carina::impl::check_failed(wrong.c_str(), __FILE__, __LINE__);
    make_table(file, table.shape(), table.rows(), false);
    write_rows(file, table, 0);
  }
  return with_checksum(image(file));
}

std::string checked_bytes(const std::string& path) {
  std::string bytes = read_file(path);
  if (bytes.size() < trailer_size) refuse(path, "is torn");
  const std::string trailer = bytes.substr(bytes.size() - trailer_size);
  bytes.resize(bytes.size() - trailer_size);
  if (!trailer.starts_with(checksum_mark)) refuse(path, "is torn");
  if (trailer.compare(checksum_mark.size(), checksum_digits, hash_text(bytes)) != 0) refuse(path, "is damaged");
  return bytes;
}

RowCounts check_part(const PartsFolder& folder, const Plan& plan, const std::string& run, std::uint64_t chunk) {
  const std::string path = folder.chunk(chunk);
  const std::string bytes = checked_bytes(path);
  const Session session;
  try {
    const Handle file = open_memory_file(bytes);
    if (get_text(file, "identity") != run || get_number(file, "chunk") != chunk) refuse(path, "belongs to another run");
    RowCounts counts;
    for (const Table& table : plan.tables) {
      if (has_member(file, table.name)) counts[table.name] = row_count(file, table);
    }
    return counts;
  } catch (const LibraryError& error) {
    refuse(path, error.what());
  }
}

std::map<std::uint64_t, RowCounts> scan(const PartsFolder& folder, const Plan& plan, const std::string& run,
                                        std::vector<Damaged>& damaged) {
  const ChunkRange range = shard_chunks(plan.chunks, plan.shard);
  std::map<std::uint64_t, RowCounts> done;
  for (const std::string& name : names_in(folder.folder)) {
    if (!name.starts_with("chunk-") || !name.ends_with(".h5")) continue;
    const std::string digits = name.substr(6, name.size() - 9);
    const bool whole = !digits.empty() && digits.size() < 19 && digits.find_first_not_of("0123456789") == std::string::npos;
    const std::uint64_t chunk = whole ? std::stoull(digits) : range.end;
    if (chunk < range.first || chunk >= range.end || folder.chunk(chunk) != folder.folder + "/" + name) {
      damaged.push_back({folder.folder + "/" + name, "belongs to another run"});
      continue;
    }
    try {
      done.emplace(chunk, check_part(folder, plan, run, chunk));
    } catch (const InputError& error) {
      damaged.push_back({folder.folder + "/" + name, error.problems().front().rule});
    }
  }
  return done;
}

Recording open_parts(const PartsFolder& folder, const Plan& fixed, const std::string& run,
                     const std::map<std::uint64_t, RowCounts>& done) {
  auto inside = std::make_unique<Recording::Inside>();
  inside->plan = fixed;
  inside->identity = run;
  for (Table& table : inside->plan.tables) {
    if (table.role != Role::Fixed) continue;
    inside->in_memory.emplace(table.name, table);
    table = table.shape();
  }
  const auto slot = std::make_shared<PartSlot>();
  for (const auto& [chunk, counts] : done) {
    inside->pieces.push_back(std::make_unique<PartPiece>(folder.chunk(chunk), chunk, counts, slot));
  }
  const ChunkRange range = shard_chunks(fixed.chunks, fixed.shard);
  inside->done = done.size();
  inside->total = range.end - range.first;
  return Recording(std::move(inside));
}

std::vector<Table> made(const Recording& recording, const Finish& finish) {
  std::vector<Table> tables;
  if (!finish) return tables;
  tables = finish(recording);
  std::set<std::string> names = {"states"};
  for (const Table& table : recording.plan().tables) names.insert(table.name);
  for (Table& table : tables) {
    check_table(table);
    CARINA_CHECK(names.insert(table.name).second);
    table.role = Role::Made;
  }
  return tables;
}

}  // namespace carina::record::impl
