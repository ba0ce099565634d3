#include "product/page.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "product/support.h"

using namespace carina;
using test::day;
using test::patient;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const product::Monitoring& monitoring(const std::string& brand, const std::string& date) {
  const auto label = product::label_on(test::product_called(brand), "US", day(date));
  return *label->monitorings.front();
}

}  // namespace

TEST_CASE("the labels before June 2025 ask for certified sites, 4 weeks near and 8 weeks without driving; then 2 and 2") {
  const auto& before = monitoring("Kymriah", "2025-06-25");
  CHECK(before.certified_site == true);
  CHECK(before.near_for == 28);
  CHECK(before.no_driving == 56);
  const auto& after = monitoring("Kymriah", "2025-06-26");
  CHECK(after.certified_site == false);
  CHECK(after.near_for == 14);
  CHECK(after.no_driving == 14);
  CHECK(after.tocilizumab_doses == 2);
  for (const product::Product& one : test::products()) {
    CAPTURE(one.brand);
    std::optional<double> near;
    const auto label = product::label_on(one, "US", day("2026-10-01"));
    for (const product::Monitoring* m : label->monitorings) near = m->near_for ? m->near_for : near;
    CHECK(near == 14);
  }
}

TEST_CASE("recalled entries are marked in the list and on the page") {
  const std::string list = product::list_text(test::products(), "US", day("2026-03-01"));
  CHECK(has(list, "CD28 [recalled]"));
  CHECK(has(list, "mcl [recalled]"));
  CHECK(count(list, "\n") == 9);
  for (const product::Product& one : test::products()) {
    CAPTURE(one.brand);
    std::size_t recalled = 0;
    for (const product::Trait& trait : one.traits) recalled += trait.origin.recalled ? 1 : 0;
    for (const product::Version& version : one.versions) recalled += version.origin.recalled ? 1 : 0;
    for (const product::Dose& dose : one.doses) recalled += dose.entry.origin.recalled ? 1 : 0;
    for (const product::BoxedWarning& boxed : one.boxed) recalled += boxed.entry.origin.recalled ? 1 : 0;
    for (const product::Monitoring& monitoring : one.monitorings) recalled += monitoring.entry.origin.recalled ? 1 : 0;
    CHECK(count(product::page_text(one), "[recalled]") > recalled);  // one more explains the mark
    CHECK(count(product::page_json(one), "\"recalled\": true") >= recalled);
  }
}

TEST_CASE("recalled rules, labels and doses are marked in the answers, as text and as JSON") {
  const auto p =
      patient("age = \"60 year\"\ndisease = \"mcl\"\n[status]\nrefractory = true\nlines = 2\n[prior]\nhad = \"btki\"\n");
  const std::vector<product::Product> breyanzi = {test::product_called("Breyanzi")};
  const auto result = product::eligibility(p, breyanzi, "US", day("2024-06-01"));
  const std::string text = product::eligibility_text(result, p);
  CHECK(has(text, "including a BTK inhibitor: has had a BTK inhibitor [recalled]"));
  CHECK(has(product::eligibility_json(result, p), "\"recalled\": true"));
  const product::DoseQuestion question{"b_all", patient("[now]\nmarrow_blasts = \"35 %\"\n"), "US", day("2025-01-01")};
  const auto dose = product::labelled_dose(test::product_called("Aucatzyl"), question);
  const std::string words = product::dose_text(dose, question);
  CHECK(has(words, "dose: 410 million CAR-positive viable T cells [recalled]"));
  CHECK(has(words, "split: 10 million on day 1, then 400 million on day 10 (day 8 to 12) [recalled]"));
  CHECK(has(words, "after CRS of grade 3 or higher: no second dose [recalled]"));
  const auto json = nlohmann::json::parse(product::dose_json(dose, question));
  CHECK(json["rule"]["origin"]["recalled"] == true);
  CHECK(json["windows"][0]["origin"]["recalled"] == true);
  CHECK(json["lymphodepletion"][0]["origin"]["recalled"] == false);
}

TEST_CASE("an answer gives the rule with its source and ends with who decides") {
  const auto p = test::example("b_all_second_relapse");
  const std::vector<product::Product> kymriah = {test::product_called("Kymriah")};
  const std::string text = product::eligibility_text(product::eligibility(p, kymriah, "US", day("2026-03-01")), p);
  CHECK(has(text, "yes: Kymriah (tisagenlecleucel), US label 2025-06 in force on 2026-03-01\n"));
  CHECK(has(text, "    yes         up to and including 25 years of age at use: 12 years\n"));
  CHECK(has(text, "    source: KYMRIAH US prescribing information, revised 6/2025 (FDA media 107296)\n"));
  CHECK(text.ends_with("A treatment centre decides: carina is research software and no medical device.\n"));
}

TEST_CASE("JSON has the answer, every rule and what is missing") {
  const auto p = patient("disease = \"b_all\"\nage = \"12 year\"\n");
  const auto result = product::eligibility(p, test::products(), "US", day("2026-03-01"));
  const auto json = nlohmann::json::parse(product::eligibility_json(result, p));
  CHECK(json["answer"] == "cannot say");
  CHECK(json["products"].size() == 7);
  CHECK(json["products"][0]["brand"] == "Kymriah");
  CHECK(json["products"][0]["indications"][0]["findings"][2]["missing"].size() == 2);
  CHECK(json["trial"] == false);
}
