/// @file
/// Turns the tables of a product file into a Product. Used by product/read.cpp only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/section.h"
#include "product/product.h"

namespace carina::product::impl {

/// A date of TOML, or its text, at `key`; nothing when absent or, with a problem, no day of the calendar.
std::optional<Date> read_date(Section& section, std::string_view key);

/// Adds a problem with the text number `index` of the list at `key`, or with the one text that stands there.
void problem_with(Section& section, std::string_view key, std::size_t index, const std::string& rule,
                  const std::string& hint);

/// Reads the parts in the order of its public functions: later ones refer to what earlier ones found.
class Reader {
 public:
  /// Everything must outlive the reader.
  Reader(Reading& reading, const toml::table& root, Product& product);

  void read_head();         ///< kind, names, sources
  void read_versions();     ///< [[label]]
  void read_traits();       ///< [construct], [composition]
  void read_indications();  ///< [[indication]] with rules and exclusions
  void read_doses();        ///< [[dose]]
  void read_handling();     ///< [[lymphodepletion]], [[window]], [[delay]], [[monitoring]], [[boxed_warning]]
  void read_supply();       ///< [[supply]]
  void read_model();        ///< [model]
  void finish();            ///< keys that nobody knows

 private:
  Origin origin(Section& section, const Origin* otherwise = nullptr);
  std::optional<std::size_t> version(Section& section, std::string_view key);
  Entry entry(Section& section, bool of_indications);
  std::string need_text(Section& section, std::string_view key, const std::string& hint);
  std::optional<double> positive(Section& section, std::string_view key, const std::string& unit);

  Rule read_rule(Section& section, const Entry& indication);
  std::vector<Condition> read_way(Section& section);
  void read_words(Section& section, std::string_view key, Asks asks, std::vector<Condition>& way);
  std::vector<std::string> read_diseases(Section& section);
  void check_names();
  void read_amounts(Section& section, Dose& dose);
  void read_parts(Section& section, Dose& dose);
  void read_lymphodepletion(Section& section);
  Drug read_drug(Section& section);
  void read_windows();
  void read_delays();
  void read_monitoring();
  void read_boxed();

  Reading& reading_;
  Section root_;
  Product& product_;
  std::string default_source_;
};

}  // namespace carina::product::impl
