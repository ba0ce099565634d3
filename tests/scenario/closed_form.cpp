// Scenarios of models without states.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "model/page.h"
#include "model/read.h"
#include "scenario/support.h"

using namespace carina;
using record::Recording;
using test::hash_of;
using test::read;
using test::run;

namespace {

std::string closed(int size, const std::string& more = "") {
  std::string text = test::stein(size, more);
  return text.insert(text.find("stein_2019") + 10, "_closed_form");
}

std::string text_in_run_table(const Recording& recording, const std::string& key) {
  const record::Table table = recording.read("run");
  const auto& keys = std::get<std::vector<std::string>>(table.column("key").values);
  const auto& values = std::get<std::vector<std::string>>(table.column("value").values);
  return values[static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin())];
}

}  // namespace

TEST_CASE("Stein's equations and their closed form give the same individuals the same course") {
  const test::Folder folder;
  for (const std::string variant : {"", ":variances"}) {
    const auto course = [&](const std::string& name, const std::string& more) {
      // both comedications change the rate, and 9 % of the individuals get both
      run(read("scenario = 1\nseed = 11\n[model]\nuse = \"" + name + variant +
               "\"\nset = { Fster = 0.6 }\n[population]\nsize = 1000\n[output]\nuntil = \"365 day\"\n"
               "every = \"1 day\"\nreduce = [\"trajectories\"]\ncolumns = [\"transgene\"]\n[solver]\nrtol = 1e-9\n" +
               more),
          folder / (name + variant + ".h5"));
      return Recording::open(folder / (name + variant + ".h5")).read_column("trajectories", "transgene").doubles();
    };
    const auto integrated = course("stein_2019", "[solver.atol]\nE = 1e-15\nM = 1e-15\n");
    const auto evaluated = course("stein_2019_closed_form", "");
    REQUIRE(integrated.size() == 366'000);
    REQUIRE(evaluated.size() == integrated.size());
    double worst = 0;
    for (std::size_t i = 0; i < integrated.size(); ++i) {
      const double error = std::fabs(integrated[i] / evaluated[i] - 1);
      worst = error <= worst ? worst : error;
    }
    CHECK(worst < 1e-7);
  }
}

TEST_CASE("a closed form leaves the same bits for any engine and number of threads") {
  const test::Folder folder;
  const std::string text = closed(1200, "reduce = \"all\"\n[observe]\nvisits = \"0, 4, 7, 10, 14, 21, 28 day\"\n");
  run(read(text), folder / "jit.h5", 1);
  run(read(text), folder / "threads.h5", 3);
  run(read(text, {{"solver.engine", "vm"}}), folder / "vm.h5", 2);
  CHECK(hash_of(folder / "jit.h5") == hash_of(folder / "threads.h5"));
  CHECK(hash_of(folder / "jit.h5") == hash_of(folder / "vm.h5"));
}

TEST_CASE("a recording of a closed form names no integrator, and its trace is empty") {
  const test::Folder folder;
  const auto s = read(closed(40, "reduce = [\"trajectories\"]\n"));
  scenario::RunOptions options;
  run(s, folder / "all.h5");
  options.only = 17;
  options.trace = true;
  scenario::run(s, folder / "one.h5", options);
  const Recording all = Recording::open(folder / "all.h5"), one = Recording::open(folder / "one.h5");
  CHECK(text_in_run_table(all, "method") == "closed form");
  CHECK(text_in_run_table(all, "rtol").empty());
  CHECK(one.read("trace").rows() == 0);
  CHECK(all.read("trajectories", 16, 1).column("transgene").doubles() ==
        one.read_column("trajectories", "transgene").doubles());
}

TEST_CASE("the resolved scenario of a closed form has no tolerances and reads back to itself") {
  const std::string text = scenario::resolved_text(read(closed(3)));
  CHECK(text.find("rtol") == std::string::npos);
  CHECK(text.find("engine = \"auto\"") != std::string::npos);
  CHECK(scenario::resolved_text(read(text)) == text);
}

TEST_CASE("the page of a closed form begins with its outputs and says what they are made of") {
  const model::Model m = model::read_model(std::string(CARINA_SOURCE_TREE) + "/models/stein_2019_closed_form.toml");
  const std::string page = model::page_text(m, 100);
  CHECK(page.find("\nclosed form, 8 parameters, 2 covariates") != std::string::npos);
  CHECK(page.find("\nOutputs\n") < page.find("\nwhere\n"));
  CHECK(page.find("\nwhere\n") < page.find("\nParameters\n"));
  CHECK(page.find("Equations") == std::string::npos);
}
