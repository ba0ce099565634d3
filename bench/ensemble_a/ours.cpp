#include "runner/ours.h"

#include "ensemble_a/contenders.h"
#include "model/read.h"
#include "scenes/stein.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace carina::bench {

std::shared_ptr<const Task> task_a(const std::string& source, const std::string& name) {
  auto task = std::make_shared<Task>();
  task->model = model::read_model(source + "/models/" + name + ".toml");
  const model::Model& model = task->model;
  const auto output =
      std::find_if(model.outputs.begin(), model.outputs.end(), [](const model::Output& o) { return o.name == "transgene"; });
  if (output == model.outputs.end()) throw std::runtime_error(model.file + " has no output transgene");
  task->columns = {output->node};
  task->atol.assign(model.states.size(), 1e-6);
  std::vector<std::size_t> where;
  for (const char* parameter : {"foldx", "Tmax", "Cmax", "alpha", "FB", "beta", "Ttoci"}) {
    const auto index = model.find_parameter(parameter);
    if (!index) throw std::runtime_error(fmt::format("{} has no parameter {}", model.file, parameter));
    where.push_back(*index);
  }
  task->varied = where;
  task->patient = [where](std::uint64_t id, double* row) {
    const stein::Patient p = stein::patient(id);
    const double values[] = {p.fold, p.tmax, p.cmax, p.alpha, p.fb, p.beta, std::min(p.toci, 1e6)};
    for (std::size_t i = 0; i < where.size(); ++i) row[where[i]] = values[i];
  };
  return task;
}

}  // namespace carina::bench
