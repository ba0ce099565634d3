// A trial's run with fits: which values each simulated trial takes, and that its bits hang on them and on nothing else.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>

#include "scenario/support.h"
#include "scenario/trial_run.h"
#include "trial/fitted.h"

using namespace carina;

namespace {

trial::FittedParameter parameter(const std::string& name, std::vector<double> draws) {
  trial::FittedParameter p;
  p.parameter = name;
  p.unit = "1/day";
  p.source = "assumed";
  p.prior_low = p.low = draws.front();
  p.prior_high = p.high = draws.back();
  p.median = draws[draws.size() / 2];
  p.draws = std::move(draws);
  return p;
}

trial::Fitted fit(std::vector<trial::FittedParameter> parameters, std::vector<std::string> given = {}) {
  trial::Fitted fitted;
  fitted.title = "For a test";
  fitted.command = "carina calibrate x.toml -o fits/x.toml";
  fitted.version = "0.1.0";
  fitted.status = "calibrated";
  fitted.trials = {"eliana"};
  fitted.given = std::move(given);
  fitted.parameters = std::move(parameters);
  return fitted;
}

// A folder of fits.
class Fits {
 public:
  void add(const std::string& name, const trial::Fitted& fitted) {
    std::ofstream(folder_ / (name + ".toml")) << trial::write_fitted(fitted);
  }
  scenario::TrialRun eliana(std::vector<scenario::Override> overrides = {}) const {
    overrides.insert(overrides.begin(), {"replicates", "8"});
    scenario::ReadOptions options = test::library(std::move(overrides));
    options.fit_folders = {folder_ / ""};
    return scenario::read_trial_run(std::string(CARINA_SOURCE_TREE) + "/trials/eliana.toml", options);
  }

 private:
  test::Folder folder_;
};

std::size_t index(const scenario::TrialRun& run, const char* name) { return *run.model.find_parameter(name); }

scenario::RunSummary run(const scenario::TrialRun& trial, const std::string& path, int threads, record::Shard shard = {},
                         const std::atomic<bool>* stop = nullptr, record::Existing existing = record::Existing::Refuse) {
  scenario::RunOptions options;
  options.threads = threads;
  options.shard = shard;
  options.stop = stop;
  options.existing = existing;
  return scenario::run_trial(trial, path, options);
}

std::string hash_of(const std::string& path) { return record::hash(record::Recording::open(path, scenario::finish)); }

}  // namespace

TEST_CASE("each simulated trial takes one draw of the joint posterior, whole") {
  Fits fits;
  fits.add("a", fit({parameter("h_failed", {0.001, 0.002, 0.003}), parameter("reject", {0.01, 0.02, 0.03})}));
  const scenario::TrialRun run = fits.eliana();
  std::vector<int> taken(3);
  for (std::uint32_t r = 0; r < 60; ++r) {
    const trial::Theta theta = scenario::theta_of(run, r);
    const std::size_t draw = trial::draw_of(run.seed, r, 0, 3);
    CHECK(theta.typical[index(run, "h_failed")] == run.fits[0].parameters[0].draws[draw]);
    CHECK(theta.typical[index(run, "reject")] == run.fits[0].parameters[1].draws[draw]);
    CHECK(theta.typical[index(run, "rho")] == run.model.parameters[index(run, "rho")].value);
    ++taken[draw];
  }
  for (const int n : taken) CHECK(n > 5);
}

TEST_CASE("uncertainty = none takes the medians, fit = none the model's values, and what is set goes before both") {
  Fits fits;
  fits.add("a", fit({parameter("h_failed", {0.001, 0.002, 0.003})}));
  const auto value = [&](std::vector<scenario::Override> overrides, std::uint32_t replicate) {
    const scenario::TrialRun run = fits.eliana(std::move(overrides));
    return scenario::theta_of(run, replicate).typical[index(run, "h_failed")];
  };
  const scenario::TrialRun plain = fits.eliana();
  for (std::uint32_t r = 0; r < 10; ++r) {
    CHECK(value({{"uncertainty", "none"}}, r) == 0.002);
    CHECK(value({{"fit", "none"}}, r) == plain.model.parameters[index(plain, "h_failed")].value);
    CHECK(value({{"fit", "a"}}, r) == value({}, r));
    CHECK(value({{"model.h_failed", "0.007 1/day"}}, r) == 0.007);
  }
}

TEST_CASE("a fit that takes another as given is put on after it") {
  Fits fits;
  fits.add("a", fit({parameter("h_failed", {0.004})}, {"z"}));
  fits.add("z", fit({parameter("h_failed", {0.001}), parameter("reject", {0.02})}));
  const scenario::TrialRun run = fits.eliana();
  REQUIRE(run.fits.size() == 2);
  CHECK(run.fits[0].name == "z");
  const trial::Theta theta = scenario::theta_of(run, 3);
  CHECK(theta.typical[index(run, "h_failed")] == 0.004);
  CHECK(theta.typical[index(run, "reject")] == 0.02);
}

TEST_CASE("a fit that is not there, and one of a parameter that the model does not have, are refused with a hint") {
  Fits fits;
  fits.add("b_all", fit({parameter("h_faild", {0.001})}));
  const auto problems = [&](std::vector<scenario::Override> overrides) -> std::string {
    try {
      fits.eliana(std::move(overrides));
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  };
  std::string text = problems({{"fit", "b_al"}, {"uncertainty", "some"}});
  CAPTURE(text);
  CHECK(text.find("fit = b_al: no fit b_al concerns this trial (did you mean \"b_all\"?)") != std::string::npos);
  CHECK(text.find("uncertainty = some: must be none") != std::string::npos);
  text = problems({});
  CHECK(text.find(
            "\"h_faild\": is no parameter of reference_patient (carina calibrate x.toml -o fits/x.toml makes it anew)") !=
        std::string::npos);
  CHECK(problems({{"fit", "none"}}) == "none");
}

TEST_SUITE_BEGIN("slow");

TEST_CASE(
    "with a fit a trial's recording has one hash for any number of threads, after a stop and a resume, and from shards") {
  Fits fits;
  fits.add("a", fit({parameter("h_failed", {0.0005, 0.001, 0.002, 0.004, 0.008, 0.016})}));
  const test::Folder folder;
  const scenario::TrialRun trial = fits.eliana();
  const std::string one = folder / "one.h5", three = folder / "three.h5", stopped = folder / "stopped.h5";
  CHECK(run(trial, one, 1).complete);
  CHECK(run(trial, three, 3).complete);
  std::atomic<bool> stop = true;
  CHECK_FALSE(run(trial, stopped, 1, {}, &stop).complete);
  CHECK(run(trial, stopped, 2, {}, nullptr, record::Existing::Resume).complete);
  std::vector<std::string> shards;
  for (std::uint32_t i = 1; i <= 2; ++i) {
    shards.push_back(folder / ("shard" + std::to_string(i) + ".h5"));
    CHECK(run(trial, shards.back(), 2, {i, 2}).complete);
  }
  record::merge(shards, folder / "merged.h5", record::Existing::Refuse, scenario::finish);
  CHECK(hash_of(one) == hash_of(three));
  CHECK(hash_of(one) == hash_of(stopped));
  CHECK(hash_of(one) == hash_of(folder / "merged.h5"));
  CHECK(run(fits.eliana({{"fit", "none"}}), folder / "none.h5", 2).complete);
  CHECK(hash_of(one) != hash_of(folder / "none.h5"));
}

TEST_CASE("a recording holds the fits that it took, and an interrupted run does not go on with another fit of that name") {
  Fits fits;
  fits.add("a", fit({parameter("h_failed", {0.001, 0.002})}));
  const test::Folder folder;
  const scenario::TrialRun before = fits.eliana();
  CHECK(run(before, folder / "whole.h5", 2).complete);
  const record::Recording recording = record::Recording::open(folder / "whole.h5");
  const auto& files = recording.plan().files;
  const auto held = std::find_if(files.begin(), files.end(), [](const auto& file) { return file.kind == "fit"; });
  REQUIRE(held != files.end());
  CHECK(held->text == trial::write_fitted(before.fits[0]));
  std::atomic<bool> stop = true;
  CHECK_FALSE(run(before, folder / "a.h5", 1, {}, &stop).complete);
  fits.add("a", fit({parameter("h_failed", {0.001, 0.003})}));
  CHECK_THROWS_AS(run(fits.eliana(), folder / "a.h5", 1, {}, nullptr, record::Existing::Resume), InputError);
}

TEST_SUITE_END();
