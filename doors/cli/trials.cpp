#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/problem.h"
#include "commands.h"
#include "trial/library.h"
#include "trial/page.h"
#include "trial/read.h"

namespace carina::cli {
namespace {

struct TrialsArguments {
  std::string name;
  bool json = false;
};

// The counts of an entry; nothing for a file that cannot be read.
std::optional<trial::FigureCounts> counts_of(const trial::LibraryEntry& entry) {
  try {
    return trial::count_figures(trial::read_trial(entry.path));
  } catch (const InputError&) {
    return std::nullopt;
  }
}

nlohmann::json entry_json(const trial::LibraryEntry& entry) {
  nlohmann::json json = {{"name", entry.name}, {"title", entry.title}, {"file", entry.path}, {"figures", nullptr}};
  if (const auto counts = counts_of(entry))
    json["figures"] = {{"calibrate", counts->calibrate},
                       {"check", counts->check},
                       {"overlapped", counts->overlapped},
                       {"recalled", counts->recalled}};
  return json;
}

std::string entry_text(const trial::LibraryEntry& entry) {
  const auto counts = counts_of(entry);
  if (!counts) return "cannot be read: carina check " + entry.path;
  return fmt::format("{:>3} to calibrate  {:>3} to check  {}", counts->calibrate, counts->check, entry.title);
}

int list(bool json) {
  const auto entries = trial::list_trials(installed("trials"));
  if (json) {
    nlohmann::json trials = nlohmann::json::array();
    for (const trial::LibraryEntry& entry : entries) trials.push_back(entry_json(entry));
    fmt::print("{}\n", trials.dump(2));
    return done;
  }
  std::size_t width = 0;
  for (const trial::LibraryEntry& entry : entries) width = std::max(width, entry.name.size());
  for (const trial::LibraryEntry& entry : entries) fmt::print("{:<{}}  {}\n", entry.name, width, entry_text(entry));
  fmt::print("\ncarina trials NAME prints the page of one\n");
  return done;
}

int page(const TrialsArguments& a) {
  const trial::Trial trial = trial::read_trial(trial::find_trial(a.name, installed("trials")));
  fmt::print("{}\n", a.json ? trial::page_json(trial) : trial::page_text(trial));
  return done;
}

}  // namespace

void add_trials(CLI::App& app, Context& context) {
  const auto a = std::make_shared<TrialsArguments>();
  CLI::App* command = app.add_subcommand("trials", "list the published trials, or print the page of one");
  command->add_option("NAME", a->name, "trial, or a file that ends in .toml");
  command->add_flag("--json", a->json, "print JSON");
  command->callback([&context, a] { context.chosen = [a] { return a->name.empty() ? list(a->json) : page(*a); }; });
}

}  // namespace carina::cli
