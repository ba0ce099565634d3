/// @file
/// A model as plain data: what a model file says once it is read and its units are checked. Every formula is a node of
/// `graph`, in the declared units of the thing that it defines; time is in `time_unit`. Nothing here runs: the ensemble
/// (ensemble/integrate.h) and the plain reference engine do.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expr/graph.h"
#include "expr/resolve.h"

namespace carina::model {

/// Where a number comes from; `key` is what parameters refer to.
struct Source {
  std::string key;   ///< short name, e.g. `stein_2019`
  std::string cite;  ///< full citation with doi
  std::string note;  ///< how it was read (paper, copy, commit), licence of the copy
};

/// How a parameter varies between individuals. `sd` is the standard deviation of the random effect eta.
struct Variability {
  /// How eta enters: none; value*exp(eta); value+eta; low+(high-low)*logistic(logit((value-low)/(high-low))+eta);
  /// value*(1+eta) floored at 0; or, without eta, one of `among` is drawn (classes of a mixture, yes or no).
  enum class Kind { None, LogNormal, Normal, LogitNormal, Proportional, Choice };
  Kind kind = Kind::None;             ///< how eta enters
  double sd = 0;                      ///< SD of eta: dimensionless, or in the parameter's unit for Normal
  double low = 0;                     ///< lower bound of a LogitNormal parameter
  double high = 1;                    ///< upper bound of a LogitNormal parameter
  std::vector<double> among;          ///< values of a Choice, in the parameter's unit
  std::vector<double> probabilities;  ///< of the values of a Choice; they sum to 1
  std::string source;                 ///< where the SD comes from
};

/// A number with a name. Covariates are parameters that a scenario is expected to set for each individual.
struct Parameter {
  std::string name;                                       ///< as used in formulas
  double value = 0;                                       ///< typical value, in `unit`
  std::string unit;                                       ///< unit as written
  double low = -std::numeric_limits<double>::infinity();  ///< smallest value that makes sense
  double high = std::numeric_limits<double>::infinity();  ///< largest value that makes sense
  bool covariate = false;                                 ///< a property of the individual rather than of the model
  Variability variability;                                ///< between individuals
  std::string source;                                     ///< where the value comes from, starting with a Source key
  std::string about;                                      ///< meaning in one line
};

/// A named formula of parameters, states and time, shown on the manual page.
struct Derived {
  std::string name;                   ///< as used in formulas
  std::string unit;                   ///< unit as written
  std::string text;                   ///< formula as written
  std::string about;                  ///< meaning
  expr::NodeId node = expr::no_node;  ///< its value, in `unit`
};

/// One differential equation.
struct State {
  std::string name;                    ///< as used in formulas
  std::string unit;                    ///< unit as written
  std::string about;                   ///< meaning
  double scale = 1;                    ///< a value that matters, in `unit`: atol = rtol * scale unless given
  std::string start_text;              ///< initial value as written
  std::string rate_text;               ///< right-hand side as written
  expr::NodeId start = expr::no_node;  ///< initial value, in `unit`; depends on parameters only
  expr::NodeId rate = expr::no_node;   ///< right-hand side, in `unit` per time unit, infusion not included; of a count: net
  bool input = false;                  ///< a dose may go into it
};

/// What makes a state a count of cells: what happens to its cells one by one, from which its rate follows. Below `threshold`
/// the engine treats it as a whole number of cells that are born and die by chance (docs/small_numbers.md).
struct Count {
  std::uint32_t state = 0;               ///< index of the state
  double threshold = 100;                ///< cells below which it is stochastic
  expr::NodeId cell = expr::no_node;     ///< one cell in the state's unit; parameters only
  expr::NodeId birth = expr::no_node;    ///< births per cell and time unit
  expr::NodeId death = expr::no_node;    ///< deaths per cell and time unit
  expr::NodeId arrival = expr::no_node;  ///< from outside of every count, in the state's unit per time unit
  std::string cell_text;                 ///< as written; empty where the unit says it
  std::string birth_text;                ///< as written
  std::string death_text;                ///< as written
  std::string arrival_text;              ///< as written; empty for none
};

/// Cells that go from one count to another.
struct Flow {
  /// Cells change their kind, or their place; or each division may have one mutant daughter, which costs the first count no
  /// cell.
  enum class Kind { Switching, Migration, Mutation };
  std::string name;                   ///< for messages and the manual page
  Kind kind = Kind::Switching;        ///< what it is
  std::uint32_t from = 0;             ///< index of the count that they leave
  std::uint32_t to = 0;               ///< index of the count that they enter
  expr::NodeId rate = expr::no_node;  ///< per cell of `from` and time unit
  std::string text;                   ///< as written
  std::string about;                  ///< meaning
};

/// `switching`, `migration` or `mutation`.
std::string kind_text(Flow::Kind kind);

/// One assignment of an event.
struct Assignment {
  std::uint32_t state = 0;             ///< index of the state that changes
  expr::NodeId value = expr::no_node;  ///< its new value, from the values just before the event
  std::string text;                    ///< as written
};

/// Something that happens at a time, or when a condition turns true.
struct Event {
  std::string name;                    ///< for messages and traces
  expr::NodeId at = expr::no_node;     ///< time of the first occurrence (parameters only), or no_node
  expr::NodeId every = expr::no_node;  ///< interval between occurrences, or no_node
  expr::NodeId count = expr::no_node;  ///< number of occurrences (1 when absent)
  expr::NodeId when = expr::no_node;   ///< condition over states and time, or no_node
  std::string text;                    ///< `at` or `when` as written
  std::string every_text;              ///< `every` as written
  std::string count_text;              ///< `count` as written
  std::vector<Assignment> set;         ///< all taken from the values before, then applied together
  std::string about;                   ///< meaning
};

/// A column that a run can record.
struct Output {
  std::string name;                   ///< column name
  std::string unit;                   ///< unit as written
  std::string text;                   ///< formula as written
  std::string about;                  ///< meaning
  expr::NodeId node = expr::no_node;  ///< its value, in `unit`
};

/// Residual error of an output: what an assay adds.
struct Residual {
  std::string output;       ///< name of the output
  double proportional = 0;  ///< SD as a fraction of the value
  double additive = 0;      ///< SD in the output's unit
  double log_sd = 0;        ///< SD on the log scale
  std::string source;       ///< where it comes from
};

/// Two random effects that vary together.
struct Correlation {
  std::string first;   ///< parameter
  std::string second;  ///< parameter
  double value = 0;    ///< correlation of their etas, -1 to 1
  std::string source;  ///< where it comes from
};

/// A dose of a check.
struct CheckDose {
  std::string into;     ///< name of the state
  double amount = 0;    ///< of one dose, in the state's unit
  double at = 0;        ///< time of the first, in the model's time unit
  double duration = 0;  ///< infusion time; 0 is a bolus
  double every = 0;     ///< interval between doses, when count > 1
  double count = 1;     ///< how many
};

/// A value that the model must give: published, or closed form. It holds when
/// |found - value| <= max(relative * |value|, absolute).
struct Check {
  std::string name;    ///< what is checked
  std::string column;  ///< an output, state or derived quantity
  /// `at` (the value at `time`), `max`, `tmax`, `min`, `tmin`, `auc` (all from `from` to `time`), `half_life` (terminal, of
  /// the exact solution between `from` and `time`), `crosses` (first time in `from` to `time` at which `level` is passed).
  std::string statistic;
  double time = 0;      ///< for `at`: the time; else the end of the span; in the model's time unit
  double from = 0;      ///< start of the span, in the model's time unit
  double level = 0;     ///< for `crosses`, in the unit of the column
  double value = 0;     ///< the expected value, in `unit`
  std::string unit;     ///< of `value`
  double relative = 0;  ///< tolerance as a fraction of |value|
  double absolute = 0;  ///< tolerance in `unit`
  std::string source;   ///< where the expected value comes from
  std::vector<std::pair<std::string, double>> set;  ///< parameters that differ, in their own units
  std::vector<CheckDose> doses;                     ///< given in it
};

/// A named set of changes to the values of a model file: one patient, another reading of a table.
struct Variant {
  std::string name;   ///< after the colon, as in `hardiansyah_2019:UPN3`
  std::string about;  ///< what differs
};

/// How far a model can be trusted to be the published one.
enum class Status { Reproduced, Specified, Partial };

/// One model file.
struct Model {
  std::string file;                       ///< where it was read from
  std::string text;                       ///< the file as read
  std::string name;                       ///< file stem, e.g. `stein_2019`
  std::string variant;                    ///< the variant that was read; empty for the file's own values
  std::string title;                      ///< one line
  std::string summary;                    ///< what it describes, in a few sentences
  Status status = Status::Specified;      ///< reproduced, specified, or partial
  std::string status_note;                ///< what is missing or differs
  std::string erratum;                    ///< where the source has an error, what it is
  std::string time_unit = "day";          ///< unit of time of every formula
  std::string method;                     ///< `rosenbrock` or `explicit`; empty lets the engine choose
  std::vector<Source> sources;            ///< what the numbers rest on
  std::vector<Parameter> parameters;      ///< parameters, then covariates; graph leaf Parameter i is parameters[i]
  std::vector<Derived> derived;           ///< named formulas
  std::vector<State> states;              ///< graph leaf State i is states[i]; none in a closed form
  std::vector<Count> counts;              ///< states that are counts of cells, in the order of the states
  std::vector<Flow> flows;                ///< cells that go from count to count
  std::vector<Event> events;              ///< what happens
  std::vector<Output> outputs;            ///< what can be recorded (states are recordable too)
  std::vector<Residual> residuals;        ///< assay error
  std::vector<Correlation> correlations;  ///< of random effects
  std::vector<Check> checks;              ///< what it must give (those of the variant that was read)
  std::vector<Variant> variants;          ///< what else the file holds
  std::vector<expr::Stripped> stripped;   ///< every in(): where a unit was put aside
  expr::Graph graph;                      ///< every formula

  /// Index of the parameter called `name`, if there is one.
  std::optional<std::uint32_t> find_parameter(const std::string& name) const;
  /// Index of the state called `name`, if there is one.
  std::optional<std::uint32_t> find_state(const std::string& name) const;
  /// Without states a model is a closed form: formulas of parameters and time, and nothing to integrate.
  bool closed_form() const { return states.empty(); }
};

}  // namespace carina::model
