#include "runner/ours.h"

#include "ensemble_b/contenders.h"
#include "model/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace carina::bench {
namespace {

namespace b = workload_b;

/// Where each parameter of the scene stands in the model.
std::vector<std::size_t> places(const model::Model& model) {
  std::vector<std::size_t> places;
  for (const std::string_view name : b::parameter_names) {
    const auto index = model.find_parameter(std::string(name));
    if (!index) throw std::runtime_error(fmt::format("{} has no parameter {}", model.file, name));
    places.push_back(*index);
  }
  return places;
}

}  // namespace

std::shared_ptr<const Task> task_b(const std::string& source, bool weekly) {
  auto task = std::make_shared<Task>();
  task->model = model::read_model(source + "/models/workload_b.toml");
  model::Model& model = task->model;
  task->atol.resize(model.states.size(), 1.0);
  for (std::size_t i = 0; i < b::state_names.size(); ++i) {
    const auto index = model.find_state(std::string(b::state_names[i]));
    if (!index) throw std::runtime_error(fmt::format("{} has no state {}", model.file, b::state_names[i]));
    task->columns.push_back(model.graph.state(*index));
    task->atol[*index] = b::absolute_tolerances[i];
  }
  const auto central = model.find_state("A1");
  const auto infusions = weekly ? b::weekly_infusions() : b::two_infusions();
  for (std::size_t i = 0; i < infusions.size(); ++i) {
    ensemble::Dose dose;
    dose.state = *central;
    dose.amount = model.graph.constant(infusions[i].amount);
    dose.at = model.graph.constant(infusions[i].start);
    dose.duration = model.graph.constant(infusions[i].duration);
    if (weekly) {
      dose.every = model.graph.constant(infusions[1].start - infusions[0].start);
      dose.count = model.graph.constant(static_cast<double>(infusions.size()));
    }
    task->protocol.doses.push_back(dose);
    if (weekly) break;
  }
  const std::vector<std::size_t> where = places(model);
  task->varied.assign(where.begin(), where.begin() + b::varied_parameters);
  task->patient = [where](std::uint64_t id, double* row) {
    const auto values = b::values(b::patient(id));
    for (std::size_t i = 0; i < values.size(); ++i) row[where[i]] = values[i];
  };
  return task;
}

}  // namespace carina::bench
