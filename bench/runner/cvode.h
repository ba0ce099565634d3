/// @file
/// A thin owner of one CVODE solver (BDF, dense, analytic Jacobian) that is restarted from patient to patient.
/// Time in the unit of the right-hand side. It never stores outputs.
#pragma once

#include "runner/contender.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_types.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

#include <string>

namespace carina::bench {

/// Version of the linked CVODE and how it was built.
std::string cvode_version();

/// "rtol=1e-06" in the shortest form.
std::string tolerance_text(double rtol);

/// One CVODE solver with its vectors and matrix.
class CvodeSolver {
 public:
  /// Allocates a solver for `n` states with the given right-hand side and Jacobian.
  CvodeSolver(int n, CVRhsFn rates, CVLsJacFn jacobian);
  ~CvodeSolver();
  CvodeSolver(const CvodeSolver&) = delete;
  CvodeSolver& operator=(const CvodeSolver&) = delete;

  /// Sets the relative tolerance and the absolute tolerance of each state.
  void set_tolerances(double rtol, const double* atol);
  /// The state vector, to be filled before `restart` and read after `advance`.
  double* state() { return NV_DATA_S(y_); }
  /// Starts anew at `t` from the state vector, never stepping beyond `stop`; false on failure.
  bool restart(double t, void* model, double stop);
  /// Advances the state to `t`; false on failure.
  bool advance(double t);
  /// Adds the counts since the last restart.
  void add_effort(Effort& effort) const;

 private:
  SUNContext context_ = nullptr;
  void* memory_ = nullptr;
  N_Vector y_ = nullptr, atol_ = nullptr;
  SUNMatrix matrix_ = nullptr;
  SUNLinearSolver solver_ = nullptr;
};

}  // namespace carina::bench
