#include "scenario/impl/reader.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/names.h"
#include "model/read.h"
#include "scenario/impl/find_model.h"

namespace carina::scenario::impl {

// Holds for a text in plain quotes on one line.
expr::Formula formula_at(const std::string& file, const toml::node& node, const std::string& path, const std::string& text) {
  const int line = static_cast<int>(node.source().begin.line);
  const int column = static_cast<int>(node.source().begin.column);
  expr::Formula formula{text, line == 0 ? "" : file, path, {}};
  if (line > 0) {
    formula.place = [line, column](std::size_t offset) { return std::pair(line, column + 1 + static_cast<int>(offset)); };
  }
  return formula;
}

Reader::Reader(Reading& reading, const toml::table& root, Scenario& scenario, std::string folder)
    : reading_(reading), root_(reading, &root, ""), scenario_(scenario), folder_(std::move(folder)) {}

void Reader::read_head() {
  const toml::node* kind = root_.find("scenario");
  if (kind == nullptr) {
    reading_.problems.add({reading_.file, 0, 0, "scenario", "", "is missing", "a scenario file starts with scenario = 1"});
  } else if (kind->value<std::int64_t>() != 1) {
    root_.problem("scenario", "must be 1, the version of the format");
  }
  scenario_.title = root_.text("title").value_or("");
  scenario_.about = root_.text("about").value_or("");
  scenario_.seed = root_.whole("seed", 0).value_or(1);
}

void Reader::check_model_hash(Section& model, const std::string& text) {
  const auto wanted = model.text("hash");
  if (!wanted) return;
  const std::string found = hash_text(text);
  if (*wanted != found) {
    model.problem("hash", "the model's file has another hash, " + found,
                  "the model changed since this was written; without the key any text is taken");
  }
}

bool Reader::read_model(const std::vector<std::string>& installed) {
  Section model = root_.section("model");
  if (!model.present()) {
    if (root_.find("model") == nullptr) root_.missing("model", "[model] with use = \"stein_2019\" names one");
    return false;
  }
  const auto use = model.text("use");
  if (!use) {
    if (model.find("use") == nullptr) model.missing("use", "the name of a model, or a file");
    return false;
  }
  const FoundModel found = find_model(*use, folder_, installed);
  if (found.path.empty()) {
    model.problem("use", "no such model beside the scenario or among the installed ones", found.hint);
    return false;
  }
  try {
    scenario_.model = model::read_model(found.path, found.variant);
  } catch (const InputError& error) {
    for (const Problem& problem : error.problems()) reading_.problems.add(problem);
    return false;
  }
  scenario_.use = *use;
  scenario_.files.push_back({*use, "model", scenario_.model.text});
  check_model_hash(model, scenario_.model.text);
  time_ = known_unit(scenario_.model.time_unit);
  scope_ = scope_of(scenario_.model);
  for (const model::Parameter& parameter : scenario_.model.parameters) {
    scenario_.typical.push_back(parameter.value);
    scenario_.sd.push_back(parameter.variability.sd);
  }
  read_set(model);
  model.finish();
  return true;
}

void Reader::read_set(Section& model) {
  Section set = model.section("set");
  std::vector<std::string> names;
  for (const model::Parameter& parameter : scenario_.model.parameters) names.push_back(parameter.name);
  for (const auto& [name, node] : set.entries()) {
    const auto index = scenario_.model.find_parameter(name);
    if (!index) {
      reading_.problem(node, set.path(name), "is no parameter of " + scenario_.use, did_you_mean(name, names));
      continue;
    }
    const model::Parameter& parameter = scenario_.model.parameters[*index];
    const auto value = quantity(reading_, *node, set.path(name), known_unit(parameter.unit));
    if (!value) continue;
    if (value->value < parameter.low || value->value > parameter.high) {
      reading_.problem(
          node, set.path(name),
          "must be from " + with_unit(parameter.low, parameter.unit) + " to " + with_unit(parameter.high, parameter.unit));
      continue;
    }
    scenario_.typical[*index] = value->value;
    scenario_.set.emplace_back(name, *value);
  }
}

std::optional<Reader::Column> Reader::column(const std::string& name) const {
  const model::Model& model = scenario_.model;
  for (const model::Output& output : model.outputs) {
    if (output.name == name) return Column{output.unit, output.node};
  }
  if (const auto state = model.find_state(name)) return Column{model.states[*state].unit, scope_.at(name).node};
  for (const model::Derived& derived : model.derived) {
    if (derived.name == name) return Column{derived.unit, derived.node};
  }
  return std::nullopt;
}

std::vector<std::string> Reader::column_names() const {
  std::vector<std::string> names;
  for (const model::Output& output : scenario_.model.outputs) names.push_back(output.name);
  for (const model::State& state : scenario_.model.states) names.push_back(state.name);
  for (const model::Derived& derived : scenario_.model.derived) names.push_back(derived.name);
  return names;
}

bool Reader::known_column(Section& section, const std::string& path, const toml::node* node, const std::string& name) {
  if (column(name)) return true;
  const std::string hint = did_you_mean(name, column_names());
  section.reading().problem(node, path, "is no output, state or derived quantity of " + scenario_.use,
                            hint.empty() ? "carina models " + scenario_.use + " lists them" : hint);
  return false;
}

void Reader::read_output() {
  if (!root_.section("output").present()) {
    if (root_.find("output") == nullptr) root_.missing("output", "[output] says until when, how often and what");
    return;
  }
  Section output = root_.section("output");
  read_times(output);
  read_columns(output);
  read_keep(output);
  read_probabilities(output);
  output.finish();
}

void Reader::read_times(Section& output) {
  OutputPart& part = scenario_.output;
  part.from = quantity(output, "from", time_).value_or(Written{with_unit(0, time_.text), 0});
  const auto until = quantity(output, "until", time_);
  const auto every = quantity(output, "every", time_);
  const auto times = output.text("times");
  if (every && times)
    output.problem("every", "cannot stand beside times", "write times = \"0, 1, 3 day, then every 7 day\"");
  if (!every && !times) {
    if (output.find("every") == nullptr && output.find("times") == nullptr)
      output.missing("every", "or times: when columns are recorded");
    return;
  }
  if (every && every->value <= 0) {
    output.problem("every", "must be > 0");
    return;
  }
  part.times_text = every ? "every " + every->text : *times;
  const char* key = every ? "every" : "times";
  Refusal refusal;
  const auto schedule = Schedule::parse(part.times_text, time_, refusal);
  if (!schedule) {
    output.problem(key, refusal.rule, refusal.hint);
    return;
  }
  if (!until && schedule->open()) {
    if (output.find("until") == nullptr) output.missing("until", "the end of the run");
    return;
  }
  part.until = until ? *until : Written{with_unit(schedule->last_named(), time_.text), schedule->last_named()};
  if (part.until.value <= part.from.value) {
    output.problem(until ? "until" : key, "must lie after the start, " + part.from.text);
    return;
  }
  const auto list = schedule->times(part.from.value, part.until.value, refusal);
  if (!list) {
    output.problem(key, refusal.rule, refusal.hint);
  } else if (list->front() < part.from.value || list->back() > part.until.value) {
    output.problem(key, "times must lie from " + part.from.text + " to " + part.until.text);
  } else {
    part.times = *list;
  }
}

void Reader::read_columns(Section& output) {
  OutputPart& part = scenario_.output;
  const auto columns = output.texts("columns");
  if (!columns) {
    for (const model::Output& known : scenario_.model.outputs) part.columns.push_back(known.name);
    if (part.columns.empty()) part.columns = column_names();
    for (const std::string& name : part.columns) part.nodes.push_back(column(name)->node);
    return;
  }
  if (columns->empty()) output.problem("columns", "must name at least one column");
  const toml::node* node = output.find("columns");
  for (std::size_t i = 0; i < columns->size(); ++i) {
    const std::string& name = (*columns)[i];
    const auto* array = node->as_array();
    const std::string path =
        array == nullptr ? output.path("columns") : output.path("columns") + "[" + std::to_string(i) + "]";
    if (!known_column(output, path, array == nullptr ? node : array->get(i), name)) continue;
    if (std::find(part.columns.begin(), part.columns.end(), name) != part.columns.end()) {
      reading_.problem(array == nullptr ? node : array->get(i), path, "is named twice");
    } else {
      part.columns.push_back(name);
      part.nodes.push_back(column(name)->node);
    }
  }
}

void Reader::read_keep(Section& output) {
  const auto words = output.texts("reduce");
  if (!words) return;
  static const std::vector<std::string> known = {"quantiles", "mean", "nca", "trajectories", "observations", "all"};
  Keep& keep = scenario_.output.keep;
  keep = {};
  keep.quantiles = false;
  for (const std::string& word : *words) {
    if (word == "quantiles" || word == "all") keep.quantiles = true;
    if (word == "mean" || word == "all") keep.mean = true;
    if (word == "nca" || word == "all") keep.nca = true;
    if (word == "trajectories" || word == "all") keep.trajectories = true;
    if (word == "observations" || word == "all") keep.observations = true;
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      output.problem("reduce", "\"" + word + "\" is none of quantiles, mean, nca, trajectories, observations, all",
                     did_you_mean(word, known));
    }
  }
}

void Reader::read_probabilities(Section& output) {
  const toml::node* node = output.find("quantiles");
  if (node == nullptr) return;
  const auto* array = node->as_array();
  std::vector<double> list;
  bool good = array != nullptr && !array->empty();
  for (std::size_t i = 0; good && i < array->size(); ++i) {
    const auto p = (*array)[i].value<double>();
    good = p && *p >= 0 && *p <= 1 && (list.empty() || *p > list.back());
    if (good) list.push_back(*p);
  }
  if (good)
    scenario_.output.quantiles = list;
  else
    output.problem("quantiles", "must be a rising list of probabilities from 0 to 1", "such as [0.05, 0.5, 0.95]");
}

void Reader::finish() { root_.finish(); }

}  // namespace carina::scenario::impl
