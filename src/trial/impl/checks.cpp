#include "trial/impl/checks.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace carina::trial::impl {
namespace {

template <class Row>
bool has_name(const std::vector<Row>& rows, const std::string& name) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
}

template <class Row>
void check_names(Reading& reading, const char* list, const std::vector<Row>& rows) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].name.empty() || seen.insert(rows[i].name).second) continue;
    reading.problem(reading.rows[list][i], "name", "stands twice");
  }
}

// The place of the table at `path`; where the file has none, nothing but the path.
Place place_of(Reading& reading, const std::string& path) {
  const std::vector<Place>& rows = reading.rows[path];
  return rows.empty() ? Place{nullptr, path} : rows.front();
}

void check_share(Reading& reading, const Place& place, const char* key, const std::optional<Stated>& share) {
  if (share && !(share->value.value >= 0 && share->value.value <= 1))
    reading.problem(place, key, "must be from 0 to 1", "a share of 96 in a hundred is \"96 %\"");
}

void check_arms(Reading& reading, const Trial& trial) {
  static const std::string list = "arm";
  check_names(reading, "arm", trial.arms);
  for (std::size_t i = 0; i < reading.rows[list].size(); ++i) {
    const Arm& arm = trial.arms[i];
    const Place& place = reading.rows[list][i];
    if (arm.product.empty() == arm.comparator.empty())
      reading.problem(place, "product", "must stand, or comparator, and not both");
    if (!arm.crossover) continue;
    const Place crossover{place.table->get_as<toml::table>("crossover"), place.path + ".crossover"};
    if (arm.crossover->to == arm.name || !has_name(trial.arms, arm.crossover->to))
      reading.problem(crossover, "to", "must be the name of another arm");
    check_share(reading, crossover, "share", arm.crossover->share);
  }
}

bool is_date(const std::string& text) {
  static const std::string pattern = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (pattern[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  const auto part = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  if (text.size() >= 7 && (part(5) < 1 || part(5) > 12)) return false;
  return text.size() < 10 || (part(8) >= 1 && part(8) <= 31);
}

void check_cuts(Reading& reading, const Trial& trial) {
  check_names(reading, "cut", trial.cuts);
  for (std::size_t i = 0; i < trial.cuts.size(); ++i) {
    const Cut& cut = trial.cuts[i];
    if (!cut.date.empty() && !is_date(cut.date))
      reading.problem(reading.rows["cut"][i], "date", "must be a date such as 2017-04 or 2017-04-25");
  }
}

void check_design(Reading& reading, const Trial& trial) {
  const Design& d = trial.design;
  const Place place = place_of(reading, "design");
  const auto fewer = [&](const std::optional<Stated>& less, const std::optional<Stated>& more, const char* key,
                         const char* other) {
    if (less && more && less->value.value > more->value.value)
      reading.problem(place, key, std::string("must not be more than design.") + other);
  };
  fewer(d.infused, d.enrolled, "infused", "enrolled");
  fewer(d.enrolled, d.screened, "enrolled", "screened");
  for (const auto& [key, count] : {std::pair{"planned", &d.planned}, std::pair{"screened", &d.screened},
                                   std::pair{"enrolled", &d.enrolled}, std::pair{"infused", &d.infused}})
    if (*count && ((*count)->value.value < 1 || (*count)->value.value != std::floor((*count)->value.value)))
      reading.problem(place, key, "must be a whole number of at least 1");
  if (d.accrual && d.accrual->value.value <= 0) reading.problem(place, "accrual", "must be > 0");
  if (d.lost && d.lost->value.value < 0) reading.problem(place, "lost", "must be >= 0");
  check_share(reading, place, "transplant_in_response", d.transplant_in_response);
  check_share(reading, place, "antigen_unknown", d.antigen_unknown);
}

void check_rules(Reading& reading, const Trial& trial) {
  for (std::size_t i = 0; i < trial.eligibility.size(); ++i) {
    const Rule& rule = trial.eligibility[i];
    const Place& place = reading.rows["eligibility"][i];
    const Variable* variable = find_variable(rule.variable);
    if (variable == nullptr) continue;
    const int bounds =
        rule.at_least.has_value() + rule.at_most.has_value() + rule.below.has_value() + rule.above.has_value();
    if (variable->unit.empty() && (bounds > 0 || !rule.is))
      reading.problem(place, "", "needs is = true or is = false", rule.variable + " is yes or no");
    if (!variable->unit.empty() && (bounds == 0 || rule.is))
      reading.problem(place, "", "needs at_least, at_most, below or above", rule.variable + " is a number");
  }
}

void check_population(Reading& reading, const Trial& trial) {
  for (std::size_t i = 0; i < trial.population.size(); ++i) {
    const Baseline& row = trial.population[i];
    const Place& place = reading.rows["population"][i];
    check_interval(reading, place, row, row.value);
    if (!row.denominator.empty() && !has_name(trial.analysis_sets, row.denominator))
      reading.problem(place, "denominator", "is no analysis set",
                      did_you_mean(row.denominator, names_of(std::span(trial.analysis_sets))));
    const Variable* variable = find_variable(row.variable);
    if (variable == nullptr || row.unit.empty()) continue;
    const bool share = row.statistic == "share";
    if (variable->unit.empty() != share)
      reading.problem(place, "statistic", share ? "must be median or mean" : "must be share", "of " + variable->about);
    const auto unit = Unit::parse(row.unit);
    const std::string wanted = variable->unit.empty() ? "%" : variable->unit;
    if (!unit)
      reading.problem(place, "unit", "is not a unit", Unit::advice(row.unit));
    else if (!unit->convertible(known_unit(wanted)))
      reading.problem(place, "unit", "must be a unit such as " + wanted);
  }
}

void check_protocol(Reading& reading, const Trial& trial) {
  const Protocol& p = trial.protocol;
  const Place protocol = place_of(reading, "protocol");
  check_share(reading, protocol, "lymphodepleted", p.lymphodepleted);
  check_share(reading, protocol, "bridged", p.bridged);
  if (p.second_infusion) {
    const Place again = place_of(reading, "protocol.second_infusion");
    if (p.second_infusion->until.value <= p.second_infusion->from.value)
      reading.problem(again, "until", "must be after protocol.second_infusion.from");
    if (p.second_infusion->from.value <= 0) reading.problem(again, "from", "must be after the first infusion");
    const auto& part = p.second_infusion->part;
    if (part && (part->value <= 0 || part->value > 1))
      reading.problem(again, "part", "must be > 0 and at most 1", "of the first dose");
  }
  for (std::size_t i = 0; i < p.visits.size(); ++i) {
    const Place& place = reading.rows["protocol.visits"][i];
    const Visits& row = p.visits[i];
    if (row.at.empty()) reading.problem(place, "at", "needs at least one time");
    if (row.every.has_value() != row.until.has_value()) reading.problem(place, "", "needs every and until, or neither");
    if (row.every && row.every->value <= 0) reading.problem(place, "every", "must be > 0");
  }
  for (std::size_t i = 0; i < p.doses.size(); ++i) {
    const GivenDose& dose = p.doses[i];
    const Place& place = reading.rows["protocol.dose"][i];
    if ((dose.low && dose.low->value > dose.median.value) || (dose.high && dose.high->value < dose.median.value))
      reading.problem(place, "median", "must lie from low to high");
    if (dose.second && (dose.per == "kg" || dose.second->value <= 0))
      reading.problem(place, "second", "must be > 0 and of a dose for each patient, not for each kg");
    if ((dose.blasts_above || dose.blasts_through) && trial.disease != "B-ALL")
      reading.problem(place, dose.blasts_above ? "blasts_above" : "blasts_through", "is for B-ALL only");
  }
}

}  // namespace

void check_trial(Reading& reading, Trial& trial) {
  check_arms(reading, trial);
  check_cuts(reading, trial);
  check_names(reading, "analysis_set", trial.analysis_sets);
  check_design(reading, trial);
  check_rules(reading, trial);
  check_population(reading, trial);
  check_protocol(reading, trial);
  check_figures(reading, trial);
}

}  // namespace carina::trial::impl
