#include "figures/pair.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/problem.h"
#include "scenario/support.h"

using namespace carina;
using record::Recording;

namespace {

// Tocilizumab after one dose, in individuals that vary much, with a number, an analysis and an event.
std::string tocilizumab(const std::string& amount) {
  return "scenario = 1\nseed = 4\n[model]\nuse = \"tocilizumab_frey_2010\"\n[population]\nsize = 150\n[[dose]]\ninto = "
         "\"A1\"\n"
         "amount = \"" +
         amount +
         "\"\n[output]\nuntil = \"40 day\"\nevery = \"1 day\"\nreduce = [\"nca\"]\n[[endpoint]]\nname = \"left\"\nis = "
         "\"A1\"\n"
         "unit = \"mg\"\nat = \"14 day\"\n[[endpoint]]\nname = \"gone\"\nwhen = \"A1 < 20 'mg' and t > 0 'day'\"\n";
}

nlohmann::json pair(const std::string& a, const std::string& b) {
  return nlohmann::json::parse(figures::pair_json(Recording::open(a), Recording::open(b)));
}

std::string refusal(const std::string& a, const std::string& b) {
  try {
    figures::pair_text(Recording::open(a), Recording::open(b));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a run paired with itself differs nowhere") {
  const test::Folder folder;
  test::run(test::read(tocilizumab("560 mg")), folder / "a.h5");
  const auto json = pair(folder / "a.h5", folder / "a.h5");
  CHECK(json["endpoints"].size() > 4);
  for (const auto& row : json["endpoints"]) {
    for (const char* key : {"median", "p5", "p95"}) CHECK(row["difference"][key] == 0);
    CHECK(row["b_above_a"] == 0);
  }
  CHECK(json["time_to_event"][0]["a_only"] == 0);
  CHECK(json["time_to_event"][0]["b_only"] == 0);
  CHECK(json["time_to_event"][0]["survival_a"] == json["time_to_event"][0]["survival_b"]);
}

TEST_CASE("a dose is told apart by pairs far better than by the two populations") {
  const test::Folder folder;
  test::run(test::read(tocilizumab("560 mg")), folder / "a.h5");
  test::run(test::read(tocilizumab("600 mg")), folder / "b.h5");
  const auto json = pair(folder / "a.h5", folder / "b.h5");
  for (const auto& row : json["endpoints"]) {
    if (row["endpoint"] != "Cmax") continue;
    CHECK(row["n"] == 150);
    CHECK(row["b_above_a"] == 1);
    const auto cmax = Recording::open(folder / "a.h5").read("summary");
    const double spread = cmax.column("p95").doubles()[1] / cmax.column("p5").doubles()[1] - 1;
    const double paired = row["ratio"]["p95"].get<double>() / row["ratio"]["p5"].get<double>() - 1;
    CAPTURE(spread);
    CHECK(cmax.column("endpoint").texts()[1] == "Cmax");
    CHECK(paired < 0.1 * spread);
  }
  const auto& event = json["time_to_event"][0];
  const int all =
      event["a_only"].get<int>() + event["b_only"].get<int>() + event["both"].get<int>() + event["neither"].get<int>();
  CHECK(all == 150);
  CHECK(event["b_only"] == 0);  // more drug is never gone sooner
  CHECK(figures::pair_text(Recording::open(folder / "a.h5"), Recording::open(folder / "b.h5")).find("median B") !=
        std::string::npos);
}

TEST_CASE("recordings of other individuals are not paired") {
  const test::Folder folder;
  test::run(test::read(tocilizumab("560 mg")), folder / "a.h5");
  test::run(test::read(tocilizumab("560 mg"), {{"seed", "5"}, {"population.size", "20"}}), folder / "other.h5");
  test::run(test::read(tocilizumab("560 mg"), {{"population.sd.CL0", "0.9"}}), folder / "wider.h5");
  test::run(test::read(tocilizumab("560 mg"), {{"endpoint[1].until", "30 day"}, {"endpoint[0].unit", "g"}}),
            folder / "ends.h5");
  CHECK(refusal(folder / "a.h5", folder / "other.h5") ==
        "seed = 4 and 5: must be the same: other seeds are other individuals (--seed sets it)\n"
        "individuals = 150 and 20: must be as many in both (--set population.size sets it)");
  CHECK(refusal(folder / "a.h5", folder / "wider.h5").starts_with("CL0 = "));
  CHECK(refusal(folder / "a.h5", folder / "ends.h5") ==
        "left = mg and g: must have one unit in both\n"
        "gone = 40 day and 30 day: must have one end of follow-up in both");
}
