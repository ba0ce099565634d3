#include <doctest/doctest.h>

#include "model/library.h"
#include "model/read.h"
#include "scenario/checks.h"

using namespace carina;

TEST_CASE("every model of the library gives the values that its file promises") {
  int checks = 0;
  for (const model::LibraryEntry& entry : model::list_models({std::string(CARINA_SOURCE_TREE) + "/models"})) {
    std::vector<std::string> variants = {""};
    for (const model::Variant& variant : entry.variants) variants.push_back(variant.name);
    for (const std::string& variant : variants) {
      for (const scenario::CheckResult& result : scenario::run_checks(model::read_model(entry.path, variant))) {
        const std::string about =
            entry.name + (variant.empty() ? "" : ":" + variant) + ", " + result.name + ": " + result.text;
        CAPTURE(about);
        CHECK(result.passed);
        ++checks;
      }
    }
  }
  CHECK(checks > 100);
}

TEST_CASE("a check whose value is wrong fails, for each kind of check") {
  const std::string head =
      "model = 1\ntitle = \"t\"\ntime = \"day\"\nsource = \"s\"\nstatus = \"specified\"\nsummary = \"s\"\n[sources.s]\ncite "
      "= \"c\"\n"
      "[parameters]\nk = { value = 0.5, unit = \"1/day\" }\n[states]\n"
      "x = { unit = \"cell\", start = \"0 'cell'\", rate = \"10 'cell/day' * exp(-in(t, 'day')) - k*x\", scale = 1 }\n"
      "y = { unit = \"cell\", start = \"8 'cell'\", rate = \"-k*y\", scale = 1 }\n";
  const auto passed = [&](const std::string& statistic, const std::string& more, double value, const std::string& unit) {
    const std::string text = head + "[[check]]\nname = \"n\"\nsource = \"s\"\nrelative = 1e-6\nstatistic = \"" + statistic +
                             "\"\n" + more + "value = " + std::to_string(value) + "\nunit = \"" + unit + "\"\n";
    const auto results = scenario::run_checks(model::read_model_text(text, "t.toml"));
    REQUIRE(results.size() == 1);
    return results[0].passed;
  };
  // x = 20 (exp(-t/2) - exp(-t)): highest at t = 2 log 2, where it is 5; its area from 0 is 20 (1 - 2 exp(-t/2) + exp(-t)) and so on
  const std::string x = "of = \"x\"\nuntil = \"9 day\"\n", y = "of = \"y\"\nuntil = \"4 day\"\n";
  CHECK(passed("max", x, 5, "cell"));
  CHECK_FALSE(passed("max", x, 5.0001, "cell"));
  CHECK(passed("tmax", x, 1.386294361, "day"));
  CHECK_FALSE(passed("tmax", x, 1.3864, "day"));
  CHECK(passed("min", y, 1.0826822658929016, "cell"));
  CHECK_FALSE(passed("min", y, 1.083, "cell"));
  CHECK(passed("auc", y, 13.834635468, "day cell"));
  CHECK_FALSE(passed("auc", y, 13.8347, "day cell"));
  CHECK(passed("half_life", y, 1.386294361, "day"));
  CHECK_FALSE(passed("half_life", y, 1.3864, "day"));
  CHECK(passed("crosses", y + "level = \"4 cell\"\n", 1.386294361, "day"));
  CHECK_FALSE(passed("crosses", y + "level = \"4 cell\"\n", 1.3864, "day"));
}
