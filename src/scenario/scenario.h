/// @file
/// A scenario as plain data: one model, its individuals, what they are given, what is seen and what is kept. Read from TOML
/// by scenario/read.h, run by scenario/run.h. Numbers are in the model's declared units and its time unit; the texts beside
/// them are as a person wrote them, made complete with units.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "ensemble/integrate.h"
#include "ensemble/population.h"
#include "model/model.h"

namespace carina::scenario {

/// A file that a scenario named, kept whole.
struct NamedFile {
  std::string name;  ///< as the scenario names it
  std::string kind;  ///< `model` or `covariates`
  std::string text;  ///< whole text
};

/// One line of dosing.
struct DoseLine {
  std::string into;      ///< state
  std::string amount;    ///< of one dose
  std::string at;        ///< time of the first dose
  std::string duration;  ///< infusion time; zero is a bolus
  std::string every;     ///< interval; empty: once
  std::string count;     ///< number of doses
  std::string lag;       ///< delay between giving and arriving
};

/// Where the values of one covariate come from, as written.
struct CovariateLine {
  std::string name;  ///< covariate
  std::string text;  ///< e.g. `lognormal(39 kg, 0.5)`
};

/// Who is run.
struct PopulationPart {
  std::uint64_t size = 1;                           ///< individuals, numbered from 1
  bool variability = true;                          ///< false: everybody has the typical parameters
  std::vector<std::pair<std::string, Written>> sd;  ///< SDs of random effects that replace the model's
  std::vector<CovariateLine> covariates;            ///< from distributions
  std::string covariate_file;                       ///< table of covariates; may be empty
  bool cycle = false;                               ///< more individuals than rows start again at the first row
};

/// What a trial would have seen.
struct ObservePart {
  std::string visits_text;                            ///< schedule as written
  std::vector<double> visits;                         ///< times, ascending
  std::vector<std::pair<std::string, Written>> lloq;  ///< limit of each column that has one
  bool residual = true;                               ///< the model's assay error is added
};

/// A number of each individual: the value of a formula at one time, or the first time at which a condition holds.
struct Endpoint {
  std::string name;                   ///< column name
  bool event = false;                 ///< a time to an event: `when` was written in place of `is`
  std::string formula;                ///< `is` or `when` as written
  std::string unit;                   ///< of its value; the model's time unit for an event
  Written at;                         ///< when the formula is computed
  Written until;                      ///< end of follow-up for an event
  bool exact = false;                 ///< as written: the exact solution although there is [observe]
  bool seen = false;                  ///< computed on what a trial would have seen, see `node`
  std::string about;                  ///< meaning
  expr::NodeId node = expr::no_node;  ///< its value in `unit`, or its truth. Where `seen`, over parameters and time alone:
                                      ///< behind the model's parameters come the reported values of the recorded columns
};

/// What of the tables is kept.
struct Keep {
  bool quantiles = true;      ///< of every column at every time
  bool mean = false;          ///< mean and SD of every column at every time
  bool nca = false;           ///< non-compartmental analysis of each individual
  bool trajectories = false;  ///< every individual's course
  bool observations = false;  ///< every individual's visits
};

/// What is kept, and when.
struct OutputPart {
  Written from;                                                   ///< time of the initial values
  Written until;                                                  ///< end of the run
  std::string times_text;                                         ///< schedule as written
  std::vector<double> times;                                      ///< ascending, from `from` to `until`
  std::vector<std::string> columns;                               ///< outputs, states or derived quantities
  std::vector<expr::NodeId> nodes;                                ///< formula of each column
  Keep keep;                                                      ///< tables
  std::vector<double> quantiles = {0.05, 0.25, 0.5, 0.75, 0.95};  ///< probabilities, ascending
};

/// How non-compartmental analysis is done; rules as in docs/nca.md.
struct NcaPart {
  std::vector<std::string> columns;  ///< analysed; empty: the first column of the output
  Written auc;                       ///< end of the area from 0, e.g. 28 day
};

/// How the equations are integrated.
struct SolverPart {
  double rtol = 1e-5;                                 ///< relative tolerance
  std::vector<std::pair<std::string, Written>> atol;  ///< of every state, in its unit
  std::string method;                                 ///< `rosenbrock` or `explicit`
  std::string engine = "auto";                        ///< `auto`, `jit` or `vm`
  std::uint32_t max_steps = 1'000'000;                ///< steps allowed for one individual
  bool stochastic = true;                             ///< few cells of a model's counts move by chance
  Written grid;                                       ///< interval between their draws
};

/// A published result that a report sets beside the simulated one.
struct Published {
  std::string endpoint;        ///< Cmax, Tmax, AUC, half_life ..., the name of an [[endpoint]], or `at`
  std::string column;          ///< analysed column
  std::string statistic;       ///< `geometric mean`, `mean` or `median`
  double value = 0;            ///< in `unit`
  std::string unit;            ///< unit as written
  std::optional<double> time;  ///< for `at`, in the model's time unit
  std::optional<double> cv;    ///< coefficient of variation, %
  std::optional<double> low;   ///< lower end of the range that was published, in `unit`
  std::optional<double> high;  ///< upper end
  std::string range;           ///< what low and high are, e.g. `range`, `IQR`, `95 % CI`
  std::uint64_t n = 0;         ///< patients, 0 when unknown
  std::string group;           ///< who they were
  std::string source;          ///< where it stands
};

/// A whole scenario.
struct Scenario {
  std::string file;        ///< as the user named it
  std::string text;        ///< as read
  std::string title;       ///< one line
  std::string about;       ///< what it shows, in a few sentences
  std::uint64_t seed = 1;  ///< of every draw

  std::string use;                                   ///< name or file of the model, as written
  model::Model model;                                ///< the model; its graph also holds the formulas of doses and endpoints
  std::vector<std::pair<std::string, Written>> set;  ///< parameters that differ from the model's

  PopulationPart population;           ///< who
  std::vector<DoseLine> doses;         ///< what is given, beside protocol
  std::optional<ObservePart> observe;  ///< what would have been seen
  OutputPart output;                   ///< what is kept
  NcaPart nca;                         ///< how profiles are analysed
  std::vector<Endpoint> endpoints;     ///< numbers of each individual
  SolverPart solver;                   ///< how it is integrated
  std::vector<Published> published;    ///< what to compare with

  std::vector<NamedFile> files;                 ///< every file that entered, the scenario itself not included
  std::vector<ensemble::Covariate> covariates;  ///< from the table or from distributions
  std::vector<double> typical;                  ///< one a parameter: the model's values with `set`
  std::vector<double> sd;                       ///< SD of eta, one a parameter
  ensemble::Protocol protocol;                  ///< doses
};

/// The whole scenario with every default written out, as TOML that reads back to the same scenario.
std::string resolved_text(const Scenario& scenario);

}  // namespace carina::scenario
