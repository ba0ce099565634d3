// Calibration files, and the whole way from one to a fit.
#include "study/calibration.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/problem.h"
#include "fit/summary.h"
#include "study/calibrate.h"

using namespace carina;
namespace fs = std::filesystem;

namespace {

const std::string tree = CARINA_SOURCE_TREE;

study::Folders folders() {
  return {{tree + "/models"}, {tree + "/products"}, {tree + "/trials"}, {tree + "/fits"}, {tree + "/calibrations"}};
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string messages_of(const std::string& path) {
  try {
    study::read_calibration(path, folders());
  } catch (const InputError& error) {
    std::string text = error.what();
    const std::string folder = fs::path(path).parent_path().string() + "/";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
    return text;
  }
  return "no problem";
}

}  // namespace

TEST_CASE("every calibration of the library is without a problem and each prior has its source") {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(tree + "/calibrations")) {
    const study::Calibration calibration = study::read_calibration(entry.path().string(), folders());
    CAPTURE(calibration.name);
    CHECK(!calibration.priors.empty());
    for (const study::Prior& prior : calibration.priors) {
      CHECK(!prior.source.empty());
      CHECK((prior.layer == trial::Layer::Common) == prior.of.empty());
    }
    ++count;
  }
  CHECK(count >= 1);
}

TEST_CASE("every broken calibration gives exactly the messages that stand beside it") {
  const fs::path folder = fs::path(CARINA_TEST_CASES) / "bad" / "calibrations";
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    ++cases;
    CAPTURE(entry.path().filename().string());
    CHECK(messages_of(entry.path().string()) + "\n" == text_of(fs::path(entry.path()).replace_extension(".expected")));
  }
  CHECK(cases >= 4);
}

TEST_CASE("a trial's file means the calibration that names the trial") {
  CHECK(fs::path(study::find_calibration(tree + "/trials/eliana.toml", folders())).filename() == "b_all.toml");
  CHECK_THROWS_AS(study::find_calibration(tree + "/trials/ctl019_pilot.toml", folders()), InputError);
}

TEST_CASE("attrition and dose stand aside, and every other counted figure of ELIANA to calibrate on is there") {
  const study::Calibration calibration = study::read_calibration(tree + "/calibrations/b_all.toml", folders());
  const study::Posed posed(calibration);
  const auto has = [&](const std::string& name) {
    return std::any_of(posed.problem().figures.begin(), posed.problem().figures.end(),
                       [&](const fit::Figure& figure) { return figure.name == name; });
  };
  for (const char* name : {"overall_response", "rfs_12mo", "crs_grade_3_plus", "half_life_responders",
                           "cmax_responders (CV)", "marrow_to_blood_6mo", "b_cell_aplasia_6mo"})
    CHECK(has(name));
  CHECK(!has("dose"));
  CHECK(!has("crs_grade_4"));
}

TEST_SUITE_BEGIN("slow");

TEST_CASE("a calibration gives one fit for any number of threads, and moves a parameter to where the figures are") {
  study::Calibration calibration =
      study::read_calibration(std::string(CARINA_TEST_CASES) + "/calibrations/small.toml", folders());
  const study::Posed posed(calibration);
  fit::Options options = study::options_of(calibration);
  options.leave_groups_out = options.vary_priors = false;
  std::string hashes[2];
  fit::Summary summary;
  for (const int threads : {1, 3}) {
    options.threads = threads;
    summary = fit::calibrate(posed.problem(), options);
    hashes[threads == 1 ? 0 : 1] = fit::hash(summary);
  }
  CHECK(hashes[0] == hashes[1]);
  // the prior expects five times the interleukin-6 that ELIANA's release allows
  REQUIRE(summary.parameters.size() == 1);
  CHECK(summary.parameters[0].p95 < 2.5e-7);
  CHECK(summary.parameters[0].contraction > 0.5);
  const trial::Fitted fitted = study::fitted_of(calibration, summary, "test");
  CHECK(fitted.draws() == 100);
  CHECK(trial::write_fitted(trial::read_fitted_text(trial::write_fitted(fitted), "x.toml")) == trial::write_fitted(fitted));
}

TEST_SUITE_END();
