#include "trial/read.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/problem.h"
#include "trial/library.h"
#include "trial/page.h"
#include "trial/words.h"
#include "trial/write.h"

namespace {

namespace fs = std::filesystem;
using namespace carina;
using namespace carina::trial;

const std::string library = std::string(CARINA_SOURCE_TREE) + "/trials";

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Trial> all_trials() {
  std::vector<Trial> list;
  for (const LibraryEntry& entry : list_trials({library})) list.push_back(read_trial(entry.path));
  return list;
}

const Trial& trial_of(const std::string& name) {
  static const std::vector<Trial> all = all_trials();
  return *std::find_if(all.begin(), all.end(), [&](const Trial& t) { return t.name == name; });
}

const Figure& figure(const Trial& t, const std::string& id) {
  const auto f = std::find_if(t.figures.begin(), t.figures.end(), [&](const Figure& g) { return g.id == id; });
  REQUIRE_MESSAGE(f != t.figures.end(), id);
  return *f;
}

}  // namespace

TEST_CASE("every trial of the library is read, and its figures say what, of whom, what for and whence") {
  const std::vector<Trial> trials = all_trials();
  std::vector<std::string> names;
  for (const Trial& t : trials) names.push_back(t.name);
  CHECK(names == std::vector<std::string>{"cartitude_1", "ctl019_pilot", "elara", "eliana", "juliet", "karmma",
                                          "obe_cel_label", "transcend", "zuma_1", "zuma_2"});
  for (const Trial& t : trials) {
    CAPTURE(t.name);
    CHECK((t.figures.size() >= 15 || t.name == "obe_cel_label"));
    for (const Figure& f : t.figures) {
      CAPTURE(f.id);
      CHECK((!f.definition.empty() && !f.denominator.empty() && !f.cut.empty() && !f.source.empty()));
    }
  }
}

TEST_CASE("the resolved text of every trial reads back to the same trial") {
  std::vector<Trial> trials = all_trials();
  trials.push_back(read_trial(std::string(CARINA_TEST_CASES) + "/trials/randomised_crossover.toml"));
  for (const Trial& t : trials) {
    const std::string text = write_resolved(t);
    const Trial again = read_trial_text(text, t.file);
    CAPTURE(t.name);
    CHECK(write_resolved(again) == text);
    CHECK(page_json(again) == page_json(t));
  }
}

TEST_CASE("every broken trial gives exactly the messages that stand beside it") {
  const fs::path folder = fs::path(CARINA_TEST_CASES) / "bad" / "trials";
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    ++cases;
    std::string messages = "no problem";
    try {
      read_trial_text(text_of(entry.path()), entry.path().filename().string());
    } catch (const InputError& error) {
      messages = error.what();
    }
    CAPTURE(entry.path().filename().string());
    CHECK(messages + "\n" == text_of(fs::path(entry.path()).replace_extension(".expected")));
  }
  CHECK(cases >= 14);
}

TEST_CASE("a randomised design tells its arms, their allocation and who may cross over when") {
  const Trial t = read_trial(std::string(CARINA_TEST_CASES) + "/trials/randomised_crossover.toml");
  REQUIRE(t.arms.size() == 2);
  CHECK(t.arms[0].ratio == 2);
  CHECK(t.arms[1].ratio == 1);
  CHECK(!t.arms[0].crossover.has_value());
  REQUIRE(t.arms[1].crossover.has_value());
  CHECK(t.arms[1].crossover->to == "car_t");
  CHECK(t.arms[1].crossover->after->value == 30);
  CHECK(t.arms[1].crossover->share->value.value == doctest::Approx(0.56).epsilon(1e-15));
  CHECK(t.design.stratified_by == std::vector<std::string>{"ecog", "prior_lines"});
  CHECK(figure(t, "efs_hazard_ratio").against == "standard");
}

TEST_CASE("a trial without arms has one of its product") {
  const std::string text = text_of(library + "/elara.toml");
  const std::size_t arm = text.find("[[arm]]");
  const std::size_t after = text.find("\n[[", arm + 1);
  const Trial t = read_trial_text(text.substr(0, arm) + text.substr(after), "elara.toml");
  REQUIRE(t.arms.size() == 1);
  CHECK(t.arms[0].product == "tisagenlecleucel");
}

TEST_CASE("times, shares and doses are in day, fraction and cells whatever unit they are written in") {
  const Trial& t = trial_of("eliana");
  CHECK(t.protocol.lymphodepleted->value.value == doctest::Approx(0.96).epsilon(1e-15));
  CHECK(t.design.accrual->value.value == doctest::Approx(730.5).epsilon(1e-15));
  CHECK(t.protocol.neurotoxicity_window->value.value == 56);
  CHECK(figure(t, "efs_6mo").at->value == doctest::Approx(182.625).epsilon(1e-15));
  CHECK(figure(trial_of("karmma"), "overall_response_450").dose->value == 450e6);
}

TEST_CASE("the calibration set of ELIANA is complete, and the 2020 cut is shown without being counted") {
  const Trial& t = trial_of("eliana");
  for (const char* id : {"overall_response",
                         "complete_response",
                         "rfs_6mo",
                         "rfs_12mo",
                         "efs_6mo",
                         "efs_12mo",
                         "os_6mo",
                         "os_12mo",
                         "crs_any",
                         "crs_grade_3_plus",
                         "tocilizumab",
                         "steroids_in_crs",
                         "crs_onset",
                         "crs_duration",
                         "b_cell_aplasia_6mo",
                         "relapse_cd19_negative",
                         "manufacturing_failure",
                         "made_not_infused",
                         "cmax_responders",
                         "tmax_responders",
                         "auc_28d_responders",
                         "half_life_responders"}) {
    CAPTURE(id);
    CHECK((figure(t, id).role == Role::Calibrate && figure(t, id).counted()));
  }
  for (const Figure& f : t.figures)
    if (f.cut == "2020") CHECK((f.role == Role::Check && !f.counted()));
}

TEST_CASE("outside ELIANA only anchors, kinetics, attrition, waits, doses and what the log of roles moved may calibrate") {
  const std::map<std::string, std::vector<std::string>> anchors = {
      {"juliet", {"overall_response", "complete_response"}},
      {"karmma", {"overall_response_450", "complete_response_450", "pfs_median_450", "crs_any", "crs_grade_3_plus"}},
      {"zuma_1", {"crs_any", "crs_grade_3_plus"}},
      {"transcend", {"crs_any", "crs_grade_3_plus", "overall_response", "complete_response", "dor_median", "os_median"}},
      {"zuma_2", {"overall_response", "complete_response"}},
      {"cartitude_1", {"crs_any", "crs_grade_3_plus"}},
  };
  const std::vector<std::string> always = {"cmax",
                                           "tmax",
                                           "auc",
                                           "half_life",
                                           "marrow_to_blood",
                                           "persistence",
                                           "time_to_below_limit",
                                           "manufacturing_failure",
                                           "made_not_infused",
                                           "not_infused",
                                           "death_before_infusion",
                                           "adverse_event_before_infusion",
                                           "physician_decision_before_infusion",
                                           "nonconforming_product",
                                           "collection_to_infusion",
                                           "dose"};
  for (const Trial& t : all_trials()) {
    if (t.name == "eliana") continue;
    for (const Figure& f : t.figures) {
      if (f.role == Role::Check) continue;
      const auto known = anchors.find(t.name);
      const bool anchor =
          known != anchors.end() && std::find(known->second.begin(), known->second.end(), f.id) != known->second.end();
      CAPTURE(t.name);
      CAPTURE(f.id);
      CHECK((anchor || std::find(always.begin(), always.end(), f.measure) != always.end()));
    }
    if (const auto known = anchors.find(t.name); known != anchors.end())
      for (const std::string& id : known->second) CHECK(figure(t, id).role == Role::Calibrate);
  }
}

TEST_CASE("what the protocol says of doses is what the figures say") {
  for (const Trial& t : all_trials()) {
    for (const Figure& f : t.figures) {
      if (f.measure != "dose" && f.measure != "dose_per_kg") continue;
      const std::string per = f.measure == "dose" ? "patient" : "kg";
      CAPTURE(t.name);
      CAPTURE(f.id);
      CHECK(std::any_of(t.protocol.doses.begin(), t.protocol.doses.end(), [&](const GivenDose& d) {
        return d.per == per && d.median.value == *f.value && d.low->value == *f.low && d.high->value == *f.high;
      }));
    }
  }
}

TEST_CASE("a figure of a source that was not seen is recalled, without being told so") {
  const Figure& f = figure(trial_of("zuma_1"), "cmax_responders");
  CHECK(f.recalled);
  CHECK(!figure(trial_of("zuma_1"), "crs_any").recalled);
}

TEST_CASE("docs/trials.md counts the figures of each trial as they are") {
  const std::string page = text_of(std::string(CARINA_SOURCE_TREE) + "/docs/trials.md");
  for (const Trial& t : all_trials()) {
    const FigureCounts c = count_figures(t);
    std::ostringstream row;
    row << "| " << t.name << " | " << c.calibrate << " | " << c.check << " | " << c.overlapped << " | " << c.recalled
        << " |";
    CAPTURE(row.str());
    CHECK(page.find(row.str()) != std::string::npos);
  }
}

TEST_CASE("an unknown trial is refused with the nearest name") {
  try {
    find_trial("elianna", {library});
    CHECK(false);
  } catch (const InputError& error) {
    CHECK(std::string(error.what()) == "trial = \"elianna\": is no known trial (did you mean \"eliana\"?)");
  }
}

TEST_CASE("docs/trials.md explains every measure, group and variable") {
  const std::string page = text_of(std::string(CARINA_SOURCE_TREE) + "/docs/trials.md");
  const auto explained = [&](const std::string& name) { return page.find("| `" + name + "` |") != std::string::npos; };
  for (const Measure& m : measures()) CHECK_MESSAGE(explained(m.name), m.name);
  for (const Word& w : groups()) CHECK_MESSAGE(explained(w.name), w.name);
  for (const Variable& v : variables()) CHECK_MESSAGE(explained(v.name), v.name);
}
