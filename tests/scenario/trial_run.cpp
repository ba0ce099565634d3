// `carina run trials/NAME.toml`: the recording of a simulated trial.
#include "scenario/trial_run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "scenario/support.h"

using namespace carina;

namespace {

scenario::TrialRun eliana(std::vector<scenario::Override> overrides = {}) {
  overrides.insert(overrides.begin(), {"replicates", "12"});
  return scenario::read_trial_run(std::string(CARINA_SOURCE_TREE) + "/trials/eliana.toml",
                                  test::library(std::move(overrides)));
}

scenario::RunSummary run(const scenario::TrialRun& trial, const std::string& path, int threads,
                         const std::atomic<bool>* stop = nullptr, record::Existing existing = record::Existing::Refuse) {
  scenario::RunOptions options;
  options.threads = threads;
  options.stop = stop;
  options.existing = existing;
  return scenario::run_trial(trial, path, options);
}

std::string hash_of(const std::string& path) { return record::hash(record::Recording::open(path, scenario::finish)); }

std::string problems_of(std::vector<scenario::Override> overrides) {
  try {
    eliana(std::move(overrides));
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("what a trial's run can set is checked, all problems at once") {
  const std::string text = problems_of({{"replicates", "0"},
                                        {"population.size", "5"},
                                        {"model.rhoo", "1 1/day"},
                                        {"model.rho", "1 kg"},
                                        {"model.in_mass", "2"},
                                        {"sd.KN", "0.5"}});
  CAPTURE(text);
  CHECK(text.find("replicates = 0: must be a whole number from 1 to 1000000") != std::string::npos);
  CHECK(text.find("population.size = 5: is nothing that a trial's run can set") != std::string::npos);
  CHECK(text.find("model.rhoo = 1 1/day: is no parameter of reference_patient") != std::string::npos);
  CHECK(text.find("rho") != std::string::npos);
  CHECK(text.find("model.in_mass = 2: must lie between 0 and 1") != std::string::npos);
  CHECK(text.find("sd.KN = 0.5: does not vary between patients") != std::string::npos);
  CHECK(problems_of({{"model.rho", "1.5 1/day"}, {"sd.rho", "0.2"}, {"seed", "7"}}) == "none");
}

TEST_SUITE_BEGIN("slow");

TEST_CASE("a trial's recording has one hash for any number of threads and after a stop and a resume") {
  const test::Folder folder;
  const scenario::TrialRun trial = eliana();
  const std::string one = folder / "one.h5", three = folder / "three.h5", stopped = folder / "stopped.h5";
  CHECK(run(trial, one, 1).complete);
  CHECK(run(trial, three, 3).complete);
  std::atomic<bool> stop = true;
  CHECK_FALSE(run(trial, stopped, 1, &stop).complete);
  CHECK(run(trial, stopped, 2, nullptr, record::Existing::Resume).complete);
  CHECK(hash_of(one) == hash_of(three));
  CHECK(hash_of(one) == hash_of(stopped));
  CHECK(hash_of(one) != "");
}

TEST_CASE("a trial's recording has every patient, every simulated trial and the comparison made of them") {
  const test::Folder folder;
  const std::string path = folder / "eliana.h5";
  const scenario::RunSummary summary = run(eliana(), path, 2);
  CHECK(summary.individuals == 12 * 92);
  CHECK(summary.integrated == 12 * 92);
  const record::Recording recording = record::Recording::open(path);
  CHECK(recording.rows("patients") == 12 * 92);
  CHECK(recording.rows("replicates") == 12);
  const record::Table comparison = recording.read("comparison"), replicates = recording.read("replicates");
  const auto& names = comparison.column("figure").texts();
  REQUIRE(names.size() > 60);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CAPTURE(names[i]);
    double sum = 0, count = 0;
    for (const double v : replicates.column(names[i]).doubles()) {
      if (!std::isnan(v)) sum += v, ++count;
    }
    if (2 * count < 12) {  // too few simulated trials have it
      CHECK(std::isnan(comparison.column("simulated").doubles()[i]));
      continue;
    }
    CHECK(comparison.column("simulated").doubles()[i] == doctest::Approx(sum / count));
    CHECK(comparison.column("low").doubles()[i] <= comparison.column("high").doubles()[i]);
  }
  const record::Column end = recording.read_column("patients", "end");
  const auto& ends = std::get<std::vector<std::uint8_t>>(end.values);
  const auto infused = std::count(ends.begin(), ends.end(), static_cast<std::uint8_t>(therapy::PathwayEnd::Infused));
  CHECK(infused > 12 * 60);
  CHECK(infused < 12 * 88);
}

TEST_CASE("a parameter that is set changes the simulated trials, and another seed changes the patients") {
  const test::Folder folder;
  run(eliana(), folder / "a.h5", 2);
  run(eliana({{"model.h_failed", "0.01 1/day"}}), folder / "b.h5", 2);
  run(eliana({{"seed", "2"}}), folder / "c.h5", 2);
  const auto survival = [&](const char* file) {
    const record::Recording recording = record::Recording::open(folder / file);
    const record::Column alive = recording.read_column("replicates", "os_12mo");
    double sum = 0;
    for (const double v : alive.doubles()) sum += v;
    return sum / 12;
  };
  CHECK(survival("b.h5") < survival("a.h5") - 5);
  CHECK(hash_of(folder / "a.h5") != hash_of(folder / "c.h5"));
}

TEST_SUITE_END();
