// Published: the cure probabilities of Kimmel 2021, Proc R Soc B 288:20210229, as the authors' notebook gives them (github
// MathOnco/CARTecology f20782f), for seven sizes of the tumour at infusion.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "scenario/support.h"

using namespace carina;

TEST_SUITE("slow") {
  TEST_CASE("the seven cure probabilities of Kimmel 2021 come out within 0.05 of 100 000 individuals each") {
    const std::pair<const char*, double> published[] = {{"4.24 mL", 0.663},   {"23.84 mL", 0.524},  {"58.27 mL", 0.472},
                                                        {"132.83 mL", 0.392}, {"225.13 mL", 0.348}, {"499.6 mL", 0.295},
                                                        {"659.4 mL", 0.302}};
    const std::string path = std::string(CARINA_SOURCE_TREE) + "/scenarios/kimmel_cure.toml";
    for (const auto& [tumour, probability] : published) {
      const test::Folder folder;
      const auto s = scenario::read_scenario(path, test::library({{"model.set.B0", tumour}, {"output.until", "200 day"}}));
      test::run(s, folder / "cure.h5", 2);
      const auto recording = record::Recording::open(folder / "cure.h5");
      const double cured = recording.read("summary").column("mean").doubles()[0];
      CAPTURE(tumour);
      CAPTURE(cured);
      CHECK(recording.read("summary").column("n").integers()[0] == 100'000);
      CHECK(std::fabs(cured - probability) < 0.05);
    }
  }
}
