#include "model/impl/builder.h"

#include <algorithm>

#include "base/names.h"
#include "expr/quantity.h"

namespace carina::model::impl {
namespace {

std::optional<Unit> time_unit_of(const toml::table& root) {
  const auto text = root["time"].value<std::string>();
  auto unit = text ? Unit::parse(*text) : std::nullopt;
  if (unit && unit->convertible(*Unit::parse("day"))) return unit;
  return std::nullopt;
}

}  // namespace

Builder::Builder(Document& document, Model& model)
    : document_(document),
      model_(model),
      root_(document, document.root(), ""),
      time_(time_unit_of(document.root()).value_or(*Unit::parse("day"))),
      resolver_(model.graph, document.problems, time_) {}

void Builder::read_head() {
  root_.find("model");
  root_.find("variants");
  model_.title = root_.need_text("title", "one line that says what the model describes").value_or("");
  model_.summary = root_.text("summary").value_or("");
  model_.erratum = root_.text("erratum").value_or("");
  read_status();
  if (const auto time = root_.need_text("time", "the unit of time of every formula, as in time = \"day\"")) {
    model_.time_unit = *time;
    if (!time_unit_of(document_.root()))
      root_.problem(root_.find("time"), "time", "is not a unit of time", Unit::advice(*time));
  }
  model_.method = root_.text("method").value_or("");
  if (!model_.method.empty() && model_.method != "rosenbrock" && model_.method != "explicit") {
    root_.problem(root_.find("method"), "method", "must be \"rosenbrock\" or \"explicit\"");
  }
  read_sources();
  default_source_ = root_.text("source").value_or("");
  if (!default_source_.empty()) check_source(root_, root_.find("source"), default_source_);
}

void Builder::read_status() {
  const std::string status = root_.text("status").value_or("specified");
  model_.status_note = root_.text("status_note").value_or("");
  const toml::node* node = root_.find("status");
  if (status == "reproduced")
    model_.status = Status::Reproduced;
  else if (status == "specified")
    model_.status = Status::Specified;
  else if (status == "partial")
    model_.status = Status::Partial;
  else
    root_.problem(node, "status", "must be \"reproduced\", \"specified\" or \"partial\"");
  if (model_.status == Status::Partial && model_.status_note.empty()) {
    root_.problem(node, "status", "needs a status_note that says what is missing");
  }
}

void Builder::read_sources() {
  for (auto& [key, section] : members("sources")) {
    Source source;
    source.key = key->str();
    source.cite = section.need_text("cite", "author, journal, year, doi").value_or("");
    source.note = section.text("note").value_or("");
    section.finish();
    model_.sources.push_back(std::move(source));
  }
}

void Builder::finish() { root_.finish(); }

// The tables inside table `key`, in the order of the file.
std::vector<std::pair<const toml::key*, Section>> Builder::members(const std::string& key) {
  std::vector<std::pair<const toml::key*, Section>> list;
  auto section = root_.section(key);
  if (!section) return list;
  for (const auto& [name, node] : section->entries()) {
    if (const toml::table* table = node->as_table()) {
      list.emplace_back(name, Section(document_, *table, section->path(name->str())));
    } else {
      section->wrong_type(*node, name->str(), "a table");
    }
  }
  return list;
}

std::optional<Unit> Builder::unit(Section& section) {
  const auto text = section.need_text("unit", "a pure number has unit = \"1\"");
  if (!text) return std::nullopt;
  auto result = Unit::parse(*text);
  if (!result) section.problem(section.find("unit"), "unit", "is not a unit", Unit::advice(*text));
  return result;
}

std::string Builder::source(Section& section, bool needed) {
  const auto text = section.text("source");
  if (text && !text->empty()) {
    check_source(section, section.find("source"), *text);
    return *text;
  }
  if (needed && default_source_.empty()) {
    section.problem(section.find("source"), "source", "is missing", "every number says where it comes from");
  }
  return needed ? default_source_ : std::string();
}

void Builder::check_source(Section& section, const toml::node* node, const std::string& text) {
  const std::string key = text.substr(0, text.find_first_of(" ,:;"));
  std::vector<std::string> keys;
  for (const Source& source : model_.sources) keys.push_back(source.key);
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return;
  std::string hint = did_you_mean(key, keys);
  if (hint.empty()) hint = "name it in [sources], as in " + key + " = { cite = \"...\" }";
  section.problem(node, "source", "must start with a key of [sources]", hint);
}

// True when `key` can be and now is the name of something that formulas use.
bool Builder::declare(const toml::key& key, const std::string& path, const std::optional<Unit>& unit, expr::NodeId node) {
  const std::string name(key.str());
  const auto add = [&](const std::string& rule, const std::string& hint) {
    document_.problems.add(document_.problem(key, path, rule, hint));
    return false;
  };
  if (expr::is_reserved(name)) return add("is a word of the language and cannot be a name", "");
  if (!expr::is_name(name)) return add("is not a name", "a letter, then letters, digits and _");
  const auto [place, added] = declared_.try_emplace(name, path);
  if (!added) return add("is declared twice", "also at " + place->second);
  scope_[name] = {unit ? node : expr::no_node, unit.value_or(Unit())};
  return true;
}

// A number in `unit`, or a text with a unit that converts to it.
std::optional<double> Builder::amount(Section& section, const std::string& key, const Unit& unit, const toml::node& node) {
  if (node.is_number()) return node.value<double>();
  const auto text = node.value<std::string>();
  if (!node.is_string() || !text) {
    section.wrong_type(node, key, "a number or a text with a unit");
    return std::nullopt;
  }
  std::string why;
  const auto quantity = expr::parse_quantity(*text, why);
  if (!quantity) {
    section.problem(&node, key, "is not a quantity", why);
    return std::nullopt;
  }
  if (!quantity->unit && !unit.dimensionless() && quantity->value != 0) {
    section.problem(&node, key, "has no unit", "a text needs one, as in \"" + *text + " " + unit.text() + "\"");
    return std::nullopt;
  }
  if (quantity->unit && !quantity->unit->convertible(unit)) {
    section.problem(&node, key, "has unit " + quantity->unit->text() + ", but must have unit " + unit.text());
    return std::nullopt;
  }
  return quantity->unit ? quantity->value * quantity->unit->factor_to(unit) : quantity->value;
}

std::optional<double> Builder::amount(Section& section, const std::string& key, const Unit& unit) {
  const toml::node* node = section.find(key);
  return node == nullptr ? std::nullopt : amount(section, key, unit, *node);
}

// A list of numbers; empty when missing or, with a problem, something else.
std::vector<double> Builder::numbers(Section& section, const std::string& key) {
  std::vector<double> list;
  const toml::node* node = section.find(key);
  if (node == nullptr) return list;
  const toml::array* array = node->as_array();
  const bool good =
      array != nullptr && std::all_of(array->begin(), array->end(), [](const toml::node& n) { return n.is_number(); });
  if (!good) {
    section.problem(node, key, "must be a list of numbers");
    return list;
  }
  for (const toml::node& entry : *array) list.push_back(entry.value<double>().value_or(0));
  return list;
}

// A list of texts; empty when missing or, with a problem, something else.
std::vector<std::string> Builder::names(Section& section, const std::string& key) {
  std::vector<std::string> list;
  const toml::node* node = section.find(key);
  if (node == nullptr) return list;
  const toml::array* array = node->as_array();
  const bool good =
      array != nullptr && std::all_of(array->begin(), array->end(), [](const toml::node& n) { return n.is_string(); });
  if (!good) {
    section.problem(node, key, "must be a list of names");
    return list;
  }
  for (const toml::node& entry : *array) list.push_back(entry.value<std::string>().value_or(""));
  return list;
}

std::vector<std::string> Builder::parameter_names() const {
  std::vector<std::string> list;
  for (const Parameter& parameter : model_.parameters) list.push_back(parameter.name);
  return list;
}

}  // namespace carina::model::impl
