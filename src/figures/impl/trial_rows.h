/// @file
/// Rows of a picture that is a table too: a strip with the published value on the interval of the simulated trials, and the
/// numbers beside it. Strips have no width of their own, so that a phone shows them as well as a desk does.
#pragma once

#include <string>

namespace carina::figures::impl {

/// One row.
struct StripRow {
  std::string what;      ///< what the number is
  std::string tag;       ///< `fit`, `check` or empty
  std::string unit;      ///< unit as units are written
  double published = 0;  ///< NaN: none
  double said_low = 0;   ///< lower end of the published interval; NaN: none
  double said_high = 0;  ///< upper end
  double simulated = 0;  ///< mean
  double low = 0;        ///< lower end of the prediction interval
  double high = 0;       ///< upper end
  long long n = 0;       ///< patients behind the published number; 0: unknown
  std::string absent;    ///< said where no simulated trial has the number
  double axis = 0;       ///< upper end of a linear axis from 0; 0: multiples of the published value from 1/10 to 10, log
};

/// The row as `tr`.
std::string strip_row(const StripRow& row);
/// A heading (may be empty) and the head of the table, with open `tbody`.
std::string strip_head(const std::string& heading);
/// What the marks mean.
std::string strip_legend();

}  // namespace carina::figures::impl
