/// @file
/// The library of models: which files lie in some folders, and which of them a name means.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace carina::model {

/// A model file as a list shows it.
struct LibraryEntry {
  std::string name;                   ///< file stem
  std::string path;                   ///< file
  std::string title;                  ///< one line; empty when the file cannot be read
  Status status = Status::Specified;  ///< how far it can be trusted
  std::vector<Variant> variants;      ///< by name, as in `hardiansyah_2019:UPN3`
};

/// The model files (`model = 1`) in `folders`, by name; of equal names the one in the earlier folder.
std::vector<LibraryEntry> list_models(const std::vector<std::string>& folders);

/// A file and a variant of it.
struct ModelChoice {
  std::string path;     ///< file
  std::string variant;  ///< empty for the file's own values
};

/// What `use` means: a path to a file (it ends in .toml), or the name of a model in `folders`; after a colon the variant.
/// Throws InputError with the nearest name when there is no such model.
ModelChoice find_model(const std::string& use, const std::vector<std::string>& folders);

}  // namespace carina::model
