#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <thread>

#include "base/problem.h"
#include "record/example.h"
#include "record/export.h"

using namespace carina::record;
namespace example = carina::record::example;

TEST_CASE("a recording gives back what was written, with units and meanings") {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  example::run(path, example::plan(3), {2, 0, 1});
  const Recording recording = Recording::open(path);
  CHECK(recording.complete());
  CHECK(recording.chunks_done() == 3);
  CHECK(recording.plan().seed == 18446744073709551615u);
  CHECK(recording.plan().scenario == example::plan(1).scenario);
  CHECK(recording.plan().version == "0.1.0");
  CHECK(recording.plan().commit == "abc123");
  CHECK(recording.plan().individuals == 15);
  REQUIRE(recording.plan().files.size() == 1);
  CHECK(recording.plan().files[0].text == "model = 1\n# \xc3\xa9t\xc3\xa9\n");
  CHECK(recording.plan().files[0].hash.size() == 32);

  const Table individuals = recording.read("individuals");
  REQUIRE(individuals.rows() == 15);
  CHECK(individuals.row == "individual");
  CHECK(individuals.about == "every individual");
  CHECK(individuals.column("weight").unit == "kg");
  CHECK(individuals.column("weight").about == "body weight");
  CHECK(individuals.column("status").labels == std::vector<std::string>{"ok", "step_too_small"});
  std::vector<std::int64_t> numbers(15);
  for (std::size_t i = 0; i < 15; ++i) numbers[i] = static_cast<std::int64_t>(i);
  CHECK(individuals.column("individual").integers() == numbers);
  CHECK(std::get<std::vector<float>>(individuals.column("weight").values)[14] == 62.0f);
  CHECK(std::get<std::vector<std::uint8_t>>(individuals.column("status").values)[11] == 1);
  CHECK(individuals.column("site").texts()[13] == "marrow, \"left\"");
  CHECK(individuals.column("site").texts()[12] == "caf\xc3\xa9");

  const Table trajectories = recording.read("trajectories", 7, 3);
  REQUIRE(trajectories.rows() == 3);
  CHECK(trajectories.coordinates.at(0).doubles() == std::vector<double>{0, 1, 2, 4});
  CHECK(trajectories.column("transgene").across);
  CHECK(trajectories.column("transgene").doubles()[1 * 4 + 3] == example::transgene(8, 3));
  CHECK(recording.read_column("trajectories", "transgene").doubles().size() == 60);
  CHECK(recording.read("summary").column("chunks").integers() == std::vector<std::int64_t>{3});
  CHECK(recording.read("doses").column("into").texts() == std::vector<std::string>{"eb", "toci"});
  CHECK_FALSE(recording.has("sums"));
  CHECK_FALSE(std::filesystem::exists(path + ".parts"));
}

TEST_CASE("a table or column that is not there is refused with the names there are") {
  const example::Folder folder;
  example::run(folder.file("a.h5"), example::plan(1), {0});
  const Recording recording = Recording::open(folder.file("a.h5"));
  CHECK_THROWS_WITH_AS(recording.read("trajectory"),
                       "table = trajectory: no such table in the recording (there are: doses, individuals, "
                       "trajectories, files, summary)",
                       carina::InputError);
  CHECK_THROWS_WITH_AS(recording.read_column("summary", "mean"),
                       "column = mean: no such column in the recording (there are: chunks, sum)", carina::InputError);
}

TEST_CASE("the parts of an unfinished run are read as far as they go") {
  const example::Folder folder;
  const std::string path = folder.file("a.h5");
  RecordingWriter writer(path, example::plan(4), Existing::Refuse);
  writer.write(example::part(3));
  writer.write(example::part(1));
  for (const std::string& name : {path, path + ".parts", path + ".parts/"}) {
    const Recording recording = Recording::open(name, example::finish);
    CHECK_FALSE(recording.complete());
    CHECK(recording.chunks_done() == 2);
    CHECK(recording.chunks_total() == 4);
    CHECK(recording.rows("individuals") == 10);
    CHECK(recording.read("individuals").column("individual").integers() ==
          std::vector<std::int64_t>{5, 6, 7, 8, 9, 15, 16, 17, 18, 19});
    CHECK(recording.read("individuals", 4, 2).column("individual").integers() == std::vector<std::int64_t>{9, 15});
    CHECK(recording.read("summary").column("chunks").integers().front() == 2);
    CHECK(recording.read("doses").rows() == 2);
    CHECK(recording.plan().files.size() == 1);
  }
  CHECK(writer.missing() == std::vector<std::uint64_t>{0, 2});
}

TEST_CASE("the hash is the same for any order of chunks, from parts and from the file") {
  const example::Folder folder;
  example::run(folder.file("a.h5"), example::plan(6), {0, 1, 2, 3, 4, 5});
  const std::string expected = hash(Recording::open(folder.file("a.h5")));
  CHECK(expected.size() == 32);

  RecordingWriter writer(folder.file("b.h5"), example::plan(6), Existing::Refuse);
  std::vector<std::thread> threads;
  for (const std::uint64_t first : {3u, 0u}) {
    threads.emplace_back([&writer, first] {
      for (std::uint64_t chunk = first + 3; chunk-- > first;) writer.write(example::part(chunk));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(hash(Recording::open(folder.file("b.h5"), example::finish)) == expected);
  writer.assemble(example::finish);
  CHECK(hash(Recording::open(folder.file("b.h5"))) == expected);
  CHECK_FALSE(diff(Recording::open(folder.file("a.h5")), Recording::open(folder.file("b.h5"))));
}

TEST_CASE("the hash sees every value, unit and name, and no setting of the run") {
  const example::Folder folder;
  const auto hash_with = [&](auto change_plan, auto change_part) {
    const std::string path = folder.file("x.h5");
    Plan plan = example::plan(1);
    Part part = example::part(0);
    change_plan(plan);
    change_part(part);
    RecordingWriter writer(path, plan, Existing::Replace);
    writer.write(part);
    writer.assemble();
    return hash(Recording::open(path));
  };
  const auto nothing = [](auto&) {};
  const std::string plain = hash_with(nothing, nothing);
  CHECK(hash_with(
            [](Plan& plan) {
              plan.seed = 1;
              plan.created_by = "x";
              plan.scenario = "y";
            },
            nothing) == plain);
  const auto change_unit = [](auto& holder) {
    for (Table& table : holder.tables) {
      if (table.name == "individuals") table.columns[2].unit = "g";
    }
  };
  CHECK(hash_with(change_unit, change_unit) != plain);
  const auto change_name = [](auto& holder) {
    for (Table& table : holder.tables) {
      if (table.name == "individuals") table.columns[2].name = "mass";
    }
  };
  CHECK(hash_with(change_name, change_name) != plain);
  CHECK(hash_with(nothing, [](Part& part) { std::get<std::vector<float>>(part.tables[1].columns[2].values)[4] += 1e-5f; }) !=
        plain);
  CHECK(hash_with(nothing, [](Part& part) {
          std::get<std::vector<std::string>>(part.tables[1].columns[4].values)[0] = "c";
        }) != plain);
  CHECK(hash_with([](Plan& plan) { std::get<std::vector<double>>(plan.tables[1].columns[0].values)[1] = 8; }, nothing) !=
        plain);
}

TEST_CASE("the first difference is named with both values and their distance") {
  const example::Folder folder;
  const auto write = [&](const std::string& name, auto change) {
    RecordingWriter writer(folder.file(name), example::plan(2), Existing::Refuse);
    for (const std::uint64_t chunk : {0u, 1u}) {
      Part part = example::part(chunk);
      change(part);
      writer.write(part);
    }
    writer.assemble(example::finish);
    return Recording::open(folder.file(name));
  };
  const Recording a = write("a.h5", [](Part&) {});
  const Recording b = write("b.h5", [](Part& part) {
    if (part.chunk != 1) return;
    for (Table& table : part.tables) {
      if (table.name != "trajectories") continue;
      double& value = std::get<std::vector<double>>(table.columns[1].values)[2 * 4 + 1];
      value = std::nextafter(std::nextafter(value, 1e9), 1e9);
    }
  });
  CHECK_FALSE(diff(a, a));
  const auto difference = diff(a, b);
  REQUIRE(difference);
  CHECK(difference->table == "trajectories");
  CHECK(difference->column == "transgene");
  CHECK(difference->row == 7);
  CHECK(difference->point == 1);
  CHECK(difference->ulps == 2);
  CHECK(difference->first == exact_text(example::transgene(7, 1)));
  CHECK(difference->text.find("2 ulp apart") != std::string::npos);
  CHECK(hash(a) != hash(b));

  const Recording c = write("c.h5", [](Part& part) {
    if (part.chunk == 1) std::get<std::vector<std::int32_t>>(part.tables[1].columns[3].values)[0] = 7;
  });
  const auto whole = diff(a, c);
  REQUIRE(whole);
  CHECK(whole->text == "table individuals, column steps, individual row 5: 105 and 7");
  CHECK_FALSE(whole->ulps);
}

TEST_CASE("a difference in rows or tables is named before any value") {
  const example::Folder folder;
  example::run(folder.file("a.h5"), example::plan(2), {0, 1});
  {
    RecordingWriter writer(folder.file("b.h5"), example::plan(2), Existing::Refuse);
    writer.write(example::part(0));
    writer.write(example::part(1, 4));
    writer.assemble(example::finish);
  }
  {
    RecordingWriter writer(folder.file("c.h5"), example::plan(2), Existing::Refuse);
    writer.write(example::part(0));
    writer.write(example::part(1));
    writer.assemble();
  }
  const Recording a = Recording::open(folder.file("a.h5"));
  CHECK(diff(a, Recording::open(folder.file("b.h5"))).value().text == "table individuals: 10 rows and 9 rows");
  CHECK(diff(a, Recording::open(folder.file("c.h5"))).value().text == "table 3: summary and no table");
}

TEST_CASE("merged shards are bit for bit the run that was never split") {
  const example::Folder folder;
  example::run(folder.file("whole.h5"), example::plan(7), example::in_order({0, 7}));
  std::vector<std::string> shards;
  for (const std::uint64_t i : {3u, 1u, 2u}) {
    const Shard shard{i, 3};
    shards.push_back(folder.file("shard" + std::to_string(i) + ".h5"));
    example::run(shards.back(), example::plan(7, shard), example::in_order(shard_chunks(7, shard)));
  }
  CHECK(Recording::open(shards[1]).rows("individuals") == 15);
  merge(shards, folder.file("merged.h5"), Existing::Refuse, example::finish);
  const Recording whole = Recording::open(folder.file("whole.h5"));
  const Recording merged = Recording::open(folder.file("merged.h5"));
  CHECK(hash(merged) == hash(whole));
  const auto difference = diff(whole, merged);
  CHECK_MESSAGE(!difference, (difference ? difference->text : ""));
  CHECK(merged.plan().shard == Shard{1, 1});
  CHECK(merged.plan().files.size() == 1);

  CHECK_THROWS_WITH_AS(
      merge({shards[0], shards[1], shards[1], folder.file("whole.h5")}, folder.file("m.h5"), Existing::Refuse),
      ("shard 2/3 is missing\n" + shards[1] + ": is shard 1, which was given already\n" + folder.file("whole.h5") +
       ": is not a shard")
          .c_str(),
      carina::InputError);
  CHECK_THROWS_AS(merge(shards, folder.file("merged.h5"), Existing::Refuse, example::finish), carina::InputError);
  merge(shards, folder.file("merged.h5"), Existing::Resume, example::finish);
}

TEST_CASE("shards cover all chunks and differ in length by at most one") {
  for (const std::uint64_t chunks : {1u, 7u, 64u, 1000u}) {
    for (const std::uint64_t count : {1u, 2u, 3u, 10u}) {
      std::uint64_t next = 0;
      for (std::uint64_t index = 1; index <= count; ++index) {
        const ChunkRange range = shard_chunks(chunks, {index, count});
        CHECK(range.first == next);
        CHECK(range.end - range.first >= chunks / count);
        CHECK(range.end - range.first <= chunks / count + 1);
        next = range.end;
      }
      CHECK(next == chunks);
    }
  }
}

TEST_CASE("CSV and JSON give every number back to the bit") {
  const example::Folder folder;
  const std::vector<double> awkward = {0.1,
                                       -0.0,
                                       1e-310,
                                       1.7976931348623157e308,
                                       5e-324,
                                       1.0 / 3,
                                       123456789012345680.0,
                                       std::numeric_limits<double>::infinity()};
  Plan plan;
  Table numbers{.name = "numbers", .about = "numbers \"that\" are awkward"};
  numbers.columns = {{"value", "1/day", "", std::vector<double>{}},
                     {"code", "", "", std::vector<std::int32_t>{}},
                     {"text", "", "", std::vector<std::string>{}}};
  plan.tables = {numbers};
  numbers.columns[0].values = awkward;
  numbers.columns[1].values = std::vector<std::int32_t>(8, -5);
  numbers.columns[2].values = std::vector<std::string>{"a,b", "\"q\"", "line\nbreak", "", "x", "y", "z", "t\t"};
  {
    RecordingWriter writer(folder.file("a.h5"), plan, Existing::Refuse);
    writer.write({.chunk = 0, .tables = {numbers}});
    writer.assemble();
  }
  const Recording recording = Recording::open(folder.file("a.h5"));
  std::ostringstream csv;
  export_csv(recording, "numbers", csv, {.units = true});
  CHECK(csv.str().starts_with("value [1/day],code,text\n0.1,-5,\"a,b\"\n-0,-5,\"\"\"q\"\"\"\n1e-310,-5,\"line\nbreak\"\n"));
  for (const double value : awkward) {
    const double back = std::strtod(exact_text(value).c_str(), nullptr);
    CHECK(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value));
  }
  std::ostringstream json;
  export_json(recording, "numbers", json);
  CHECK(json.str().starts_with("{\"table\":\"numbers\",\"about\":\"numbers \\\"that\\\" are awkward\""));
  CHECK(json.str().find("[\"inf\",-5,\"t\\u0009\"]") != std::string::npos);
  CHECK(json.str().find("[1.7976931348623157e308,-5,\"\"]") != std::string::npos);
}

TEST_CASE("a table with coordinates is exported one line a row and point, codes as words") {
  const example::Folder folder;
  example::run(folder.file("a.h5"), example::plan(1), {0});
  const Recording recording = Recording::open(folder.file("a.h5"));
  std::ostringstream csv;
  export_csv(recording, "trajectories", csv);
  CHECK(csv.str().starts_with(
      "individual,time,transgene\n0,0,0\n0,1,0.1\n0,2,0.2\n0,4,0.30000000000000004\n1,0,2.3333333333333335\n"));
  CHECK(csv.str().find("\n3,2,nan\n") != std::string::npos);
  std::ostringstream individuals;
  export_csv(recording, "individuals", individuals);
  CHECK(individuals.str().find("\n0,step_too_small,60,100,") != std::string::npos);
  std::ostringstream json;
  export_json(recording, "trajectories", json);
  CHECK(json.str().find("[3,[7,7.1,null,7.3]]") != std::string::npos);
}

TEST_CASE("what is not a recording is refused") {
  const example::Folder folder;
  CHECK_THROWS_WITH_AS(Recording::open(folder.file("none.h5")), (folder.file("none.h5") + ": no recording there").c_str(),
                       carina::InputError);
  std::ofstream(folder.file("text.h5")) << "not HDF5";
  CHECK_THROWS_WITH_AS(Recording::open(folder.file("text.h5")),
                       (folder.file("text.h5") + ": not a recording, or damaged").c_str(), carina::InputError);
  example::run(folder.file("a.h5"), example::plan(2), {0, 1});
  std::filesystem::resize_file(folder.file("a.h5"), std::filesystem::file_size(folder.file("a.h5")) / 2);
  CHECK_THROWS_AS(Recording::open(folder.file("a.h5")), carina::InputError);
}

TEST_CASE("a table says what keeps it from being recorded") {
  Table table{.name = "t"};
  CHECK(fault(table) == "table \"t\": no columns");
  table.columns = {{"a", "", "", std::vector<double>{1, 2}}, {"b", "", "", std::vector<double>{1}}};
  CHECK(fault(table) == "table \"t\": column \"b\": 1 values where 2 belong");
  table.columns[1] = {"a", "", "", std::vector<double>{1, 2}};
  CHECK(fault(table) == "table \"t\": column \"a\": name taken");
  table.columns[1] = {"b/c", "", "", std::vector<double>{1, 2}};
  CHECK(fault(table) == "table \"t\": column \"b/c\": not a name");
  table.columns[1] = {"b", "", "", std::vector<double>{1, 2}, true};
  CHECK(fault(table) == "table \"t\": column \"b\": runs across coordinates that the table has not");
  table.columns[1] = {"b", "", "", std::vector<std::uint8_t>{0, 2}, false, {"no", "yes"}};
  CHECK(fault(table) == "table \"t\": column \"b\": the code 2 has no label");
  table.columns[1].labels = {"no", "yes", "may be"};
  CHECK(fault(table) == "table \"t\": column \"b\": the label \"may be\" is not a single word");
  table.columns[1].labels = {};
  CHECK(fault(table).empty());
}

TEST_CASE("the disk that a run needs is estimated from its tables") {
  const Plan plan = example::plan(100);
  constexpr std::uint64_t row = 8 + 1 + 4 + 4 + 8 + 4 * 8;
  CHECK(disk_bytes(plan, 500) > row * 2 * 500);
  CHECK(disk_bytes(plan, 1'000'000) > row * 2 * 1'000'000);
}
