/// @file
/// What is wrong with a patient and what is done about it, before anybody grades it: one time point's signs and
/// interventions, and the columns in which the courses of many patients lie. Toxicity is simulated in these words and graded
/// afterwards on a trial's own scale (therapy/crs.h).
///
/// A point stands from its time until the next point of the same patient; the last point of a course has no duration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace carina::therapy {

/// Low blood pressure for the patient's age (adults: systolic below 90 mmHg) and what is given for it short of vasopressors.
enum class Hypotension : std::uint8_t {
  None,          ///< not low, or held up by vasopressors alone
  Untreated,     ///< low, nothing given
  FluidBolus,    ///< one fluid bolus
  FluidBoluses,  ///< several fluid boluses for blood pressure support
};

/// Oxygen that low saturation makes necessary.
enum class Oxygen : std::uint8_t {
  None,              ///< room air
  LowFlow,           ///< nasal cannula up to 6 L/min, or blow-by
  HighFlow,          ///< nasal cannula over 6 L/min, facemask, non-rebreather or Venturi mask
  PositivePressure,  ///< CPAP or BiPAP, not intubated
  Ventilator,        ///< intubated and ventilated
};

/// Facts that are either true or not, as bits of Signs::flags.
namespace sign {
inline constexpr std::uint16_t attributed = 1;   ///< the signs of this point are attributed to CRS, not to infection or else
inline constexpr std::uint16_t symptoms = 2;     ///< fatigue, anorexia, myalgia, nausea, headache or malaise
inline constexpr std::uint16_t vasopressin = 4;  ///< vasopressin runs; not counted in Signs::vasopressors
inline constexpr std::uint16_t high_dose = 8;    ///< vasopressors at a high dose (high_dose_vasopressors)
inline constexpr std::uint16_t dialysis = 16;    ///< dialysis for kidney failure of CRS
inline constexpr std::uint16_t plasma = 32;      ///< plasma, cryoprecipitate or fibrinogen for coagulopathy
inline constexpr std::uint16_t iv_therapy = 64;  ///< intravenous treatment of symptoms other than fluid for blood pressure
inline constexpr std::uint16_t hospital = 128;   ///< in hospital, or kept there, for CRS; a stay for another reason is not
inline constexpr std::uint16_t icu = 256;        ///< in intensive care for CRS
inline constexpr std::uint16_t antipyretic = 512;  ///< an antipyretic is being given
inline constexpr std::uint16_t steroid = 1024;     ///< a corticosteroid is being given
inline constexpr std::uint16_t fever_masked =
    2048;                                     ///< after antipyretic, tocilizumab or steroid: fever is no longer needed
inline constexpr std::uint16_t death = 4096;  ///< died of CRS
}  // namespace sign

/// One time point of one patient.
struct Signs {
  float temperature = 37;                       ///< degC
  float fio2 = 0.21F;                           ///< inspired fraction of oxygen, 0.21 (room air) to 1
  Hypotension hypotension = Hypotension::None;  ///< blood pressure, and fluid for it
  std::uint8_t vasopressors = 0;                ///< number running at once, vasopressin not counted
  Oxygen oxygen = Oxygen::None;                 ///< how oxygen is given
  std::uint8_t creatinine = 0;                  ///< CTCAE grade 0 to 4
  std::uint8_t transaminases = 0;               ///< CTCAE grade 0 to 4, the worse of AST and ALT
  std::uint8_t other_organ = 0;                 ///< CTCAE grade 0 to 4 of any other organ: heart, coagulation, bilirubin
  std::uint8_t tocilizumab = 0;                 ///< doses given at this point
  std::uint16_t flags = 0;                      ///< sum of `sign` bits

  /// Whether a bit is set.
  constexpr bool is(std::uint16_t flag) const { return (flags & flag) != 0; }
};

/// Fever starts here, degC (Lee 2019, Biol Blood Marrow Transplant 25:625; read in PMC8021214 Table 1).
inline constexpr float fever_from = 38.0F;

/// Time points of any number of patients, one column for each quantity, so that a population is graded from dense memory. The
/// points of one patient follow each other in rising time.
struct SignColumns {
  std::vector<double> day;                  ///< days since infusion
  std::vector<float> temperature;           ///< Signs::temperature
  std::vector<float> fio2;                  ///< Signs::fio2
  std::vector<Hypotension> hypotension;     ///< Signs::hypotension
  std::vector<std::uint8_t> vasopressors;   ///< Signs::vasopressors
  std::vector<Oxygen> oxygen;               ///< Signs::oxygen
  std::vector<std::uint8_t> creatinine;     ///< Signs::creatinine
  std::vector<std::uint8_t> transaminases;  ///< Signs::transaminases
  std::vector<std::uint8_t> other_organ;    ///< Signs::other_organ
  std::vector<std::uint8_t> tocilizumab;    ///< Signs::tocilizumab
  std::vector<std::uint16_t> flags;         ///< Signs::flags

  /// Number of points.
  std::size_t size() const { return day.size(); }
  /// Makes room for `points` points; new ones are a well patient at day 0.
  void resize(std::size_t points);
  /// Writes a point.
  void set(std::size_t point, double at_day, const Signs& signs);
  /// Reads a point.
  Signs at(std::size_t point) const {
    return {temperature[point], fio2[point],          hypotension[point], vasopressors[point], oxygen[point],
            creatinine[point],  transaminases[point], other_organ[point], tocilizumab[point],  flags[point]};
  }
};

/// One patient's points: `count` of them from `first` on.
struct SignsCourse {
  const SignColumns* columns = nullptr;  ///< where they lie; outlives this
  std::size_t first = 0;                 ///< index of the first point
  std::size_t count = 0;                 ///< number of points

  /// Days since infusion of point `i` of the course.
  double day(std::size_t i) const { return columns->day[first + i]; }
  /// Signs of point `i` of the course.
  Signs at(std::size_t i) const { return columns->at(first + i); }
  /// Days for which point `i` stands: until the next one; 0 for the last.
  double lasts(std::size_t i) const { return i + 1 < count ? day(i + 1) - day(i) : 0; }
};

/// All points of the columns as one course.
SignsCourse whole_course(const SignColumns& columns);

/// Sets `fever_masked` in one patient's points: from the first point on at which an antipyretic, tocilizumab or a steroid is
/// given and attributed fever has been seen (at it or before). Source: Lee 2019 as above: "fever is no longer required".
void mask_fever(SignColumns& columns, std::size_t first, std::size_t count);

/// Vasopressors running at once, held for `hours`.
struct VasopressorDoses {
  double noradrenaline_ug_per_min = 0;    ///< norepinephrine
  double adrenaline_ug_per_min = 0;       ///< epinephrine
  double dopamine_ug_per_kg_per_min = 0;  ///< dopamine
  double phenylephrine_ug_per_min = 0;    ///< phenylephrine
  bool vasopressin = false;               ///< any dose of vasopressin
  double hours = 0;                       ///< how long they have run at least at these doses
};

/// Whether the doses are a high dose of Penn's and Lee's scales: for 3 h or more, noradrenaline 20 ug/min, adrenaline 10
/// ug/min, dopamine 10 ug/kg/min or phenylephrine 200 ug/min or more; or several together whose noradrenaline equivalent
/// (noradrenaline + adrenaline + dopamine/2 + phenylephrine/10, ug/min) is 20 or more, 10 or more beside vasopressin.
/// One drug at its own limit is high whatever else runs. Recalled from Lee 2014, Blood 124:188, Table 4 and Porter 2018,
/// J Hematol Oncol 11:35; to be verified.
bool high_dose_vasopressors(const VasopressorDoses& doses);

/// CTCAE 5.0 grade of creatinine as multiples of the upper limit of normal and of the patient's own baseline: above 1, 1.5,
/// 3 and 6 times the limit is grade 1 to 4; above 1.5 and 3 times the baseline grade 2 and 3. Read in the transcription of
/// CTCAE 5.0 in the R package admiral (ncictcaev5_uscv.json).
std::uint8_t creatinine_grade(double times_upper_limit, double times_baseline);

/// CTCAE 5.0 grade of AST or ALT as a multiple of the upper limit of normal (of the baseline where that was abnormal): above
/// 1, 3, 5 and 20 is grade 1 to 4. Read as above.
std::uint8_t transaminase_grade(double times_upper_limit);

}  // namespace carina::therapy
