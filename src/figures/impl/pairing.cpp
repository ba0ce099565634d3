#include "figures/impl/pairing.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/names.h"
#include "base/problem.h"
#include "figures/impl/result.h"
#include "stats/quantiles.h"
#include "stats/survival.h"

namespace carina::figures::impl {
namespace {

using record::Column;
using record::Recording;
using Doubles = std::vector<double>;

bool same_bits(const Doubles& a, const Doubles& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y) || (std::isnan(x) && std::isnan(y));
  });
}

void check_plans(const Recording& a, const Recording& b, Problems& problems) {
  const auto add = [&](const std::string& what, const std::string& values, const std::string& rule,
                       const std::string& hint) {
    problems.add({"", 0, 0, what, values, rule, hint});
  };
  for (const auto& [recording, name] : {std::pair(&a, "A"), std::pair(&b, "B")}) {
    if (!recording->complete())
      add(name, "", "is not finished", "carina run ... --resume finishes it");
    else if (recording->plan().shard.count != 1)
      add(name, "", "is a shard of a run", "carina merge joins the shards");
    else if (!recording->has("individuals"))
      add(name, "", "has no table of individuals", "");
  }
  const auto differ = [](std::uint64_t x, std::uint64_t y) { return std::to_string(x) + " and " + std::to_string(y); };
  if (a.plan().seed != b.plan().seed)
    add("seed", differ(a.plan().seed, b.plan().seed), "must be the same: other seeds are other individuals",
        "--seed sets it");
  if (a.plan().individuals != b.plan().individuals)
    add("individuals", differ(a.plan().individuals, b.plan().individuals), "must be as many in both",
        "--set population.size sets it");
}

void check_individuals(const Recording& a, const Recording& b, Problems& problems) {
  if (a.read_column("individuals", "individual").integers() != b.read_column("individuals", "individual").integers())
    problems.add({"", 0, 0, "individuals", "", "are not the same ones", "a run of --only has another than the first"});
  for (const Column& column : a.shape("individuals").columns) {
    const Column* other = b.shape("individuals").find(column.name);
    if (other == nullptr || column.values.index() != 0 || other->values.index() != 0) continue;
    const Column first = a.read_column("individuals", column.name), second = b.read_column("individuals", column.name);
    if (same_bits(first.doubles(), second.doubles())) continue;
    std::size_t row = 0;
    while (row < first.doubles().size() && same_bits({first.doubles()[row]}, {second.doubles()[row]})) ++row;
    problems.add({"", 0, 0, column.name, number_text(first.doubles()[row]) + " and " + number_text(second.doubles()[row]),
                  "individual " + std::to_string(row + 1) + " has another value: these are not the same individuals",
                  "the two runs may differ in doses, times and parameters that do not vary"});
  }
}

Middle middle_of(Doubles values) {
  std::sort(values.begin(), values.end());
  return {stats::sorted_quantile(values, 0.5), stats::sorted_quantile(values, 0.05), stats::sorted_quantile(values, 0.95)};
}

PairedNumber paired_number(const EndpointRow& row, const Doubles& a, const Doubles& b) {
  PairedNumber paired{row.endpoint, row.column, row.unit, 0, 0, 0, {}, {}, 0};
  Doubles in_a, in_b, difference, ratio;
  std::size_t above = 0;
  bool positive = true;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) continue;
    in_a.push_back(a[i]);
    in_b.push_back(b[i]);
    difference.push_back(b[i] - a[i]);
    positive = positive && a[i] > 0 && b[i] > 0;
    if (positive) ratio.push_back(b[i] / a[i]);
    if (b[i] > a[i]) ++above;
  }
  paired.n = in_a.size();
  paired.b_above_a = static_cast<double>(above) / static_cast<double>(paired.n);
  paired.median_a = middle_of(std::move(in_a)).median;
  paired.median_b = middle_of(std::move(in_b)).median;
  paired.difference = middle_of(std::move(difference));
  if (positive && paired.n > 0) paired.ratio = middle_of(std::move(ratio));
  return paired;
}

// The first analysed column has the table `nca`, others have their name behind it.
std::string table_of(const Recording& recording, const EndpointRow& row) {
  if (row.column.empty()) return "endpoints";
  return recording.has("nca_" + row.column) ? "nca_" + row.column : "nca";
}

// One of the two recordings.
struct Side {
  const Recording& recording;
  Result result;
};

void pair_numbers(const Side& a, const Side& b, Pairing& pairing, Problems& problems) {
  for (const EndpointRow& row : a.result.endpoints) {
    for (const EndpointRow& other : b.result.endpoints) {
      if (row.endpoint != other.endpoint || row.column != other.column) continue;
      if (row.unit != other.unit) {
        problems.add({"", 0, 0, row.endpoint, row.unit + " and " + other.unit, "must have one unit in both", ""});
        continue;
      }
      pairing.numbers.push_back(paired_number(row,
                                              a.recording.read_column(table_of(a.recording, row), row.endpoint).doubles(),
                                              b.recording.read_column(table_of(b.recording, row), row.endpoint).doubles()));
    }
  }
}

PairedEvent paired_event(const EventRow& row, const Recording& a, const Recording& b) {
  const auto times = [&](const Recording& r) { return r.read_column("events", row.endpoint).doubles(); };
  const auto happened = [&](const Recording& r) {
    return std::get<std::vector<std::uint8_t>>(r.read_column("events", row.endpoint + "_event").values);
  };
  const Doubles time_a = times(a), time_b = times(b);
  const std::vector<std::uint8_t> event_a = happened(a), event_b = happened(b);
  PairedEvent paired{row.endpoint, row.unit, 0, row.until, 0, 0, 0, 0, 0, 0};
  std::vector<stats::Observed> in_a, in_b;
  for (std::size_t i = 0; i < time_a.size(); ++i) {
    if (std::isnan(time_a[i]) || std::isnan(time_b[i])) continue;
    const bool first = event_a[i] != 0, second = event_b[i] != 0;
    in_a.push_back({time_a[i], first});
    in_b.push_back({time_b[i], second});
    ++(first ? (second ? paired.both : paired.a_only) : (second ? paired.b_only : paired.neither));
  }
  paired.n = in_a.size();
  paired.survival_a = stats::kaplan_meier(in_a).at(row.until);
  paired.survival_b = stats::kaplan_meier(in_b).at(row.until);
  return paired;
}

void pair_events(const Side& a, const Side& b, Pairing& pairing, Problems& problems) {
  for (const EventRow& row : a.result.events) {
    for (const EventRow& other : b.result.events) {
      if (row.endpoint != other.endpoint) continue;
      if (row.unit != other.unit || row.until != other.until)
        problems.add({"", 0, 0, row.endpoint,
                      number_text(row.until) + " " + row.unit + " and " + number_text(other.until) + " " + other.unit,
                      "must have one end of follow-up in both", ""});
      else
        pairing.events.push_back(paired_event(row, a.recording, b.recording));
    }
  }
}

}  // namespace

Pairing paired(const Recording& a, const Recording& b) {
  Problems problems;
  check_plans(a, b, problems);
  problems.throw_if_any();
  check_individuals(a, b, problems);
  problems.throw_if_any();
  const Side in_a{a, read_result(a)}, in_b{b, read_result(b)};
  Pairing pairing;
  pairing.title_a = in_a.result.text("title");
  pairing.title_b = in_b.result.text("title");
  pairing.individuals = in_a.result.individuals;
  pairing.seed = a.plan().seed;
  pair_numbers(in_a, in_b, pairing, problems);
  pair_events(in_a, in_b, pairing, problems);
  problems.throw_if_any();
  if (pairing.numbers.empty() && pairing.events.empty())
    throw InputError({{"", 0, 0, "endpoint", "", "the recordings have none in common", "carina show lists them"}});
  return pairing;
}

}  // namespace carina::figures::impl
