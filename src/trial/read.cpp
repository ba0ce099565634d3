#include "trial/read.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "trial/impl/checks.h"

namespace carina::trial {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) throw InputError({{path, 0, 0, "", "", "cannot be read", ""}});
  return text.str();
}

toml::table parsed(const std::string& text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    throw InputError({{file, static_cast<int>(at.line), static_cast<int>(at.column), "", "",
                       "is not TOML: " + std::string(error.description()), ""}});
  }
}

void check_kind(const toml::table& root, const std::string& file) {
  const toml::node* node = root.get("trial");
  if (node != nullptr && node->is_integer() && node->as_integer()->get() == 1) return;
  if (node == nullptr) throw InputError({{file, 0, 0, "trial", "", "is missing", "a trial file starts with trial = 1"}});
  impl::Reading reading{file, {}, {}, {}};
  reading.problem(node, "trial", "must be 1", "the version of the trial format that this carina reads");
  reading.problems.throw_if_any();
}

}  // namespace

Trial read_trial_text(const std::string& text, const std::string& file) {
  toml::table root = parsed(text, file);
  check_kind(root, file);
  root.erase("trial");
  Trial trial;
  trial.file = file;
  trial.name = std::filesystem::path(file).stem().string();
  impl::Reading reading{file, {}, {}, {}};
  impl::Reader reader(reading, {&root, ""});
  impl::shape_trial(reader, trial);
  reader.finish();
  if (trial.arms.empty()) trial.arms.push_back({trial.product, "", trial.product, "", 1, std::nullopt});
  impl::check_trial(reading, trial);
  reading.problems.throw_if_any();
  return trial;
}

Trial read_trial(const std::string& path) { return read_trial_text(file_text(path), path); }

}  // namespace carina::trial
