#include "model/read.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "base/names.h"
#include "model/impl/builder.h"

namespace carina::model {
namespace {

using impl::Document;
using impl::Section;

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || text.fail()) throw InputError({{path, 0, 0, "", "", "cannot be read", ""}});
  return std::move(text).str();
}

// Lays `changes` over `base`: sections and their entries merge, a key of an entry (value, varies, rate) is replaced.
// Values move, so that they keep their place in the file.
void merge(toml::table& base, toml::table& changes, int levels = 2) {
  for (auto&& [key, node] : changes) {
    toml::node* present = base.get(key.str());
    if (levels > 0 && present != nullptr && present->is_table() && node.is_table()) {
      merge(*present->as_table(), *node.as_table(), levels - 1);
    } else {
      node.visit([&base, &name = key](auto& value) { base.insert_or_assign(name, std::move(value)); });
    }
  }
}

// Lists the variants and lays the wanted one over the file.
void apply_variant(Document& document, Model& model) {
  toml::node* node = document.root().get("variants");
  toml::table* variants = node == nullptr ? nullptr : node->as_table();
  if (node != nullptr && variants == nullptr) {
    document.problems.add(document.problem(node, "variants", "must be a table, not " + impl::type_text(*node)));
  }
  std::vector<std::string> names;
  if (variants != nullptr) {
    for (auto&& [key, value] : *variants) {
      const std::string name(key.str());
      const std::string path = "variants." + name;
      if (!value.is_table()) {
        document.problems.add(document.problem(&value, path, "must be a table, not " + impl::type_text(value)));
        continue;
      }
      Section section(document, *value.as_table(), path);
      model.variants.push_back({name, section.need_text("about", "what differs").value_or("")});
      names.push_back(name);
    }
  }
  if (model.variant.empty()) return;
  if (std::find(names.begin(), names.end(), model.variant) == names.end()) {
    document.problems.add(
        document.problem(node, "variants", "has no \"" + model.variant + "\"", did_you_mean(model.variant, names)));
    return;
  }
  toml::table& chosen = *(*variants)[model.variant].as_table();
  chosen.erase("about");
  merge(document.root(), chosen);
}

void check_kind(Document& document) {
  const toml::node* kind = document.root().get("model");
  if (kind == nullptr) {
    throw InputError({document.problem(nullptr, "model", "is missing", "a model file starts with model = 1")});
  }
  if (kind->value<std::int64_t>() != 1) {
    throw InputError({document.problem(kind, "model", "must be 1, the version of the model language")});
  }
}

}  // namespace

Model read_model_text(const std::string& text, const std::string& file, const std::string& variant) {
  Model model;
  model.file = file;
  model.text = text;
  model.name = std::filesystem::path(file).stem().string();
  model.variant = variant;
  Document document(text, file);
  check_kind(document);
  apply_variant(document, model);
  impl::Builder builder(document, model);
  builder.read_head();
  builder.read_numbers();
  builder.read_formulas();
  builder.read_checks();
  builder.finish();
  document.problems.throw_if_any();
  return model;
}

Model read_model(const std::string& path, const std::string& variant) {
  return read_model_text(file_text(path), path, variant);
}

Model check_model(const std::string& path) {
  Model model = read_model(path);
  std::vector<Problem> problems;
  std::set<std::string> seen;
  for (const Variant& variant : model.variants) {
    try {
      read_model(path, variant.name);
    } catch (const InputError& error) {
      for (const Problem& problem : error.problems()) {
        if (seen.insert(problem.text()).second) problems.push_back(problem);
      }
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return model;
}

}  // namespace carina::model
