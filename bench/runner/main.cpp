// The benchmark program behind script/bench.
#include "ensemble_b/reference.h"
#include "runner/measure.h"
#include "runner/report.h"
#include "runner/scene.h"
#include "tissue/tissue.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>

namespace carina::bench {
namespace {

using Make = std::function<Scene(const Settings&)>;

const std::vector<std::pair<std::string, Make>>& scenes() {
  static const std::vector<std::pair<std::string, Make>> all = {
      {"ensemble_a", ensemble_a}, {"ensemble_b", ensemble_b}, {"ensemble_weekly", ensemble_weekly}, {"jit", jit}};
  return all;
}

std::vector<std::string> bench_names() {
  std::vector<std::string> names;
  for (const auto& scene : scenes()) names.push_back(scene.first);
  for (const auto& bench : tissue_benches()) names.push_back(bench.first);
  return names;
}

int write_reference(const std::string& path) {
#if CARINA_BENCH_CVODE
  const std::string text = reference_b();
  std::ofstream file(path);
  file << text;
  file.close();
  if (!text.empty() && file) return 0;
#endif
  fmt::print(stderr, "script/bench: the reference solution could not be made or written to '{}'\n", path);
  return 1;
}

int run(int argc, char** argv) {
  Settings settings;
  std::vector<std::string> names;
  CLI::App app{"Times carina and its peers on the same work", "script/bench"};
  app.add_option("names", names, "benchmarks; without a name, all of them");
  app.add_flag("--json", settings.json, "rows as JSON");
  app.add_option("--patients", settings.patients, "patients a timed run");
  app.add_option("--checked", settings.checked, "patients whose answers are compared first");
  app.add_option("--repeats", settings.repeats, "timed runs a contender; the fastest counts")->check(CLI::Range(1, 1000));
  std::string reference;
  app.add_option("--reference", reference, "write the reference solution of work load B to a file, and stop");
  app.add_option("--source", settings.source, "the repository");
  app.add_option("--peers", settings.peers, "where peers are installed");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  if (!reference.empty()) return write_reference(reference);

  std::vector<Row> rows;
  for (const std::string& name : names)
    if (const auto known_names = bench_names();
        std::find(known_names.begin(), known_names.end(), name) == known_names.end()) {
      std::string known;
      for (const std::string& s : known_names) known += " " + s;
      fmt::print(stderr, "script/bench: no benchmark is called '{}'; there are:{}\n", name, known);
      return 2;
    }
  for (const auto& [name, make] : scenes()) {
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
    const Scene scene = make(settings);
    fmt::print(stderr, "{}: {} contenders, {} patients ...\n", name, scene.contenders.size(),
               settings.patients > 0 ? settings.patients : scene.patients);
    for (Row& row : measure(scene, settings)) rows.push_back(std::move(row));
  }
  for (const auto& [name, run_rows] : tissue_benches()) {
    if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
    fmt::print(stderr, "{} ...\n", name);
    for (Row& row : run_rows(settings)) rows.push_back(std::move(row));
  }
  fmt::print("{}", settings.json ? as_json(rows) : as_table(rows));
  return 0;
}

}  // namespace
}  // namespace carina::bench

int main(int argc, char** argv) {
  try {
    return carina::bench::run(argc, argv);
  } catch (const std::exception& trouble) {
    fmt::print(stderr, "script/bench: {}\n", trouble.what());
    return 1;
  }
}
