/// @file
/// A CAR T-cell product as plain data: what it is, what its labels allowed and since when, how it is supplied. Read from TOML
/// by product/read.h; product/label.h picks what is in force on a day. Units here: year of age, kg, cell, cell/kg, day, month
/// for the time to a relapse, mg/m2, cell/L, and per cent of marrow cells. Every entry says where it comes from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "product/date.h"

namespace carina::product {

/// A text that entries refer to.
struct Source {
  std::string key;   ///< what entries call it
  std::string cite;  ///< document, revision, where to find it
  std::string note;  ///< how it was read
};

/// Where an entry comes from.
struct Origin {
  std::string source;     ///< key of a source, and the place in it
  bool recalled = false;  ///< from memory: the source was not seen to say so. Every output marks it
  std::string note;       ///< what else is to be known; may be empty
};

/// One of the dated versions of the labels of a region.
struct Version {
  std::string name;    ///< as entries refer to it, `2025-06`
  std::string region;  ///< `US`, `AU`
  Date from;           ///< first day in force
  std::string about;   ///< what changed
  Origin origin;       ///< of the date
};

/// What all dated entries have: they are in force from one version on, to before another.
struct Entry {
  std::size_t since = 0;                 ///< index of the version in which it came
  std::optional<std::size_t> until;      ///< index of the version that no longer has it
  std::vector<std::string> indications;  ///< names of those it belongs to; empty for all
  Origin origin;                         ///< where it comes from
};

/// What a condition asks about a patient.
enum class Asks {
  AgeFrom,                 ///< at least `number` years old
  AgeThrough,              ///< up to and including `number` years: completed years
  Refractory,              ///< refractory to the last treatment
  RefractoryToFirstLine,   ///< refractory to the first line
  Relapses,                ///< in relapse `number` or a later one
  RelapseWithin,           ///< relapsed within `number` months of the first line
  Lines,                   ///< at least `number` lines of systemic therapy
  Had,                     ///< had the treatment `word`
  RefractoryTo,            ///< refractory to the treatment `word`
  RelapseAfterTransplant,  ///< relapsed after an allogeneic transplant
  TransplantEligible,      ///< `yes`: fit for a transplant; otherwise unfit
  Disease                  ///< has the disease `word`
};

/// One condition.
struct Condition {
  Asks asks = Asks::Refractory;  ///< what
  double number = 0;             ///< in the unit that `asks` says
  std::string word;              ///< disease or treatment
  bool yes = true;               ///< the answer wanted of a yes-no question
};

/// A rule in the words of the label, and as conditions: any of the ways, each of which asks for all of its conditions.
struct Rule {
  std::string says;                          ///< reads after "the label asks for"
  std::vector<std::vector<Condition>> ways;  ///< at least one, none empty
  std::optional<std::size_t> until;          ///< index of the version that drops it
  Origin origin;                             ///< where it comes from
};

/// Who may have it.
struct Indication {
  Entry entry;                        ///< `indications` is not used
  std::string name;                   ///< as `--indication` has it; unique among those in force
  std::string says;                   ///< the label's sentence, restated
  std::vector<std::string> diseases;  ///< that the label names
  std::string family;                 ///< of which it says "including" those; empty when they are all
  bool accelerated = false;           ///< under accelerated approval
  std::vector<Rule> rules;            ///< all must hold
  std::vector<Rule> exclusions;       ///< none may hold
};

/// One infusion of a dose that is split.
struct DosePart {
  double day = 1;     ///< day of the infusion, the first being day 1
  double within = 0;  ///< days before or after
  double cells = 0;   ///< cell
  std::string bags;   ///< how it is supplied; may be empty
};

/// A dose: flat or per kg, perhaps for a band of weight or of marrow burden only.
struct Dose {
  Entry entry;                           ///< validity and indications
  bool per_kg = false;                   ///< `low` and `high` are cell/kg
  double low = 0;                        ///< cell, or cell/kg
  double high = 0;                       ///< the same as `low` for a target
  std::optional<double> cap;             ///< at most so many cells
  std::optional<double> weight_above;    ///< for patients above so many kg
  std::optional<double> weight_through;  ///< for patients up to and including so many kg
  std::optional<double> blasts_above;    ///< for more than so many per cent of blasts in the marrow
  std::optional<double> blasts_through;  ///< for up to and including so many per cent
  std::vector<DosePart> parts;           ///< when it is split; they sum to `low`
  std::vector<std::string> later_parts;  ///< rules for what comes after the first part
};

/// One drug of a lymphodepletion.
struct Drug {
  std::string name;      ///< fludarabine, cyclophosphamide, bendamustine
  double mg_per_m2 = 0;  ///< a day
  int days = 1;          ///< how many days
  std::vector<int> on;   ///< which days, the infusion being day 0; empty when the label does not say
};

/// Lymphodepletion.
struct Lymphodepletion {
  Entry entry;                        ///< validity and indications
  std::vector<Drug> drugs;            ///< all of them
  bool alternative = false;           ///< when the usual one cannot be given
  std::optional<double> omit_below;   ///< may be left out under so many white cells per litre ...
  std::optional<double> omit_within;  ///< ... within so many days before the infusion
};

/// When the cells are infused.
struct Window {
  Entry entry;      ///< validity and indications
  double from = 0;  ///< days after the end of lymphodepletion
  double to = 0;    ///< the same
};

/// What makes an infusion wait.
struct Delay {
  Entry entry;       ///< validity and indications
  std::string says;  ///< `active uncontrolled infection`
  std::string when;  ///< key below [now] of a patient: `infection`
};

/// After the infusion.
struct Monitoring {
  Entry entry;                           ///< validity and indications
  std::optional<double> daily_for;       ///< days of daily visits, at least
  std::optional<double> near_for;        ///< days close to a treatment centre, at least
  std::optional<double> no_driving;      ///< days without driving, at least
  std::optional<bool> certified_site;    ///< only at certified sites (REMS)
  std::optional<int> tocilizumab_doses;  ///< on site for each patient, at least
};

/// The warnings in the box.
struct BoxedWarning {
  Entry entry;                        ///< validity
  std::vector<std::string> warnings;  ///< each a noun
};

/// What the product is or consists of.
struct Trait {
  std::string name;  ///< `target`, `costimulation`, `binder`, `vector`, `cd4_to_cd8`, `memory` ...
  std::string is;    ///< in words
  Origin origin;     ///< where it comes from
};

/// A parameter of the reference patient's model as this product has it, where it is not the model's own.
struct Brings {
  std::string parameter;  ///< its name
  std::string value;      ///< number and unit
  bool assumed = false;   ///< declared by us; the origin's note says why
  Origin origin;          ///< where it comes from; no source where assumed
};

/// A figure of supply.
struct Supply {
  std::string what;             ///< see supply_words()
  std::string setting;          ///< disease, trial, country
  std::optional<double> value;  ///< the figure, when there is one beside the range
  std::optional<double> low;    ///< lower end
  std::optional<double> high;   ///< upper end
  std::string unit;             ///< of all three
  std::string statistic;        ///< `median, range`; empty for a specification
  std::optional<int> n;         ///< how many patients or lots
  Origin origin;                ///< where it comes from
};

/// A product.
struct Product {
  std::string file;                               ///< as the reader was told
  std::string name;                               ///< generic name without suffix: `axicabtagene ciloleucel`
  std::string brand;                              ///< `Kymriah`
  std::vector<std::string> aliases;               ///< other names
  std::string maker;                              ///< company
  std::string cells;                              ///< what a dose counts: `CAR-positive viable T cells`
  std::string weight_at;                          ///< when the weight for a dose is taken; may be empty
  std::vector<Source> sources;                    ///< in the order of the file
  std::vector<Trait> traits;                      ///< construct and composition
  std::vector<Version> versions;                  ///< each region in order of time
  std::vector<Indication> indications;            ///< all that ever were
  std::vector<Dose> doses;                        ///< dose rules
  std::vector<Lymphodepletion> lymphodepletions;  ///< regimens
  std::vector<Window> windows;                    ///< infusion windows
  std::vector<Delay> delays;                      ///< what makes an infusion wait
  std::vector<Monitoring> monitorings;            ///< after the infusion
  std::vector<BoxedWarning> boxed;                ///< warnings
  std::vector<Supply> supply;                     ///< supply figures
  std::vector<Brings> model;                      ///< what it brings to the reference patient
};

/// What a supply figure may be about, each with a short meaning.
struct SupplyWord {
  std::string name;   ///< `vein_to_vein`
  std::string title;  ///< `leukapheresis to infusion`
};
/// All of them.
const std::vector<SupplyWord>& supply_words();

/// The document behind an origin, with the place in it, its mark when it is recalled, and its note.
std::string origin_text(const Product& product, const Origin& origin);

}  // namespace carina::product
