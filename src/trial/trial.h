/// @file
/// A published trial as plain data: who was enrolled, what was done to them, when the data were cut, and what was reported.
/// Read from trials/NAME.toml by trial/read.h; the words that a file may use are in trial/words.h. Nothing here is fitted:
/// a number is published (with its source), recalled (source not seen) or assumed (with the reason), and says which.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carina::trial {

/// A number with the text that gave it, such as `6 month`.
struct Quantity {
  std::string text;  ///< number and unit as written; the number alone where the unit is 1
  double value = 0;  ///< in the unit of what it is for: time in day, share as a fraction, the rest as its comment says
};

/// Where a statement comes from: a source, or our own assumption with its reason.
struct Provenance {
  std::string source;     ///< key of a Source; empty where assumed
  bool assumed = false;   ///< not read anywhere: declared by us, `note` says why
  bool recalled = false;  ///< the source was not seen when this was written; to be verified
  std::string note;       ///< reason of an assumption, or what a reader should know
};

/// A number with its provenance.
struct Stated {
  Quantity value;  ///< the number
  Provenance of;   ///< where it comes from
};

/// A word with its provenance.
struct Named {
  std::string name;  ///< the word
  Provenance of;     ///< where it comes from
};

/// A paper, label, abstract or page.
struct Source {
  std::string key;        ///< by which the rows name it
  std::string cite;       ///< what it is and where it stands
  std::string note;       ///< how it was read: in full, abstract only, a summary by others; may be empty
  bool recalled = false;  ///< it was not seen: every number that names it is recalled
};

/// When and where a patient of a comparator arm may get the other arm's treatment.
struct Crossover {
  std::string to;                 ///< name of the arm
  std::string when;               ///< what allows it: `progression`, `relapse` or `no_response`
  std::optional<Quantity> after;  ///< earliest time since randomisation, day
  std::optional<Stated> share;    ///< of those allowed, who do cross over, fraction; absent: everybody
};

/// One arm. A single-arm trial has one.
struct Arm {
  std::string name;                    ///< unique in the trial
  std::string about;                   ///< treatment in words
  std::string product;                 ///< generic name of the CAR T product; empty: none
  std::string comparator;              ///< name of what is given instead; empty where there is a product
  std::uint64_t ratio = 1;             ///< patients allocated for each `ratio` of the other arms, 1 or more
  std::optional<Crossover> crossover;  ///< absent: not allowed
};

/// How many, how fast, and how they are lost.
struct Design {
  std::string enrolment;                   ///< the act by which a patient counts as enrolled
  std::vector<std::string> stratified_by;  ///< variables of the randomisation; empty: none
  std::optional<Stated> planned;           ///< patients planned
  std::optional<Stated> screened;          ///< patients screened
  std::optional<Stated> enrolled;          ///< patients enrolled, all arms
  std::optional<Stated> infused;           ///< patients infused, all arms
  std::optional<Stated> accrual;           ///< time from the first to the last enrolment, day
  std::optional<Named> accrual_pattern;    ///< `uniform`
  std::optional<Named> pathway;            ///< a published way to infusion (therapy/published.h); absent: from this file
  std::optional<Stated> lost;              ///< loss to follow-up, 1/year
  std::optional<Stated> vein_to_vein;      ///< median from leukapheresis to infusion where no figure has it, day
  std::optional<Stated> transplant_in_response;  ///< responders who go to transplant by protocol or choice, fraction
  std::optional<Stated> antigen_unknown;         ///< relapses whose antigen was not looked at, fraction
};

/// A calendar date on which the data were cut.
struct Cut {
  std::string name;                 ///< by which figures name it
  std::string date;                 ///< YYYY, YYYY-MM or YYYY-MM-DD; empty: not published
  std::string about;                ///< which report it is
  std::optional<Stated> follow_up;  ///< median follow-up, day
};

/// A rule that a patient must meet. Exactly one of the bounds or `is` is given, or two bounds that make a range.
struct Rule {
  std::string variable;              ///< one of trial::variables()
  std::string when = "screening";    ///< `screening` or `diagnosis`
  std::optional<Quantity> at_least;  ///< value must be >= it, in the variable's unit
  std::optional<Quantity> at_most;   ///< value must be <= it
  std::optional<Quantity> below;     ///< value must be < it
  std::optional<Quantity> above;     ///< value must be > it
  std::optional<bool> is;            ///< for yes or no
  Provenance of;                     ///< where it comes from
};

/// One drug of the lymphodepletion.
struct Drug {
  std::string name;                   ///< generic name
  Quantity dose;                      ///< a day, mg/m^2
  std::uint64_t days = 1;             ///< number of days
  std::optional<Quantity> first_day;  ///< day of the first dose, infusion being day 0
  Provenance of;                      ///< where it comes from
};

/// A dose as given or planned: a median with its range.
struct GivenDose {
  std::string per = "patient";             ///< `patient` (cell) or `kg` (1e6 cell/kg is 1e6 1/kg)
  Quantity median;                         ///< cell, or cell/kg
  std::optional<Quantity> low;             ///< smallest
  std::optional<Quantity> high;            ///< largest
  std::optional<Quantity> cap;             ///< never more than this, cell
  std::optional<Quantity> second;          ///< second part of a split dose, of which `median` is the first; cell
  std::optional<Quantity> blasts_above;    ///< for patients with more blasts in marrow than this, %
  std::optional<Quantity> blasts_through;  ///< for patients with at most so many, %
  std::optional<std::uint64_t> n;          ///< patients who had it; for several planned doses, the size of each cohort
  Provenance of;                           ///< where it comes from
};

/// A second infusion, of cells that were kept.
struct SecondInfusion {
  std::string upon;              ///< `b_cells` (aplasia is lost), `disease` (it is seen) or `either`
  Quantity from;                 ///< first day on which it may be given
  Quantity until;                ///< last day
  std::optional<Quantity> part;  ///< of the first dose; absent: all of it again
  bool lymphodepletion = false;  ///< as before the first
  Provenance of;                 ///< where it comes from
};

/// Visits at which something is looked at.
struct Visits {
  std::string what;               ///< one of trial::visit_purposes()
  std::vector<Quantity> at;       ///< days after infusion, rising
  std::optional<Quantity> every;  ///< interval after the last of `at`, day
  std::optional<Quantity> until;  ///< end of `every`, day
  Provenance of;                  ///< where it comes from
};

/// What a measurement cannot see.
struct Assay {
  std::string name;  ///< one of trial::assays()
  Quantity limit;    ///< limit of detection or quantification, in the assay's unit
  Provenance of;     ///< where it comes from
};

/// What is done to a patient, and how it is judged.
struct Protocol {
  std::optional<Stated> lymphodepleted;        ///< infused patients who had lymphodepletion, fraction
  std::optional<Stated> bridged;               ///< patients with chemotherapy between collection and infusion, fraction
  std::optional<Named> crs_scale;              ///< `penn`, `lee_2014` or `astct`
  std::optional<Named> neurotoxicity_scale;    ///< `ctcae` or `icans`
  std::optional<Stated> neurotoxicity_window;  ///< time after infusion in which it counts, day; absent: all follow-up
  std::optional<Named> treatment_algorithm;    ///< rules for tocilizumab and steroids, a name that the therapy knows
  std::optional<Stated> tocilizumab_from;   ///< CRS grade from which the algorithm has it given; absent: by `toci_at` alone
  std::optional<Stated> tocilizumab_fever;  ///< fever after which it has it given, day; absent: never for fever
  std::optional<Named> response_criteria;   ///< `b_all`, `lugano_2014` or `imwg`
  std::optional<Named> endpoints;           ///< set of endpoint definitions, a name that the therapy knows
  std::vector<Drug> lymphodepletion;        ///< the regimen
  std::vector<GivenDose> doses;             ///< what was infused
  std::optional<SecondInfusion> second_infusion;  ///< its rule; absent: there is none
  std::vector<Visits> visits;                     ///< when what is looked at
  std::vector<Assay> assays;                      ///< limits
};

/// A set of patients that figures are about.
struct AnalysisSet {
  std::string name;                ///< by which figures name it
  std::string patients;            ///< `screened`, `enrolled` or `infused`: whose subset it is
  std::optional<std::uint64_t> n;  ///< how many; absent: not published
  std::string definition;          ///< in words
  Provenance of;                   ///< where it comes from
};

/// What low and high are.
enum class IntervalKind : std::uint8_t {
  None,          ///< there are none
  Confidence95,  ///< 95 % confidence interval
  Range,         ///< smallest and largest
  Quartiles,     ///< first and third quartile
};

/// A baseline fact of the patients.
struct Baseline {
  std::string variable;                        ///< one of trial::variables()
  std::string statistic;                       ///< `median`, `mean` or `share`
  std::string denominator;                     ///< an analysis set
  std::optional<std::uint64_t> n;              ///< patients behind it
  double value = 0;                            ///< in `unit`
  std::string unit;                            ///< unit of value, low and high
  std::optional<double> low;                   ///< lower end
  std::optional<double> high;                  ///< upper end
  IntervalKind interval = IntervalKind::None;  ///< what they are
  Provenance of;                               ///< where it comes from
};

/// How the patients make one number.
enum class Statistic : std::uint8_t {
  Share,                ///< patients with it over n
  Count,                ///< patients with it, of n
  Survival,             ///< Kaplan-Meier estimate at `at`
  CumulativeIncidence,  ///< estimate with competing events at `at`
  Median,               ///< of an amount, or Kaplan-Meier's of a time to event
  Mean,                 ///< arithmetic, with `sd`
  GeometricMean,        ///< with `cv`
  Maximum,              ///< the largest value
  Range,                ///< low and high alone
  Excess,               ///< ratio of `group` over `versus` less 1
  Ratio,                ///< ratio of `group` over `versus`
  HazardRatio,          ///< of a time to event, per `per`-fold `covariate` or between arms
  RSquared,             ///< share of the variance of logarithms that `covariate` explains
};

/// What a figure is for.
enum class Role : std::uint8_t {
  Calibrate,  ///< it may be used to estimate parameters
  Check,      ///< it is only predicted
};

/// One published figure.
struct Figure {
  std::string id;                         ///< unique in the trial, stable
  std::string measure;                    ///< what is seen in one patient: one of trial::measures()
  std::string grade;                      ///< for graded events: `any`, `1` to `5`, `2+` to `4+`; empty for others
  std::string group = "all";              ///< who of the denominator: one of trial::groups()
  std::string versus;                     ///< group of the other side of a contrast
  std::string arm;                        ///< empty in a single-arm trial
  std::string against;                    ///< other arm of a contrast between arms
  std::optional<Quantity> dose;           ///< only patients with this planned dose, cell
  std::optional<Quantity> at;             ///< time since infusion, or end of an area, day
  std::string covariate;                  ///< of a hazard ratio or R squared: a measure
  std::optional<double> per;              ///< fold of the covariate that a hazard ratio is for
  std::string definition;                 ///< in words, as the source defines it
  std::string denominator;                ///< an analysis set
  std::optional<std::uint64_t> n;         ///< patients of `group` behind the number
  std::optional<std::uint64_t> n_versus;  ///< patients of `versus`
  std::optional<double> value;            ///< in `unit`; absent: not reached, or a range alone
  std::string bound;                      ///< `upper`: the source prints "<"; `lower`: ">"; empty: a value
  std::string unit;                       ///< unit of value, low, high and sd
  std::optional<double> low;              ///< lower end
  std::optional<double> high;             ///< upper end
  std::optional<double> cv;               ///< coefficient of variation, %
  std::optional<double> sd;               ///< standard deviation, in `unit`
  std::string cut;                        ///< data cut
  std::string overlaps;                   ///< id of a counted figure of the same patients: this one is shown, not counted
  std::string source;                     ///< key of a Source
  std::string note;                       ///< what a reader should know, e.g. that sources disagree
  // small members last: no padding between
  Statistic statistic = Statistic::Share;      ///< how the patients make one number
  bool not_reached = false;                    ///< a median that was not reached
  IntervalKind interval = IntervalKind::None;  ///< what low and high are
  Role role = Role::Check;                     ///< what it is for
  bool recalled = false;                       ///< the source was not seen; to be verified

  /// True when it takes part in calibration or in counting what is inside an interval.
  bool counted() const { return overlaps.empty(); }
};

/// A whole trial.
struct Trial {
  std::string name;                        ///< file stem
  std::string file;                        ///< as the user named it
  std::string title;                       ///< one line
  std::string about;                       ///< a few sentences
  std::string registry;                    ///< registration number
  std::string phase;                       ///< `1`, `1/2`, `2`, `3`
  std::string product;                     ///< generic name of the product
  std::string disease;                     ///< `B-ALL`, `LBCL`, `FL`, `MCL` or `MM`
  Design design;                           ///< how many and how fast
  Protocol protocol;                       ///< what is done
  std::vector<Arm> arms;                   ///< one or more
  std::vector<Cut> cuts;                   ///< data cuts
  std::vector<AnalysisSet> analysis_sets;  ///< denominators
  std::vector<Rule> eligibility;           ///< every rule must be met
  std::vector<Baseline> population;        ///< who they were
  std::vector<Figure> figures;             ///< what was published
  std::vector<Source> sources;             ///< where it stands
};

}  // namespace carina::trial
