/// @file
/// A small run for the tests of recordings: its values follow from chunk and row alone, so any process can make any chunk.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "record/recording.h"
#include "record/writer.h"

namespace carina::record::example {

/// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() : Folder(std::filesystem::temp_directory_path()) {}
  explicit Folder(const std::filesystem::path& where) {
    std::string pattern = (where / "carina-record-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr std::uint64_t rows_in_chunk = 5;
constexpr std::size_t times = 4;

/// What the run is going to write: individuals, trajectories over time, the state of a sum, and doses that are fixed.
inline Plan plan(std::uint64_t chunks, Shard shard = {}) {
  Plan plan;
  plan.version = "0.1.0";
  plan.commit = "abc123";
  plan.created_by = "a test";
  plan.scenario = "scenario = 1\ntitle = \"a test\"\n";
  plan.seed = 18446744073709551615u;
  plan.chunks = chunks;
  plan.chunk_size = rows_in_chunk;
  plan.individuals = chunks * rows_in_chunk;
  plan.shard = shard;
  plan.files = {{"stein_2019.toml", "model", "model = 1\n# \xc3\xa9t\xc3\xa9\n", ""}};
  Table doses{.name = "doses", .about = "doses given", .row = "dose", .role = Role::Fixed};
  doses.columns = {{"time", "day", "when", std::vector<double>{0, 7.5}},
                   {"into", "", "state", std::vector<std::string>{"eb", "toci"}}};
  Table individuals{.name = "individuals", .about = "every individual", .row = "individual"};
  individuals.columns = {
      {"individual", "", "number", std::vector<std::int64_t>{}},
      {.name = "status", .about = "how it ended", .values = std::vector<std::uint8_t>{}, .labels = {"ok", "step_too_small"}},
      {"weight", "kg", "body weight", std::vector<float>{}},
      {"steps", "1", "steps taken", std::vector<std::int32_t>{}},
      {"site", "", "where", std::vector<std::string>{}}};
  Table trajectories{.name = "trajectories", .about = "values at the output times", .row = "individual"};
  trajectories.coordinates = {{"time", "day", "time after the first dose", std::vector<double>{0, 1, 2, 4}}};
  trajectories.columns = {{"individual", "", "number", std::vector<std::int64_t>{}},
                          {"transgene", "1/ug", "copies", std::vector<double>{}, true}};
  Table sums{.name = "sums", .about = "sum of the transgene", .role = Role::State};
  sums.columns = {{"sum", "1/ug", "", std::vector<double>{}}};
  plan.tables = {sums, doses, individuals, trajectories};
  return plan;
}

/// The value of individual `number` at time index `t`; some are NaN.
inline double transgene(std::int64_t number, std::size_t t) {
  if (number % 17 == 3 && t == 2) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(number * 7 % 31) / 3.0 + static_cast<double>(t) * 0.1;
}

/// What a chunk leaves.
inline Part part(std::uint64_t chunk, std::uint64_t rows = rows_in_chunk) {
  std::vector<std::int64_t> numbers;
  std::vector<std::uint8_t> status;
  std::vector<float> weights;
  std::vector<std::int32_t> steps;
  std::vector<std::string> sites;
  std::vector<double> values;
  double sum = 0;
  for (std::uint64_t row = 0; row < rows; ++row) {
    const auto number = static_cast<std::int64_t>(chunk * rows_in_chunk + row);
    numbers.push_back(number);
    status.push_back(number % 11 == 0);
    weights.push_back(60.0f + static_cast<float>(number) / 7.0f);
    steps.push_back(static_cast<std::int32_t>(100 + number));
    sites.push_back(number % 2 ? "marrow, \"left\"" : "caf\xc3\xa9");
    for (std::size_t t = 0; t < times; ++t) {
      values.push_back(transgene(number, t));
      if (values.back() == values.back()) sum += values.back();
    }
  }
  const Plan planned = plan(1);
  Part result{.chunk = chunk};
  for (const Table& table : planned.tables) {
    Table filled = table;
    if (table.name == "individuals") {
      filled.columns[0].values = numbers;
      filled.columns[1].values = status;
      filled.columns[2].values = weights;
      filled.columns[3].values = steps;
      filled.columns[4].values = sites;
    } else if (table.name == "trajectories") {
      filled.columns[0].values = numbers;
      filled.columns[1].values = values;
      filled.coordinates.clear();
    } else if (table.name == "sums") {
      filled.columns[0].values = std::vector<double>{sum};
    } else {
      continue;
    }
    result.tables.push_back(std::move(filled));
  }
  return result;
}

/// A table from the states, whose bits depend on the order of the chunks.
inline std::vector<Table> finish(const Recording& recording) {
  double sum = 0;
  std::int64_t chunks = 0;
  recording.each_state("sums", [&](std::uint64_t, const Table& state) {
    sum += state.column("sum").doubles().front();
    ++chunks;
  });
  Table summary{.name = "summary", .about = "sums over all", .row = "quantity"};
  summary.columns = {{"chunks", "1", "chunks summed", std::vector<std::int64_t>{chunks}},
                     {"sum", "1/ug", "sum of all values", std::vector<double>{sum}}};
  return {summary};
}

/// Writes a whole run in the given order of chunks.
inline void run(const std::string& path, const Plan& planned, const std::vector<std::uint64_t>& order) {
  RecordingWriter writer(path, planned, Existing::Refuse);
  for (const std::uint64_t chunk : order) writer.write(part(chunk));
  writer.assemble(finish);
}

/// 0, 1, 2 ...
inline std::vector<std::uint64_t> in_order(ChunkRange range) {
  std::vector<std::uint64_t> order;
  for (std::uint64_t chunk = range.first; chunk < range.end; ++chunk) order.push_back(chunk);
  return order;
}

}  // namespace carina::record::example
