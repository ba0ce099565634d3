#include "therapy/cytopenia.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace carina::therapy {
namespace {

std::uint8_t grade_below(double value, double lower_limit, double two, double three, double four) {
  if (value < four) return 4;
  if (value < three) return 3;
  if (value < two) return 2;
  return value < lower_limit ? 1 : 0;
}

}  // namespace

std::uint8_t neutrophil_grade(double per_ul, double lower_limit_per_ul) {
  return grade_below(per_ul, lower_limit_per_ul, 1500, 1000, 500);
}

std::uint8_t platelet_grade(double e9_per_l, double lower_limit_e9_per_l) {
  return grade_below(e9_per_l, lower_limit_e9_per_l, 75, 50, 25);
}

std::uint8_t haemoglobin_grade(double g_per_dl, double lower_limit_g_per_dl) {
  return grade_below(g_per_dl, lower_limit_g_per_dl, 10, 8, -std::numeric_limits<double>::infinity());
}

std::optional<bool> unresolved(std::span<const double> days, std::span<const std::uint8_t> grades, double day,
                               std::uint8_t grade_from) {
  CARINA_CHECK(days.size() == grades.size());
  const auto after = static_cast<std::size_t>(std::upper_bound(days.begin(), days.end(), day) - days.begin());
  if (after == 0) return std::nullopt;
  return grades[after - 1] >= grade_from;
}

LowDays low_days(std::span<const double> days, std::span<const double> counts, const LowCount& low, double from,
                 double until) {
  CARINA_CHECK(days.size() == counts.size());
  LowDays result;
  double stretch = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const double start = std::max(days[i], from);
    const double stop = std::min(i + 1 < days.size() ? days[i + 1] : until, until);
    if (!low(counts[i])) {
      stretch = 0;
    } else if (stop > start) {
      stretch += stop - start;
      result.total += stop - start;
      result.longest = std::max(result.longest, stretch);
    }
  }
  return result;
}

double recovery_day(std::span<const double> days, std::span<const double> counts, const RecoveryRule& rule) {
  CARINA_CHECK(days.size() == counts.size());
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  bool was_low = false;
  double since = none;  // first of the counts at or above the limit that follow each other
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (counts[i] < rule.limit) {
      was_low = true;
      since = none;
    } else if (was_low) {
      if (!(since <= days[i])) since = days[i];
      if (days[i] - since >= rule.for_days) return since;
    }
  }
  return none;
}

}  // namespace carina::therapy
