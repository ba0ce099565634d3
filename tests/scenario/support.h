/// @file
/// What the tests of scenarios share: a place for files, and short ways to read and run.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "scenario/read.h"
#include "scenario/run.h"

namespace carina::test {

/// A folder that goes when this does.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "carina-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline scenario::ReadOptions library(std::vector<scenario::Override> overrides = {}) {
  const std::string tree = CARINA_SOURCE_TREE;
  return {{tree + "/models"}, {}, std::move(overrides), {tree + "/products"}};
}

inline scenario::Scenario read(const std::string& text, std::vector<scenario::Override> overrides = {}) {
  return scenario::read_scenario_text(text, "test.toml", library(std::move(overrides)));
}

/// Stein 2019 for `size` individuals over 28 days, daily, with more lines behind.
inline std::string stein(int size, const std::string& more = "") {
  return "scenario = 1\nseed = 5\n[model]\nuse = \"stein_2019\"\n[population]\nsize = " + std::to_string(size) +
         "\n[output]\nuntil = \"28 day\"\nevery = \"1 day\"\ncolumns = [\"transgene\"]\n" + more;
}

/// Kimmel 2021 for `size` individuals over 120 days, whose last tumour cells move by chance, with more lines behind.
inline std::string kimmel(int size, const std::string& more = "") {
  return "scenario = 1\nseed = 5\n[model]\nuse = \"kimmel_2021:simulation_code\"\nset = { B0 = \"4.24 mL\" "
         "}\n[population]\nsize = " +
         std::to_string(size) + "\n[output]\nuntil = \"120 day\"\nevery = \"10 day\"\ncolumns = [\"cells\"]\n" + more;
}

inline scenario::RunSummary run(const scenario::Scenario& s, const std::string& path, int threads = 1) {
  scenario::RunOptions options;
  options.threads = threads;
  return scenario::run(s, path, options);
}

inline std::string hash_of(const std::string& path) { return record::hash(record::Recording::open(path, scenario::finish)); }

}  // namespace carina::test
