/// @file
/// The manual page of a trial: design, protocol, patients, and every published figure with its denominator, interval, role and
/// source; what is recalled, assumed or not counted says so. As text for a terminal, as JSON for programs.
#pragma once

#include <cstddef>
#include <string>

#include "trial/trial.h"

namespace carina::trial {

/// How many figures a trial has for what.
struct FigureCounts {
  std::size_t calibrate = 0;   ///< counted, to calibrate
  std::size_t check = 0;       ///< counted, to check
  std::size_t overlapped = 0;  ///< shown, not counted
  std::size_t recalled = 0;    ///< of all, those whose source was not seen
};

/// Counts the figures of a trial.
FigureCounts count_figures(const Trial& trial);

/// The page for a terminal of `width` characters, at least 60; tables may be wider.
std::string page_text(const Trial& trial, std::size_t width = 120);
/// The whole trial as one JSON object, with the sampling interval of each figure (trial/published.h).
std::string page_json(const Trial& trial);

/// What a figure is, in words: `crs grade 3+, share of infused`.
std::string figure_text(const Figure& figure);
/// Its value with unit and interval: `81 % (95 % CI 71 to 89)`.
std::string value_text(const Figure& figure);

}  // namespace carina::trial
