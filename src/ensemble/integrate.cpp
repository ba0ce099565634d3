#include "ensemble/integrate.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "ensemble/impl/jit.h"
#include "ensemble/impl/kernel.h"
#include "ensemble/impl/lower.h"
#include "ensemble/impl/worker.h"

namespace carina::ensemble {

namespace {

void refuse_if(bool wrong, const char* what) {
  if (wrong) throw std::invalid_argument(what);
}

}  // namespace

struct Ensemble::Impl {
  Kernels kernels;
  std::vector<double> times;
  double start = 0;
  SolverOptions solver;
  std::vector<double> atol;
  std::size_t parameters = 0;
  std::shared_ptr<const JitCode> jit;
  double compile_seconds = 0;

  // The programs that the method and the model need, in the order in which machine code is made of them.
  std::vector<std::pair<const Program*, std::unique_ptr<Kernel> StepKernels::*>> needed() const {
    std::vector<std::pair<const Program*, std::unique_ptr<Kernel> StepKernels::*>> list;
    if (solver.method == Method::Tsit5) {
      list.emplace_back(&kernels.rates, &StepKernels::rates);
    } else {
      list.emplace_back(&kernels.open, &StepKernels::open);
      list.emplace_back(&kernels.stage, &StepKernels::stage);
    }
    list.emplace_back(&kernels.observe, &StepKernels::observe);
    if (!kernels.guards.outputs.empty()) list.emplace_back(&kernels.guards, &StepKernels::guards);
    return list;
  }
  StepKernels step_kernels() const {
    StepKernels run;
    std::size_t index = 0;
    for (const auto& [program, member] : needed()) {
      run.*member = jit ? jit->kernel(index++) : make_vm_kernel(*program);
    }
    return run;
  }
};

Ensemble::Ensemble(const Plan& plan) : impl_(std::make_unique<Impl>()) {
  refuse_if(plan.model == nullptr, "a plan needs a model");
  refuse_if(plan.times.empty() || !std::is_sorted(plan.times.begin(), plan.times.end()), "times must ascend");
  refuse_if(plan.times.front() < plan.start, "no output before the start");
  refuse_if(plan.model->states.empty(), "a model needs a state");
  for (const expr::NodeId column : plan.columns) {
    refuse_if(column >= plan.model->graph.size(), "a column is no formula of the model");
  }
  Impl& m = *impl_;
  m.kernels = lower(*plan.model, plan.protocol, plan.columns, plan.shared);
  m.times = plan.times;
  m.start = plan.start;
  m.solver = plan.solver;
  m.parameters = plan.model->parameters.size();
  m.atol = plan.solver.atol;
  if (m.atol.empty()) {
    for (const model::State& state : plan.model->states) m.atol.push_back(plan.solver.rtol * state.scale);
  }
  refuse_if(m.atol.size() != plan.model->states.size(), "atol needs one value a state");
  if (plan.solver.engine != Engine::VirtualMachine) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<const Program*> programs;
    for (const auto& [program, member] : m.needed()) programs.push_back(program);
    m.jit = JitCode::make(programs);
    m.compile_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
}

Ensemble::~Ensemble() = default;
Ensemble::Ensemble(Ensemble&&) noexcept = default;
Ensemble& Ensemble::operator=(Ensemble&&) noexcept = default;

void Ensemble::integrate(std::span<const double> parameters, std::size_t count, Results& results,
                         const std::atomic<bool>* cancel) const {
  const Impl& m = *impl_;
  refuse_if(parameters.size() != count * m.parameters, "parameters need one row an individual");
  const Job job{m.kernels,          m.times,        m.start, m.times.back(), {m.solver.rtol, m.atol.data()},
                m.solver.max_steps, m.solver.method};
  const StepKernels run = m.step_kernels();
  const std::unique_ptr<Kernel> derive = make_vm_kernel(m.kernels.derive);
  Worker(job, run, *derive, m.jit ? jit_lanes : vm_lanes).integrate(parameters, count, results, cancel);
}

std::string Ensemble::engine_text() const {
  if (!impl_->jit) return "vm (" + std::to_string(vm_lanes) + " lanes)";
  return "jit (" + impl_->jit->text() + ", " + std::to_string(jit_lanes) + " lanes)";
}

double Ensemble::compile_seconds() const { return impl_->compile_seconds; }

}  // namespace carina::ensemble
