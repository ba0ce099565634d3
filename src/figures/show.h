/// @file
/// A recording in words: what was run, how it ended, the endpoints, and a small plot of the first column, for a terminal.
#pragma once

#include <string>

#include "record/recording.h"

namespace carina::figures {

/// Some lines of at most about 100 characters, without a line end at the end. Works for unfinished recordings too.
std::string summary_text(const record::Recording& recording);

/// What the lines say, and the names of all tables, as one JSON object.
std::string summary_json(const record::Recording& recording);

}  // namespace carina::figures
