/// @file
/// Builds a Model from a document, part by part; every problem goes to the document. Used by model/read.cpp only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "expr/resolve.h"
#include "model/impl/document.h"
#include "model/model.h"

namespace carina::model::impl {

/// Reads the parts in the order of its public functions: later ones use the names of earlier ones.
class Builder {
 public:
  /// `document` and `model` must outlive the builder.
  Builder(Document& document, Model& model);

  void read_head();      ///< title, status, time, sources, names of variants
  void read_numbers();   ///< parameters, covariates, variability
  void read_formulas();  ///< derived, states, outputs, events
  void read_checks();    ///< what the model must give
  void finish();         ///< keys that nobody knows

 private:
  // a formula that is read but not yet resolved; without unit where that was wrong already
  struct Pending {
    expr::Formula formula;
    std::optional<expr::Ast> ast;
    std::optional<Unit> unit;
  };

  // the keys of a state that is a count of cells
  struct PendingCount {
    double threshold = 100;
    Unit unit;
    std::optional<Pending> cell, birth, death, arrival;
    const toml::table* table = nullptr;
    std::string path;
  };

  // common
  std::optional<Unit> unit(Section& section);
  std::string source(Section& section, bool needed);
  void check_source(Section& section, const toml::node* node, const std::string& text);
  bool declare(const toml::key& key, const std::string& path, const std::optional<Unit>& unit, expr::NodeId node);
  std::optional<double> amount(Section& section, const std::string& key, const Unit& unit, const toml::node& node);
  std::optional<double> amount(Section& section, const std::string& key, const Unit& unit);
  std::vector<double> numbers(Section& section, const std::string& key);
  std::vector<std::string> names(Section& section, const std::string& key);
  std::vector<std::string> parameter_names() const;
  std::vector<std::pair<const toml::key*, Section>> members(const std::string& key);

  // head
  void read_status();
  void read_sources();

  // numbers
  void read_parameters(const std::string& key, bool covariate);
  void read_parameter(const toml::key& key, Section& section, bool covariate);
  void read_range(Section& section, Parameter& parameter);
  void read_variability(Section& section, Parameter& parameter);
  void read_spread(Section& section, Parameter& parameter);
  void read_choice(Section& section, Parameter& parameter);
  void read_correlated();
  void read_correlated_block(Section& section);
  std::optional<std::vector<std::vector<double>>> triangle(Section& section, const std::string& key, std::size_t size);
  void set_correlations(Section& section, const std::vector<std::uint32_t>& of,
                        const std::vector<std::vector<double>>& matrix, const std::string& from);
  void check_spreads(Section& root);
  bool positive_definite() const;

  // formulas
  std::optional<Pending> pending(Section& section, const std::string& key, const std::optional<Unit>& unit, bool needed);
  std::optional<Pending> pending(const toml::node& node, std::string path, const std::optional<Unit>& unit);
  expr::NodeId resolve(const Pending& pending);
  expr::NodeId resolve_parameters_only(const Pending& pending, const std::string& what);
  void declare_derived();
  void resolve_derived();
  void report_cycle(const std::vector<std::size_t>& left);
  void declare_states();
  bool closed_form() const;
  void check_closed_form();
  void read_scale(Section& section, State& state, const Unit& unit);
  void resolve_states();
  std::optional<PendingCount> read_count(Section& section, const State& state, const std::optional<Unit>& unit);
  std::optional<double> read_threshold(Section& section);
  void resolve_count(std::uint32_t state);
  void default_cell(Count& count, const PendingCount& pending);
  void read_flows();
  void read_flow(Section& section);
  std::optional<std::uint32_t> read_count_name(Section& section, const std::string& key);
  void compose_rates();
  std::string rate_text(std::uint32_t count) const;
  void read_outputs();
  void read_residual(Section& section, const Output& output);
  void read_events();
  void read_event(Section& section);
  void read_event_time(Section& section, Event& event);
  void read_assignments(Section& section, Event& event);

  // checks
  struct Column {
    Unit unit;
    bool found = false;
  };
  void read_check(Section& section);
  Column column(Section& section, Check& check);
  bool read_statistic(Section& section, Check& check, const Unit& column);
  std::vector<double> read_times(Section& section);
  void read_expected(Section& section, const Check& check, const std::vector<double>& times);
  Unit expected_unit(const Check& check, const Unit& column) const;
  double last_digit(const toml::node& node) const;
  void read_check_set(Section& section, Check& check);
  void read_check_doses(Section& section, Check& check);

  Document& document_;
  Model& model_;
  Section root_;
  Unit time_;
  std::string default_source_;
  expr::Scope scope_;
  std::map<std::string, std::string> declared_;  // name -> key path where it was declared
  std::map<std::string, Unit> units_;            // of states, outputs and derived quantities, by name
  std::vector<Pending> derived_;                 // beside model_.derived
  std::vector<std::pair<std::optional<Pending>, std::optional<Pending>>> states_;  // start and rate, beside model_.states
  std::map<std::uint32_t, PendingCount> counts_;                                   // by state
  expr::Resolver resolver_;
};

}  // namespace carina::model::impl
