#include "therapy/lane.h"

#include <algorithm>

namespace carina::therapy {

Lane swimmer_lane(const Course& course) {
  Lane lane;
  lane.end = std::min({course.death, course.lost, course.cut});
  bool lost_response = false;
  for (const Assessed& visit : course.visits) {
    if (visit.time > lane.end) break;
    if (!is_evaluable(visit.response)) continue;
    if (is_loss(visit.response) && !lost_response) lane.marks.push_back({visit.time, Cause::Progression});
    lost_response = lost_response || is_loss(visit.response);
    if (!lane.stretches.empty()) {
      if (lane.stretches.back().response == visit.response) continue;
      lane.stretches.back().to = visit.time;
    }
    lane.stretches.push_back({visit.time, lane.end, visit.response});
  }
  const auto mark = [&lane](double time, Cause what) {
    if (time <= lane.end) lane.marks.push_back({time, what});
  };
  mark(course.transplant, Cause::Transplant);
  mark(course.therapy, Cause::NewTherapy);
  mark(course.death, course.death_cause == DeathCause::Disease ? Cause::DiseaseDeath : Cause::OtherDeath);
  std::stable_sort(lane.marks.begin(), lane.marks.end(), [](const Mark& a, const Mark& b) { return a.time < b.time; });
  lane.ongoing = lane.marks.empty() && !lane.stretches.empty() && is_response(lane.stretches.back().response);
  return lane;
}

}  // namespace carina::therapy
