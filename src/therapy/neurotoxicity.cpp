#include "therapy/neurotoxicity.h"

#include <algorithm>

#include "base/check.h"

namespace carina::therapy {
namespace {

std::uint8_t by_ice(std::uint8_t ice) {
  if (ice >= 10) return 0;
  if (ice >= 7) return 1;
  return ice >= 3 ? 2 : 3;
}

std::uint8_t by_capd_score(std::uint8_t capd) {
  if (capd >= 9) return 3;
  return capd > 0 ? 1 : 0;
}

constexpr std::uint16_t bit(NeurologicTerm term) { return static_cast<std::uint16_t>(term); }

bool counts(const NeurotoxicityDefinition& definition, const NeurologicEvent& event) {
  return (definition.terms & bit(event.term)) != 0 && event.grade.value > 0 && event.start >= definition.from_day &&
         event.start <= definition.until_day;
}

/// Moves the end on while events begin before it; `events` in any order.
double stretch_end(const NeurotoxicityDefinition& definition, std::span<const NeurologicEvent> events, double onset) {
  double end = onset;
  for (bool moved = true; moved;) {
    moved = false;
    for (const NeurologicEvent& event : events) {
      if (!counts(definition, event) || event.start > end || event.end <= end) continue;
      end = event.end;
      moved = true;
    }
  }
  return end;
}

}  // namespace

std::uint8_t ice_score(const IceItems& items) {
  const int score = items.year + items.month + items.city + items.hospital + std::min<int>(items.objects, 3) +
                    items.command + items.sentence + items.attention;
  return static_cast<std::uint8_t>(score);
}

IcansGrade icans_grade(const NeuroSigns& signs, bool by_capd) {
  if (signs.death) return {5};
  if (!signs.attributed) return {0};
  // the levels of consciousness are numbered by the grade they give
  std::uint8_t grade =
      std::max(by_capd ? by_capd_score(signs.capd) : by_ice(signs.ice), static_cast<std::uint8_t>(signs.consciousness));
  if (signs.seizure == Seizure::Resolving || signs.oedema == Oedema::Focal) grade = std::max(grade, std::uint8_t{3});
  if (signs.seizure == Seizure::Prolonged || signs.oedema == Oedema::Diffuse || signs.weakness) grade = 4;
  return {grade};
}

IcansEpisode icans_episode(std::span<const double> days, std::span<const NeuroSigns> signs, bool by_capd) {
  CARINA_CHECK(days.size() == signs.size());
  IcansEpisode episode;
  bool open = false;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const IcansGrade grade = icans_grade(signs[i], by_capd);
    if (grade.value > 0) {
      if (episode.highest.value == 0) episode.onset = days[i];
      if (grade > episode.highest) {
        episode.highest = grade;
        episode.highest_at = days[i];
      }
      open = true;
      episode.end = days[i];
      if (signs[i].death) break;
      if (grade.value >= 3 && i + 1 < days.size()) episode.grade_3_days += days[i + 1] - days[i];
    } else if (open) {
      open = false;
      episode.end = days[i];
    }
  }
  episode.resolved = episode.highest.value > 0 && !open;
  return episode;
}

const NeurotoxicityDefinition& eliana_paper_neurotoxicity() {
  static const NeurotoxicityDefinition definition = {
      "ELIANA, paper", static_cast<std::uint16_t>(bit(NeurologicTerm::Encephalopathy) | bit(NeurologicTerm::Delirium)), 0,
      56, "Maude 2018, NEJM 378:439: window of 8 weeks and group of terms read; the list of terms in the group recalled"};
  return definition;
}

const NeurotoxicityDefinition& kymriah_label_neurotoxicity() {
  static const NeurotoxicityDefinition definition = {"Kymriah label", 2047, 0, std::numeric_limits<double>::infinity(),
                                                     "Kymriah US label 6/2025, section 5.2; read"};
  return definition;
}

NeurotoxicityEpisode neurotoxicity_episode(const NeurotoxicityDefinition& definition,
                                           std::span<const NeurologicEvent> events) {
  NeurotoxicityEpisode episode;
  for (const NeurologicEvent& event : events) {
    if (!counts(definition, event)) continue;
    if (episode.events++ == 0 || event.start < episode.onset) episode.onset = event.start;
    const bool first_of_grade = event.grade == episode.highest && event.start < episode.highest_at;
    if (event.grade > episode.highest || first_of_grade) {
      episode.highest = event.grade;
      episode.highest_at = event.start;
    }
  }
  if (episode.events > 0) episode.end = stretch_end(definition, events, episode.onset);
  return episode;
}

}  // namespace carina::therapy
