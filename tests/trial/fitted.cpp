// Fits: which parameters go to which trial, and that the file keeps every number.
#include "trial/fitted.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "base/problem.h"
#include "model/read.h"
#include "trial/read.h"

using namespace carina;
using trial::Fitted;
using trial::Layer;

namespace {

const std::string tree = CARINA_SOURCE_TREE;

trial::FittedParameter parameter(const std::string& name, Layer layer, const std::string& of, double median) {
  trial::FittedParameter p;
  p.sd = name.starts_with("sd.");
  p.parameter = p.sd ? name.substr(3) : name;
  p.layer = layer;
  if (!of.empty()) p.of = {of};
  p.unit = "1/day";
  p.source = "assumed: \"wide\"";
  p.prior_low = median / 3;
  p.prior_high = median * 3;
  p.low = median / 2;
  p.median = median;
  p.high = median * 2;
  p.contraction = 0.1;
  p.draws = {median / 2, median, median * 2 / 3};
  return p;
}

Fitted example() {
  Fitted fitted;
  fitted.title = "An example";
  fitted.command = "carina calibrate 'a b.toml'";
  fitted.version = "0.1.0";
  fitted.status = "calibrated";
  fitted.seed = 7;
  fitted.trials = {"eliana"};
  fitted.inputs = {{"trials/eliana", "00"}};
  fitted.parameters = {parameter("rho", Layer::Product, "tisagenlecleucel", 2.5),
                       parameter("birth", Layer::Disease, "B-ALL", 0.2), parameter("sd.hsc", Layer::Patient, "eliana", 0.9),
                       parameter("p_6", Layer::Common, "", 1e-8)};
  return fitted;
}

}  // namespace

TEST_CASE("a fit's file reads back to the same numbers") {
  const Fitted fitted = example();
  const std::string text = trial::write_fitted(fitted);
  const Fitted again = trial::read_fitted_text(text, "fits/example.toml");
  CHECK(again.name == "example");
  CHECK(trial::write_fitted(again) == text);
  REQUIRE(again.draws() == 3);
  for (std::size_t i = 0; i < 4; ++i) CHECK(again.parameters[i].draws == fitted.parameters[i].draws);
}

TEST_CASE(
    "a product's parameter goes to its trials, a disease's to its trials, a patients' to its own, a common one to all") {
  const model::Model model = model::read_model(tree + "/models/reference_patient.toml");
  const Fitted fitted = example();
  const auto changed = [&](const std::string& name) {
    const trial::Trial t = trial::read_trial(tree + "/trials/" + name + ".toml");
    trial::Theta theta{std::vector<double>(model.parameters.size()), std::vector<double>(model.parameters.size())};
    trial::apply(fitted, t, model, std::nullopt, theta);
    std::set<std::string> names;
    for (std::size_t i = 0; i < model.parameters.size(); ++i) {
      if (theta.typical[i] != 0) names.insert(model.parameters[i].name);
      if (theta.sd[i] != 0) names.insert("sd." + model.parameters[i].name);
    }
    return names;
  };
  CHECK(changed("eliana") == std::set<std::string>{"rho", "birth", "sd.hsc", "p_6"});
  CHECK(changed("juliet") == std::set<std::string>{"rho", "p_6"});
  CHECK(changed("karmma") == std::set<std::string>{"p_6"});
}

TEST_CASE("the parameters of one draw are put on together") {
  const model::Model model = model::read_model(tree + "/models/reference_patient.toml");
  const trial::Trial eliana = trial::read_trial(tree + "/trials/eliana.toml");
  const Fitted fitted = example();
  const auto rho = *model.find_parameter("rho"), p_6 = *model.find_parameter("p_6");
  for (std::size_t draw = 0; draw < 3; ++draw) {
    trial::Theta theta{std::vector<double>(model.parameters.size()), std::vector<double>(model.parameters.size())};
    trial::apply(fitted, eliana, model, draw, theta);
    CHECK(theta.typical[rho] == fitted.parameters[0].draws[draw]);
    CHECK(theta.typical[p_6] == fitted.parameters[3].draws[draw]);
  }
}

TEST_CASE("simulated trials take every draw about as often, the same one whenever asked") {
  std::vector<int> taken(20);
  for (std::uint32_t r = 0; r < 20'000; ++r) {
    const std::size_t draw = trial::draw_of(3, r, 0, 20);
    REQUIRE(draw < 20);
    CHECK(draw == trial::draw_of(3, r, 0, 20));
    ++taken[draw];
  }
  for (const int n : taken) CHECK(n == doctest::Approx(1000).epsilon(0.15));  // SD of a count is 31
}

TEST_CASE("a broken fit tells all that is wrong") {
  std::string text = trial::write_fitted(example());
  text.replace(text.find("seed = 7"), 8, "seeds = 7");
  text.replace(text.find("layer = \"disease\""), 17, "layer = \"disaese\"");
  text.replace(text.find("draws = [\n  1.25,"), 17, "draws = [\n ");
  std::string messages;
  try {
    trial::read_fitted_text(text, "x.toml");
  } catch (const InputError& error) {
    messages = error.what();
  }
  CHECK(messages.find("seeds") != std::string::npos);
  CHECK(messages.find("disaese") != std::string::npos);
  CHECK(messages.find("must have 2 numbers") != std::string::npos);
}
