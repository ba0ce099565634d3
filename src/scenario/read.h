/// @file
/// Reads a scenario file. Every problem of the file is collected, with its place, and thrown at once.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace carina::scenario {

/// A value that replaces the file's: `population.size` = `500`, `dose[0].amount` = `1e7 cell`.
struct Override {
  std::string path;   ///< key path as errors print it
  std::string value;  ///< TOML, or a text without its quotes
};

/// How to read.
struct ReadOptions {
  std::vector<std::string> model_folders;         ///< installed models; the file's own folder comes first anyway
  std::vector<std::string> fit_folders;           ///< fits that a trial's run may take
  std::vector<Override> overrides;                ///< in order
  std::vector<std::string> product_folders = {};  ///< installed products, for trials
};

/// Reads the file `path`. Throws InputError with all problems.
Scenario read_scenario(const std::string& path, const ReadOptions& options);

/// Reads `text` as if it stood in the file `name`.
Scenario read_scenario_text(const std::string& text, const std::string& name, const ReadOptions& options);

/// Splits `path=value` of the command line. Throws InputError when there is no `=` or no path.
Override read_override(const std::string& text);

/// The first key of a TOML file: `scenario`, `model`, `product`, `trial`, or another word. Throws InputError when the file
/// cannot be read or is no TOML.
std::string kind_of_file(const std::string& path);

}  // namespace carina::scenario
