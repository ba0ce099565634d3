// Whether a fit is still of its files.
#include "study/stale.h"

#include <doctest/doctest.h>

#include "fit/summary.h"
#include "study/calibrate.h"

using namespace carina;

namespace {

const std::string tree = CARINA_SOURCE_TREE;
const std::string cases = CARINA_TEST_CASES;

// The library, with calibrations of another folder.
study::Folders folders(const std::string& calibrations) {
  return {{tree + "/models"}, {tree + "/products"}, {tree + "/trials"}, {tree + "/fits"}, {calibrations}};
}

// A fit as it would be made now, without its numbers.
trial::Fitted fresh() {
  const study::Calibration calibration =
      study::read_calibration(cases + "/calibrations/small.toml", folders(cases + "/calibrations"));
  fit::Summary summary;
  summary.parameters.resize(calibration.priors.size());
  return study::fitted_of(calibration, summary, "carina calibrate small.toml -o small.toml");
}

}  // namespace

TEST_CASE("the fits that come with carina are of its models, trials and calibrations as they are") {
  const std::vector<trial::Fitted> fits = trial::read_fits({tree + "/fits"});
  CHECK(fits.size() >= 3);
  for (const trial::Fitted& fitted : fits) {
    CAPTURE(fitted.name);
    CHECK(study::stale_inputs(fitted, folders(tree + "/calibrations")).empty());
  }
}

TEST_CASE("a fit is stale when its model, its trial or its calibration is another than it was, and only then") {
  const trial::Fitted fitted = fresh();
  REQUIRE(fitted.inputs.size() == 4);
  CHECK(study::stale_inputs(fitted, folders(cases + "/calibrations")).empty());
  for (std::size_t i = 0; i < fitted.inputs.size(); ++i) {
    trial::Fitted old = fitted;
    old.inputs[i].hash[0] = old.inputs[i].hash[0] == '0' ? '1' : '0';
    CHECK(study::stale_inputs(old, folders(cases + "/calibrations")) == std::vector<std::string>{fitted.inputs[i].name});
  }
}

TEST_CASE("a fit whose inputs are gone is stale, and the sentence names them and what to type") {
  trial::Fitted fitted = fresh();
  for (trial::FitInput& input : fitted.inputs) {
    if (input.name == "trials/eliana") input.name = "trials/gone";
  }
  const std::vector<std::string> stale = study::stale_inputs(fitted, folders(tree + "/calibrations"));
  CHECK(stale == std::vector<std::string>{"calibrations/small", "trials/gone"});
  CHECK(study::stale_sentence(fitted, stale) ==
        "small was made of other calibrations/small and trials/gone; "
        "carina calibrate small.toml -o small.toml makes it anew");
  CHECK(study::stale_sentence(fitted, {}).empty());
}
