/// @file
/// Work load B: a stiff model of CAR T-cell therapy with 20 states and 74 parameters, 12 of them varying between
/// patients, written for benchmarking only. Time in days, horizon 365, every state at every whole day. Right-hand
/// side and Jacobian are written out by hand, so that a foreign integrator is timed on code as good as a person
/// writes it. It does not integrate anything, and it shares no code with carina's own engine.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace carina::bench::workload_b {

/// Number of states.
inline constexpr int states = 20;

/// Number of parameters.
inline constexpr int parameters = 74;

/// How many of them, the first in order, vary between patients.
inline constexpr int varied_parameters = 12;

/// Number of output rows: the whole days 0 to 365.
inline constexpr int rows = 366;

/// Parameters by name, each in the unit that workload_b.def states.
struct Parameters {
#define STATE(name, atol)
#define PARAMETER(name, typical, omega) double name = typical;
#include "scenes/workload_b.def"
#undef STATE
#undef PARAMETER
};

/// Names of the states, in order.
extern const std::array<std::string_view, states> state_names;

/// Absolute tolerance of each state, in its own unit.
extern const std::array<double, states> absolute_tolerances;

/// Names of the parameters, in the order of `values`.
extern const std::array<std::string_view, parameters> parameter_names;

/// The parameters of patient `id`; patient 0 has the typical values.
Parameters patient(std::uint64_t id);

/// The parameters as an array in the order of `parameter_names`.
std::array<double, parameters> values(const Parameters& p);

/// The state at day 0.
std::array<double, states> initial_state(const Parameters& p);

/// One infusion of tocilizumab.
struct Infusion {
  double start;     ///< day
  double duration;  ///< day
  double amount;    ///< mg
};

/// The two one-hour infusions of 560 mg at days 6 and 6.5.
std::vector<Infusion> two_infusions();

/// 52 one-hour infusions of 560 mg at days 6, 13, ..., 363.
std::vector<Infusion> weekly_infusions();

/// A patient's constants as the right-hand side wants them: products and quotients of parameters taken out of it.
class Rates {
 public:
  /// Prepares the constants of `p`.
  explicit Rates(const Parameters& p);

  /// Sets the infusion rate of tocilizumab, in mg/day.
  void set_infusion(double rate) { infusion_ = rate; }

  /// Derivatives `dy`, per day, of the state `y` at day `t`.
  void derivatives(double t, const double* y, double* dy) const;

  /// Jacobian at `y`, column by column: `columns[j][i]` is the derivative of rate i with respect to state j. Only
  /// the 118 structural non-zeros are written; the rest must be zero beforehand.
  void jacobian(const double* y, double* const* columns) const;

 private:
  void cells(const double* y, double* const* columns) const;
  void trafficking(double* const* columns) const;
  void targets(const double* y, double* const* columns) const;
  void proteins(const double* y, double* const* columns) const;

  Parameters p_;
  double infusion_ = 0.0;
  double leave_e_, leave_m_, enter_mt_, enter_ml_;
  double kx2_, k6_2_, kc2_, inv_cmax_, inv_kt_, inv_tau15_, inv_r0_;
  double d15_kc15_, cl_v1_q_v1_, q_v1_, q_v2_, inv_v1_, bind_a1_, unbind_;
};

}  // namespace carina::bench::workload_b
