// Published: the cure probabilities of Kimmel 2021, Proc R Soc B 288:20210229, as the authors' notebook gives them (github
// MathOnco/CARTecology f20782f), for seven sizes of the tumour at infusion.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "scenario/support.h"

using namespace carina;

namespace {

double cured(std::vector<scenario::Override> overrides) {
  const test::Folder folder;
  const std::string path = std::string(CARINA_SOURCE_TREE) + "/scenarios/kimmel_cure.toml";
  overrides.push_back({"output.until", "200 day"});
  test::run(scenario::read_scenario(path, test::library(std::move(overrides))), folder / "cure.h5", 2);
  const record::Table summary = record::Recording::open(folder / "cure.h5").read("summary");
  CHECK(summary.column("n").integers()[0] == 100'000);
  return summary.column("mean").doubles()[0];
}

}  // namespace

TEST_SUITE("slow") {
  TEST_CASE("the seven cure probabilities of Kimmel 2021 come out within 0.05 of 100 000 individuals each") {
    const std::pair<const char*, double> published[] = {{"4.24 mL", 0.663},   {"23.84 mL", 0.524},  {"58.27 mL", 0.472},
                                                        {"132.83 mL", 0.392}, {"225.13 mL", 0.348}, {"499.6 mL", 0.295},
                                                        {"659.4 mL", 0.302}};
    for (const auto& row : published) {
      const double found = cured({{"model.set.B0", row.first}});
      CAPTURE(row.first);
      CAPTURE(found);
      CHECK(std::fabs(found - row.second) < 0.05);
    }
  }

  TEST_CASE("a tumour of 94.86 mL is cured with Kendall's probability when everybody is alike") {
    // exp(-cells/(1 + I)), I the integral of deaths, as if every cell had its chance from the start; from 100 cells on that
    // costs (ln p)^2/200 of p, here 0.003, beside four standard errors of 0.0011
    const double found = cured({{"model.set.B0", "94.86 mL"}, {"population.variability", "false"}});
    CAPTURE(found);
    CHECK(std::fabs(found - 0.140) < 0.0073);
  }
}
