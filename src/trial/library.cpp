#include "trial/library.h"

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/names.h"
#include "base/problem.h"

namespace carina::trial {
namespace {

namespace fs = std::filesystem;

// The entry of a file; nothing when it is no trial file. A broken one is listed without title: reading it says why.
std::optional<LibraryEntry> entry_of(const fs::path& path) {
  LibraryEntry entry{path.stem().string(), path.string(), ""};
  try {
    const toml::table root = toml::parse_file(path.string());
    if (!root.contains("trial")) return std::nullopt;
    entry.title = root["title"].value<std::string>().value_or("");
  } catch (const toml::parse_error&) {
    entry.title.clear();
  }
  return entry;
}

}  // namespace

std::vector<LibraryEntry> list_trials(const std::vector<std::string>& folders) {
  std::vector<LibraryEntry> list;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
      if (file.path().extension() != ".toml") continue;
      const std::string name = file.path().stem().string();
      if (std::any_of(list.begin(), list.end(), [&](const LibraryEntry& e) { return e.name == name; })) continue;
      if (auto entry = entry_of(file.path())) list.push_back(std::move(*entry));
    }
  }
  std::sort(list.begin(), list.end(), [](const LibraryEntry& a, const LibraryEntry& b) { return a.name < b.name; });
  return list;
}

std::string find_trial(const std::string& use, const std::vector<std::string>& folders) {
  if (use.ends_with(".toml")) return use;
  std::vector<std::string> names;
  for (const LibraryEntry& entry : list_trials(folders)) {
    if (entry.name == use) return entry.path;
    names.push_back(entry.name);
  }
  std::string hint = did_you_mean(use, names);
  if (hint.empty()) hint = "carina trials lists them; a file is given with its ending .toml";
  throw InputError({{"", 0, 0, "trial", "\"" + use + "\"", "is no known trial", hint}});
}

}  // namespace carina::trial
