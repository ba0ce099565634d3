#include "model/library.h"

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/names.h"
#include "base/problem.h"

namespace carina::model {
namespace {

namespace fs = std::filesystem;

Status status_of(const std::string& text) {
  if (text == "reproduced") return Status::Reproduced;
  return text == "partial" ? Status::Partial : Status::Specified;
}

// The entry of a file; nothing when it is no model file. A broken one is listed without title: reading it says why.
std::optional<LibraryEntry> entry_of(const fs::path& path) {
  LibraryEntry entry{path.stem().string(), path.string(), "", Status::Specified, {}};
  try {
    const toml::table root = toml::parse_file(path.string());
    if (!root.contains("model")) return std::nullopt;
    entry.title = root["title"].value<std::string>().value_or("");
    entry.status = status_of(root["status"].value<std::string>().value_or(""));
    if (const toml::table* variants = root["variants"].as_table()) {
      for (const auto& [key, node] : *variants) {
        const toml::table* variant = node.as_table();
        if (variant == nullptr) continue;
        entry.variants.push_back({std::string(key.str()), (*variant)["about"].value<std::string>().value_or("")});
      }
    }
  } catch (const toml::parse_error&) {
    entry.title.clear();
  }
  return entry;
}

}  // namespace

std::vector<LibraryEntry> list_models(const std::vector<std::string>& folders) {
  std::vector<LibraryEntry> list;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
      if (file.path().extension() != ".toml") continue;
      const std::string name = file.path().stem().string();
      const bool known = std::any_of(list.begin(), list.end(), [&](const LibraryEntry& e) { return e.name == name; });
      auto entry = known ? std::nullopt : entry_of(file.path());
      if (entry) list.push_back(std::move(*entry));
    }
  }
  std::sort(list.begin(), list.end(), [](const LibraryEntry& a, const LibraryEntry& b) { return a.name < b.name; });
  return list;
}

ModelChoice find_model(const std::string& use, const std::vector<std::string>& folders) {
  const std::size_t colon = use.rfind(':');
  const std::string name = use.substr(0, colon);
  const std::string variant = colon == std::string::npos ? std::string() : use.substr(colon + 1);
  if (name.ends_with(".toml")) return {name, variant};
  std::vector<std::string> names;
  for (const LibraryEntry& entry : list_models(folders)) {
    if (entry.name == name) return {entry.path, variant};
    names.push_back(entry.name);
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "carina models lists them; a file is given with its ending .toml";
  throw InputError({{"", 0, 0, "model.use", "\"" + use + "\"", "is no known model", hint}});
}

}  // namespace carina::model
