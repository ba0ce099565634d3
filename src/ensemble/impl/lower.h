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
#include "ensemble/protocol.h"
#include "model/model.h"

namespace carina::ensemble {

/// A comparison in a rate or an event condition, held fixed during a step.
struct Mode {
  bool or_equal = false;    // truth is g <= 0 rather than g < 0, where g = left - right
  bool scheduled = false;   // g is linear in time alone: the switch time is known beforehand
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
  std::uint32_t starts_at = 0, derived_rows = 0;
  std::vector<std::uint32_t> time_rows;  // states whose rate depends on time explicitly
  std::vector<Mode> modes;
  std::vector<std::uint32_t> input_states;
  std::vector<ScheduledDose> doses;
  std::vector<ScheduledEvent> timed_events;
  std::vector<EventPrograms> events;
};

/// Lowers `model` under `protocol`, recording `columns`. `shared[p]` holds the value of parameter p where it is the same for
/// every individual.
Kernels lower(const model::Model& model, const Protocol& protocol, const std::vector<expr::NodeId>& columns,
              const std::vector<std::optional<double>>& shared);

}  // namespace carina::ensemble
