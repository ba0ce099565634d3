#include "figures/pair.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "figures/impl/axis.h"
#include "figures/impl/pairing.h"

namespace carina::figures {
namespace {

using impl::number;

nlohmann::json finite(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

std::string middle_text(const impl::Middle& middle) {
  return number(middle.median) + " (" + number(middle.p5) + " to " + number(middle.p95) + ")";
}

std::string number_lines(const impl::Pairing& pairing) {
  if (pairing.numbers.empty()) return {};
  std::string out = fmt::format("\n  {:<20} {:>9} {:>10} {:>10} {:>32} {:>26} {:>8}  {}\n", "endpoint", "pairs", "median A",
                                "median B", "B - A, median (5 to 95 %)", "B / A (5 to 95 %)", "B > A %", "unit");
  for (const impl::PairedNumber& row : pairing.numbers) {
    out += fmt::format("  {:<20} {:>9} {:>10} {:>10} {:>32} {:>26} {:>8}  {}\n",
                       row.endpoint + (row.column.empty() ? "" : " " + row.column), row.n, number(row.median_a),
                       number(row.median_b), middle_text(row.difference), row.ratio ? middle_text(*row.ratio) : "",
                       number(100 * row.b_above_a), row.unit == "1" ? "" : row.unit);
  }
  return out;
}

std::string event_lines(const impl::Pairing& pairing) {
  if (pairing.events.empty()) return {};
  std::string out = fmt::format("\n  {:<20} {:>9} {:>12} {:>12} {:>9} {:>9} {:>9} {:>9}  {}\n", "time to event", "pairs",
                                "% without A", "% without B", "A only", "B only", "both", "neither", "at");
  for (const impl::PairedEvent& row : pairing.events) {
    out += fmt::format("  {:<20} {:>9} {:>12} {:>12} {:>9} {:>9} {:>9} {:>9}  {} {}\n", row.endpoint, row.n,
                       number(100 * row.survival_a), number(100 * row.survival_b), row.a_only, row.b_only, row.both,
                       row.neither, number(row.until), row.unit);
  }
  return out;
}

nlohmann::json middle_json(const impl::Middle& middle) {
  return {{"median", finite(middle.median)}, {"p5", finite(middle.p5)}, {"p95", finite(middle.p95)}};
}

}  // namespace

std::string pair_text(const record::Recording& a, const record::Recording& b) {
  const impl::Pairing pairing = impl::paired(a, b);
  std::string out = fmt::format("A  {}\n   {}\nB  {}\n   {}\n  {} individuals of seed {}, each with itself\n",
                                pairing.title_a, a.plan().created_by, pairing.title_b, b.plan().created_by,
                                number(static_cast<double>(pairing.individuals), 12), pairing.seed);
  out += number_lines(pairing) + event_lines(pairing);
  out.pop_back();
  return out;
}

std::string pair_json(const record::Recording& a, const record::Recording& b) {
  const impl::Pairing pairing = impl::paired(a, b);
  nlohmann::json out = {{"a", pairing.title_a},
                        {"b", pairing.title_b},
                        {"individuals", pairing.individuals},
                        {"seed", pairing.seed},
                        {"endpoints", nlohmann::json::array()},
                        {"time_to_event", nlohmann::json::array()}};
  for (const impl::PairedNumber& row : pairing.numbers) {
    out["endpoints"].push_back({{"endpoint", row.endpoint},
                                {"column", row.column},
                                {"unit", row.unit},
                                {"n", row.n},
                                {"median_a", finite(row.median_a)},
                                {"median_b", finite(row.median_b)},
                                {"difference", middle_json(row.difference)},
                                {"ratio", row.ratio ? middle_json(*row.ratio) : nlohmann::json(nullptr)},
                                {"b_above_a", finite(row.b_above_a)}});
  }
  for (const impl::PairedEvent& row : pairing.events) {
    out["time_to_event"].push_back({{"endpoint", row.endpoint},
                                    {"unit", row.unit},
                                    {"n", row.n},
                                    {"until", row.until},
                                    {"survival_a", finite(row.survival_a)},
                                    {"survival_b", finite(row.survival_b)},
                                    {"a_only", row.a_only},
                                    {"b_only", row.b_only},
                                    {"both", row.both},
                                    {"neither", row.neither}});
  }
  return out.dump(2);
}

}  // namespace carina::figures
