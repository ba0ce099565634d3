#include "runner/cvode.h"

#include <fmt/format.h>
#include <sundials/sundials_version.h>

#include <stdexcept>

namespace carina::bench {
namespace {

void require(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(fmt::format("CVODE could not be set up: {}", what));
}

}  // namespace

std::string cvode_version() {
  char text[32] = {};
  SUNDIALSGetVersion(text, sizeof text);
  return fmt::format("{}, static, -O3 -march=native", text);
}

std::string tolerance_text(double rtol) { return fmt::format("rtol={:.3g}", rtol); }

CvodeSolver::CvodeSolver(int n, CVRhsFn rates, CVLsJacFn jacobian) {
  require(SUNContext_Create(0, &context_) == 0, "context");
  y_ = N_VNew_Serial(n, context_);
  atol_ = N_VNew_Serial(n, context_);
  N_VConst(0.0, y_);
  N_VConst(1.0, atol_);
  memory_ = CVodeCreate(CV_BDF, context_);
  require(memory_ != nullptr && CVodeInit(memory_, rates, 0.0, y_) == CV_SUCCESS, "solver");
  require(CVodeSVtolerances(memory_, 1e-6, atol_) == CV_SUCCESS, "tolerances");
  matrix_ = SUNDenseMatrix(n, n, context_);
  solver_ = SUNLinSol_Dense(y_, matrix_, context_);
  require(CVodeSetLinearSolver(memory_, solver_, matrix_) == CV_SUCCESS, "linear solver");
  require(CVodeSetJacFn(memory_, jacobian) == CV_SUCCESS, "Jacobian");
  require(CVodeSetMaxNumSteps(memory_, 1000000) == CV_SUCCESS, "number of steps");
  // Tiny first steps after an infusion starts are expected; CVODE would print a warning for each.
  require(CVodeSetMaxHnilWarns(memory_, -1) == CV_SUCCESS, "warnings");
}

CvodeSolver::~CvodeSolver() {
  CVodeFree(&memory_);
  SUNLinSolFree(solver_);
  SUNMatDestroy(matrix_);
  N_VDestroy(atol_);
  N_VDestroy(y_);
  SUNContext_Free(&context_);
}

void CvodeSolver::set_tolerances(double rtol, const double* atol) {
  for (sunindextype i = 0; i < NV_LENGTH_S(atol_); ++i) NV_DATA_S(atol_)[i] = atol[i];
  require(CVodeSVtolerances(memory_, rtol, atol_) == CV_SUCCESS, "tolerances");
}

bool CvodeSolver::restart(double t, void* model, double stop) {
  return CVodeReInit(memory_, t, y_) == CV_SUCCESS && CVodeSetUserData(memory_, model) == CV_SUCCESS &&
         CVodeSetStopTime(memory_, stop) == CV_SUCCESS;
}

bool CvodeSolver::advance(double t) {
  sunrealtype reached = 0.0;
  return CVode(memory_, t, y_, &reached, CV_NORMAL) >= 0;
}

void CvodeSolver::add_effort(Effort& effort) const {
  long steps = 0, rates = 0, jacobians = 0, factorisations = 0;
  CVodeGetNumSteps(memory_, &steps);
  CVodeGetNumRhsEvals(memory_, &rates);
  CVodeGetNumJacEvals(memory_, &jacobians);
  CVodeGetNumLinSolvSetups(memory_, &factorisations);
  effort.steps += steps;
  effort.rates += rates;
  effort.jacobians += jacobians;
  effort.factorisations += factorisations;
}

}  // namespace carina::bench
