/// @file
/// The library of trials: which files lie in some folders, and which of them a name means.
#pragma once

#include <string>
#include <vector>

namespace carina::trial {

/// A trial file as a list shows it.
struct LibraryEntry {
  std::string name;   ///< file stem
  std::string path;   ///< file
  std::string title;  ///< one line; empty when the file cannot be read
};

/// The trial files (`trial = 1`) in `folders`, by name; of equal names the one in the earlier folder.
std::vector<LibraryEntry> list_trials(const std::vector<std::string>& folders);

/// The file that `use` means: a path (it ends in .toml), or the name of a trial in `folders`. Throws InputError with the
/// nearest name when there is none.
std::string find_trial(const std::string& use, const std::vector<std::string>& folders);

}  // namespace carina::trial
