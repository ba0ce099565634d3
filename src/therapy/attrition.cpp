#include "therapy/attrition.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "base/math.h"
#include "therapy/impl/stages.h"

namespace carina::therapy {
namespace {

using PerReason = std::array<double, drop_outs>;

constexpr double longest_panel = 10;  // days

/// A point of the integral over the wait.
struct Node {
  double weight = 0;     // days
  PerReason relative{};  // hazards over their rates
  PerReason passed{};    // cumulative hazards from referral over their rates, days
};

/// A way in which the attempts may end.
struct Branch {
  bool infused = false;
  int attempt = 0;          // the one that gives the product; the last one when none does
  std::vector<Node> nodes;  // from enrolment to the end
  PerReason passed{};       // at the end
};

struct Case {
  bool prior_bendamustine = false;
  std::array<bool, max_attempts> usable{};  // were the batch made
  PerReason enrolled{};                     // passed at enrolment
  std::vector<Branch> branches;
};

PerReason passed_by(const impl::Plan& plan, const Hazards& hazards, double day) {
  PerReason passed;
  for (std::size_t i = 0; i < drop_outs; ++i) {
    passed[i] = exposure(plan.burden, hazards[i].exponent, plan.journey.events.front().day, day);
  }
  return passed;
}

void add_panel(const impl::Plan& plan, const Hazards& hazards, double from, double to, std::vector<Node>& nodes) {
  // Gauss and Legendre's three points
  static constexpr double place[] = {-0.774596669241483377, 0, 0.774596669241483377};
  static constexpr double share[] = {5.0 / 18, 8.0 / 18, 5.0 / 18};
  for (int k = 0; k < 3; ++k) {
    const double day = from + (to - from) * (0.5 + 0.5 * place[k]);
    Node node;
    node.weight = (to - from) * share[k];
    node.passed = passed_by(plan, hazards, day);
    const double log_burden = math::log(burden_on(plan.burden, day) / reference_burden);
    for (std::size_t i = 0; i < drop_outs; ++i) node.relative[i] = math::exp(hazards[i].exponent * log_burden);
    nodes.push_back(node);
  }
}

std::vector<Node> nodes_between(const impl::Plan& plan, const Hazards& hazards, double from, double to) {
  std::vector<double> cuts{from, to};
  for (std::size_t leg = 0; leg < plan.burden.count; ++leg) {
    const double day = plan.burden.legs[leg].from;
    if (from < day && day < to) cuts.push_back(day);
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<Node> nodes;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const int panels = 1 + static_cast<int>((cuts[i + 1] - cuts[i]) / longest_panel);
    const double width = (cuts[i + 1] - cuts[i]) / panels;
    for (int k = 0; k < panels; ++k) {
      add_panel(plan, hazards, cuts[i] + k * width, cuts[i] + (k + 1) * width, nodes);
    }
  }
  return nodes;
}

double enrolment_day(const impl::Plan& plan) {
  for (const PathwayEvent& event : plan.journey.events) {
    if (event.step == Step::Enrolment) return event.day;
  }
  return -1;
}

bool is_enrolled(const impl::Plan& plan) { return enrolment_day(plan) >= plan.journey.events.front().day; }

Branch branch_of(const impl::Plan& plan, const Hazards& hazards, int attempt) {
  Branch branch;
  branch.attempt = attempt;
  branch.infused = plan.journey.end == PathwayEnd::Infused;
  branch.nodes = nodes_between(plan, hazards, enrolment_day(plan), plan.journey.ended);
  branch.passed = passed_by(plan, hazards, plan.journey.ended);
  return branch;
}

// Every way in which the attempts may end, with its own plan; an unused batch delays as a failed one does.
void add_branches(const impl::Plan& gathered, const impl::Attempts& drawn, const Pathway& pathway, const Luck& luck,
                  Case& entry) {
  for (int attempt = 0; attempt <= drawn.last; ++attempt) {
    const bool made = attempt < drawn.last;
    if (made && !entry.usable[static_cast<std::size_t>(attempt)]) continue;
    impl::Plan plan = gathered;
    impl::Attempts attempts = drawn;
    attempts.last = made ? attempt + 1 : drawn.last;
    attempts.made = made;
    impl::make(plan, attempts, pathway, luck);
    if (made) impl::treat(plan, plan.ready, pathway, luck);
    entry.branches.push_back(branch_of(plan, pathway.hazards, made ? attempt : drawn.last - 1));
  }
}

bool prepare(const Patient& patient, const Pathway& pathway, std::uint64_t seed, Case& entry) {
  const Luck luck{seed, patient.number};
  impl::Plan plan = impl::refer(patient, pathway, luck);
  if (plan.closed) return false;
  const Apheresis apheresis = impl::gather(plan, plan.ready, patient, pathway, luck);
  if (!is_enrolled(plan)) return false;
  entry.prior_bendamustine = patient.prior_bendamustine;
  entry.enrolled = passed_by(plan, pathway.hazards, enrolment_day(plan));
  if (plan.closed) {
    entry.branches.push_back(branch_of(plan, pathway.hazards, pathway.process.attempts - 1));
    return true;
  }
  impl::Attempts drawn;
  drawn.last = pathway.process.attempts;
  for (int i = 0; i < drawn.last; ++i) {
    const auto at = static_cast<std::size_t>(i);
    drawn.batches[at] = manufacture(patient, pathway.process, apheresis, luck, i);
    drawn.batches[at].made = true;
    entry.usable[at] = usable(pathway.process, drawn.batches[at]);
  }
  add_branches(plan, drawn, pathway, luck, entry);
  return true;
}

std::vector<Case> prepare(std::span<const Patient> patients, const Pathway& pathway, std::uint64_t seed) {
  std::vector<Case> cases;
  cases.reserve(patients.size());
  for (const Patient& patient : patients) {
    Case entry;
    if (prepare(patient, pathway, seed, entry)) cases.push_back(std::move(entry));
  }
  return cases;
}

double survival(const PerReason& passed, const Hazards& hazards) {
  double sum = 0;
  for (std::size_t i = 0; i < drop_outs; ++i) sum += hazards[i].rate * passed[i];
  return math::exp(-sum);
}

// Chance of a branch: the attempts before it failed or could not be used.
double chance(const Case& entry, const Branch& branch, const Process& process) {
  double reached = 1;
  for (int i = 0; i <= branch.attempt; ++i) {
    const bool usable = entry.usable[static_cast<std::size_t>(i)];
    const double made = usable ? 1 - failure_chance(process, entry.prior_bendamustine, i) : 0;
    if (i == branch.attempt && branch.infused) return reached * made;
    reached *= 1 - made;
  }
  return reached;
}

Attrition shares(const std::vector<Case>& cases, const Process& process, const Hazards& hazards) {
  Attrition sum;
  double enrolled = 0;
  for (const Case& entry : cases) {
    enrolled += survival(entry.enrolled, hazards);
    for (const Branch& branch : entry.branches) {
      const double weight = chance(entry, branch, process);
      (branch.infused ? sum.infused : sum.not_made) += weight * survival(branch.passed, hazards);
      for (const Node& node : branch.nodes) {
        const double share = weight * node.weight * survival(node.passed, hazards);
        for (std::size_t i = 0; i < drop_outs; ++i) sum.dropped[i] += share * hazards[i].rate * node.relative[i];
      }
    }
  }
  if (enrolled == 0) return {};
  sum.infused /= enrolled;
  sum.not_made /= enrolled;
  for (double& dropped : sum.dropped) dropped /= enrolled;
  return sum;
}

double odds(double p) { return p / (1 - p); }

double distance(double a, double b) { return a < b ? b - a : a - b; }

// One round of scaling; true when the shares agreed before it.
bool scale(const Attrition& expected, const Attrition& wanted, Process& process, Hazards& hazards) {
  double worst = distance(expected.infused, wanted.infused);
  worst = std::max(worst, distance(expected.not_made, wanted.not_made));
  if (wanted.not_made == 0) {
    process.failure = 0;
  } else if (expected.not_made > 0) {
    const double scaled = odds(process.failure) * odds(wanted.not_made) / odds(expected.not_made);
    process.failure = scaled / (1 + scaled);
  }
  for (std::size_t i = 0; i < drop_outs; ++i) {
    worst = std::max(worst, distance(expected.dropped[i], wanted.dropped[i]));
    if (expected.dropped[i] > 0) hazards[i].rate *= wanted.dropped[i] / expected.dropped[i];
  }
  return worst < 1e-9;
}

}  // namespace

double total(const Attrition& attrition) {
  double sum = attrition.infused + attrition.not_made;
  for (const double dropped : attrition.dropped) sum += dropped;
  return sum;
}

Attrition expected_attrition(std::span<const Patient> patients, const Pathway& pathway, std::uint64_t seed) {
  return shares(prepare(patients, pathway, seed), pathway.process, pathway.hazards);
}

bool match_attrition(std::span<const Patient> patients, const Attrition& published, std::uint64_t seed, Pathway& pathway) {
  CARINA_CHECK(total(published) > 0 && published.infused > 0);
  Attrition wanted = published;
  wanted.infused /= total(published);
  wanted.not_made /= total(published);
  for (double& dropped : wanted.dropped) dropped /= total(published);

  const std::vector<Case> cases = prepare(patients, pathway, seed);
  if (cases.empty()) return false;
  Process process = pathway.process;
  Hazards hazards = pathway.hazards;
  process.failure = wanted.not_made;
  // a hazard that runs for a month or two; any start leads to the same end
  for (std::size_t i = 0; i < drop_outs; ++i) hazards[i].rate = wanted.dropped[i] / 50;
  for (int round = 0; round < 1000; ++round) {
    if (!scale(shares(cases, process, hazards), wanted, process, hazards)) continue;
    pathway.process = process;
    pathway.hazards = hazards;
    return true;
  }
  return false;
}

}  // namespace carina::therapy
