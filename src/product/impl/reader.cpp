#include "product/impl/reader.h"

#include <algorithm>

#include "base/names.h"
#include "base/quantity.h"

namespace carina::product::impl {

std::optional<Date> read_date(Section& section, std::string_view key) {
  const toml::node* node = section.find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* date = node->as_date()) {
    const toml::date value = date->get();
    return Date{value.year, value.month, value.day};
  }
  const auto text = node->value<std::string>();
  const auto date = text ? parse_date(*text) : std::nullopt;
  if (!date) section.problem(key, "must be a date such as 2018-05-01");
  return date;
}

void problem_with(Section& section, std::string_view key, std::size_t index, const std::string& rule,
                  const std::string& hint) {
  const toml::node* node = section.find(key);
  if (node == nullptr || !node->is_array()) return section.problem(key, rule, hint);
  section.reading().problem(node->as_array()->get(index), section.path(key) + "[" + std::to_string(index) + "]", rule, hint);
}

Reader::Reader(Reading& reading, const toml::table& root, Product& product)
    : reading_(reading), root_(reading, &root, ""), product_(product) {}

std::string Reader::need_text(Section& section, std::string_view key, const std::string& hint) {
  const auto text = section.text(key);
  if (!text && section.find(key) == nullptr) section.missing(key, hint);
  if (text && trimmed(*text).empty()) section.problem(key, "is empty", hint);
  return text.value_or("");
}

void Reader::read_head() {
  const toml::node* kind = root_.find("product");
  if (kind == nullptr) {
    reading_.problems.add({reading_.file, 0, 0, "product", "", "is missing", "a product file starts with product = 1"});
  } else if (kind->value<std::int64_t>() != 1) {
    root_.problem("product", "must be 1, the version of the format");
  }
  product_.name = need_text(root_, "name", "the generic name without suffix, such as tisagenlecleucel");
  product_.brand = need_text(root_, "brand", "such as Kymriah");
  product_.aliases = root_.texts("aliases").value_or(std::vector<std::string>{});
  product_.maker = root_.text("maker").value_or("");
  product_.cells = need_text(root_, "cells", "what a dose counts, such as CAR-positive viable T cells");
  product_.weight_at = root_.text("weight_at").value_or("");
  Section sources = root_.section("sources");
  for (const auto& [key, node] : sources.entries()) {
    Section section = sources.section(key);
    product_.sources.push_back(
        {key, need_text(section, "cite", "document, revision, where to find it"), section.text("note").value_or("")});
    section.finish();
  }
  default_source_ = root_.text("source").value_or("");
  if (!default_source_.empty()) origin(root_);
}

// A source is the key of one in [sources], perhaps followed by the place in it.
Origin Reader::origin(Section& section, const Origin* otherwise) {
  Origin origin;
  const auto text = section.text("source");
  origin.recalled = section.flag("recalled").value_or(otherwise != nullptr && !text && otherwise->recalled);
  origin.note = section.text("note").value_or("");
  origin.source = text.value_or(otherwise != nullptr ? otherwise->source : default_source_);
  if (origin.source.empty()) {
    section.missing("source", "every entry says where it comes from");
    return origin;
  }
  if (!text) return origin;
  const std::string key = origin.source.substr(0, origin.source.find_first_of(" ,:;"));
  std::vector<std::string> keys;
  for (const Source& source : product_.sources) keys.push_back(source.key);
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) return origin;
  std::string hint = did_you_mean(key, keys);
  if (hint.empty()) hint = "name it in [sources], as in " + key + " = { cite = \"...\" }";
  section.problem("source", "begins with no known source", hint);
  return origin;
}

void Reader::read_versions() {
  for (Section& section : root_.list("label")) {
    Version version;
    version.name = need_text(section, "version", "as entries refer to it, such as 2018-05");
    version.region = section.text("region").value_or("US");
    version.about = need_text(section, "about", "what changed");
    const auto from = read_date(section, "from");
    if (!from && section.find("from") == nullptr) section.missing("from", "the first day in force, such as 2018-05-01");
    version.from = from.value_or(Date{});
    version.origin = origin(section);
    section.finish();
    for (const Version& other : product_.versions) {
      if (other.name == version.name) section.problem("version", "is the name of an earlier one too");
      if (from && other.region == version.region && !(other.from < version.from)) {
        section.problem("from", "must come after " + date_text(other.from), "versions of a region stand in order of time");
      }
    }
    product_.versions.push_back(std::move(version));
  }
  if (product_.versions.empty()) root_.missing("label", "[[label]] with version, from and about opens a version");
}

std::optional<std::size_t> Reader::version(Section& section, std::string_view key) {
  const auto text = section.text(key);
  if (!text) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < product_.versions.size(); ++i) {
    if (product_.versions[i].name == *text) return i;
    names.push_back(product_.versions[i].name);
  }
  section.problem(key, "is no version of the label", did_you_mean(*text, names));
  return std::nullopt;
}

Entry Reader::entry(Section& section, bool of_indications) {
  Entry entry;
  const auto since = version(section, "since");
  if (!since && section.find("since") == nullptr) section.missing("since", "the version of the label in which it came");
  entry.since = since.value_or(0);
  entry.until = version(section, "until");
  if (since && entry.until) {
    const Version& first = product_.versions[*since];
    const Version& last = product_.versions[*entry.until];
    if (first.region != last.region || !(first.from < last.from)) {
      section.problem("until", "must be a version of the same region after " + first.name);
    }
  }
  entry.origin = origin(section);
  if (!of_indications) return entry;
  entry.indications = section.texts("indication").value_or(std::vector<std::string>{});
  std::vector<std::string> names;
  for (const Indication& indication : product_.indications) names.push_back(indication.name);
  for (std::size_t i = 0; i < entry.indications.size(); ++i) {
    const std::string& name = entry.indications[i];
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    problem_with(section, "indication", i, "is no indication of this product", did_you_mean(name, names));
  }
  return entry;
}

std::optional<double> Reader::positive(Section& section, std::string_view key, const std::string& unit) {
  const auto value = quantity(section, key, known_unit(unit), Bare::Refused);
  if (!value) return std::nullopt;
  if (value->value > 0) return value->value;
  section.problem(key, "must be > 0");
  return std::nullopt;
}

void Reader::read_traits() {
  for (const char* part : {"construct", "composition"}) {
    Section table = root_.section(part);
    for (const auto& [key, node] : table.entries()) {
      Section section = table.section(key);
      Trait trait{key, need_text(section, "is", "in words"), origin(section)};
      section.finish();
      product_.traits.push_back(std::move(trait));
    }
  }
  for (const char* needed : {"target", "costimulation", "vector"}) {
    const auto named = [&](const Trait& trait) { return trait.name == needed; };
    if (std::any_of(product_.traits.begin(), product_.traits.end(), named)) continue;
    root_.missing(std::string("construct.") + needed,
                  std::string("as in ") + needed + " = { is = \"...\", source = \"...\" }");
  }
}

void Reader::read_model() {
  Section table = root_.section("model");
  for (const auto& [key, node] : table.entries()) {
    Section section = table.section(key);
    Brings brings;
    brings.parameter = key;
    brings.value = need_text(section, "value", "a text with number and unit, such as \"1.9 1/day\"");
    brings.assumed = section.flag("assumed").value_or(false);
    if (brings.assumed) {
      brings.origin.note = need_text(section, "note", "why it is assumed");
      if (section.text("source")) section.problem("source", "must not stand beside assumed = true");
    } else {
      brings.origin = origin(section);
    }
    if (!brings.value.empty() && !leading_number(brings.value)) section.problem("value", "must begin with a number");
    section.finish();
    product_.model.push_back(std::move(brings));
  }
}

void Reader::read_supply() {
  std::vector<std::string> words;
  for (const SupplyWord& word : supply_words()) words.push_back(word.name);
  for (Section& section : root_.list("supply")) {
    Supply supply;
    supply.what = need_text(section, "what", "one of the words of docs/products.md, such as vein_to_vein");
    if (!supply.what.empty() && std::find(words.begin(), words.end(), supply.what) == words.end()) {
      section.problem("what", "is no supply figure that is known", did_you_mean(supply.what, words));
    }
    supply.setting = need_text(section, "setting", "disease, trial or country");
    supply.value = section.number("value", -1e300, 1e300);
    supply.low = section.number("low", -1e300, 1e300);
    supply.high = section.number("high", -1e300, 1e300);
    if (!supply.value && !supply.low && !supply.high) section.missing("value", "value, low or high");
    if (supply.low.value_or(supply.value.value_or(-1e300)) > supply.high.value_or(1e300) ||
        supply.value.value_or(supply.low.value_or(-1e300)) < supply.low.value_or(-1e300) ||
        supply.value.value_or(-1e300) > supply.high.value_or(1e300)) {
      section.problem("value", "low, value and high must be in this order");
    }
    supply.unit = need_text(section, "unit", "a pure number has unit = \"1\"");
    if (!supply.unit.empty() && !Unit::parse(supply.unit)) {
      section.problem("unit", "is not a unit", Unit::advice(supply.unit));
    }
    supply.statistic = section.text("statistic").value_or("");
    if (const auto n = section.whole("n", 1)) supply.n = static_cast<int>(*n);
    supply.origin = origin(section);
    section.finish();
    product_.supply.push_back(std::move(supply));
  }
}

void Reader::finish() { root_.finish(); }

}  // namespace carina::product::impl
