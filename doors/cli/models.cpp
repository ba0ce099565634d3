#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "model/library.h"
#include "model/page.h"
#include "model/read.h"

namespace carina::cli {
namespace {

struct ModelsArguments {
  std::string name;
  bool json = false;
};

int list(bool json) {
  const auto entries = model::list_models(model_folders());
  if (json) {
    nlohmann::json models = nlohmann::json::array();
    for (const model::LibraryEntry& entry : entries) {
      nlohmann::json variants = nlohmann::json::array();
      for (const model::Variant& variant : entry.variants)
        variants.push_back({{"name", variant.name}, {"about", variant.about}});
      models.push_back({{"name", entry.name},
                        {"title", entry.title},
                        {"status", model::status_text(entry.status)},
                        {"file", entry.path},
                        {"variants", variants}});
    }
    fmt::print("{}\n", models.dump(2));
    return done;
  }
  std::size_t width = 0;
  for (const model::LibraryEntry& entry : entries) width = std::max(width, entry.name.size());
  for (const model::LibraryEntry& entry : entries) {
    fmt::print("{:<{}}  {:<10}  {}\n", entry.name, width, model::status_text(entry.status), entry.title);
    constexpr std::size_t most = 4;
    for (std::size_t v = 0; v < entry.variants.size(); ++v) {
      if (v == most && entry.variants.size() > most + 1) {
        fmt::print("{:<{}}  {:<10}    and {} more variants: carina models {}\n", "", width, "", entry.variants.size() - most,
                   entry.name);
        break;
      }
      const model::Variant& variant = entry.variants[v];
      fmt::print("{:<{}}  {:<10}    :{}  {}\n", "", width, "", variant.name, variant.about);
    }
  }
  fmt::print("\ncarina models NAME prints the manual page of one; scenarios/ has an example of each\n");
  return done;
}

int page(const ModelsArguments& a) {
  const model::ModelChoice choice = model::find_model(a.name, model_folders());
  const model::Model model = model::read_model(choice.path, choice.variant);
  fmt::print("{}\n", a.json ? model::page_json(model) : model::page_text(model));
  return done;
}

}  // namespace

void add_models(CLI::App& app, Context& context) {
  const auto a = std::make_shared<ModelsArguments>();
  CLI::App* command = app.add_subcommand("models", "list the models, or print the manual page of one");
  command->add_option("NAME", a->name, "model, or a file that ends in .toml; :VARIANT picks a variant");
  command->add_flag("--json", a->json, "print JSON");
  command->callback([&context, a] { context.chosen = [a] { return a->name.empty() ? list(a->json) : page(*a); }; });
}

}  // namespace carina::cli
