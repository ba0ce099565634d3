#include "scenario/read.h"

#include <filesystem>
#include <sstream>

#include "scenario/impl/reader.h"

namespace carina::scenario {
namespace {

// One step of a key path: a key, or the number of a table in an array.
struct Step {
  std::string key;
  std::optional<std::size_t> index;
};

std::optional<std::vector<Step>> steps_of(const std::string& path) {
  std::vector<Step> steps;
  std::istringstream parts(path);
  std::string part;
  while (std::getline(parts, part, '.')) {
    Step step;
    const std::size_t open = part.find('[');
    step.key = part.substr(0, open);
    if (open != std::string::npos) {
      const std::string digits = part.substr(open + 1, part.size() - open - 2);
      if (part.back() != ']' || digits.empty() || digits.size() > 6) return std::nullopt;
      if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
      step.index = std::stoul(digits);
    }
    if (step.key.empty()) return std::nullopt;
    steps.push_back(std::move(step));
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

// The value of an override: TOML where it is one, otherwise a text. What comes back has no place in any file.
void insert(toml::table& table, const std::string& key, const std::string& value) {
  try {
    const toml::table one = toml::parse("value = " + value);
    const toml::node* node = one.get("value");
    if (node != nullptr && one.size() == 1) {
      node->visit([&](const auto& found) { table.insert_or_assign(key, found); });
      return;
    }
  } catch (const toml::parse_error&) {
    // 1e7 cell is no TOML, and means the text
  }
  table.insert_or_assign(key, value);
}

std::string apply(toml::table& root, const Override& change) {
  const auto steps = steps_of(change.path);
  if (!steps) return "is not a key path such as dose[0].amount";
  toml::table* table = &root;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const Step& step = (*steps)[i];
    const bool last = i + 1 == steps->size();
    if (last && !step.index) {
      insert(*table, step.key, change.value);
      return {};
    }
    toml::node* next = table->get(step.key);
    if (step.index) {
      toml::array* array = next == nullptr ? nullptr : next->as_array();
      if (array == nullptr) return "\"" + step.key + "\" is no list in the scenario";
      if (*step.index >= array->size()) {
        return "\"" + step.key + "\" has " + std::to_string(array->size()) + " entries, numbered from 0";
      }
      next = array->get(*step.index);
      if (last) return "names a whole entry: name a key in it";
    } else if (next == nullptr) {
      next = &table->insert_or_assign(step.key, toml::table{}).first->second;
    }
    table = next->as_table();
    if (table == nullptr) return "\"" + step.key + "\" is no table";
  }
  return {};
}

}  // namespace

Override read_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw InputError({{"", 0, 0, "--set", text, "must be path=value", "such as --set population.size=500"}});
  }
  Override change{text.substr(0, equals), text.substr(equals + 1)};
  while (!change.path.empty() && change.path.back() == ' ') change.path.pop_back();
  return change;
}

std::string kind_of_file(const std::string& path) {
  const toml::table root = parse_toml(file_text(path), path);
  for (const char* kind : {"scenario", "model", "product", "trial", "patient", "calibration", "fit"}) {
    const toml::node* node = root.get(kind);
    if (node != nullptr && node->is_integer()) return kind;
  }
  return {};
}

Scenario read_scenario(const std::string& path, const ReadOptions& options) {
  return read_scenario_text(file_text(path), path, options);
}

Scenario read_scenario_text(const std::string& text, const std::string& name, const ReadOptions& options) {
  toml::table root = parse_toml(text, name);
  Reading reading{name, {}};
  for (const Override& change : options.overrides) {
    const std::string wrong = apply(root, change);
    if (!wrong.empty()) reading.problems.add({"", 0, 0, "--set " + change.path, change.value, wrong, ""});
  }
  Scenario scenario;
  scenario.file = name;
  scenario.text = text;
  const std::string folder = std::filesystem::path(name).parent_path().string();
  impl::Reader reader(reading, root, scenario, folder.empty() ? "." : folder);
  reader.read_head();
  if (reader.read_model(options.model_folders)) {
    reader.read_output();
    reader.read_population();
    reader.read_doses();
    reader.read_observe();
    reader.read_nca();
    reader.read_endpoints();
    reader.read_solver();
    reader.read_published();
    reader.finish();
  }
  reading.problems.throw_if_any();
  return scenario;
}

}  // namespace carina::scenario
