/// @file
/// Measured values against thresholds, where 2.3 - 1.8 is 0.5: equal means equal to nine digits. False for what was not done.
#pragma once

namespace carina::therapy::impl {

inline double slack(double threshold) { return 1e-9 * (threshold < 0 ? -threshold : threshold); }

inline bool done(double value) { return value == value; }
inline bool at_least(double value, double threshold) { return value >= threshold - slack(threshold); }
inline bool at_most(double value, double threshold) { return value <= threshold + slack(threshold); }
inline bool above(double value, double threshold) { return value > threshold + slack(threshold); }
inline bool below(double value, double threshold) { return value < threshold - slack(threshold); }

/// What an assay with a limit of detection reports: 0 below it.
inline double detected(double value, double limit) { return below(value, limit) ? 0 : value; }

}  // namespace carina::therapy::impl
