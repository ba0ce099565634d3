#include "scenario/impl/find_model.h"

#include <toml++/toml.h>
#include <filesystem>

#include "base/names.h"
#include "base/quantity.h"

namespace carina::scenario::impl {

namespace fs = std::filesystem;

namespace {

// A scenario may have its model's name: only a file that says it is a model counts.
bool is_model(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  try {
    const toml::table root = toml::parse_file(path.string());
    const toml::node* kind = root.get("model");
    return kind != nullptr && kind->is_integer();
  } catch (const toml::parse_error&) {
    return true;  // reading it will say what is wrong
  }
}

}  // namespace

FoundModel find_model(const std::string& use, const std::string& folder, const std::vector<std::string>& installed) {
  FoundModel found;
  std::string name = use;
  if (const std::size_t colon = use.rfind(':'); colon != std::string::npos && use.find('/', colon) == std::string::npos) {
    name = use.substr(0, colon);
    found.variant = use.substr(colon + 1);
  }
  std::vector<std::string> known;
  std::vector<std::string> folders = {folder};
  folders.insert(folders.end(), installed.begin(), installed.end());
  std::error_code error;
  for (const std::string& place : folders) {
    for (const std::string& file : {name, name + ".toml"}) {
      const fs::path path = fs::path(place) / file;
      if (is_model(path)) {
        found.path = path.lexically_normal().string();
        return found;
      }
    }
  }
  for (const std::string& place : installed) {
    for (const auto& entry : fs::directory_iterator(place, error)) {
      if (entry.path().extension() == ".toml") known.push_back(entry.path().stem().string());
    }
  }
  found.hint = did_you_mean(name, known);
  if (found.hint.empty()) found.hint = "carina models lists the installed ones";
  return found;
}

expr::Scope scope_of(model::Model& model) {
  expr::Scope scope;
  for (std::uint32_t i = 0; i < model.parameters.size(); ++i) {
    scope[model.parameters[i].name] = {model.graph.parameter(i), known_unit(model.parameters[i].unit).unit};
  }
  for (std::uint32_t i = 0; i < model.states.size(); ++i) {
    scope[model.states[i].name] = {model.graph.state(i), known_unit(model.states[i].unit).unit};
  }
  for (const model::Derived& derived : model.derived) scope[derived.name] = {derived.node, known_unit(derived.unit).unit};
  for (const model::Output& output : model.outputs) scope[output.name] = {output.node, known_unit(output.unit).unit};
  return scope;
}

}  // namespace carina::scenario::impl
