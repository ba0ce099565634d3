/// @file
/// Treatment of CRS and ICANS as dated data, and the decision that follows from it: from the grades so far and what was
/// given, what is ordered now, and how much. A decision changes nothing and remembers nothing; the caller appends the orders
/// to what was given and asks again at the next time. docs/toxicity.md has the algorithms, what was read and what is
/// declared.
///
/// Times are days since infusion. *Improved* since a dose means: the grade fell below what it was at the dose (declared; the
/// labels do not define it).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "therapy/crs.h"
#include "therapy/neurotoxicity.h"

namespace carina::therapy {

/// What is given against CRS and ICANS.
enum class Drug : std::uint8_t {
  Tocilizumab,         ///< against the receptor of interleukin 6
  Methylprednisolone,  ///< corticosteroid
  Dexamethasone,       ///< corticosteroid
};

/// One order. Tocilizumab: one infusion. A corticosteroid: from this day on until the next order of one; 0 mg: taper begins.
struct Given {
  double day = 0;                 ///< day of the order
  Drug drug = Drug::Tocilizumab;  ///< what
  double mg = 0;                  ///< mg each time
  std::uint8_t per_day = 1;       ///< times a day; 1 for tocilizumab
};

/// How far a rule can be trusted.
enum class Evidence : std::uint8_t {
  Read,      ///< its text was read
  Recalled,  ///< from general knowledge, source not seen: to be verified
  Declared,  ///< not known; a rule stated by us, to be calibrated
};

/// Tocilizumab, the same in every version of the Kymriah label that was read.
struct TocilizumabRule {
  double heavy_from_kg = 30;         ///< from this weight on the dose is `mg_per_kg`
  double mg_per_kg = 8;              ///< mg per kg, heavy
  double light_mg_per_kg = 12;       ///< mg per kg, lighter
  double max_mg = 800;               ///< largest dose, heavy
  double every_hours = 8;            ///< shortest time to the next dose, which is given when the grade has not improved
  std::uint8_t max_in_24_hours = 3;  ///< doses within less than 24 h
  std::uint8_t max_total = 4;        ///< doses in all
};

/// Dose of a patient, mg.
double tocilizumab_mg(const TocilizumabRule& rule, double weight_kg);

/// An algorithm for CRS.
struct CrsTreatment {
  std::string_view name;                 ///< what it is
  std::string_view in_force_from;        ///< ISO date; compared as text
  std::string_view source;               ///< where it is written
  Evidence evidence = Evidence::Read;    ///< of the algorithm as a whole; finer in docs/toxicity.md
  CrsScale scale = CrsScale::Lee;        ///< the scale of every grade here and of the grades it is given
  TocilizumabRule tocilizumab;           ///< dose and limits
  std::uint8_t tocilizumab_from = 2;     ///< lowest grade that gets tocilizumab ...
  double tocilizumab_after_hours = 0;    ///< ... once it has been held for this long
  std::uint8_t tocilizumab_at_once = 5;  ///< grade that does not wait
  double fever_days = std::numeric_limits<double>::infinity();  ///< grade 1 with fever for longer is managed as grade 2
  double steroid_after_hours = 24;  ///< no improvement this long after the first tocilizumab: methylprednisolone
  bool steroid_when_worse = false;  ///< also at once when the grade has risen since the first tocilizumab
  double steroid_mg_per_kg_day =
      2;                        ///< methylprednisolone, mg per kg and day, until neither vasopressor nor oxygen is needed
  std::uint8_t pulse_from = 0;  ///< lowest grade that gets high-dose methylprednisolone; 0: none does
  std::uint8_t pulse_without_improvement =
      0;                                ///< grade that gets it after `steroid_after_hours` of steroid in vain; 0: none
  double pulse_mg = 1000;               ///< high dose, mg, until grade 1
  std::uint8_t pulse_per_day = 1;       ///< times a day at first
  double pulse_days = 3;                ///< for this long; then, not improved ...
  std::uint8_t pulse_per_day_more = 2;  ///< ... this many times a day
};

/// The versions of the Kymriah label, oldest first.
std::span<const CrsTreatment> kymriah_crs_treatments();
/// The version in force on an ISO date such as `2018-01-01`; nullptr before the first.
const CrsTreatment* kymriah_crs_treatment(std::string_view date);

/// What ELIANA's investigators may have done: tocilizumab for severe CRS by Penn's scale, once `from_grade` has been held for
/// `after_hours`, at once from grade 4 on; steroids as in the first label. The protocol was not read: both arguments are to
/// be calibrated to the reported use.
CrsTreatment eliana_declared_treatment(std::uint8_t from_grade, double after_hours);

/// What is known when CRS treatment is decided. The last day is now.
struct CrsSoFar {
  std::span<const double> days;                                   ///< rising, not empty
  std::span<const std::uint8_t> grades;                           ///< CRS on the algorithm's scale at those days
  std::span<const Given> given;                                   ///< orders so far, in their order
  double weight_kg = 0;                                           ///< body weight, above 0
  double fever_since = std::numeric_limits<double>::quiet_NaN();  ///< day since which there has been fever; NaN: none now
  bool on_vasopressor_or_oxygen = false;                          ///< either is needed now
  bool keep_steroid = false;                                      ///< ICANS needs the steroid: no taper
};

/// What is ordered now.
struct Orders {
  std::optional<Given> tocilizumab;  ///< one infusion
  std::optional<Given> steroid;      ///< a corticosteroid, or its taper
  bool alternative = false;          ///< the algorithm says to consider another drug: anakinra, siltuximab and others
};

/// CRS treatment at this time.
Orders decide(const CrsTreatment& treatment, const CrsSoFar& so_far);

/// An algorithm for ICANS.
struct IcansTreatment {
  std::string_view name;                   ///< what it is
  std::string_view in_force_from;          ///< ISO date
  std::string_view source;                 ///< where it is written
  Evidence evidence = Evidence::Read;      ///< of the algorithm as a whole
  TocilizumabRule tocilizumab;             ///< with CRS of any grade
  std::uint8_t consider_from = 2;          ///< "consider" dexamethasone from this grade on
  bool give_considered = true;             ///< what the label only considers is given (declared)
  std::uint8_t give_from = 3;              ///< dexamethasone from this grade on
  double dexamethasone_mg = 10;            ///< mg each time, until grade 1
  std::uint8_t dexamethasone_per_day = 2;  ///< label: every 6 to 12 hours, 2 to 4 times
  std::uint8_t pulse_from = 4;             ///< high-dose methylprednisolone from this grade on
  double pulse_mg = 1000;                  ///< mg each time, until grade 1
  std::uint8_t pulse_per_day = 1;          ///< label: once or twice
  double pulse_days = 3;                   ///< for this long; then, not improved ...
  std::uint8_t pulse_per_day_more = 2;     ///< ... label: two or three times
  double pulse_after_hours = 24;           ///< grade 3 not improved after this long on dexamethasone is managed as grade 4
                                           ///< (declared; the label gives no time)
};

/// ICANS of the Kymriah label 6/2025, Table 2.
const IcansTreatment& kymriah_icans_treatment();

/// What is known when ICANS treatment is decided. The last day is now.
struct IcansSoFar {
  std::span<const double> days;        ///< rising, not empty
  std::span<const IcansGrade> grades;  ///< at those days
  std::span<const Given> given;        ///< orders so far, in their order
  double weight_kg = 0;                ///< body weight, above 0
  bool crs = false;                    ///< CRS of any grade at the same time
  bool keep_steroid = false;           ///< CRS needs the steroid: no taper
};

/// ICANS treatment at this time. Beside CRS it orders the first tocilizumab; further doses are for the CRS algorithm.
Orders decide(const IcansTreatment& treatment, const IcansSoFar& so_far);

}  // namespace carina::therapy
