#include "therapy/visits.h"

#include "base/check.h"

namespace carina::therapy {

std::vector<Visit> visit_schedule(std::span<const double> days, double step, double until, Assays assays) {
  CARINA_CHECK(step > 0);
  std::vector<Visit> visits;
  for (const double day : days) {
    CARINA_CHECK(visits.empty() || day > visits.back().day);
    visits.push_back({day, assays});
  }
  // multiples rather than sums, so that late visits carry no accumulated rounding
  const double last = visits.empty() ? 0 : visits.back().day;
  for (int k = 1; last + k * step <= until; ++k) visits.push_back({last + k * step, assays});
  return visits;
}

Detection detect(std::span<const Visit> visits, double onset, Assays needed, double from) {
  Detection detection{from, never};
  for (const Visit& visit : visits) {
    if (visit.day < from || !has(visit.assays, needed)) continue;
    if (visit.day >= onset) {
      detection.found = visit.day;
      return detection;
    }
    detection.last_clear = visit.day;
  }
  return detection;
}

}  // namespace carina::therapy
