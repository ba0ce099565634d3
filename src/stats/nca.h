/// @file
/// Non-compartmental analysis of one profile by the rules of the R package PKNCA with its default options: docs/nca.md
/// writes them out. Works in the caller's units: time in T and concentration in C give areas in C*T and lambda_z in 1/T.
/// It knows
/// no doses, corrects for no baseline, and looks at one interval.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace carina::stats {

/// How the area under two neighbouring points is taken.
enum class AucMethod : std::uint8_t {
  LinUpLogDown,  ///< logarithmic where the concentration falls and both ends are above 0, otherwise linear
  Linear,        ///< trapezoids everywhere
};

/// What the area to options.end does after the last quantifiable sample, when that lies before the end.
enum class Beyond : std::uint8_t {
  Nothing,   ///< adds nothing (PKNCA: AUClast)
  Triangle,  ///< a straight line down to the first BLQ sample after it, then nothing (AUCall)
  LambdaZ,   ///< clast falls on with lambda_z to the end (AUCinf,obs); NaN without a half-life
};

/// What a concentration below the limit of quantification becomes.
enum class BlqRule : std::uint8_t {
  Zero,   ///< 0
  Drop,   ///< as if the sample had not been taken
  Limit,  ///< the limit itself, in areas only
  Half,   ///< half of the limit, in areas only
};

/// Choices of an analysis; the defaults are PKNCA's.
struct NcaOptions {
  AucMethod auc = AucMethod::LinUpLogDown;  ///< rule for areas
  double lloq = 0;  ///< a concentration below this, or not above 0, is below the limit of quantification (BLQ); in C
  BlqRule blq_first = BlqRule::Zero;   ///< BLQ before the first quantifiable sample
  BlqRule blq_middle = BlqRule::Drop;  ///< BLQ between quantifiable samples
  BlqRule blq_last = BlqRule::Zero;    ///< BLQ after the last quantifiable sample
  bool first_tmax = true;              ///< the first of equal maxima gives Tmax, otherwise the last
  bool tmax_in_half_life = false;      ///< the point at Tmax may be one of the half-life's
  int min_points = 3;                  ///< fewest points of a half-life; 2 or more
  double r2_tolerance = 1e-4;          ///< among fits within this of the best adjusted R2 the one with most points is taken
  double start = 0;                    ///< begin of every area; earlier samples are left out of all else; in T
  Beyond beyond = Beyond::Nothing;     ///< how `auc_end` goes on after the last quantifiable sample
  double end = std::numeric_limits<double>::quiet_NaN();  ///< end of `auc_end`, e.g. 28 days; NaN: not wanted; in T
};

/// Why there is no half-life (or that there is one).
enum class NcaStatus : std::uint8_t {
  Ok,          ///< everything was found
  Empty,       ///< no quantifiable concentration: Cmax and areas 0 (NaN without any sample), the rest NaN
  FewPoints,   ///< fewer than min_points quantifiable points after Tmax: no half-life
  NotFalling,  ///< the best fit among the candidates does not fall: no half-life
};

/// One word for a status: ok, empty, few_points, not_falling.
std::string_view name(NcaStatus status);

/// Results; NaN where there is none.
struct NcaResult {
  NcaStatus status = NcaStatus::Empty;  ///< whether there is a half-life
  double cmax = 0;                      ///< highest concentration, C
  double tmax = 0;                      ///< its time, T
  double clast = 0;                     ///< last quantifiable concentration, C
  double tlast = 0;                     ///< its time, T
  double auc_last = 0;                  ///< area from start to tlast, C*T
  double auc_end = 0;                   ///< area from start to options.end, C*T
  double auc_inf = 0;                   ///< auc_last + clast / lambda_z, C*T
  double auc_inf_pred = 0;              ///< auc_last + clast_pred / lambda_z, C*T
  double extrapolated = 0;              ///< fraction of auc_inf beyond tlast, 0 to 1
  double lambda_z = 0;                  ///< terminal rate, 1/T
  double half_life = 0;                 ///< log(2) / lambda_z, T
  double r2 = 0;                        ///< of the terminal fit of log concentration
  double adjusted_r2 = 0;               ///< 1 - (1 - r2) (n - 1) / (n - 2)
  double clast_pred = 0;                ///< the fit at tlast, C
  double lambda_z_from = 0;             ///< time of the fit's first point, T
  double span_ratio = 0;                ///< time that the fit covers, in half-lives
  int lambda_z_points = 0;              ///< points of the fit, 0 when there is none
};

/// Analyses one profile. `time` rises strictly; NaN concentrations are missing samples; both spans are equally long. Areas
/// are NaN when the first sample is later than `start`. Takes a time proportional to the number of samples.
NcaResult nca(std::span<const double> time, std::span<const double> concentration, const NcaOptions& options = {});

}  // namespace carina::stats
