#include "runner/cvode.h"
#include "ensemble_a/contenders.h"
#include "scenes/stein.h"

#include <algorithm>

namespace carina::bench {
namespace {

/// Constants of one stretch between two switches.
struct Stretch {
  double growth;  // net rate of E, 1/day
  double into_m;  // from E into M, 1/day
  double loss_m;  // of M, 1/day
};

int rates(sunrealtype, N_Vector y, N_Vector dy, void* user) {
  const auto& s = *static_cast<const Stretch*>(user);
  const double *v = NV_DATA_S(y), e = v[0], m = v[1];
  NV_DATA_S(dy)[0] = s.growth * e;
  NV_DATA_S(dy)[1] = s.into_m * e - s.loss_m * m;
  return 0;
}

int jacobian(sunrealtype, N_Vector, N_Vector, SUNMatrix j, void* user, N_Vector, N_Vector, N_Vector) {
  const auto& s = *static_cast<const Stretch*>(user);
  SM_ELEMENT_D(j, 0, 0) = s.growth;
  SM_ELEMENT_D(j, 1, 0) = s.into_m;
  SM_ELEMENT_D(j, 1, 1) = -s.loss_m;
  return 0;
}

class CvodeA final : public Contender {
 public:
  CvodeA() : solver_(2, rates, jacobian) {}

  std::string name() const override { return "CVODE BDF " + tolerance_text(rtol_); }
  std::string version() const override { return cvode_version(); }
  bool sets_accuracy() const override { return true; }

  Outcome run(std::size_t count, std::vector<double>& out) override {
    const double atol[2] = {rtol_, rtol_};
    solver_.set_tolerances(rtol_, atol);
    Outcome outcome;
    for (std::size_t k = 0; k < count; ++k)
      if (!one(stein::patient(k + 1), out.data() + k * 366, outcome.effort)) ++outcome.failures;
    return outcome;
  }

 private:
  bool one(const stein::Patient& p, double* out, Effort& effort) {
    double* y = solver_.state();
    y[0] = out[0] = p.r0;
    y[1] = 0.0;
    double t = 0.0;
    int day = 1;
    const auto stretch = [&](double until, Stretch s) {
      until = std::min(until, 365.0);
      if (until <= t) return true;
      if (!solver_.restart(t, &s, until)) return false;
      for (; day <= until; ++day) {
        if (!solver_.advance(day)) return false;
        out[day] = y[0] + y[1];
      }
      if (day - 1 < until && !solver_.advance(until)) return false;
      solver_.add_effort(effort);
      t = until;
      return true;
    };
    return stretch(std::min(p.toci, p.tmax), {p.rho, 0.0, 0.0}) && stretch(p.tmax, {p.rho * stein::toci_factor, 0.0, 0.0}) &&
           stretch(365.0, {-p.alpha, p.fb * (p.alpha - p.beta), p.beta});
  }

  double rtol_ = 1e-6;
  CvodeSolver solver_;
};

}  // namespace

std::unique_ptr<Contender> cvode_a() { return std::make_unique<CvodeA>(); }

}  // namespace carina::bench
