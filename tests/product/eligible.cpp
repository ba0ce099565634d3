#include "product/eligible.h"

#include <doctest/doctest.h>

#include "base/problem.h"
#include "product/support.h"

using namespace carina;
using product::Answer;
using test::ask;
using test::example;
using test::patient;
using test::rules_with;

namespace {

using Rules = std::vector<std::string>;

const std::string child = "age = \"12 year\"\ndisease = \"b_all\"\n";
const std::string second_relapse = "[status]\nrefractory = false\nrelapses = 2\n";

std::string lymphoma(const std::string& disease, const std::string& status) {
  return "age = \"60 year\"\ndisease = \"" + disease + "\"\n[status]\n" + status;
}

Answer answer(const std::string& brand, const product::Patient& p, const std::string& date = "2026-03-01") {
  return ask(brand, p, date).answer;
}

}  // namespace

TEST_CASE("Kymriah is for B-cell ALL that is refractory or in second or later relapse") {
  const auto status = [](const std::string& lines) { return patient(child + "[status]\n" + lines); };
  CHECK(answer("Kymriah", status("refractory = false\nrelapses = 2\n")) == Answer::Yes);
  CHECK(answer("Kymriah", status("refractory = true\nrelapses = 0\n")) == Answer::Yes);
  CHECK(answer("Kymriah", status("refractory = true\n")) == Answer::Yes);
  CHECK(answer("Kymriah", status("refractory = false\nrelapses = 1\n")) == Answer::No);
  CHECK(answer("Kymriah", status("relapses = 1\n")) == Answer::CannotSay);
}

TEST_CASE("up to 25 years includes the 25th year and ends on the 26th birthday") {
  for (const char* age : {"25 year", "25.9 year", "300 month", "1 month"}) {
    CAPTURE(std::string(age));
    CHECK(answer("Kymriah", patient("age = \"" + std::string(age) + "\"\ndisease = \"b_all\"\n" + second_relapse)) ==
          Answer::Yes);
  }
  for (const char* age : {"26 year", "312 month", "40 year"}) {
    CAPTURE(std::string(age));
    CHECK(answer("Kymriah", patient("age = \"" + std::string(age) + "\"\ndisease = \"b_all\"\n" + second_relapse)) ==
          Answer::No);
  }
  CHECK(answer("Tecartus", patient("age = \"17.9 year\"\ndisease = \"b_all\"\n" + second_relapse)) == Answer::No);
  CHECK(answer("Tecartus", patient("age = \"18 year\"\ndisease = \"b_all\"\n" + second_relapse)) == Answer::Yes);
}

TEST_CASE("every rule that fails is named, not only the first") {
  const auto found =
      ask("Kymriah", patient("age = \"40 year\"\ndisease = \"b_all\"\n[status]\nrefractory = false\nrelapses = 1\n"),
          "2026-03-01");
  CHECK(found.answer == Answer::No);
  CHECK(rules_with(found, Answer::No) ==
        Rules{"up to and including 25 years of age at use", "refractory, or in second or later relapse"});
  CHECK(found.indications.front().findings[1].patient == "40 years");
  CHECK(found.indications.front().findings[2].patient == "not refractory, 1 relapse");
}

TEST_CASE("what is not in the patient file is named and never counts as a yes") {
  const auto found = ask("Kymriah", patient("disease = \"b_all\"\n"), "2026-03-01");
  CHECK(found.answer == Answer::CannotSay);
  const auto& findings = found.indications.front().findings;
  CHECK(findings[1].missing == Rules{"age"});
  CHECK(findings[2].missing == Rules{"status.refractory", "status.relapses"});
  CHECK(answer("Kymriah", patient("age = \"12 year\"\n" + second_relapse)) == Answer::CannotSay);
  const auto old = ask("Kymriah", patient("age = \"40 year\"\ndisease = \"b_all\"\n"), "2026-03-01");
  CHECK(old.answer == Answer::No);  // whatever the rest is
}

TEST_CASE("a label counts from its day on: before approval the answer is that it was not approved") {
  const auto p = patient(child + second_relapse);
  CHECK(answer("Kymriah", p, "2017-08-29") == Answer::No);
  CHECK(rules_with(ask("Kymriah", p, "2017-08-29"), Answer::No) ==
        Rules{"not approved on 2017-08-29: its first label is of 2017-08-30"});
  CHECK(answer("Kymriah", p, "2017-08-30") == Answer::Yes);
  const auto dlbcl = patient(lymphoma("dlbcl", "refractory = true\nlines = 2\n"));
  CHECK(answer("Kymriah", dlbcl, "2018-04-30") == Answer::No);
  CHECK(answer("Kymriah", dlbcl, "2018-05-01") == Answer::Yes);
  const auto fl = patient(lymphoma("fl", "refractory = true\nlines = 2\n"));
  CHECK(answer("Kymriah", fl, "2022-05-26") == Answer::No);
  CHECK(answer("Kymriah", fl, "2022-05-27") == Answer::Yes);
}

TEST_CASE("the rules of myeloma follow the label of the day") {
  const auto p = example("myeloma_lenalidomide_refractory");
  CHECK(answer("Carvykti", p, "2024-04-04") == Answer::No);
  CHECK(answer("Carvykti", p, "2024-04-05") == Answer::Yes);
  CHECK(rules_with(ask("Abecma", p, "2026-03-01"), Answer::No) ==
        Rules{"including an immunomodulatory agent, a proteasome inhibitor and an anti-CD38 antibody"});
  CHECK(rules_with(ask("Abecma", p, "2022-03-01"), Answer::No).size() == 2);
  const auto more = patient(
      "age = \"68 year\"\ndisease = \"mm\"\n[status]\nrefractory = true\nlines = 3\n"
      "[prior]\nhad = [\"pomalidomide\", \"bortezomib\", \"daratumumab\"]\n");
  CHECK(answer("Abecma", more) == Answer::Yes);
  CHECK(rules_with(ask("Carvykti", more, "2026-03-01"), Answer::No) == Rules{"refractory to lenalidomide"});
}

TEST_CASE("relapse after transplant is a rule of the Australian label and not of that of the US") {
  const auto p = example("b_all_relapse_after_transplant");
  CHECK(ask("Kymriah", p, "2026-03-01", "US").answer == Answer::No);
  CHECK(ask("Kymriah", p, "2026-03-01", "AU").answer == Answer::Yes);
  CHECK(ask("Yescarta", p, "2026-03-01", "US").answer == Answer::No);
  CHECK_THROWS_WITH_AS(product::eligibility(p, test::products(), "FR", test::day("2026-03-01")),
                       "--region = \"FR\": no label of this region is known (known are US and AU)", InputError);
}

TEST_CASE("primary CNS lymphoma is excluded, from Yescarta until the limitation was removed") {
  const auto p = patient(lymphoma("primary CNS lymphoma", "refractory = true\nlines = 1\n"));
  CHECK(answer("Yescarta", p, "2026-02-05") == Answer::No);
  CHECK(answer("Yescarta", p, "2026-02-06") == Answer::Yes);
  const auto late = patient(lymphoma("pcnsl", "refractory = true\nlines = 3\n"));
  const auto kymriah = ask("Kymriah", late, "2026-03-01");
  CHECK(kymriah.answer == Answer::No);
  CHECK(rules_with(kymriah, Answer::No) == Rules{"not for primary central nervous system lymphoma"});
}

TEST_CASE("a subtype that a label includes without naming it cannot be decided") {
  const auto pmbcl = patient(lymphoma("pmbcl", "refractory = true\nlines = 2\n"));
  CHECK(answer("Kymriah", pmbcl) == Answer::CannotSay);
  CHECK(answer("Breyanzi", pmbcl) == Answer::Yes);
  const auto some = patient(lymphoma("lbcl", "refractory = true\nlines = 2\n"));
  CHECK(answer("Kymriah", some) == Answer::CannotSay);
  CHECK(ask("Kymriah", some, "2026-03-01").indications.front().findings.front().missing == Rules{"disease"});
}

TEST_CASE("second-line labels of large B-cell lymphoma ask when the relapse came and whether a transplant is possible") {
  const auto early =
      patient(lymphoma("dlbcl", "refractory = false\nrelapses = 1\nlines = 1\nrelapse_after = \"12 month\"\n"));
  CHECK(answer("Yescarta", early) == Answer::Yes);
  CHECK(answer("Yescarta", early, "2022-03-31") == Answer::No);
  CHECK(answer("Breyanzi", early) == Answer::Yes);
  CHECK(answer("Kymriah", early) == Answer::No);
  const std::string status = "refractory = false\nrelapses = 1\nlines = 1\nrelapse_after = \"13 month\"\n";
  CHECK(answer("Yescarta", patient(lymphoma("dlbcl", status))) == Answer::No);
  CHECK(answer("Breyanzi", patient(lymphoma("dlbcl", status))) == Answer::CannotSay);
  CHECK(answer("Breyanzi", patient(lymphoma("dlbcl", status + "[prior]\ntransplant_eligible = false\n"))) == Answer::Yes);
  CHECK(answer("Breyanzi", patient(lymphoma("dlbcl", status + "[prior]\ntransplant_eligible = true\n"))) == Answer::No);
}

TEST_CASE("a treatment counts for its class, and one that is not in the list was not given") {
  const std::string status = "refractory = true\nlines = 2\n[prior]\n";
  CHECK(answer("Breyanzi", patient(lymphoma("cll", status + "had = [\"ibrutinib\", \"venetoclax\"]\n"))) == Answer::Yes);
  CHECK(answer("Breyanzi", patient(lymphoma("cll", status + "had = [\"ibrutinib\"]\n"))) == Answer::No);
  CHECK(answer("Breyanzi", patient(lymphoma("cll", status))) == Answer::CannotSay);
}

TEST_CASE("without a product every label is looked at, and a cancer that none names leads to a trial") {
  const auto dlbcl = product::eligibility(example("dlbcl_early_relapse"), test::products(), "US", test::day("2026-03-01"));
  CHECK(dlbcl.products.size() == 7);
  CHECK(dlbcl.products[0].answer == Answer::Yes);
  CHECK(dlbcl.products[1].answer == Answer::Yes);
  CHECK(dlbcl.products[2].answer == Answer::No);
  CHECK(dlbcl.labelled);
  const auto p = patient("age = \"50 year\"\ndisease = \"aml\"\n");
  const auto aml = product::eligibility(p, test::products(), "US", test::day("2026-03-01"));
  CHECK(aml.answer == Answer::No);
  CHECK_FALSE(aml.labelled);
  CHECK(aml.products.front().product->brand == "Yescarta");
  CHECK(aml.products.front().others.front().rule == "labelled for large B-cell lymphoma and follicular lymphoma only");
  CHECK(product::eligibility_text(aml, p).find("No CAR T product was labelled for acute myeloid leukaemia on 2026-03-01 "
                                               "(US): the way to one is a clinical trial.\n") != std::string::npos);
}

TEST_CASE("asked about one product, the answer names those that fit instead, or the trial when there is none") {
  const auto dlbcl = example("dlbcl_early_relapse");
  const auto asked = product::eligibility(dlbcl, test::products(), "US", test::day("2026-03-01"), "tisagenlecleucel");
  CHECK(asked.products.size() == 1);
  CHECK(asked.answer == Answer::No);
  CHECK(asked.elsewhere == Rules{"Yescarta", "Breyanzi"});
  CHECK(product::eligibility_text(asked, dlbcl).find("Labels that fit are those of Yescarta and Breyanzi.\n") !=
        std::string::npos);
  const auto p = patient("age = \"12 year\"\ndisease = \"t_all\"\n");
  const auto none = product::eligibility(p, test::products(), "US", test::day("2026-03-01"), "tisagenlecleucel");
  CHECK(product::eligibility_text(none, p).find("the way to one is a clinical trial") != std::string::npos);
}

TEST_CASE("what makes an infusion wait is no rule of eligibility: it is told beside the yes") {
  const auto found = ask("Yescarta", example("dlbcl_early_relapse"), "2026-03-01");
  CHECK(found.answer == Answer::Yes);
  REQUIRE(found.before_infusion.size() == 3);
  CHECK(found.before_infusion[0].answer == Answer::CannotSay);
  CHECK(found.before_infusion[1].answer == Answer::No);
  CHECK(found.before_infusion[1].rule == "active infection");
}
