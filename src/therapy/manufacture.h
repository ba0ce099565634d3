/// @file
/// From the vein to the bag: apheresis, activation, transduction, expansion, harvest and release. A batch has quality
/// attributes that go on to the infusion; it may fail, be out of specification, or be made again.
///
/// Defaults are tisagenlecleucel's where something was read, each with its source; "assumed" marks declared assumptions.
/// How each parameter follows from published medians and ranges is said in docs/pathway.md and done by therapy/spread.h.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "therapy/luck.h"
#include "therapy/patient.h"
#include "therapy/spread.h"

namespace carina::therapy {

/// A dose rule for a band of weights; bands are tried in order and the first that fits counts.
struct DoseBand {
  bool per_kg = false;        ///< `low` and `high` are cell/kg
  double low = 0;             ///< fewest CAR+ viable T cells, cell or cell/kg
  double high = 0;            ///< most, cell or cell/kg
  double cap = 0;             ///< never more than this, cell; 0: no cap
  double weight_through = 0;  ///< for weights up to and including this, kg; 0: any
};

/// Cells from low to high.
struct CellRange {
  double low = 0;   ///< cell
  double high = 0;  ///< cell
};

/// The dose that the rule allows at a weight in kg. Some band must fit.
CellRange dose_range(std::span<const DoseBand> bands, double weight);

/// Leukapheresis. T cells = CD3+ cells/uL x volume processed x efficiency.
struct Collection {
  double young = 3;  ///< below this age the first value of a pair holds, year (physiology: adult-like from 3 y on)
  std::array<double, 2> blood_volume = {75, 70};  ///< mL/kg; recalled textbook values: to verify
  /// CD3+ among lymphocytes: mean of the six bands below 3 y of Kotylo 1993 (read); adult men 1565/2358, Clin Diagn Lab
  /// Immunol 2004;11:168 Table 3 (read).
  std::array<double, 2> t_share = {0.64, 0.664};
  double volumes = 2.5;              ///< blood volumes processed a session; assumed
  LogitNormal efficiency{0.5, 0.6};  ///< T cells caught among those that pass; assumed
  double t_of_nucleated = 0.2;       ///< T cells among all nucleated cells of the leukapheresis; assumed (blasts, monocytes)
  double least = 2e9;       ///< fewest total nucleated cells (TNC); below: out of specification (tisagenlecleucel; read)
  int sessions = 2;         ///< collects again up to so many times until `least` is met (label: may need repeating)
  double session_days = 1;  ///< from one session to the next; assumed
};

/// What was collected.
struct Apheresis {
  double t_cells = 0;    ///< CD3+ cells
  double nucleated = 0;  ///< total nucleated cells
  int sessions = 0;      ///< sessions it took
  bool enough = false;   ///< nucleated cells meet the least number
};

/// Collects: rises with lymphocytes, weight and volumes processed.
Apheresis collect(const Patient& patient, const Collection& collection, const Luck& luck);

/// Bit of a product that is out of specification: total nucleated cells of the leukapheresis below the least.
inline constexpr std::uint32_t few_collected = 1;
/// Bit: viability below the release limit.
inline constexpr std::uint32_t low_viability = 2;
/// Bit: fewer CAR+ viable cells than the lowest dose.
inline constexpr std::uint32_t below_dose = 4;
/// Bit: more vector copies a cell than allowed.
inline constexpr std::uint32_t many_copies = 8;

/// The reasons of a product in words, joined by ", "; empty when it is within specification.
std::string specification_text(std::uint32_t out_of_specification);

/// What is infused.
struct CellProduct {
  double cells = 0;                        ///< CAR+ viable T cells in the bag
  double viability = 0;                    ///< viable fraction
  double car_fraction = 0;                 ///< CAR+ among T cells
  double copies = 0;                       ///< vector copies a T cell, CAR+ or not
  double cd4_cd8 = 0;                      ///< CD4+ for each CD8+ cell
  double memory = 0;                       ///< fraction of naive and central memory phenotype
  std::uint32_t out_of_specification = 0;  ///< bits; 0: within
};

/// One attempt at a product.
struct Batch {
  bool made = false;      ///< false: failed, there is nothing to infuse
  double seeded = 0;      ///< T cells put into culture
  double harvested = 0;   ///< T cells at harvest
  double throughput = 0;  ///< receipt to return, days
  CellProduct product;    ///< as it would be, also when the batch failed
};

/// How products are made, and what is done with those that are not as they should be.
struct Process {
  std::vector<DoseBand> dose{{true, 0.2e6, 5e6, 0, 50}, {false, 0.1e8, 2.5e8, 0, 0}};  ///< Kymriah label, B-ALL (read)

  double selection = 0.8;        ///< T cells kept by selection before culture; assumed
  double planned = 0.53;         ///< median dose made over the highest allowed: 2.65e6/kg of 5e6/kg, n = 146 (read)
  LogitNormal car{0.12, 0.631};  ///< CAR+ fraction: median 12 % (2.1 to 37.2), n = 146 below 3 y (read); Blom's extremes
  Lognormal fold{0, 10, 0.748};  ///< harvested / seeded, net of losses; median assumed; sd: what CAR+ and viability leave of
                                 ///< the spread of doses made, log(2.65/0.23)/z(146) = 0.93
  LogitNormal viability{0.871, 0.475};  ///< median 87.1 %, 13.5 % below 80 % (read): B-ALL, commercial
  Lognormal cd4_cd8{0, 1.3, 0.355};     ///< as in adult blood: 1.30 (0.68 to 2.73, read); that products keep it is assumed
  LogitNormal memory{0.3, 0.7};         ///< naive and central memory; assumed
  double release_viability = 0.8;       ///< US 0.8; trials and Japan 0.7 (read)
  double most_copies = 5;               ///< copies a cell; recalled (FDA guidance): to verify

  double failure = 0.08;  ///< chance that the first attempt fails without prior bendamustine: ELIANA 8 % (read)
  /// Odds of failure with prior bendamustine over those without. It is the only baseline risk factor (UK panel, read); the
  /// size is assumed: between 1 and the 4.2 that mantle-cell has over large B-cell lymphoma.
  double bendamustine_odds = 2;
  double rescue = 0.5;                   ///< chance that a later attempt is made: UK panel, about half (read)
  int attempts = 1;                      ///< attempts at most, 1 to max_attempts
  bool use_out_of_specification = true;  ///< infused all the same (trial, expanded access); otherwise it counts as not made

  Lognormal shipping{0, 1, 0};                 ///< acceptance to receipt, days; assumed
  double activation = 1;                       ///< days; recalled: to verify
  double transduction = 2;                     ///< days; recalled: to verify
  double expansion = 7;                        ///< days; recalled: to verify
  Lognormal throughput{20.667, 2.333, 0.915};  ///< receipt to return, days: 23 (21 to 37), n = 37 US commercial (read). What
                                               ///< culture leaves of it is release testing and the way back
  double again = 7;                            ///< from a failed batch to the next one's start, days; assumed
};

/// Attempts that a process may take.
inline constexpr int max_attempts = 4;

/// Vector copies a cell when integrations are Poisson and each makes its cell CAR+: -log(1 - CAR+ fraction). Assumed.
double copies_of(double car_fraction);

/// Chance that an attempt (0, 1, ...) fails.
double failure_chance(const Process& process, bool prior_bendamustine, int attempt);

/// The `Process::failure` with which a share `prior` of patients with prior bendamustine gives `mean` on average. All from
/// 0 to below 1; odds above 0.
double failure_for(double mean, double prior, double odds);

/// Makes one batch. The dose made is never above the highest allowed; seeded cells are never more than were collected.
Batch manufacture(const Patient& patient, const Process& process, const Apheresis& apheresis, const Luck& luck, int attempt);

/// Whether a batch that was made may be infused.
bool usable(const Process& process, const Batch& batch);

}  // namespace carina::therapy
