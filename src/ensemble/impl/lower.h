/// @file
/// From a model's formulas to the programs that an integrator runs. A Rosenbrock step is one `open` (rates, exact sparse
/// Jacobian, LU factors without pivoting in Markowitz order, first stage) and one `stage` for each further stage. What
/// depends on parameters alone is hoisted into `derive`, run once an individual; parameters that are the same for everybody
/// are constants.
///
/// Arrays: A = states, B = slots (hoisted values, then modes, then infusion rates), C = time and more.
#pragma once

#include <optional>
#include <vector>

#include "ensemble/impl/program.h"
#include "ensemble/integrate.h"
#include "model/model.h"

namespace carina::ensemble {

/// A truth that is held fixed during a step.
struct Mode {
  /// A comparison in a rate or an event condition; one whose g is linear in time alone, so that its switch time is known
  /// beforehand; that a count has few cells (g < 0 turns it on, the worker turns it off); that every count with few cells
  /// has none, so that the first arrival is waited for (g < 0 is that arrival).
  enum class Rule : std::uint8_t { Comparison, Scheduled, Few, Waiting };
  Rule rule = Rule::Comparison;
  bool or_equal = false;    // truth is g <= 0 rather than g < 0, where g = left - right
  std::uint32_t guard = 0;  // row of `guards` for one that is not scheduled
  std::uint32_t at = 0;     // rows of `derive` for one that is: g at time 0 and its slope
  std::uint32_t slope = 0;
};

/// Rows of `derive` that hold a schedule; `absent` where there is none.
inline constexpr std::uint32_t absent = 0xffffffffu;
struct ScheduledDose {
  std::uint32_t input = 0;  // number among the infusion slots
  std::uint32_t state = 0;
  std::uint32_t at = absent, amount = absent, duration = absent, every = absent, count = absent, lag = absent;
};
struct ScheduledEvent {
  std::uint32_t event = 0;
  std::uint32_t at = absent, every = absent, count = absent;
};

/// What happens at an event: new values of some states.
struct EventPrograms {
  std::optional<Program> condition;   // one row; fires when it turns true
  Program assign;                     // one row an assignment
  std::vector<std::uint32_t> states;  // which states they go to
};

/// A count of cells, and a flow between two counts; see model::Count and model::Flow.
struct CountRow {
  std::uint32_t state = 0, mode = 0;
  std::uint32_t cell = 0;  // row of `derive`: one cell in the state's unit
  double threshold = 0;    // cells
  std::uint64_t name = 0;  // part of the address of its draws
};
struct FlowRow {
  std::uint32_t from = 0, to = 0;  // counts
  bool leaves = true;              // false: a mutation, which takes no cell from `from`
};

/// Every program of a model under a protocol, and how the arrays are laid out.
struct Kernels {
  std::uint32_t states = 0, slots = 0, hoisted = 0, modes_at = 0, inputs_at = 0, columns = 0;
  std::uint32_t factor_rows = 0;
  Program derive;   // A = parameters -> hoisted slots, then starts (from `starts_at`), then schedule rows
  Program rates;    // C = [t] -> f
  Program open;     // C = [t, 1/(gamma h), h d1] -> k1, LU factors, df/dt of `time_rows`
  Program stage;    // C = [t, g of each state], D = LU factors -> solution of W k = f + g
  Program observe;  // C = [t] -> columns
  Program guards;   // C = [t] -> g of each mode that is not scheduled
  Program watch;    // C = [t] -> truth of each watched condition
  std::uint32_t starts_at = 0, derived_rows = 0;
  std::vector<std::uint32_t> time_rows;  // states whose rate depends on time explicitly
  std::vector<Mode> modes;
  std::vector<std::uint32_t> input_states;
  std::vector<ScheduledDose> doses;
  std::vector<ScheduledEvent> timed_events;
  std::vector<EventPrograms> events;
  std::vector<CountRow> counts;  // empty for the deterministic course
  std::vector<FlowRow> flows;
  Program count_rates;  // C = [t] -> birth, death (per cell and time) and arrival (cells per time) of each count, rate of
                        // each flow
  std::uint32_t arrivals_state = absent;  // minus what is left of the wait for the first arrival; last of the states
  std::uint32_t waiting_mode = absent;
  std::uint32_t model_states = 0;  // states of the model
};

/// Rows of `count_rates`.
inline constexpr std::size_t rates_of_count = 3;

/// Lowers the model of a plan under its protocol. A parameter with a value in `plan.shared` is a constant; counts of cells are
/// stochastic below their thresholds where `plan.small_numbers` says so.
Kernels lower(const Plan& plan);

/// Formulas of parameters and time as a program: A = parameters, C = [t] -> one row a root.
Program lower_formulas(const expr::Graph& graph, const std::vector<expr::NodeId>& roots);

}  // namespace carina::ensemble
