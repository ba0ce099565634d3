#include "scenario/checks.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/check.h"
#include "base/names.h"
#include "base/quantity.h"
#include "ensemble/integrate.h"

namespace carina::scenario {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double tight = 1e-9;

struct Column {
  expr::NodeId node = expr::no_node;
  std::string unit;
};

Column column_of(model::Model& model, const std::string& name) {
  for (const model::Output& output : model.outputs) {
    if (output.name == name) return {output.node, output.unit};
  }
  if (const auto state = model.find_state(name)) return {model.graph.state(*state), model.states[*state].unit};
  for (const model::Derived& derived : model.derived) {
    if (derived.name == name) return {derived.node, derived.unit};
  }
  CARINA_CHECK(false);
  return {};
}

// One check's model, column and doses; gives the column at any times.
class Trial {
 public:
  // Copies the model: areas and doses are added to it.
  Trial(const model::Model& model, const model::Check& check) : model_(model), check_(check) {
    column_ = column_of(model_, check.column);
    for (const model::Parameter& parameter : model_.parameters) typical_.push_back(parameter.value);
    for (const auto& [name, value] : check.set) typical_[*model_.find_parameter(name)] = value;
    for (const model::CheckDose& dose : check.doses) add_dose(dose);
  }

  const std::string& unit() const { return column_.unit; }

  // The integral of the column is one more state: as exact as the others, and blind to no kink.
  void integrate_column() {
    model::State area;
    area.name = "area of a check";
    area.unit = "1";
    area.scale = check_.value == 0 ? 1 : std::fabs(check_.value);
    area.start = model_.graph.constant(0);
    area.rate = column_.node;
    model_.states.push_back(area);
    column_.node = model_.graph.state(static_cast<std::uint32_t>(model_.states.size() - 1));
  }

  std::vector<double> at(const std::vector<double>& times) const { return run(times, {column_.node}); }
  std::vector<double> at(const std::vector<double>& times, const std::vector<std::string>& names) {
    std::vector<expr::NodeId> nodes;
    for (const std::string& name : names) nodes.push_back(column_of(model_, name).node);
    return run(times, nodes);
  }
  std::string unit_of(const std::string& name) { return column_of(model_, name).unit; }

 private:
  std::vector<double> run(const std::vector<double>& times, const std::vector<expr::NodeId>& nodes) const {
    ensemble::Plan plan;
    plan.model = &model_;
    plan.protocol = protocol_;
    plan.columns = nodes;
    plan.times = times;
    plan.start = std::min(0.0, times.front());
    plan.solver.rtol = tight;
    plan.small_numbers.stochastic = false;                  // values that a check holds are those of the equations
    plan.solver.engine = ensemble::Engine::VirtualMachine;  // at once ready, and the same bits
    if (model_.method == "explicit") plan.solver.method = ensemble::Method::Tsit5;
    ensemble::Results results;
    ensemble::Ensemble(plan).integrate(typical_, 1, results);
    return results.values;
  }

  void add_dose(const model::CheckDose& given) {
    ensemble::Dose dose;
    dose.state = *model_.find_state(given.into);
    dose.amount = model_.graph.constant(given.amount);
    dose.at = model_.graph.constant(given.at);
    if (given.duration > 0) dose.duration = model_.graph.constant(given.duration);
    if (given.count > 1) {
      dose.every = model_.graph.constant(given.every);
      dose.count = model_.graph.constant(given.count);
    }
    protocol_.doses.push_back(dose);
  }

  model::Model model_;
  const model::Check& check_;
  Column column_;
  std::vector<double> typical_;
  ensemble::Protocol protocol_;
};

std::vector<double> grid(double from, double to, std::size_t points) {
  std::vector<double> times;
  for (std::size_t i = 0; i < points; ++i) {
    const double time = from + (to - from) * static_cast<double>(i) / static_cast<double>(points - 1);
    if (times.empty() || time > times.back()) times.push_back(time);
  }
  return times;
}

// A place found on a grid, then on finer grids around it, until the grid is at rounding level.
struct Place {
  double time = nan, value = nan;
};

using Find = std::function<std::size_t(const std::vector<double>&)>;  // index of the place, or the size when there is none

Place locate(const Trial& trial, double from, double to, const Find& find) {
  Place place;
  std::size_t points = 4001;
  for (int round = 0; round < 5; ++round) {
    const std::vector<double> times = grid(from, to, points);
    const std::vector<double> values = trial.at(times);
    const std::size_t i = find(values);
    if (i >= times.size()) return place;
    place = {times[i], values[i]};
    from = times[i == 0 ? 0 : i - 1];
    to = times[std::min(i + 1, times.size() - 1)];
    points = 401;
    if (!(to - from > 1e-10 * std::max(1.0, std::fabs(to)))) break;
  }
  return place;
}

double found_value(const model::Check& check, Trial& trial) {
  const auto extreme = [&](bool highest) {
    return locate(trial, check.from, check.time, [highest](const std::vector<double>& v) {
      const auto best = highest ? std::max_element(v.begin(), v.end()) : std::min_element(v.begin(), v.end());
      return static_cast<std::size_t>(best - v.begin());
    });
  };
  if (check.statistic == "at") return trial.at({check.time}).front();
  if (check.statistic == "max") return extreme(true).value;
  if (check.statistic == "tmax") return extreme(true).time;
  if (check.statistic == "min") return extreme(false).value;
  if (check.statistic == "tmin") return extreme(false).time;
  if (check.statistic == "crosses") {
    return locate(trial, check.from, check.time,
                  [&](const std::vector<double>& v) {
                    for (std::size_t i = 1; i < v.size(); ++i) {
                      if ((v[i] >= check.level) != (v[i - 1] >= check.level)) return i;
                    }
                    return v.size();
                  })
        .time;
  }
  const std::vector<double> ends =
      check.from < check.time ? std::vector<double>{check.from, check.time} : std::vector<double>{check.time};
  if (check.statistic == "auc") {
    trial.integrate_column();
    const std::vector<double> area = trial.at(ends);
    return area.back() - (check.from > 0 ? area.front() : 0);
  }
  if (check.statistic == "half_life") {
    const std::vector<double> values = trial.at(ends);
    return std::log(2.0) * (check.time - check.from) / std::log(values.front() / values.back());
  }
  CARINA_CHECK(false);
  return nan;
}

// What turns a value of the statistic, in the model's units, into the check's unit.
double conversion(const model::Model& model, const model::Check& check, const std::string& column) {
  const Unit time = *Unit::parse(model.time_unit), value = *Unit::parse(column.empty() ? "1" : column);
  const std::string& s = check.statistic;
  const bool is_time = s == "tmax" || s == "tmin" || s == "crosses" || s == "half_life";
  const Unit found = is_time ? time : s == "auc" ? value * time : value;
  const auto wanted = Unit::parse(check.unit.empty() ? "1" : check.unit);
  CARINA_CHECK(wanted && wanted->convertible(found));
  return found.factor_to(*wanted);
}

CheckResult judged(const model::Model& model, const model::Check& check, double found) {
  CheckResult result;
  result.name = check.name;
  result.wanted = check.value;
  result.allowed = std::max(check.relative * std::fabs(check.value), check.absolute);
  result.found = found;
  result.passed = std::fabs(result.found - result.wanted) <= result.allowed;
  const std::string place =
      check.statistic + (check.statistic == "at" ? " " : " until ") + number_text(check.time) + " " + model.time_unit;
  result.text = check.column + ", " + place + ": gives " + number_text(result.found) + ", must give " +
                with_unit(check.value, check.unit) + " within " + number_text(result.allowed);
  return result;
}

bool same_doses(const model::Check& a, const model::Check& b) {
  return std::equal(a.doses.begin(), a.doses.end(), b.doses.begin(), b.doses.end(), [](const auto& x, const auto& y) {
    return x.into == y.into && x.amount == y.amount && x.at == y.at && x.duration == y.duration && x.every == y.every &&
           x.count == y.count;
  });
}

// Values at times under the same parameters and doses come from one integration, whatever their columns.
std::vector<double> values_at(const model::Model& model, const std::vector<const model::Check*>& checks) {
  std::vector<double> times;
  for (const model::Check* check : checks) times.push_back(check->time);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  Trial trial(model, *checks.front());
  std::vector<std::string> names;
  for (const model::Check* check : checks) names.push_back(check->column);
  const std::vector<double> all = trial.at(times, names);
  std::vector<double> values;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const auto t = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), checks[i]->time) - times.begin());
    values.push_back(conversion(model, *checks[i], trial.unit_of(names[i])) * all[t * names.size() + i]);
  }
  return values;
}

}  // namespace

std::vector<CheckResult> run_checks(const model::Model& model) {
  std::vector<CheckResult> results(model.checks.size());
  std::vector<bool> done(model.checks.size());
  for (std::size_t i = 0; i < model.checks.size(); ++i) {
    const model::Check& check = model.checks[i];
    if (done[i]) continue;
    if (check.statistic != "at") {
      Trial trial(model, check);
      const double factor = conversion(model, check, trial.unit());
      results[i] = judged(model, check, factor * found_value(check, trial));
      continue;
    }
    std::vector<const model::Check*> group;
    std::vector<std::size_t> places;
    for (std::size_t j = i; j < model.checks.size(); ++j) {
      const model::Check& other = model.checks[j];
      if (other.statistic != "at" || other.set != check.set || !same_doses(other, check)) continue;
      group.push_back(&other);
      places.push_back(j);
      done[j] = true;
    }
    const std::vector<double> values = values_at(model, group);
    for (std::size_t k = 0; k < group.size(); ++k) results[places[k]] = judged(model, *group[k], values[k]);
  }
  return results;
}

}  // namespace carina::scenario
