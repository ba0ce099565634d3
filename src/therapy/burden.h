/// @file
/// The cancer while a patient waits, and the risk that it brings. Burden grows or shrinks exponentially along legs of
/// constant net growth and stands still at a limit; a hazard is rate x (burden / reference)^exponent, so that cumulative
/// hazards and the times at which they reach a number are closed forms. No step, no tolerance.
///
/// This is the course before infusion only: what CAR T cells do afterwards is the reference patient's model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "therapy/luck.h"

namespace carina::therapy {

/// Burden at which a hazard equals its rate: cells of a B-ALL at diagnosis (UpToDate, adult ALL induction; read,
/// secondary).
inline constexpr double reference_burden = 1e12;

/// From one day on, until the next leg.
struct BurdenLeg {
  double from = 0;    ///< day
  double log = 0;     ///< log(burden / reference_burden) on that day
  double growth = 0;  ///< net growth rate, 1/day
};

/// Burden over time. Made by start_burden and change_growth.
struct BurdenPath {
  std::array<BurdenLeg, 8> legs;  ///< in the order of time
  std::size_t count = 0;          ///< legs in use
  double limit = 0;               ///< log(limit / reference_burden), where growth ends
};

/// A path that begins on `day` with `burden` cells (above 0), grows by `growth` a day and never above `limit` cells.
BurdenPath start_burden(double day, double burden, double growth, double limit);

/// From `day` on, which is not before the last change, the net growth rate is `growth`. At most three times a path.
void change_growth(BurdenPath& path, double day, double growth);

/// Cells on `day`, from the path's first day on.
double burden_on(const BurdenPath& path, double day);

/// Integral of (burden / reference_burden)^exponent over time, in days. The ends are not before the path's first day.
double exposure(const BurdenPath& path, double exponent, double from, double to);

/// The day on which the exposure from `from` on reaches `amount` days; infinity when it never does.
double exposure_reached(const BurdenPath& path, double exponent, double from, double amount);

/// Why a patient leaves the pathway without having got cells, other than by rule or for want of a product.
enum class DropOut : std::uint8_t {
  Death,         ///< died
  Progression,   ///< alive, but too ill for infusion: progression, physician's decision
  AdverseEvent,  ///< an adverse event rules infusion out
  Withdrawal,    ///< left for another reason
};

/// Number of reasons.
inline constexpr std::size_t drop_outs = 4;

/// death, progression, adverse_event, withdrawal.
std::string_view name(DropOut why);

/// rate x (burden / reference_burden)^exponent.
struct Hazard {
  double rate = 0;      ///< 1/day at the reference burden, 0 or more
  double exponent = 0;  ///< 0: whatever the burden
};

/// One hazard for each reason, in the order of DropOut.
using Hazards = std::array<Hazard, drop_outs>;

/// A drop-out to come.
struct Exit {
  double day = 0;                ///< infinity: never
  DropOut why = DropOut::Death;  ///< reason; of no meaning when never
};

/// When the patient would leave under these hazards from `from` on, and why: the earliest of one day for each reason, on
/// which its cumulative hazard reaches the patient's exponential number for it.
Exit first_exit(const BurdenPath& path, const Hazards& hazards, double from, const Luck& luck);

}  // namespace carina::therapy
