// Trials of every disease: each runs, nothing responds by itself, doses and products reach the patients.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "model/library.h"
#include "model/read.h"
#include "product/library.h"
#include "trial/compare.h"
#include "trial/estimate.h"
#include "trial/impl/way.h"
#include "trial/read.h"
#include "trial/setup.h"

using namespace carina;

namespace {

const std::string tree = CARINA_SOURCE_TREE;

// A published trial with its model and product, ready to be simulated.
struct Ready {
  trial::Trial trial;
  model::Model model;
  trial::VirtualSetup setup;

  explicit Ready(const std::string& name) : trial(trial::read_trial(tree + "/trials/" + name + ".toml")) {
    const model::ModelChoice choice = model::find_model(trial::reference_patient_of(trial.disease), {tree + "/models"});
    model = model::read_model(choice.path, choice.variant);
    Problems problems;
    trial::bring(product::find_product(trial.product, {tree + "/products"}, "product"), model, problems);
    problems.throw_if_any();
    setup = trial::setup_of(trial, model, 1, {}, 400);
  }
  Ready(const Ready&) = delete;

  double& parameter(const std::string& name, trial::Theta& theta) const {
    return theta.typical.at(model.find_parameter(name).value());
  }
};

std::vector<trial::PatientRow> simulate(const Ready& ready, const trial::Theta& theta, std::uint32_t number = 0) {
  std::vector<trial::PatientRow> rows;
  REQUIRE(trial::VirtualTrial(ready.setup).replicate(number, theta, rows));
  return rows;
}

const std::array<const char*, 8> others = {"juliet", "zuma_1",      "zuma_2",    "elara",
                                           "karmma", "cartitude_1", "transcend", "ctl019_pilot"};

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("every published trial runs and gives the figures of all its patients that can be estimated") {
  for (const char* name : others) {
    CAPTURE(name);
    Ready ready(name);
    ready.setup.size = 150;
    const auto rows = simulate(ready, trial::VirtualTrial(ready.setup).typical());
    int given = 0;
    for (const trial::Figure& figure : ready.trial.figures) {
      const bool of_all = figure.group == "all" && figure.measure != "duration_of_response" && !figure.dose;
      const bool always = figure.statistic == trial::Statistic::Share || figure.statistic == trial::Statistic::Count ||
                          figure.measure == "cmax" || figure.measure == "auc";
      if (!trial::can_estimate(figure) || !of_all || !always) continue;
      if (figure.measure.find("relapse") != std::string::npos || figure.measure == "auc")
        continue;  // nobody, or another day
      CAPTURE(figure.id);
      CHECK(std::isfinite(trial::estimate(figure, "infused", rows) * trial::figure_factor(figure)));
      ++given;
    }
    CHECK(given >= 3);
    int failed = 0;
    for (const trial::PatientRow& row : rows) failed += row.failed ? 1 : 0;
    CHECK(failed == 0);
  }
}

TEST_CASE("without CAR T cells and lymphodepletion no lymphoma or myeloma responds") {
  for (const char* name : {"juliet", "elara", "zuma_2", "karmma"}) {
    CAPTURE(name);
    Ready ready(name);
    ready.setup.size = 60;
    ready.setup.pathway.bridging.share = 0;
    trial::Theta theta = trial::VirtualTrial(ready.setup).typical();
    ready.parameter("engraft", theta) = 1e-300;
    ready.parameter("kLD_T", theta) = 0;
    theta.sd.at(ready.model.find_parameter("birth").value()) =
        0;  // a tumour that shrinks by itself may be one in a thousand
    int infused = 0;
    for (const trial::PatientRow& row : simulate(ready, theta)) {
      if (!row.infused()) continue;
      ++infused;
      CHECK_FALSE(row.outcome.responded);
      CHECK(row.crs.highest == 0);
    }
    CHECK(infused > 30);
  }
}

TEST_CASE("KarMMa's three doses are given to as many as were planned, and a figure of one dose is of its patients") {
  Ready ready("karmma");
  ready.setup.size = 600;
  const auto rows = simulate(ready, trial::VirtualTrial(ready.setup).typical());
  int low = 0, middle = 0, high = 0;
  for (const trial::PatientRow& row : rows) {
    low += row.planned_dose == 150e6 ? 1 : 0;
    middle += row.planned_dose == 300e6 ? 1 : 0;
    high += row.planned_dose == 450e6 ? 1 : 0;
    if (row.infused()) CHECK(row.cells <= row.planned_dose);
  }
  CHECK(low + middle + high == 600);
  CHECK(std::fabs(high - 600 * 54.0 / 128) < 4 * std::sqrt(600 * 0.42 * 0.58));
  CHECK(std::fabs(low - 600 * 4.0 / 128) < 4 * std::sqrt(600 * 0.031 * 0.969));
  trial::Figure figure;
  figure.measure = "dose";
  figure.statistic = trial::Statistic::Median;
  figure.unit = "cell";
  figure.dose = trial::Quantity{"450e6 cell", 450e6};
  CHECK(trial::estimate(figure, "infused", rows) == 450e6);
  figure.dose->value = 300e6;
  CHECK(trial::estimate(figure, "infused", rows) == 300e6);
}

TEST_CASE("a level in cells and one in copies are the same measurement, and each answers the figure in its unit") {
  Ready ready("zuma_1");
  ready.setup.size = 60;
  const auto rows = simulate(ready, trial::VirtualTrial(ready.setup).typical());
  trial::Figure figure;
  figure.measure = "cmax";
  figure.statistic = trial::Statistic::Median;
  figure.unit = "cell/uL";
  const double cells = trial::estimate(figure, "infused", rows);
  CHECK(trial::figure_factor(figure) == 1);
  figure.unit = "copies/ug";
  const double copies = trial::estimate(figure, "infused", rows);
  CHECK(trial::figure_factor(figure) == 1);
  // 150,000 copies/ug when every nucleated cell carries one; blood holds 50 to 20,000 such cells in a uL
  CHECK(copies / cells > 150'000.0 / 20'000);
  CHECK(copies / cells < 150'000.0 / 50);
}

TEST_SUITE_END();

TEST_CASE("what a product brings stands in the model, and what does not fit is refused") {
  const Ready ready("zuma_1");
  const auto value = [&](const char* name) {
    return ready.model.parameters[ready.model.find_parameter(name).value()].value;
  };
  CHECK(value("fit") == 1.1);
  CHECK(value("contract") == 1.5);
  product::Product product;
  product.file = "test.toml";
  product.model = {
      {"fitt", "1.1", true, {}}, {"d_E", "3 day", true, {}}, {"in_mass", "2", true, {}}, {"tau_m", "1 day", true, {}}};
  model::Model model = ready.model;
  Problems problems;
  trial::bring(product, model, problems);
  std::string text = "none";
  try {
    problems.throw_if_any();
  } catch (const InputError& error) {
    text = error.what();
  }
  CHECK(text.find("model.fitt = 1.1: is no parameter of the reference patient (did you mean \"fit\"?)") !=
        std::string::npos);
  CHECK(text.find("model.d_E = 3 day") != std::string::npos);
  CHECK(text.find("model.in_mass = 2: must lie between 0 and 1") != std::string::npos);
  CHECK(text.find("tau_m") == std::string::npos);
  CHECK(model.parameters[model.find_parameter("tau_m").value()].value == 24);  // hour
}

TEST_CASE("lymphodepletion is as strong as its doses are beside ELIANA's") {
  const auto strength = [](const std::string& name) {
    return trial::impl::strength_of(trial::read_trial(tree + "/trials/" + name + ".toml"));
  };
  CHECK(strength("eliana") == 1);
  CHECK(strength("juliet") == doctest::Approx((75.0 / 120 + 750.0 / 1000) / 2));
  CHECK(strength("zuma_1") == doctest::Approx((90.0 / 120 + 1500.0 / 1000) / 2));
}
