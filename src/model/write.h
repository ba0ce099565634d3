/// @file
/// Writes a model back as a model file with every default spelled out (`carina check --resolved`).
#pragma once

#include <string>

#include "model/model.h"

namespace carina::model {

/// A model file that reads back to the same model: same numbers to the bit, same formulas, sources, checks. The variant
/// that was read is written as the file's own values; the other variants are left out.
std::string write_resolved(const Model& model);

}  // namespace carina::model
