#include "runner/ours.h"

#include "base/installation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace carina::bench {
namespace {

std::string our_version() { return fmt::format("{} ({})", carina::version(), carina::commit()); }

class Ours : public Contender {
 public:
  Ours(std::shared_ptr<const Task> task, ensemble::Engine engine, bool matching)
      : task_(std::move(task)), engine_(engine), matching_(matching) {}

  std::string name() const override {
    const char* engine = engine_ == ensemble::Engine::Jit       ? "jit"
                         : engine_ == ensemble::Engine::Library ? "compiled ahead by g++ -O3"
                                                                : "vm";
    if (task_->model.closed_form()) return fmt::format("carina {}, closed form", engine);
    return matching_ ? fmt::format("carina {} at equal WRMS, rtol={:.3g}", engine, rtol_)
                     : fmt::format("carina {} rtol={:.3g}", engine, rtol_);
  }
  std::string version() const override { return our_version(); }
  std::string remark() const override {
    if (!compiled_) return {};
    return compiled_->compile_seconds() > 0.0
               ? fmt::format("{}, ready in {:.0f} ms", compiled_->engine_text(), 1e3 * compiled_->compile_seconds())
               : compiled_->engine_text();
  }
  bool ours() const override { return true; }
  bool yardstick() const override { return engine_ == ensemble::Engine::Jit && !matching_ && !task_->model.closed_form(); }
  bool matches_accuracy() const override { return matching_; }
  bool set_tolerance(double rtol) override {
    rtol_ = rtol;
    compiled_.reset();
    return true;
  }

  Outcome run(std::size_t count, std::vector<double>& out) override {
    if (!compiled_) compile();
    const std::vector<double> rows = parameters(count);
    // The engine fills a vector of its own; handing it the runner's saves a copy of all answers.
    const std::size_t size = out.size();
    results_.values.swap(out);
    compiled_->integrate(rows, count, results_);
    results_.values.swap(out);
    out.resize(size);
    Outcome outcome;
    for (std::size_t k = 0; k < count; ++k) {
      outcome.failures += results_.status[k] == ensemble::Status::Ok ? 0U : 1U;
      outcome.effort.steps += results_.steps[k];
    }
    return outcome;
  }

  static ensemble::Plan plan(const Task& task, double rtol, ensemble::Engine engine) {
    ensemble::Plan plan;
    plan.model = &task.model;
    plan.protocol = task.protocol;
    plan.columns = task.columns;
    for (int day = 0; day < 366; ++day) plan.times.push_back(day);
    plan.solver.rtol = rtol;
    plan.solver.engine = engine;
    if (task.model.method == "explicit") plan.solver.method = ensemble::Method::Tsit5;
    for (const model::Parameter& parameter : task.model.parameters) plan.shared.emplace_back(parameter.value);
    for (const std::size_t varied : task.varied) plan.shared[varied].reset();
    for (const double atol : task.atol) plan.solver.atol.push_back(atol * (rtol / 1e-6));
    return plan;
  }

 private:
  void compile() {
    ensemble::Plan made = plan(*task_, rtol_, engine_);
    if (engine_ == ensemble::Engine::Library) {
      made.solver.engine = ensemble::Engine::VirtualMachine;
      const std::string stem = std::filesystem::temp_directory_path() / fmt::format("carina_ahead_{}", getpid());
      std::ofstream(stem + ".cpp") << ensemble::Ensemble(made).source();
      const std::string command = fmt::format(
          "g++ -std=c++20 -O3 -march=native -ffp-contract=off -fno-math-errno -fPIC -shared -o {0}.so {0}.cpp", stem);
      if (std::system(command.c_str()) != 0) throw std::runtime_error("g++ failed: " + command);
      made.solver.engine = engine_;
      made.solver.library = stem + ".so";
    }
    compiled_.emplace(made);
  }
  std::vector<double> parameters(std::size_t count) const {
    const std::size_t width = task_->model.parameters.size();
    std::vector<double> rows(count * width);
    for (std::size_t k = 0; k < count; ++k) {
      double* row = rows.data() + k * width;
      for (std::size_t i = 0; i < width; ++i) row[i] = task_->model.parameters[i].value;
      task_->patient(k + 1, row);
    }
    return rows;
  }

  std::shared_ptr<const Task> task_;
  ensemble::Engine engine_;
  bool matching_;
  double rtol_ = 1e-6;
  std::optional<ensemble::Ensemble> compiled_;
  ensemble::Results results_;
};

class Reference final : public Contender {
 public:
  explicit Reference(std::shared_ptr<const Task> task) : task_(std::move(task)) {}
  std::string name() const override { return "carina reference rtol=1e-06"; }
  std::string version() const override { return our_version(); }
  bool ours() const override { return true; }
  std::size_t most_patients() const override { return 10; }
  Outcome run(std::size_t count, std::vector<double>& out) override {
    const ensemble::Plan plan = Ours::plan(*task_, 1e-6, ensemble::Engine::VirtualMachine);
    Outcome outcome;
    std::vector<double> row(task_->model.parameters.size());
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = task_->model.parameters[i].value;
      task_->patient(k + 1, row.data());
      ensemble::Results results;
      ensemble::integrate_reference(plan, row, results);
      outcome.failures += results.status.at(0) == ensemble::Status::Ok ? 0U : 1U;
      outcome.effort.steps += results.steps.at(0);
      std::copy(results.values.begin(), results.values.end(),
                out.begin() + static_cast<std::ptrdiff_t>(k * results.values.size()));
    }
    return outcome;
  }

 private:
  std::shared_ptr<const Task> task_;
};

}  // namespace

std::unique_ptr<Contender> ours(std::shared_ptr<const Task> task, ensemble::Engine engine) {
  return std::make_unique<Ours>(std::move(task), engine, false);
}

std::unique_ptr<Contender> ours_at_equal_accuracy(std::shared_ptr<const Task> task, ensemble::Engine engine) {
  return std::make_unique<Ours>(std::move(task), engine, true);
}

std::unique_ptr<Contender> ours_compiled_ahead(std::shared_ptr<const Task> task) {
  return std::make_unique<Ours>(std::move(task), ensemble::Engine::Library, false);
}

std::unique_ptr<Contender> ours_reference(std::shared_ptr<const Task> task) {
  return std::make_unique<Reference>(std::move(task));
}

void add_ours(Scene& scene, const std::shared_ptr<const Task>& task) {
  scene.contenders.push_back(ours(task, ensemble::Engine::Jit));
  scene.contenders.push_back(ours_at_equal_accuracy(task, ensemble::Engine::Jit));
  scene.contenders.push_back(ours(task, ensemble::Engine::VirtualMachine));
  scene.contenders.push_back(ours_reference(task));
}

}  // namespace carina::bench
