/// @file
/// Reads a trial file (docs/trials.md): TOML, units, words, sources, overlaps; every problem of the file at once.
#pragma once

#include <string>

#include "trial/trial.h"

namespace carina::trial {

/// Reads the trial file at `path`. Throws InputError with every problem, also when the file cannot be opened.
Trial read_trial(const std::string& path);

/// The same from a text; `file` is what problems call it, and its stem is the trial's name.
Trial read_trial_text(const std::string& text, const std::string& file);

}  // namespace carina::trial
