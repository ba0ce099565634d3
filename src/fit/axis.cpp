#include "fit/axis.h"

#include <limits>

#include "base/math.h"

namespace carina::fit {

std::string_view name(Scale scale) {
  switch (scale) {
    case Scale::Identity: return "identity";
    case Scale::Log: return "log";
    case Scale::Logit: return "logit";
  }
  return "";
}

double Axis::to(double x) const {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  switch (scale) {
    case Scale::Identity: return x;
    case Scale::Log: return x > 0 ? math::log(x) : none;
    case Scale::Logit: return x > low && x < high ? math::log((x - low) / (high - x)) : none;
  }
  return none;
}

double Axis::from(double u) const {
  switch (scale) {
    case Scale::Identity: return u;
    case Scale::Log: return math::exp(u);
    case Scale::Logit: return u > 0 ? high - (high - low) / (1 + math::exp(u)) : low + (high - low) / (1 + math::exp(-u));
  }
  return u;
}

Axis identity_axis() { return {Scale::Identity, 0, 1}; }
Axis log_axis() { return {Scale::Log, 0, 1}; }
Axis logit_axis(double low, double high) { return {Scale::Logit, low, high}; }

Axis share_axis(double n, double whole) {
  const double half = whole / (2 * n);
  return {Scale::Logit, -half, whole + half};
}

}  // namespace carina::fit
