#include "therapy/definitions.h"

#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace carina;
using namespace carina::therapy;

TEST_CASE("a definition set prints every choice as a sentence with its mark") {
  const Definitions& set = *preset("eliana_2017");
  CHECK(sentence(set, Choice::Set) ==
        "Denominator: everybody infused. [read: KYMRIAH US prescribing information, section 14]");
  CHECK(sentence(set, Choice::Window) ==
        "Best response: within 91.31 days of infusion. [read: KYMRIAH US prescribing information, section 14]");
  CHECK(sentence(set, Choice::Confirmation) ==
        "Confirmation: the response is held at a visit at least 28 days later. [read: KYMRIAH US prescribing information, "
        "section 14]");
  CHECK(
      sentence(set, Choice::Failure) ==
      "No response: a response is due by day 91.31; failure is dated at new therapy, transplant or death, whichever comes "
      "first; someone without an evaluable visit fails too. [chosen: the protocol sets a date that was not seen: an input, "
      "since failure of all on day 1 contradicts the EFS]");
  CHECK(sentence(set, Choice::Efs) ==
        "EFS: from infusion to no response, relapse or progression, death of any cause; a transplant censors; a new therapy "
        "censors. [recalled: Maude 2018, N Engl J Med 378:439; protocol not seen]");
  CHECK(sentence(set, Choice::Dor) ==
        "DOR: from the first response to relapse or progression, death of the disease (another death censors); a transplant "
        "censors; a new therapy censors. [recalled: Maude 2018, N Engl J Med 378:439; protocol not seen]");
  CHECK(
      sentence(set, Choice::Os) ==
      "OS: from infusion to death of any cause; a transplant is ignored; a new therapy is ignored. [recalled: Maude 2018, N "
      "Engl J Med 378:439; protocol not seen]");
  CHECK(sentence(set, Choice::Aplasia) ==
        "B-cell aplasia: below 50 B cells/uL, from infusion to the first visit that finds more, responders only. [chosen: "
        "carina's choice]");
  CHECK(sentence(set, Choice::Visits) ==
        "Visits: a clock is censored at the last evaluable visit; missed visits change nothing. [chosen: carina's choice]");
}

TEST_CASE("another choice is another sentence") {
  Definitions set = *preset("eliana_2017");
  std::set<std::string> texts = {text(set)};
  const auto differs = [&texts](const Definitions& other) { CHECK(texts.insert(text(other)).second); };
  set.set = AnalysisSet::Enrolled;
  differs(set);
  set.set = AnalysisSet::Evaluable;
  differs(set);
  set.response_window = never;
  differs(set);
  set.confirm = 0;
  differs(set);
  set.confirm = -1;
  differs(set);
  for (const FailureDate date : {FailureDate::Start, FailureDate::Assessment, FailureDate::WindowEnd, FailureDate::Fixed}) {
    set.failure_date = date;
    differs(set);
  }
  set.failure_day = 30;
  differs(set);
  set.failure_by = never;
  differs(set);
  set.unseen_fails = false;
  differs(set);
  set.censor_at = CensorAt::Contact;
  differs(set);
  set.longest_gap = 180;
  differs(set);
  set.aplasia.b_cells = 20;
  differs(set);
  set.aplasia.confirm = true;
  differs(set);
  set.aplasia.responders = false;
  differs(set);
  for (Rule* rule : {&set.dor, &set.rfs, &set.efs, &set.pfs, &set.os}) {
    rule->origin = Origin::Enrolment;
    differs(set);
    rule->deaths = Deaths::None;
    differs(set);
    rule->transplant = Handling::Event;
    differs(set);
    rule->therapy = Handling::Event;
    differs(set);
    rule->failure = !rule->failure;
    differs(set);
    rule->progression = !rule->progression;
    differs(set);
  }
}

TEST_CASE("every preset is found by its name, is free of contradiction, and gives each choice a source") {
  std::set<std::string_view> names;
  for (const Definitions& set : presets()) {
    names.insert(set.name);
    CHECK(preset(set.name) == &set);
    Problems problems;
    check(set, set.name, problems);
    CHECK(problems.empty());
    for (const Basis& basis : set.basis) CHECK_FALSE(basis.source.empty());
  }
  CHECK(names == std::set<std::string_view>{"eliana_2017", "juliet", "zuma_1", "karmma", "cartitude_1", "registry"});
  CHECK(preset("eliana") == nullptr);
}

TEST_CASE("the registry counts any death, and a trial of leukaemia censors at transplant") {
  CHECK(preset("registry")->efs.deaths == Deaths::Any);
  CHECK(preset("registry")->efs.transplant == Handling::Ignore);
  CHECK(preset("eliana_2017")->efs.transplant == Handling::Censor);
  CHECK(preset("eliana_2017")->dor.deaths == Deaths::Disease);
}

TEST_CASE("contradictions of a definition set are found all at once") {
  Definitions set = *preset("eliana_2017");
  set.response_window = 0;
  set.failure_by = -1;
  set.failure_date = FailureDate::Fixed;
  set.failure_day = -2;
  set.longest_gap = 0;
  set.follow_up = -3;
  set.confirm = std::numeric_limits<double>::quiet_NaN();
  set.aplasia.b_cells = 0;
  set.dor.failure = true;
  Problems problems;
  check(set, "definitions", problems);
  std::vector<std::string> lines;
  for (const Problem& problem : problems.list()) lines.push_back(problem.text());
  const std::string failed_too_early =
      "definitions.failure_by = -1 day: must not be before response_window "
      "(a response that still counts would come after the failure)";
  const std::string failed_responder =
      "definitions.dor.failure = true: must be false where the clock starts at the first response "
      "(who has responded cannot fail to respond)";
  CHECK(lines == std::vector<std::string>{
                     "definitions.response_window = 0 day: must be > 0", "definitions.failure_by = -1 day: must be > 0",
                     failed_too_early, "definitions.failure_day = -2 day: must be >= 0",
                     "definitions.longest_gap = 0 day: must be > 0", "definitions.follow_up = -3 day: must be >= 0",
                     "definitions.confirm = nan day: must be a number (negative: no confirmation is asked)",
                     "definitions.aplasia.b_cells = 0 1/uL: must be > 0", failed_responder});
}
