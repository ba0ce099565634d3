/// @file
/// Reads a model file (docs/language.md): TOML, formulas, units, everything checked, all problems at once.
#pragma once

#include <string>

#include "model/model.h"

namespace carina::model {

/// Reads the model file at `path`. `variant` picks one of its variants; empty takes the file's own values. Throws
/// InputError with every problem that was found, also when the file cannot be opened.
Model read_model(const std::string& path, const std::string& variant = "");

/// The same from a text; `file` is what problems call it, and its stem is the model's name.
Model read_model_text(const std::string& text, const std::string& file, const std::string& variant = "");

/// Reads a model with its own values and with each variant; throws InputError with the problems of all.
Model check_model(const std::string& path);

}  // namespace carina::model
