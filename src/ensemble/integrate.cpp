#include "ensemble/integrate.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <stdexcept>

#include "ensemble/impl/closed_form.h"
#include "ensemble/impl/jit.h"
#include "ensemble/impl/kernel.h"
#include "ensemble/impl/lower.h"
#include "ensemble/impl/source.h"
#include "ensemble/impl/worker.h"

namespace carina::ensemble {

namespace {

double processor_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void refuse_if(bool wrong, const char* what) {
  if (wrong) throw std::invalid_argument(what);
}

constexpr const char* needs_rows = "parameters need one row an individual";

}  // namespace

struct Ensemble::Impl {
  Kernels kernels;
  std::vector<double> times;
  double start = 0;
  SolverOptions solver;
  SmallNumbers small_numbers;
  std::vector<double> atol;
  std::size_t parameters = 0;
  std::shared_ptr<const JitCode> jit;
  double compile_seconds = 0;

  bool closed_form() const { return kernels.states == 0; }

  // The programs that the method and the model need, in the order in which machine code is made of them.
  std::vector<std::pair<const Program*, std::unique_ptr<Kernel> StepKernels::*>> needed() const {
    std::vector<std::pair<const Program*, std::unique_ptr<Kernel> StepKernels::*>> list;
    if (closed_form()) return {{&kernels.observe, &StepKernels::observe}};
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
  std::vector<const Program*> programs() const {
    std::vector<const Program*> list;
    for (const auto& [program, member] : needed()) list.push_back(program);
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

  template <class Task>
  void with_worker(std::span<const double> values, std::size_t count, const Numbers& numbers, Task task) const {
    refuse_if(values.size() != count * parameters, needs_rows);
    const Job job{kernels,          times,         start,         times.back(), {solver.rtol, atol.data()},
                  solver.max_steps, solver.method, small_numbers, numbers};
    const StepKernels run = step_kernels();
    const std::unique_ptr<Kernel> derive = make_vm_kernel(kernels.derive);
    Worker worker(job, run, *derive, jit ? jit_lanes : vm_lanes);
    task(worker);
  }
  void evaluate_closed_form(std::span<const double> values, std::size_t count, Results& results,
                            const std::atomic<bool>* cancel) const {
    refuse_if(values.size() != count * parameters, needs_rows);
    const StepKernels run = step_kernels();
    const std::unique_ptr<Kernel> derive = make_vm_kernel(kernels.derive);
    evaluate({kernels, times, *derive, *run.observe, jit ? jit_lanes : vm_lanes}, values, count, results, cancel);
  }
};

Ensemble::Ensemble(const Plan& plan) : impl_(std::make_unique<Impl>()) {
  refuse_if(plan.model == nullptr, "a plan needs a model");
  refuse_if(plan.times.empty() || !std::is_sorted(plan.times.begin(), plan.times.end()), "times must ascend");
  refuse_if(plan.times.front() < plan.start, "no output before the start");
  refuse_if(
      plan.model->closed_form() && !(plan.protocol.doses.empty() && plan.model->events.empty() && plan.watched.empty()),
      "a model without states takes no doses, has no events and watches none");
  for (const expr::NodeId column : plan.columns) {
    refuse_if(column >= plan.model->graph.size(), "a column is no formula of the model");
  }
  for (const expr::NodeId condition : plan.watched) {
    refuse_if(condition >= plan.model->graph.size(), "a watched condition is no formula of the model");
  }
  Impl& m = *impl_;
  refuse_if(!(plan.small_numbers.grid > 0), "the grid of small numbers must be above 0");
  m.kernels = lower(plan);
  m.small_numbers = plan.small_numbers;
  m.times = plan.times;
  m.start = plan.start;
  m.solver = plan.solver;
  m.parameters = plan.model->parameters.size();
  m.atol = plan.solver.atol;
  if (m.atol.empty()) {
    for (const model::State& state : plan.model->states) m.atol.push_back(plan.solver.rtol * state.scale);
  }
  refuse_if(m.atol.size() != plan.model->states.size(), "atol needs one value a state");
  // the wait for a first arrival is a number of the size of 1
  m.atol.resize(m.kernels.states, plan.solver.rtol);
  if (plan.solver.engine == Engine::Library) {
    m.jit = load_library(plan.solver.library, m.programs().size());
    refuse_if(m.jit == nullptr, "the library cannot be loaded, or was made from another plan");
  } else if (plan.solver.engine != Engine::VirtualMachine) {
    const double begin = processor_seconds();
    m.jit = JitCode::make(m.programs());
    m.compile_seconds = processor_seconds() - begin;
  }
}

Ensemble::~Ensemble() = default;
Ensemble::Ensemble(Ensemble&&) noexcept = default;
Ensemble& Ensemble::operator=(Ensemble&&) noexcept = default;

void Ensemble::integrate(std::span<const double> parameters, std::size_t count, Results& results,
                         const std::atomic<bool>* cancel, std::uint64_t first) const {
  if (impl_->closed_form()) return impl_->evaluate_closed_form(parameters, count, results, cancel);
  impl_->with_worker(parameters, count, {first, {}},
                     [&](Worker& worker) { worker.integrate(parameters, count, results, cancel); });
}

void Ensemble::integrate(std::span<const double> parameters, std::span<const std::uint64_t> numbers, Results& results,
                         const std::atomic<bool>* cancel) const {
  const std::size_t count = numbers.size();
  if (impl_->closed_form()) return impl_->evaluate_closed_form(parameters, count, results, cancel);
  impl_->with_worker(parameters, count, {1, numbers},
                     [&](Worker& worker) { worker.integrate(parameters, count, results, cancel); });
}

std::vector<TraceRow> Ensemble::trace(std::span<const double> parameters, Results& results, std::uint64_t individual) const {
  std::vector<TraceRow> rows;
  if (impl_->closed_form()) {
    impl_->evaluate_closed_form(parameters, 1, results, nullptr);
    return rows;
  }
  impl_->with_worker(parameters, 1, {individual, {}}, [&](Worker& worker) {
    worker.trace_into(&rows);
    worker.integrate(parameters, 1, results, nullptr);
  });
  return rows;
}

std::vector<double> Ensemble::sensitivities(std::span<const double> parameters, std::span<const std::uint32_t> which,
                                            Results& results, double relative_step) const {
  const Impl& m = *impl_;
  refuse_if(!m.kernels.counts.empty(), "chance has no derivative: plan with small_numbers.stochastic = false");
  const std::size_t values = m.times.size() * m.kernels.columns;
  std::vector<double> derivatives(which.size() * values, std::numeric_limits<double>::quiet_NaN());
  const std::size_t most = (m.jit ? jit_lanes : vm_lanes) - 1;
  for (std::size_t first = 0; first < std::max<std::size_t>(1, which.size()); first += most) {
    const std::size_t count = std::min(most, which.size() - first);
    std::vector<double> rows;
    std::vector<double> moved;
    for (std::size_t lane = 0; lane <= count; ++lane) {
      rows.insert(rows.end(), parameters.begin(), parameters.end());
      if (lane == 0) continue;
      refuse_if(which[first + lane - 1] >= m.parameters, "no such parameter");
      double& p = rows[lane * m.parameters + which[first + lane - 1]];
      const double before = p;
      p += relative_step * std::max(std::fabs(p), relative_step);
      moved.push_back(p - before);
    }
    if (m.closed_form()) {
      m.evaluate_closed_form(rows, count + 1, results, nullptr);
    } else {
      m.with_worker(rows, count + 1, {}, [&](Worker& worker) { worker.integrate_group(rows, count + 1, results); });
    }
    for (std::size_t lane = 1; lane <= count; ++lane) {
      for (std::size_t v = 0; v < values; ++v) {
        derivatives[(first + lane - 1) * values + v] =
            (results.values[lane * values + v] - results.values[v]) / moved[lane - 1];
      }
    }
  }
  results.values.resize(values);
  results.status.resize(1);
  results.steps.resize(1);
  results.rejected.resize(1);
  results.hits.resize(m.kernels.watch.outputs.size());
  return derivatives;
}

std::string Ensemble::engine_text() const {
  if (!impl_->jit) return "vm (" + std::to_string(vm_lanes) + " lanes)";
  if (impl_->solver.engine == Engine::Library) return impl_->jit->text();
  return "jit (" + impl_->jit->text() + ", " + std::to_string(jit_lanes) + " lanes)";
}

std::string Ensemble::source() const { return source_text(impl_->programs()); }

double Ensemble::compile_seconds() const { return impl_->compile_seconds; }

}  // namespace carina::ensemble
