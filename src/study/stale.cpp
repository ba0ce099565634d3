#include "study/stale.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "base/hash.h"
#include "base/problem.h"
#include "base/section.h"
#include "model/library.h"
#include "model/read.h"
#include "scenario/trial_run.h"
#include "trial/library.h"

namespace carina::study {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> hash_in(const std::vector<std::string>& list, const std::string& name) {
  for (const std::string& folder : list) {
    const fs::path path = fs::path(folder) / (name + ".toml");
    if (fs::exists(path)) return hash_text(file_text(path.string()));
  }
  return std::nullopt;
}

// The hash of the file that an input names, as fitted_of notes it; nothing where there is none.
std::optional<std::string> hash_now(const std::string& input, const Folders& folders) {
  const std::size_t slash = input.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::string kind = input.substr(0, slash), name = input.substr(slash + 1);
  if (kind == "models") {
    const model::ModelChoice choice = model::find_model(name, folders.models);
    return scenario::model_hash(model::read_model(choice.path, choice.variant));
  }
  if (kind == "trials") return hash_text(file_text(trial::find_trial(name, folders.trials)));
  if (kind == "products") return hash_in(folders.products, name);
  if (kind == "fits") return hash_in(folders.fits, name);
  if (kind == "calibrations") return hash_in(folders.calibrations, name);
  return std::nullopt;
}

bool changed(const trial::FitInput& input, const Folders& folders) {
  try {
    return hash_now(input.name, folders) != input.hash;
  } catch (const InputError&) {
    return true;
  }
}

}  // namespace

std::vector<std::string> stale_inputs(const trial::Fitted& fitted, const Folders& folders) {
  std::vector<std::string> stale;
  for (const trial::FitInput& input : fitted.inputs) {
    if (changed(input, folders)) stale.push_back(input.name);
  }
  return stale;
}

std::string stale_sentence(const trial::Fitted& fitted, const std::vector<std::string>& stale) {
  if (stale.empty()) return "";
  return fmt::format("{} was made of other {}; {} makes it anew", fitted.file.empty() ? fitted.name : fitted.file,
                     fmt::join(stale, " and "), fitted.command);
}

}  // namespace carina::study
