#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "record/example.h"

using namespace carina::record;
namespace example = carina::record::example;

namespace {

/// Runs the test's Python script; returns what it printed and its exit status.
std::pair<std::string, int> run_python(const std::string& arguments) {
  const std::string command =
      "/usr/bin/python3 " CARINA_SOURCE_TREE "/tests/record/read_by_others.py " + arguments + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe)) output += buffer;
  return {output, ::pclose(pipe)};
}

}  // namespace

TEST_CASE("h5py and xarray read a recording without us") {
  if (run_python("--can").second != 0) {
    MESSAGE("left out: /usr/bin/python3 has no h5py");
    return;
  }
  const example::Folder folder;
  example::run(folder.file("a.h5"), example::plan(3), {0, 1, 2});
  const std::pair<std::string, int> result = run_python(folder.file("a.h5"));
  CHECK_MESSAGE(result.second == 0, result.first);
  MESSAGE(result.first);
}
