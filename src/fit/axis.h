/// @file
/// The scale on which a parameter or a figure is taken as normal: as it is, as its logarithm, or as the logit of its place
/// between two bounds. A share of n individuals has its bounds half an individual outside of 0 and 1: the logit is then
/// log((k + 1/2)/(n - k + 1/2)), the empirical logit with Haldane's and Anscombe's continuity correction, finite for k = 0 and n.
#pragma once

#include <cstdint>
#include <string_view>

namespace carina::fit {

/// Which scale.
enum class Scale : std::uint8_t {
  Identity,  ///< u = x
  Log,       ///< u = log x, x > 0
  Logit,     ///< u = log((x - low)/(high - x)), low < x < high
};

/// One word for a scale: identity, log, logit.
std::string_view name(Scale scale);

/// A scale with its bounds.
struct Axis {
  Scale scale = Scale::Identity;  ///< which one
  double low = 0;                 ///< lower bound of a logit, in the unit of x
  double high = 1;                ///< upper bound of a logit, in the unit of x

  /// x on the scale; NaN where x has no place on it (0 on a logarithm, a bound on a logit, NaN).
  double to(double x) const;
  /// The x at u; the inverse of `to`.
  double from(double u) const;
};

/// x as it is.
Axis identity_axis();
/// log x: geometric means, times, rates.
Axis log_axis();
/// Logit between two bounds.
Axis logit_axis(double low, double high);
/// The share of events among n individuals, with continuity correction; `whole` is what all of them are: 1, or 100 for percent.
Axis share_axis(double n, double whole = 1);

}  // namespace carina::fit
