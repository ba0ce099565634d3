/// @file
/// Writes a trial back as a trial file with every default spelled out (`carina check --resolved`).
#pragma once

#include <string>

#include "trial/trial.h"

namespace carina::trial {

/// A trial file that reads back to the same trial; written again it is the same text.
std::string write_resolved(const Trial& trial);

}  // namespace carina::trial
