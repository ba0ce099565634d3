/// @file
/// A trial simulated: patients are drawn, go the way to infusion, are integrated by the reference patient's model, looked at on
/// the trial's visits, treated, graded and followed to the data cut. One replicate is one trial of the real size.
///
/// Individual = replicate x size + number. Every draw has an address, so a patient is the same in every run of a seed, for any
/// number of threads, and in a run with other parameters as far as these allow.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ensemble/integrate.h"
#include "model/model.h"
#include "therapy/crs.h"
#include "therapy/definitions.h"
#include "therapy/pathway.h"
#include "trial/patient_course.h"
#include "trial/patient_row.h"
#include "trial/people.h"

namespace carina::trial {

/// Values that differ from the model's for one simulated trial: typical values and SDs of random effects, one a parameter.
struct Theta {
  std::vector<double> typical;  ///< in the parameters' units
  std::vector<double> sd;       ///< of eta
};

/// What assays cannot see.
struct Limits {
  double mrd = 1e-4;   ///< tumour cells among nucleated marrow cells
  double b_cells = 1;  ///< cell/uL
};

/// A dose that a part of the patients is planned to get.
struct DoseLevel {
  double planned = 0;                    ///< cell, or cell/kg: the name of the level in figures
  double share = 1;                      ///< of the patients
  std::vector<therapy::DoseBand> bands;  ///< what is made for them
  double second = 0;                     ///< second part of a split dose, cell; `planned` is the first
  double blasts_above = -1;              ///< where blasts in marrow decide: for patients with more than this, % ...
  double blasts_through = -1;            ///< ... and at most so many; below 0: no bound
  bool by_blasts() const { return blasts_above >= 0 || blasts_through >= 0; }  ///< not by chance
};

/// A second infusion, of cells that were kept.
struct Again {
  bool upon_b_cells = false;     ///< once normal B cells are above the assay's limit ...
  double tumour = 0;             ///< ... or so many tumour cells are there, at 70 kg; 0: not for disease
  double from = 28;              ///< day
  double until = 730;            ///< day
  double part = 0;               ///< of the first dose; 0: there is no second infusion
  bool lymphodepletion = false;  ///< as before the first
};

/// A data cut after the one that a trial is simulated for.
struct LaterCut {
  std::string name;      ///< in the trial's file
  double follow_up = 0;  ///< median days from infusion
};

/// Everything that a virtual trial rests on.
struct VirtualSetup {
  const model::Model* model = nullptr;  ///< the reference patient, with the disease's variant; outlives the trial
  std::uint64_t seed = 1;               ///< of every draw
  std::uint32_t size = 92;              ///< patients enrolled in one trial
  People people;                        ///< who they are
  therapy::Pathway pathway;             ///< their way to infusion, hazards set
  std::vector<DoseLevel> levels;        ///< planned doses where there are several; empty: the pathway's own
  double strength = 1;               ///< of lymphodepletion; 1: fludarabine 120 mg/m2 and cyclophosphamide 1000 mg/m2 in all
  double ld_days = 4;                ///< its days
  therapy::Definitions definitions;  ///< what endpoints mean
  therapy::CrsScale scale = therapy::CrsScale::Penn;  ///< of CRS
  double tocilizumab_from = 0;          ///< CRS grade from which the algorithm has it given; 0: it does not say
  double tocilizumab_fever = 0;         ///< days of fever after which it has it given; 0: never
  Again again;                          ///< second infusion
  bool icans = false;                   ///< neurotoxicity is graded as ICANS, not by CTCAE
  double neuro_window = 56;             ///< days in which neurotoxicity counts
  std::vector<double> response_visits;  ///< days
  std::vector<double> kinetics_visits;  ///< days
  double copies_limit = 50;             ///< copies/ug
  Limits limits;                        ///< of assays
  double accrual = 730;                 ///< days from the first enrolment to the last
  double follow_up = 400;               ///< median days from infusion to the data cut
  std::vector<LaterCut> later;          ///< later cuts of the same patients
  double lost = 0;                      ///< loss to follow-up, 1/day
  double transplant = 0;                ///< share of responders with a transplant in remission
  double antigen_unknown = 0;           ///< share of relapses whose antigen is not looked at
  double kinetics_follow_up = 0;        ///< median days from infusion to the last sample; 0: to the data cut
  double grid = 0.5;                    ///< days between the draws of few cells
  double rtol = 1e-4;                   ///< of the integration
};

/// The patients of one simulated trial, as each data cut sees them.
struct TrialRows {
  std::vector<PatientRow> main;                ///< at the trial's cut
  std::vector<std::vector<PatientRow>> later;  ///< at each later cut of the setup
};

/// A compiled virtual trial. Immutable: any number of threads may simulate at once.
class VirtualTrial {
 public:
  /// Compiles. Throws InputError when the model lacks a parameter or output that a trial needs.
  explicit VirtualTrial(const VirtualSetup& setup);
  ~VirtualTrial();
  VirtualTrial(VirtualTrial&&) noexcept;             ///< moves
  VirtualTrial& operator=(VirtualTrial&&) noexcept;  ///< moves

  /// Simulates trial number `replicate` with these values, one row a patient in their order; `see`, where given, is handed the course
  /// of each patient infused. Returns false, rows incomplete, when `stop` turned true.
  bool replicate(std::uint32_t number, const Theta& theta, TrialRows& rows, const std::atomic<bool>* stop = nullptr,
                 const CourseSink& see = {}) const;
  /// The same without later cuts.
  bool replicate(std::uint32_t number, const Theta& theta, std::vector<PatientRow>& rows,
                 const std::atomic<bool>* stop = nullptr, const CourseSink& see = {}) const;

  /// Days since infusion on which courses have values, rising.
  const std::vector<double>& days() const;
  /// What it rests on.
  const VirtualSetup& setup() const;

  /// Values of the model as they stand.
  Theta typical() const;
  /// The engine in use.
  std::string engine_text() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace carina::trial
