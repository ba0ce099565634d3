/// @file
/// A recording as one self-contained HTML page: what was run, the course of each column with its bands, endpoints beside
/// published ones, how it ended, and how to get the same again. Reads on a phone and in dark mode; needs no network.
#pragma once

#include <string>

#include "record/recording.h"

namespace carina::figures {

/// The page. Works for unfinished recordings too, and says so.
std::string report_html(const record::Recording& recording);

/// The course of the first column as an SVG file, with the begin of a long run beside the whole; of a trial overall survival beside
/// event-free or progression-free survival. Throws InputError when the recording has no quantiles or curves.
std::string course_svg(const record::Recording& recording);

}  // namespace carina::figures
