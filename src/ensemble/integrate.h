/// @file
/// Integrates many individuals of one model. Individuals sit in the lanes of vector registers, each with its own time and
/// step size; a lane that finishes takes the next individual. What an individual gives does not depend on its lane, its
/// neighbours, the number of lanes or the engine: virtual machine and JIT agree to the bit.
///
/// Method: Rodas5P (Steinebach 2023, BIT 63:27, doi 10.1007/s10543-023-00967-x), order 5 with an embedded order 4 and dense
/// output of order 4, or Tsit5 (Tsitouras 2011, doi 10.1016/j.camwa.2011.06.002) where a model asks for an explicit pair. A comparison in a rate is held fixed within a step; where
/// its sides cross is located on the dense output and the step ends there. A model without states is a closed form: its columns
/// are evaluated at the output times, nothing is integrated.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ensemble/protocol.h"
#include "ensemble/status.h"
#include "model/model.h"

namespace carina::ensemble {

/// What executes the model. Auto is the JIT where it is built in and the machine has it, else the virtual machine. Library is
/// machine code that was compiled ahead of time from Ensemble::source.
enum class Engine { Auto, VirtualMachine, Jit, Library };

/// How the equations are integrated.
enum class Method { Rodas5p, Tsit5 };

/// Settings of the integrator.
struct SolverOptions {
  double rtol = 1e-5;                   ///< relative tolerance, 1e-12 to 1e-2
  std::vector<double> atol;             ///< one a state, in its unit; empty: rtol * the state's scale
  Engine engine = Engine::Auto;         ///< what executes the model
  std::string library;                  ///< for Engine::Library: the shared library, made from the source of the same plan
  Method method = Method::Rodas5p;      ///< integrator
  std::uint32_t max_steps = 1'000'000;  ///< steps allowed for one individual, rejected ones included
};

/// How few cells are treated; see docs/small_numbers.md. Only models with counts know the difference.
struct SmallNumbers {
  bool stochastic = true;  ///< below its threshold a count is a whole number moved by chance; false: the equations alone
  double grid = 0.25;      ///< interval between the draws of few cells, in the model's time unit
  std::uint64_t seed = 1;  ///< of those draws
};

/// What is run: everything but the individuals.
struct Plan {
  const model::Model* model = nullptr;        ///< used only while an Ensemble is made
  Protocol protocol;                          ///< doses
  std::vector<expr::NodeId> columns;          ///< what is recorded: nodes of the model's graph
  std::vector<expr::NodeId> watched;          ///< conditions whose first holding is told: nodes of the model's graph
  std::vector<double> times;                  ///< when, ascending, in the model's time unit; at a dose: after it
  double start = 0;                           ///< time of the initial values; no output before it
  std::vector<std::optional<double>> shared;  ///< parameter values that are the same for everybody; may be empty
  SolverOptions solver;                       ///< settings
  SmallNumbers small_numbers;                 ///< few cells
};

/// What came out for a run of individuals.
struct Results {
  std::vector<double> values;           ///< [individual][time][column]; all NaN for one that failed
  std::vector<Status> status;           ///< one an individual
  std::vector<std::uint32_t> steps;     ///< accepted steps, one an individual; 0 for a closed form
  std::vector<std::uint32_t> rejected;  ///< rejected steps, one an individual
  /// [individual][watched]: first time at which the condition holds, located as an event's; infinity: never; NaN: failed.
  std::vector<double> hits = {};
};

/// One line of a trace.
struct TraceRow {
  /// What can happen: a step taken or rejected, a condition that switched, a dose, an event; births, deaths and flows of few
  /// cells; a count that came to few cells, or to many again; the first cell that reached an empty count.
  enum class Kind { Step, Rejected, Switch, Bolus, InfusionStart, InfusionEnd, Event, Births, Few, Many, Arrival };
  Kind kind = Kind::Step;      ///< what happened
  double time = 0;             ///< when: the end of a step, the start of a rejected one
  double step = 0;             ///< size of the step; 0 for a happening
  std::uint32_t index = 0;     ///< of the dosed state, of the event, or of the state that is a count
  std::vector<double> states;  ///< every state, after it
};

/// A model compiled under a plan. Immutable: any number of threads may integrate with it at once.
class Ensemble {
 public:
  /// Compiles. Throws std::invalid_argument only for plans that a reader should have refused (times not ascending, node
  /// out of range, doses or events without states), and when a library cannot be loaded.
  explicit Ensemble(const Plan& plan);
  ~Ensemble();
  Ensemble(Ensemble&&) noexcept;             ///< moves
  Ensemble& operator=(Ensemble&&) noexcept;  ///< moves

  /// Integrates `count` individuals (evaluates them, in 0 steps, where the model is a closed form). `parameters` has one row
  /// an individual and one column a parameter of the model (covariates included). `results` is overwritten. Returns early,
  /// results incomplete, when `cancel` turns true. `first` is the number of the first individual, the others follow: the
  /// address of their draws.
  void integrate(std::span<const double> parameters, std::size_t count, Results& results,
                 const std::atomic<bool>* cancel = nullptr, std::uint64_t first = 1) const;

  /// The same for individuals of these numbers, one row of `parameters` each.
  void integrate(std::span<const double> parameters, std::span<const std::uint64_t> numbers, Results& results,
                 const std::atomic<bool>* cancel = nullptr) const;

  /// Derivatives of every recorded value with respect to the parameters `which` of one individual: [which][time][column],
  /// in the column's unit per unit of the parameter. Forward differences between lanes that share the steps of the
  /// unperturbed one (internal numerical differentiation), so that the error control does not enter: about as accurate as the
  /// solution itself. Doses, timed switches and located switches move with the parameters. A parameter p is moved by
  /// `relative_step` * max(|p|, `relative_step`). NaN where the individual fails. `results` gets the unperturbed solution.
  /// Not for stochastic small numbers: throws std::invalid_argument.
  std::vector<double> sensitivities(std::span<const double> parameters, std::span<const std::uint32_t> which,
                                    Results& results, double relative_step = 1e-6) const;

  /// Integrates one individual again, to the same bits, and tells each step, rejection, switch, dose and event.
  /// A closed form has nothing to tell.
  std::vector<TraceRow> trace(std::span<const double> parameters, Results& results, std::uint64_t individual = 1) const;

  /// The engine in use: `jit (llvm 14.0.6, znver3, 8 lanes)`, `vm (32 lanes)`.
  std::string engine_text() const;
  /// The programs as a C++ translation unit that a compiler turns into a library for Engine::Library; its first line says
  /// how. It fits this plan only.
  std::string source() const;
  /// Processor seconds spent making machine code; 0 for the virtual machine.
  double compile_seconds() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The plain reference engine: integrates one individual by the formulas as written, with the C library's functions and an
/// implicit Radau IIA method of order 5 with a dense Jacobian by finite differences: slow, simple, trustworthy. Switches,
/// doses and few cells as in Ensemble. `parameters` has one value a parameter.
void integrate_reference(const Plan& plan, std::span<const double> parameters, Results& results,
                         std::uint64_t individual = 1);

}  // namespace carina::ensemble
