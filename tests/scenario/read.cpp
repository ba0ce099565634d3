#include "scenario/read.h"

#include <doctest/doctest.h>

#include <fstream>

#include "base/problem.h"
#include "scenario/impl/quantity.h"
#include "scenario/support.h"

using namespace carina;
using test::read;
using test::stein;

namespace {

std::vector<double> times(const std::string& text, double until) {
  Refusal refusal;
  const auto schedule = scenario::impl::Schedule::parse(text, known_unit("day"), refusal);
  REQUIRE(schedule);
  const auto list = schedule->times(0, until, refusal);
  REQUIRE(list);
  return *list;
}

std::string problem(const std::string& text, std::vector<scenario::Override> overrides = {}) {
  try {
    read(text, std::move(overrides));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a schedule lists times, and goes on from the last one") {
  CHECK(times("0, 1, 3, 7 day", 100) == std::vector<double>{0, 1, 3, 7});
  CHECK(times("0, 12 hour, then every 1 day to 3 day", 100) == std::vector<double>{0, 0.5, 1.5, 2.5});
  CHECK(times("0, 1 day, then every 30 day", 91) == std::vector<double>{0, 1, 31, 61, 91});
  CHECK(times("every 1 week", 21) == std::vector<double>{0, 7, 14, 21});
  CHECK(times("0, 24, 48 hour", 9) == std::vector<double>{0, 1, 2});
}

TEST_CASE("an interval that divides the span reaches its end, whatever the rounding") {
  const std::vector<double> list = times("every 0.1 day", 28);
  CHECK(list.size() == 281);
  CHECK(list.back() == 28);
}

TEST_CASE("numbers have the unit of what they are for, and texts are converted") {
  const auto s = read(stein(1) + "[model.set]\nTmax = \"216 hour\"\nfoldx = 100\n");
  CHECK(s.typical[*s.model.find_parameter("Tmax")] == 9);
  CHECK(s.typical[*s.model.find_parameter("foldx")] == 100);
  CHECK(s.typical[*s.model.find_parameter("Cmax")] == 24000);
}

TEST_CASE("an override replaces a value by its key path") {
  const auto s = read(stein(10), {{"population.size", "77"}, {"model.set.Tmax", "2 week"}, {"title", "by hand"}});
  CHECK(s.population.size == 77);
  CHECK(s.typical[*s.model.find_parameter("Tmax")] == 14);
  CHECK(s.title == "by hand");
}

TEST_CASE("an override reaches into a list") {
  const std::string text =
      "scenario = 1\n[model]\nuse = \"tocilizumab_frey_2010\"\n[[dose]]\ninto = \"A1\"\namount = \"5 mg\"\n"
      "[output]\nuntil = \"9 day\"\nevery = \"1 day\"\n";
  CHECK(read(text, {{"dose[0].amount", "7 g"}}).doses[0].amount == "7 g");
  CHECK(problem(text, {{"dose[1].amount", "7 g"}}) == "--set dose[1].amount = 7 g: \"dose\" has 1 entries, numbered from 0");
  CHECK(problem(text, {{"dose[0].amount", "7 day"}}) == "dose[0].amount = \"7 day\": has unit day, but must have unit mg");
}

TEST_CASE("a resolved scenario reads back to the same scenario") {
  std::vector<std::string> texts = {
      stein(
          10,
          "reduce = \"all\"\n[observe]\nvisits = \"0, 7, 14 day\"\nlloq = \"50 copies/ug\"\n[solver]\natol = { E = 1e-7 }\n"
          "[[published]]\nendpoint = \"Cmax\"\nstatistic = \"median\"\nvalue = \"24 copies/ng\"\nsource = \"here, "
          "\\\"quoted\\\"\"\n"),
      "scenario = 1\n[model]\nuse = \"tocilizumab_frey_2010\"\n[population.covariates]\nBSA = \"normal(1.8 m^2, 0.2 m^2)\"\n"
      "[population.sd]\nCL0 = 0.2\n[[dose]]\ninto = \"A1\"\namount = \"100 'mg/m^2' * BSA\"\nevery = \"1 week\"\ncount = 3\n"
      "[output]\nuntil = \"60 day\"\ntimes = \"0, 1 day, then every 7 day\"\n"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(CARINA_SOURCE_TREE) + "/scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream file(entry.path());
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  REQUIRE(texts.size() >= 5);
  for (const std::string& text : texts) {
    const auto first = read(text);
    const std::string resolved = scenario::resolved_text(first);
    const auto second = read(resolved);
    CHECK(scenario::resolved_text(second) == resolved);
    CHECK(second.output.times == first.output.times);
    CHECK(second.typical == first.typical);
    CHECK(second.protocol.doses.size() == first.protocol.doses.size());
  }
}

TEST_CASE("a resolved scenario refuses a model that has changed since") {
  std::string resolved = scenario::resolved_text(read(stein(1)));
  const std::size_t at = resolved.find("hash = \"") + 8;
  resolved[at] = resolved[at] == '0' ? '1' : '0';
  CHECK(problem(resolved).find("the model's file has another hash") != std::string::npos);
}

TEST_CASE("covariates come from a table beside the scenario") {
  const test::Folder folder;
  std::ofstream(folder / "patients.csv")
      << "\xef\xbb\xbf# measured\nindividual,BSA [dm^2],ALB\n1,180,30\n2,\"200\",41 g/L\n";
  const std::string head =
      "scenario = 1\n[model]\nuse = \"tocilizumab_frey_2010\"\n[output]\nuntil = \"2 day\"\nevery = \"1 day\"\n";
  std::ofstream(folder / "s.toml") << head + "[population]\ncovariates = \"patients.csv\"\n";
  const auto s = scenario::read_scenario(folder / "s.toml", test::library());
  CHECK(s.population.size == 2);
  REQUIRE(s.covariates.size() == 2);
  CHECK(s.covariates[0].values[1] == doctest::Approx(2.0).epsilon(1e-15));
  CHECK(s.covariates[1].values == std::vector<double>{30, 41});
}
