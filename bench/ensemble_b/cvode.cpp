// CVODE as its manual advises for a small stiff system: BDF, Newton with a dense direct solver, an analytic Jacobian,
// one solver object reused for all patients, restarted at each discontinuity of the infusion rate.
#include "runner/cvode.h"
#include "ensemble_b/contenders.h"
#include "scenes/workload_b.h"

#include <algorithm>
#include <cmath>

namespace carina::bench {
namespace {

namespace b = workload_b;

int rates(sunrealtype t, N_Vector y, N_Vector dy, void* user) {
  static_cast<const b::Rates*>(user)->derivatives(t, NV_DATA_S(y), NV_DATA_S(dy));
  return 0;
}

int jacobian(sunrealtype, N_Vector y, N_Vector, SUNMatrix j, void* user, N_Vector, N_Vector, N_Vector) {
  static_cast<const b::Rates*>(user)->jacobian(NV_DATA_S(y), SM_COLS_D(j));
  return 0;
}

class CvodeB final : public Contender {
 public:
  CvodeB(std::vector<b::Infusion> infusions, double rtol, double atol_factor)
      : infusions_(std::move(infusions)), rtol_(rtol), atol_factor_(atol_factor), solver_(b::states, rates, jacobian) {}

  std::string name() const override { return "CVODE BDF " + tolerance_text(rtol_); }
  std::string version() const override { return cvode_version(); }
  bool sets_accuracy() const override { return true; }
  bool set_tolerance(double rtol) override {
    rtol_ = rtol;
    atol_factor_ = rtol / 1e-6;
    return true;
  }

  Outcome run(std::size_t count, std::vector<double>& out) override {
    std::array<double, b::states> atol = b::absolute_tolerances;
    for (double& a : atol) a *= atol_factor_;
    solver_.set_tolerances(rtol_, atol.data());
    Outcome outcome;
    const std::size_t stride = static_cast<std::size_t>(b::rows) * b::states;
    for (std::size_t k = 0; k < count; ++k)
      if (!one(k + first_, out.data() + k * stride, outcome.effort)) ++outcome.failures;
    return outcome;
  }

  /// Lets the first patient of a run be another than 1.
  void begin_with(std::size_t first) { first_ = first; }

 private:
  bool one(std::size_t id, double* out, Effort& effort) {
    const b::Parameters p = b::patient(id);
    b::Rates model(p);
    const auto y0 = b::initial_state(p);
    std::copy(y0.begin(), y0.end(), solver_.state());
    std::copy(y0.begin(), y0.end(), out);
    int day = 1;
    double t = 0.0;
    const auto stretch = [&](double until, double rate) {
      if (until <= t) return true;
      model.set_infusion(rate);
      if (!solver_.restart(t, &model, until)) return false;
      for (; day < b::rows && day <= until; ++day) {
        if (!solver_.advance(day)) return false;
        std::copy_n(solver_.state(), b::states, out + static_cast<std::size_t>(day) * b::states);
      }
      if (day - 1 < until && !solver_.advance(until)) return false;
      solver_.add_effort(effort);
      t = until;
      return true;
    };
    for (const b::Infusion& infusion : infusions_) {
      if (!stretch(infusion.start, 0.0)) return false;
      if (!stretch(infusion.start + infusion.duration, infusion.amount / infusion.duration)) return false;
    }
    return stretch(b::rows - 1, 0.0);
  }

  std::vector<b::Infusion> infusions_;
  double rtol_, atol_factor_;
  std::size_t first_ = 1;
  CvodeSolver solver_;
};

}  // namespace

std::unique_ptr<Contender> cvode_b(const std::vector<b::Infusion>& infusions, double rtol) {
  return std::make_unique<CvodeB>(infusions, rtol, rtol / 1e-6);
}

std::unique_ptr<Contender> cvode_b_from(std::size_t first, double rtol, double atol_factor) {
  auto contender = std::make_unique<CvodeB>(b::two_infusions(), rtol, atol_factor);
  contender->begin_with(first);
  return contender;
}

}  // namespace carina::bench
