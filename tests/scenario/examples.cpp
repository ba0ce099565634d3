// The examples for users: scenarios/ and its folders.
#include <doctest/doctest.h>

#include <set>

#include "model/library.h"
#include "scenario/support.h"

using namespace carina;

TEST_SUITE_BEGIN("slow");

TEST_CASE(
    "every example scenario runs with all of its first individuals Ok, and every model of the library has an example") {
  const test::Folder folder;
  const std::string tree = CARINA_SOURCE_TREE;
  std::set<std::string> used;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(tree + "/scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    CAPTURE(entry.path().string());
    const auto s = scenario::read_scenario(entry.path().string(), test::library({{"population.size", "4"}}));
    used.insert(s.use.substr(0, s.use.find(':')));
    const auto summary = test::run(s, folder / (entry.path().stem().string() + ".h5"));
    CHECK(summary.complete);
    CHECK(summary.failures.empty());
  }
  for (const model::LibraryEntry& entry : model::list_models({tree + "/models"})) {
    CAPTURE(entry.name);
    CHECK(used.count(entry.name) == 1);
  }
}

TEST_SUITE_END();
