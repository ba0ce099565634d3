/// @file
/// What one virtual patient of a trial left behind: one row, whatever the disease. Everything that figures, tables and plots
/// of a trial are made from. Days are days since infusion unless said otherwise; NaN: never, not done or not infused.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "therapy/crs.h"
#include "therapy/outcome.h"
#include "therapy/pathway.h"

namespace carina::trial {

/// Of what a virtual patient died.
enum class Death : std::uint8_t {
  None,       ///< alive when last seen
  Disease,    ///< the cancer
  Release,    ///< cytokine release
  Other,      ///< transplant or another cause
  Waiting,    ///< before infusion
  Infection,  ///< an infection after infusion
};
inline constexpr std::uint8_t deaths = 6;  ///< number of causes

/// none, disease, release, other, waiting, infection.
std::string_view name(Death death);

/// Kinetics of CAR T cells in blood, from what was reported at visits (docs/nca.md). Levels are copies/ug or cell/uL.
struct Kinetics {
  double cmax = std::numeric_limits<double>::quiet_NaN();         ///< highest level
  double tmax = std::numeric_limits<double>::quiet_NaN();         ///< its day
  double auc28 = std::numeric_limits<double>::quiet_NaN();        ///< area from 0 to 28 days, level day
  double auc183 = std::numeric_limits<double>::quiet_NaN();       ///< area from 0 to 6 months, level day
  double half_life = std::numeric_limits<double>::quiet_NaN();    ///< terminal half-life, day
  double persistence = std::numeric_limits<double>::quiet_NaN();  ///< last day above the limit
  /// Level in marrow over level in blood on `marrow_days`, as measured, where both can be quantified.
  std::array<double, 3> marrow = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(),
                                  std::numeric_limits<double>::quiet_NaN()};
};

/// Days on which marrow is set beside blood: day 28, month 3 and month 6.
inline constexpr std::array<double, 3> marrow_days = {28, 91.3125, 182.625};

/// One patient.
struct PatientRow {
  std::uint64_t individual = 0;  ///< replicate x size + number, counted from 1: the address of every draw
  std::uint32_t replicate = 0;   ///< which simulated trial, from 0
  std::uint32_t number = 0;      ///< patient of that trial, from 1

  double age = 0;                                                    ///< year
  double weight = 0;                                                 ///< kg
  double lymphocytes = 0;                                            ///< cell/uL at enrolment
  double burden = 0;                                                 ///< cells of the cancer at enrolment
  double burden_infused = std::numeric_limits<double>::quiet_NaN();  ///< the same when lymphodepletion began
  double enrolled = 0;                                               ///< day of the study's calendar
  double wait = std::numeric_limits<double>::quiet_NaN();            ///< days from enrolment to infusion or leaving
  therapy::PathwayEnd end = therapy::PathwayEnd::Underway;           ///< how the way to infusion ended
  double vein_to_vein = std::numeric_limits<double>::quiet_NaN();    ///< days from leukapheresis to infusion
  double planned_dose = std::numeric_limits<double>::quiet_NaN();    ///< the dose level, where the trial has several
  double cells = std::numeric_limits<double>::quiet_NaN();           ///< CAR+ viable T cells infused
  double second_cells =
      std::numeric_limits<double>::quiet_NaN();  ///< second part of a split dose; 0: stopped or not in time
  double second_infusion = std::numeric_limits<double>::quiet_NaN();  ///< day of a second infusion, seen by the cut
  bool out_of_specification = false;                                  ///< of what was infused
  bool failed = false;                                                ///< the integration failed: no outcome
  double cut = 0;                                                     ///< day of the data cut, since infusion

  therapy::Outcome outcome;                                      ///< response and clocks
  Death death = Death::None;                                     ///< cause, seen by the cut
  double death_day = std::numeric_limits<double>::quiet_NaN();   ///< since infusion; since enrolment if never infused
  double transplant = std::numeric_limits<double>::quiet_NaN();  ///< transplant in remission
  double relapse = std::numeric_limits<double>::quiet_NaN();     ///< first visit that saw relapse or progression

  therapy::CrsEpisode crs;  ///< on the trial's scale
  bool steroids = false;    ///< for cytokine release
  std::uint8_t neuro = 0;   ///< highest grade of neurotoxicity within the trial's window, on its scale
  double neuro_onset = std::numeric_limits<double>::quiet_NaN();     ///< its first day
  double neuro_duration = std::numeric_limits<double>::quiet_NaN();  ///< days from there to its end
  double lowest_ice =
      std::numeric_limits<double>::quiet_NaN();  ///< ICE score, where the trial grades ICANS; from 12 years on
  std::uint8_t neuro_event = 0;                  ///< highest grade of every neurological event, laid to CAR T cells or not
  double neuro_event_onset = std::numeric_limits<double>::quiet_NaN();     ///< its first day
  double neuro_event_duration = std::numeric_limits<double>::quiet_NaN();  ///< days from there to its end
  double neutrophils28 = std::numeric_limits<double>::quiet_NaN();         ///< cell/uL on day 28
  double platelets28 = std::numeric_limits<double>::quiet_NaN();           ///< cell/uL on day 28
  double neutrophils56 = std::numeric_limits<double>::quiet_NaN();         ///< cell/uL on day 56
  double platelets56 = std::numeric_limits<double>::quiet_NaN();           ///< cell/uL on day 56
  double infection = std::numeric_limits<double>::quiet_NaN();             ///< day of the first infection
  double severe_infection = std::numeric_limits<double>::quiet_NaN();      ///< day of the first of grade 3 or higher
  double febrile_neutropenia = std::numeric_limits<double>::quiet_NaN();  ///< day of the first, not laid to cytokine release
  double low_igg = std::numeric_limits<double>::quiet_NaN();              ///< day of immunoglobulin G below the limit
  double hlh = std::numeric_limits<double>::quiet_NaN();                  ///< day of haemophagocytosis
  double second_malignancy = std::numeric_limits<double>::quiet_NaN();    ///< day of a second malignancy
  double peak_il6 = std::numeric_limits<double>::quiet_NaN();             ///< pg/mL
  Kinetics kinetics;                                                      ///< transgene, copies/ug
  Kinetics cell_kinetics;                                                 ///< the same levels as CAR T cells, cell/uL

  /// Got cells.
  bool infused() const { return end == therapy::PathwayEnd::Infused; }
};

}  // namespace carina::trial
