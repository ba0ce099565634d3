#include "product/dose.h"

#include <doctest/doctest.h>

#include "base/problem.h"
#include "product/support.h"

using namespace carina;
using test::patient;

namespace {

product::DoseAnswer dose(const std::string& brand, const std::string& indication, const std::string& lines,
                         const std::string& date = "2026-03-01") {
  return product::labelled_dose(test::product_called(brand), {indication, patient(lines), "US", test::day(date)});
}

std::string refusal(const std::string& brand, const std::string& indication, const std::string& lines) {
  try {
    dose(brand, indication, lines);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("Kymriah in ALL goes by weight up to and including 50 kg, and is flat above") {
  const auto light = dose("Kymriah", "b_all", "weight = \"38 kg\"\n");
  CHECK(light.allowed);
  CHECK(light.low == doctest::Approx(7.6e6));
  CHECK(light.high == doctest::Approx(1.9e8));
  const auto at = dose("Kymriah", "b_all", "weight = \"50 kg\"\n");
  CHECK(at.low == doctest::Approx(0.1e8));
  CHECK(at.high == doctest::Approx(2.5e8));
  CHECK(at.rule->per_kg);
  const auto above = dose("Kymriah", "b_all", "weight = \"50.1 kg\"\n");
  CHECK_FALSE(above.rule->per_kg);
  CHECK(above.low == 0.1e8);
  CHECK(above.high == 2.5e8);
  CHECK(dose("Kymriah", "b_all", "weight = \"38000 g\"\n").low == doctest::Approx(7.6e6));
}

TEST_CASE("a cap holds a dose by weight") {
  const auto light = dose("Yescarta", "lbcl", "weight = \"70 kg\"\n");
  CHECK(light.low == doctest::Approx(1.4e8));
  CHECK_FALSE(light.capped);
  const auto heavy = dose("Yescarta", "lbcl", "weight = \"104 kg\"\n");
  CHECK(heavy.low == 2e8);
  CHECK(heavy.high == 2e8);
  CHECK(heavy.capped);
  CHECK_FALSE(dose("Yescarta", "lbcl", "weight = \"100 kg\"\n").capped);
  const auto range = dose("Carvykti", "myeloma", "weight = \"120 kg\"\n");
  CHECK(range.low == doctest::Approx(6e7));
  CHECK(range.high == 1e8);
  CHECK(range.capped);
}

TEST_CASE("obe-cel is split by marrow blasts: up to and including 20 % the larger part goes first") {
  const auto low = dose("Aucatzyl", "b_all", "[now]\nmarrow_blasts = \"20 %\"\n");
  REQUIRE(low.rule->parts.size() == 2);
  CHECK(low.rule->parts[0].cells == 100e6);
  CHECK(low.rule->parts[1].cells == 310e6);
  const auto high = dose("Aucatzyl", "b_all", "[now]\nmarrow_blasts = \"20.1 %\"\n");
  CHECK(high.rule->parts[0].cells == 10e6);
  CHECK(high.rule->parts[1].cells == 400e6);
  CHECK(high.rule->parts[1].day == 10);
  CHECK(high.rule->parts[1].within == 2);
  CHECK(high.low == 410e6);
  CHECK(high.rule->later_parts.size() == 2);
  CHECK(dose("Aucatzyl", "b_all", "[now]\nmarrow_blasts = \"0.2 1\"\n").rule->parts[0].cells == 100e6);
}

TEST_CASE("the dose follows the label of the day and the indication") {
  CHECK(dose("Abecma", "myeloma", "", "2024-04-03").high == 460e6);
  CHECK(dose("Abecma", "myeloma", "", "2024-04-04").high == 510e6);
  CHECK(dose("Breyanzi", "lbcl", "").low == 50e6);
  CHECK(dose("Breyanzi", "lbcl_second_line", "").low == 90e6);
  CHECK(dose("Tecartus", "mcl", "weight = \"70 kg\"\n").low == doctest::Approx(1.4e8));
  CHECK(dose("Tecartus", "b_all", "weight = \"70 kg\"\n").low == doctest::Approx(0.7e8));
}

TEST_CASE("what the rule needs must be given, and all that is missing is named") {
  CHECK(refusal("Kymriah", "b_all", "") == "--weight: is missing (the dose goes by weight: --weight \"38 kg\")");
  CHECK(refusal("Aucatzyl", "", "") ==
        "--marrow-blasts: is missing (the dose goes by blasts in the marrow: --marrow-blasts \"35 %\")");
  CHECK(refusal("Kymriah", "b_alll", "") ==
        "--indication = \"b_alll\": is no indication of Kymriah (did you mean \"b_all\"?)");
  CHECK(refusal("Kymriah", "", "weight = \"38 kg\"\n").find("leaves b_all, lbcl and fl to choose from") !=
        std::string::npos);
  CHECK(refusal("Breyanzi", "dlbcl", "") ==
        "--indication = \"dlbcl\": leaves lbcl and lbcl_second_line to choose from, whose doses differ (name one of them)");
}

TEST_CASE("a patient picks the indication that fits") {
  const std::string lines =
      "age = \"60 year\"\ndisease = \"dlbcl\"\n[status]\nrefractory = false\nrelapses = 1\nlines = 1\nrelapse_after = \"6 "
      "month\"\n";
  const auto answer = dose("Breyanzi", "", lines);
  CHECK(answer.indication->name == "lbcl_second_line");
  CHECK(answer.low == 90e6);
}

TEST_CASE("there is no labelled dose before approval, for another disease, or against a rule") {
  const auto before = dose("Kymriah", "b_all", "weight = \"38 kg\"\n", "2017-01-01");
  CHECK_FALSE(before.allowed);
  CHECK(before.against.front().rule == "not approved on 2017-01-01: its first label is of 2017-08-30");
  const auto later = dose("Kymriah", "fl", "", "2018-06-01");
  CHECK_FALSE(later.allowed);
  CHECK(later.against.front().rule == "no indication of the label on 2018-06-01; \"fl\" is one from 2022-05-27 on");
  const auto other = dose("Kymriah", "myeloma", "");
  CHECK_FALSE(other.allowed);
  CHECK(other.against.front().rule == "labelled for b_all, lbcl and fl only");
  const auto unnamed = dose("Kymriah", "pmbcl", "");
  CHECK_FALSE(unnamed.allowed);
  CHECK(unnamed.against.front().patient == "primary mediastinal large B-cell lymphoma, which the label does not name");
  CHECK(dose("Kymriah", "pcnsl", "").against.back().rule == "not for primary central nervous system lymphoma");
  const auto old = dose("Kymriah", "b_all", "age = \"30 year\"\nweight = \"70 kg\"\n");
  CHECK_FALSE(old.allowed);
  CHECK(old.against.front().rule == "up to and including 25 years of age at use");
}

TEST_CASE("the dose comes with lymphodepletion, when it may be left out, and the window") {
  const auto all = dose("Kymriah", "b_all", "weight = \"38 kg\"\n");
  REQUIRE(all.lymphodepletions.size() == 1);
  CHECK(all.lymphodepletions[0]->drugs[0].mg_per_m2 == 30);
  CHECK(all.lymphodepletions[0]->drugs[0].days == 4);
  REQUIRE(all.windows.size() == 1);
  CHECK(all.windows[0]->from == 2);
  CHECK(all.windows[0]->to == 14);
  const auto lymphoma = dose("Kymriah", "lbcl", "[now]\nwhite_cells = \"0.8e9 cell/L\"\n");
  REQUIRE(lymphoma.lymphodepletions.size() == 2);
  CHECK_FALSE(lymphoma.lymphodepletions[0]->alternative);
  CHECK(lymphoma.lymphodepletions[1]->drugs[0].name == "bendamustine");
  CHECK(lymphoma.may_omit);
  CHECK_FALSE(dose("Kymriah", "lbcl", "[now]\nwhite_cells = \"1.0e3 cell/uL\"\n").may_omit);
  CHECK(dose("Kymriah", "fl", "").windows[0]->to == 6);
}
