/// @file
/// Turns the tables of a scenario file into a Scenario. Used by scenario/read.cpp only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/resolve.h"
#include "scenario/impl/quantity.h"
#include "scenario/read.h"

namespace carina::scenario::impl {

/// The formula `text` at `node`, which knows where each of its bytes stands in the file.
expr::Formula formula_at(const std::string& file, const toml::node& node, const std::string& path, const std::string& text);

/// Reads the parts in the order of its public functions: later ones use what earlier ones found.
class Reader {
 public:
  /// Everything must outlive the reader. `folder` is where the scenario stands.
  Reader(Reading& reading, const toml::table& root, Scenario& scenario, std::string folder);

  void read_head();                                            ///< kind, title, seed
  bool read_model(const std::vector<std::string>& installed);  ///< the model and `set`; false when there is none
  void read_output();                                          ///< times and columns
  void read_population();                                      ///< size, variability, covariates
  void read_doses();                                           ///< [[dose]]
  void read_observe();                                         ///< [observe]
  void read_nca();                                             ///< [nca]
  void read_endpoints();                                       ///< [[endpoint]]
  void read_solver();                                          ///< [solver]
  void read_published();                                       ///< [[published]]
  void finish();                                               ///< keys that nobody knows

 private:
  // a column that can be recorded
  struct Column {
    std::string unit;
    expr::NodeId node = expr::no_node;
  };
  std::optional<Column> column(const std::string& name) const;
  std::vector<std::string> column_names() const;
  bool known_column(Section& section, const std::string& path, const toml::node* node, const std::string& name);

  void check_model_hash(Section& model, const std::string& text);
  void read_set(Section& model);
  void read_keep(Section& output);
  void read_probabilities(Section& output);
  void read_times(Section& output);
  void read_columns(Section& output);
  void read_sd(Section& population);
  void read_covariates(Section& population);
  void read_covariate_lines(Section& covariates);
  void read_covariate_table(Section& section, const toml::node& node, const std::string& path);
  void read_covariate_columns(const std::vector<std::vector<std::string>>& rows, const std::string& file);
  void check_rows(Section& section, const toml::node& node, const std::string& path);
  void read_dose(Section& section);
  std::optional<std::uint32_t> dose_target(Section& section, DoseLine& line);
  expr::NodeId formula(Section& section, std::string_view key, const KnownUnit& unit, std::string& text);
  expr::NodeId formula_text(const expr::Formula& formula, const KnownUnit& unit);
  void read_lloq(Section& observe);
  void read_endpoint(Section& section);
  void read_endpoint_name(Section& section, Endpoint& endpoint);
  void read_value(Section& section, Endpoint& endpoint);
  void read_event(Section& section, Endpoint& endpoint);
  void see_value(Section& section, Endpoint& endpoint, const KnownUnit& unit);
  bool all_observed(Section& section, std::string_view key, const expr::Ast& ast);
  expr::Scope reported_scope();
  void read_one_published(Section& section);
  std::optional<std::string> published_unit(Section& section, Published& row);
  void read_atol(Section& solver);
  std::vector<std::string> nca_names() const;

  Reading& reading_;
  Section root_;
  Scenario& scenario_;
  std::string folder_;
  KnownUnit time_;
  expr::Scope scope_;
};

}  // namespace carina::scenario::impl
