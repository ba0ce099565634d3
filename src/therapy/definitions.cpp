#include "therapy/definitions.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace carina::therapy {
namespace {

std::string_view in_words(AnalysisSet set) {
  switch (set) {
    case AnalysisSet::Enrolled: return "everybody enrolled";
    case AnalysisSet::Infused: return "everybody infused";
    case AnalysisSet::Evaluable: break;
  }
  return "everybody infused who was followed long enough or was gone before";
}

std::string_view in_words(Origin origin) {
  switch (origin) {
    case Origin::Enrolment: return "enrolment";
    case Origin::Infusion: return "infusion";
    case Origin::FirstResponse: break;
  }
  return "the first response";
}

std::string_view in_words(Status status) {
  switch (status) {
    case Status::Read: return "read";
    case Status::Recalled: return "recalled";
    case Status::Chosen: break;
  }
  return "chosen";
}

std::string handling(std::string_view what, Handling how) {
  switch (how) {
    case Handling::Ignore: return fmt::format("; {} is ignored", what);
    case Handling::Censor: return fmt::format("; {} censors", what);
    case Handling::Event: break;
  }
  return fmt::format("; {} is an event", what);
}

std::string in_words(const Rule& rule) {
  std::string events;
  const auto add = [&events](std::string_view event) {
    if (!events.empty()) events += ", ";
    events += event;
  };
  if (rule.failure) add("no response");
  if (rule.progression) add("relapse or progression");
  if (rule.deaths == Deaths::Any) add("death of any cause");
  if (rule.deaths == Deaths::Disease) add("death of the disease (another death censors)");
  if (events.empty()) events = "nothing";
  return fmt::format("from {} to {}{}{}", in_words(rule.origin), events, handling("a transplant", rule.transplant),
                     handling("a new therapy", rule.therapy));
}

std::string window(double days) {
  return days < never ? fmt::format("within {:.4g} days of infusion", days) : "at any time";
}

std::string confirmation(double days) {
  if (days < 0) return "not asked";
  if (days == 0) return "by the next evaluable visit";
  return fmt::format("the response is held at a visit at least {:.4g} days later", days);
}

std::string failure(const Definitions& set) {
  if (!set.dor.failure && !set.rfs.failure && !set.efs.failure && !set.pfs.failure && !set.os.failure) {
    return "is no event of any endpoint";
  }
  const std::string due = set.failure_by < never ? fmt::format("a response is due by day {:.4g}", set.failure_by)
                                                 : "a response is due by the time the patient leaves";
  std::string date;
  switch (set.failure_date) {
    case FailureDate::Start: date = "the start of the clock"; break;
    case FailureDate::Assessment: date = "the last evaluable visit by then"; break;
    case FailureDate::WindowEnd: date = "that day"; break;
    case FailureDate::Fixed: date = fmt::format("day {:.4g}", set.failure_day); break;
    case FailureDate::Leaving: date = "new therapy, transplant or death, whichever comes first"; break;
  }
  return fmt::format("{}; failure is dated at {}; someone without an evaluable visit {}", due, date,
                     set.unseen_fails ? "fails too" : "does not fail");
}

std::string visits(const Definitions& set) {
  const std::string_view at = set.censor_at == CensorAt::LastAssessment ? "the last evaluable visit" : "the day itself";
  if (!(set.longest_gap < never)) return fmt::format("a clock is censored at {}; missed visits change nothing", at);
  return fmt::format("a clock is censored at {}; an event after more than {:.4g} days without a visit is censored", at,
                     set.longest_gap);
}

std::string aplasia(const AplasiaRule& rule) {
  return fmt::format("below {:.4g} B cells/uL, from infusion to the first visit that finds more{}, {}", rule.b_cells,
                     rule.confirm ? " and the next agrees" : "", rule.responders ? "responders only" : "everybody infused");
}

/// What the choice is about, and what it is.
std::pair<std::string_view, std::string> in_words(const Definitions& set, Choice choice) {
  switch (choice) {
    case Choice::Set: return {"Denominator", std::string(in_words(set.set))};
    case Choice::Window: return {"Best response", window(set.response_window)};
    case Choice::Confirmation: return {"Confirmation", confirmation(set.confirm)};
    case Choice::Failure: return {"No response", failure(set)};
    case Choice::Dor: return {"DOR", in_words(set.dor)};
    case Choice::Rfs: return {"RFS", in_words(set.rfs)};
    case Choice::Efs: return {"EFS", in_words(set.efs)};
    case Choice::Pfs: return {"PFS", in_words(set.pfs)};
    case Choice::Os: return {"OS", in_words(set.os)};
    case Choice::Aplasia: return {"B-cell aplasia", aplasia(set.aplasia)};
    case Choice::Visits: break;
  }
  return {"Visits", visits(set)};
}

}  // namespace

std::string sentence(const Definitions& definitions, Choice choice) {
  const auto [what, words] = in_words(definitions, choice);
  const Basis& basis = definitions.basis[static_cast<std::size_t>(choice)];
  const std::string_view colon = basis.source.empty() ? "" : ": ";
  return fmt::format("{}: {}. [{}{}{}]", what, words, in_words(basis.status), colon, basis.source);
}

std::string text(const Definitions& definitions) {
  std::string all = fmt::format("{} ({})\n", definitions.title, definitions.name);
  for (std::size_t i = 0; i < choices; ++i) {
    fmt::format_to(std::back_inserter(all), "  {}\n", sentence(definitions, static_cast<Choice>(i)));
  }
  return all;
}

void check(const Definitions& definitions, std::string_view path, Problems& problems) {
  const auto expect = [&](bool holds, std::string_view key, double value, std::string_view rule, std::string_view hint) {
    if (holds) return;
    Problem problem;
    problem.path = fmt::format("{}.{}", path, key);
    problem.value = fmt::format("{} day", value);
    problem.rule = rule;
    problem.hint = hint;
    problems.add(problem);
  };
  const Definitions& d = definitions;
  expect(d.response_window > 0, "response_window", d.response_window, "must be > 0", "");
  expect(d.failure_by > 0, "failure_by", d.failure_by, "must be > 0", "");
  expect(!(d.failure_by < d.response_window) || !d.efs.failure, "failure_by", d.failure_by,
         "must not be before response_window", "a response that still counts would come after the failure");
  expect(d.failure_date != FailureDate::Fixed || d.failure_day >= 0, "failure_day", d.failure_day, "must be >= 0", "");
  expect(d.longest_gap > 0, "longest_gap", d.longest_gap, "must be > 0", "");
  expect(d.follow_up >= 0, "follow_up", d.follow_up, "must be >= 0", "");
  expect(d.confirm == d.confirm, "confirm", d.confirm, "must be a number", "negative: no confirmation is asked");
  if (!(d.aplasia.b_cells > 0)) {
    Problem problem;
    problem.path = fmt::format("{}.aplasia.b_cells", path);
    problem.value = fmt::format("{} 1/uL", d.aplasia.b_cells);
    problem.rule = "must be > 0";
    problems.add(problem);
  }
  const Rule* rules[] = {&d.dor, &d.rfs, &d.efs, &d.pfs, &d.os};
  constexpr std::string_view names[] = {"dor", "rfs", "efs", "pfs", "os"};
  for (std::size_t i = 0; i < std::size(rules); ++i) {
    if (!rules[i]->failure || rules[i]->origin != Origin::FirstResponse) continue;
    Problem problem;
    problem.path = fmt::format("{}.{}.failure", path, names[i]);
    problem.value = "true";
    problem.rule = "must be false where the clock starts at the first response";
    problem.hint = "who has responded cannot fail to respond";
    problems.add(problem);
  }
}

}  // namespace carina::therapy
