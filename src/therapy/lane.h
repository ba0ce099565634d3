/// @file
/// One patient as a lane of a swimmer plot: stretches of response with the events upon them, as plain data for a figure. The
/// waterfall's value is Outcome::best_change.
#pragma once

#include <vector>

#include "therapy/outcome.h"

namespace carina::therapy {

/// A stretch of time in one response, as visits show it: from the visit that found it to the one that found another.
struct Stretch {
  double from = 0;                             ///< days after infusion
  double to = 0;                               ///< days after infusion
  Response response = Response::NotEvaluable;  ///< never NE: a visit that says nothing ends nothing
};

/// Something that happened at a time.
struct Mark {
  double time = 0;           ///< days after infusion
  Cause what = Cause::None;  ///< Progression, DiseaseDeath, OtherDeath, Transplant or NewTherapy
};

/// A lane.
struct Lane {
  std::vector<Stretch> stretches;  ///< rising in time, without gaps between them
  std::vector<Mark> marks;         ///< rising in time
  double end = 0;                  ///< death, loss or data cut, days after infusion
  bool ongoing = false;            ///< in response at the end, alive, without another therapy: an arrow
};

/// The lane of one patient, up to death, loss or data cut.
Lane swimmer_lane(const Course& course);

}  // namespace carina::therapy
