/// @file
/// Where the name after `use =` leads: a file beside the scenario, then an installed model.
#pragma once

#include <string>
#include <vector>

#include "expr/resolve.h"
#include "model/model.h"

namespace carina::scenario::impl {

/// A name taken apart, and where it was found.
struct FoundModel {
  std::string path;     ///< file; empty when there is none
  std::string variant;  ///< after the colon, if any
  std::string hint;     ///< the nearest installed name, when there is no file
};

/// Looks up `use` (`stein_2019`, `stein_2019:sd`, `mine.toml`) in `folder`, then in `installed`.
FoundModel find_model(const std::string& use, const std::string& folder, const std::vector<std::string>& installed);

/// The scope of a formula in a scenario: every name of the model.
expr::Scope scope_of(model::Model& model);

}  // namespace carina::scenario::impl
