/// @file
/// Neurotoxicity in its two languages, which share no type so that they cannot be compared by accident:
///
/// - ICANS by the ASTCT consensus (Lee 2019, Biol Blood Marrow Transplant 25:625; read in the Kymriah label 6/2025 Table 2,
///   in PMC7990806 Table 2, and for children in mdedge.com/hematology-oncology/article/192202), graded from the ICE score,
///   consciousness, seizures, motor findings and oedema;
/// - neurologic events of older trials (ELIANA, JULIET, ZUMA-1), each graded by CTCAE as its term, counted when its term and
///   its day are in the trial's own definition.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "therapy/grade.h"

namespace carina::therapy {

/// ICANS by the ASTCT consensus.
using IcansGrade = Grade<struct IcansScale>;
/// A neurologic event by CTCAE, as trials before 2019 graded it. Not ICANS.
using NeurologicGrade = Grade<struct CtcaeNeurologicScale>;

/// The ten items of the ICE assessment, true where the patient gets it right.
struct IceItems {
  bool year = true;          ///< knows the year
  bool month = true;         ///< knows the month
  bool city = true;          ///< knows the city
  bool hospital = true;      ///< knows the hospital
  std::uint8_t objects = 3;  ///< of three objects those named, 0 to 3
  bool command = true;       ///< follows a simple command
  bool sentence = true;      ///< writes a standard sentence
  bool attention = true;     ///< counts backward from 100 by 10
};

/// Sum of the ten items, 0 to 10.
std::uint8_t ice_score(const IceItems& items);

/// How a patient is woken, not from sedation or another cause.
enum class Consciousness : std::uint8_t {
  Normal,       ///< not depressed
  Spontaneous,  ///< depressed, awakens spontaneously
  ToVoice,      ///< awakens to voice
  ToTouch,      ///< awakens only to tactile stimulus
  Unarousable,  ///< unarousable, or only by vigorous or repetitive stimuli; stupor or coma; cannot perform ICE or CAPD
};

/// The worst seizure, clinical or in the electroencephalogram.
enum class Seizure : std::uint8_t {
  None,       ///< none
  Resolving,  ///< clinical and resolving rapidly, or nonconvulsive and resolving with intervention
  Prolonged,  ///< over 5 minutes, or repetitive without return to baseline
};

/// Brain oedema and raised pressure; haemorrhage is not counted.
enum class Oedema : std::uint8_t {
  None,     ///< none
  Focal,    ///< focal or local in imaging
  Diffuse,  ///< diffuse, or posturing, sixth nerve palsy, papilloedema or Cushing's triad
};

/// Signs of one time point, attributed to the therapy and to nothing else. Eight bytes: a course of them is dense as it is.
struct NeuroSigns {
  std::uint8_t ice = 10;                                ///< ICE score 0 to 10, from 12 years on
  std::uint8_t capd = 0;                                ///< CAPD score 0 to 32, below 12 years
  Consciousness consciousness = Consciousness::Normal;  ///< see Consciousness
  Seizure seizure = Seizure::None;                      ///< see Seizure
  bool weakness = false;                                ///< deep focal motor weakness: hemiparesis, paraparesis
  Oedema oedema = Oedema::None;                         ///< see Oedema
  bool attributed = false;                              ///< attributed to ICANS; without it there is none
  bool death = false;                                   ///< died of ICANS
};

/// Age in years from which ICE is used; below it, and with developmental delay, CAPD.
inline constexpr double ice_from_years = 12;

/// ICANS of a point: the worst of the domains. ICE 0 is grade 3 in a patient who is awake (global aphasia), grade 4 in one
/// who is unarousable. By CAPD (`by_capd`): 9 or more is grade 3; 1 to 8 grade 1 (that 0 is no finding is recalled).
IcansGrade icans_grade(const NeuroSigns& signs, bool by_capd = false);

/// ICANS in one course. Days since infusion; NaN: never.
struct IcansEpisode {
  IcansGrade highest;                                            ///< highest grade
  double onset = std::numeric_limits<double>::quiet_NaN();       ///< first day with grade 1 or more
  double highest_at = std::numeric_limits<double>::quiet_NaN();  ///< first day at the highest grade
  double end =
      std::numeric_limits<double>::quiet_NaN();  ///< day back at grade 0 for good; or the last day, or that of death
  bool resolved = false;                         ///< the grade is 0 at the end
  double grade_3_days = 0;                       ///< days at grade 3 or more
};

/// Sums up a course: `days` rise and are as many as `signs`; a point stands until the next. Points after death are not
/// looked at.
IcansEpisode icans_episode(std::span<const double> days, std::span<const NeuroSigns> signs, bool by_capd = false);

/// CTCAE and MedDRA terms under which neurologic events are reported, as bits of NeurotoxicityDefinition::terms.
enum class NeurologicTerm : std::uint16_t {
  Encephalopathy = 1,          ///< with confusion, depressed consciousness, somnolence
  Delirium = 2,                ///< with agitation, hallucination
  Seizure = 4,                 ///< seizures
  Aphasia = 8,                 ///< aphasia, dysphasia
  Tremor = 16,                 ///< tremor
  Headache = 32,               ///< headache
  Dizziness = 64,              ///< dizziness
  Anxiety = 128,               ///< anxiety
  SleepDisorder = 256,         ///< sleep disorders
  PeripheralNeuropathy = 512,  ///< peripheral neuropathy
  Other = 1024,                ///< any other
};

/// One reported event.
struct NeurologicEvent {
  NeurologicTerm term = NeurologicTerm::Other;  ///< its term
  NeurologicGrade grade;                        ///< its CTCAE grade
  double start = 0;                             ///< days since infusion
  double end = 0;                               ///< days since infusion; the last day seen when it had not ended
};

/// What a trial counts as neurotoxicity.
struct NeurotoxicityDefinition {
  std::string_view name;    ///< whose definition
  std::uint16_t terms = 0;  ///< sum of the NeurologicTerm bits that count
  double from_day = 0;      ///< first day of onset that counts, days since infusion
  double until_day = 0;     ///< last day of onset that counts; infinity: any time
  std::string_view source;  ///< where it is written, and whether it was read or recalled
};

/// ELIANA's paper: encephalopathy and delirium that begin within 8 weeks (Maude 2018, NEJM 378:439).
const NeurotoxicityDefinition& eliana_paper_neurotoxicity();
/// The Kymriah label: every neurologic term at any time after infusion (label 6/2025, section 5.2).
const NeurotoxicityDefinition& kymriah_label_neurotoxicity();

/// Neurotoxicity of one patient by a trial's own definition. Days since infusion; NaN: never.
struct NeurotoxicityEpisode {
  NeurologicGrade highest;                                       ///< highest grade of a counted event; 0: none
  double onset = std::numeric_limits<double>::quiet_NaN();       ///< first counted start
  double highest_at = std::numeric_limits<double>::quiet_NaN();  ///< first start of an event of the highest grade
  double end = std::numeric_limits<double>::quiet_NaN();  ///< end of the first stretch of counted events without a gap
  std::uint32_t events = 0;                               ///< number of counted events
};

/// Sums up the events of one patient, in any order.
NeurotoxicityEpisode neurotoxicity_episode(const NeurotoxicityDefinition& definition,
                                           std::span<const NeurologicEvent> events);

}  // namespace carina::therapy
