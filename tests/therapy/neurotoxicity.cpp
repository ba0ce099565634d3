#include "therapy/neurotoxicity.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace carina::therapy;

namespace {

NeuroSigns signs(std::uint8_t ice) { return {.ice = ice, .attributed = true}; }
int grade(const NeuroSigns& s, bool by_capd = false) { return icans_grade(s, by_capd).value; }

template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};

}  // namespace

TEST_CASE("ICE: each item is a point, objects up to three") {
  CHECK(ice_score({}) == 10);
  IceItems items;
  items.year = false;
  CHECK(ice_score(items) == 9);
  items.month = items.city = items.hospital = false;
  CHECK(ice_score(items) == 6);
  items.objects = 1;
  CHECK(ice_score(items) == 4);
  items.command = items.sentence = items.attention = false;
  CHECK(ice_score(items) == 1);
  items.objects = 0;
  CHECK(ice_score(items) == 0);
  CHECK(ice_score({.objects = 7}) == 10);
}

TEST_CASE("ICANS: every limit of the ICE score") {
  const int expected[] = {3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 0};
  for (std::uint8_t ice = 0; ice <= 10; ++ice) {
    CAPTURE(int{ice});
    CHECK(grade(signs(ice)) == expected[ice]);
  }
}

TEST_CASE("ICANS: ICE 0 is grade 3 in a patient awake with global aphasia and grade 4 in one who is unarousable") {
  NeuroSigns s = signs(0);
  CHECK(grade(s) == 3);
  s.consciousness = Consciousness::ToTouch;
  CHECK(grade(s) == 3);
  s.consciousness = Consciousness::Unarousable;
  CHECK(grade(s) == 4);
}

TEST_CASE("ICANS: consciousness, seizures, weakness and oedema each have their grade, the worst of all counts") {
  const auto one = [](auto change) {
    NeuroSigns s = signs(10);
    change(s);
    return grade(s);
  };
  CHECK(one([](NeuroSigns& s) { s.consciousness = Consciousness::Spontaneous; }) == 1);
  CHECK(one([](NeuroSigns& s) { s.consciousness = Consciousness::ToVoice; }) == 2);
  CHECK(one([](NeuroSigns& s) { s.consciousness = Consciousness::ToTouch; }) == 3);
  CHECK(one([](NeuroSigns& s) { s.consciousness = Consciousness::Unarousable; }) == 4);
  CHECK(one([](NeuroSigns& s) { s.seizure = Seizure::Resolving; }) == 3);
  CHECK(one([](NeuroSigns& s) { s.seizure = Seizure::Prolonged; }) == 4);
  CHECK(one([](NeuroSigns& s) { s.weakness = true; }) == 4);
  CHECK(one([](NeuroSigns& s) { s.oedema = Oedema::Focal; }) == 3);
  CHECK(one([](NeuroSigns& s) { s.oedema = Oedema::Diffuse; }) == 4);
  CHECK(one([](NeuroSigns& s) { s.death = true; }) == 5);
  CHECK(one([](NeuroSigns& s) { s.attributed = false; }) == 0);

  NeuroSigns seizing = signs(3);  // the consensus' own example: ICE 3 and a generalised seizure is grade 3
  seizing.seizure = Seizure::Resolving;
  CHECK(grade(seizing) == 3);
  seizing.attributed = false;
  CHECK(grade(seizing) == 0);
}

TEST_CASE("ICANS: below 12 years the CAPD takes the place of ICE") {
  NeuroSigns child = signs(0);
  CHECK(grade(child, true) == 0);
  child.capd = 1;
  CHECK(grade(child, true) == 1);
  child.capd = 8;
  CHECK(grade(child, true) == 1);
  child.consciousness = Consciousness::ToVoice;
  CHECK(grade(child, true) == 2);
  child.capd = 9;
  CHECK(grade(child, true) == 3);
  child.consciousness = Consciousness::Unarousable;
  CHECK(grade(child, true) == 4);
}

TEST_CASE("ICANS: worse signs never lower the grade") {
  for (int n = 0; n < 11 * 5 * 3 * 2 * 3 * 2; ++n) {
    NeuroSigns s = signs(static_cast<std::uint8_t>(n % 11));
    s.consciousness = static_cast<Consciousness>(n / 11 % 5);
    s.seizure = static_cast<Seizure>(n / 55 % 3);
    s.weakness = n / 165 % 2 != 0;
    s.oedema = static_cast<Oedema>(n / 330 % 3);
    const bool by_capd = n / 990 != 0;
    s.capd = static_cast<std::uint8_t>(n % 11);
    const auto at_least = [&](NeuroSigns worse) { CHECK(grade(worse, by_capd) >= grade(s, by_capd)); };
    NeuroSigns worse = s;
    if (worse.ice > 0) --worse.ice;
    at_least(worse);
    worse = s;
    ++worse.capd;
    at_least(worse);
    worse = s;
    if (s.consciousness < Consciousness::Unarousable) {
      worse.consciousness = static_cast<Consciousness>(static_cast<int>(s.consciousness) + 1);
    }
    at_least(worse);
    worse = s;
    if (s.seizure < Seizure::Prolonged) worse.seizure = static_cast<Seizure>(static_cast<int>(s.seizure) + 1);
    at_least(worse);
    worse = s;
    if (s.oedema < Oedema::Diffuse) worse.oedema = static_cast<Oedema>(static_cast<int>(s.oedema) + 1);
    at_least(worse);
    worse = s;
    worse.weakness = true;
    at_least(worse);
  }
}

TEST_CASE("ICANS: a course is summed up with onset, highest grade and end") {
  const std::vector<double> days = {0, 4, 5, 6, 7, 8, 9};
  std::vector<NeuroSigns> course = {signs(10), signs(8), signs(2), signs(5), signs(10), signs(9), signs(10)};
  IcansEpisode episode = icans_episode(days, course);
  CHECK(episode.highest == IcansGrade{3});
  CHECK(episode.onset == 4);
  CHECK(episode.highest_at == 5);
  CHECK(episode.end == 9);
  CHECK(episode.resolved);
  CHECK(episode.grade_3_days == 1);

  course.back() = signs(9);
  episode = icans_episode(days, course);
  CHECK(!episode.resolved);
  CHECK(episode.end == 9);

  course[3].death = true;
  episode = icans_episode(days, course);
  CHECK(episode.highest == IcansGrade{5});
  CHECK(episode.end == 6);
  CHECK(!episode.resolved);
  CHECK(episode.grade_3_days == 1);

  episode = icans_episode(std::vector<double>{0, 1}, std::vector<NeuroSigns>{{.ice = 0}, {.ice = 0}});
  CHECK(episode.highest == IcansGrade{0});
  CHECK(std::isnan(episode.onset));
  CHECK(!episode.resolved);
}

TEST_CASE("neurotoxicity of older trials counts by the trial's terms and window") {
  const std::vector<NeurologicEvent> events = {
      {NeurologicTerm::Headache, {1}, 2, 4},         {NeurologicTerm::Encephalopathy, {2}, 6, 9},
      {NeurologicTerm::Delirium, {3}, 8, 12},        {NeurologicTerm::Encephalopathy, {3}, 56, 57},
      {NeurologicTerm::Encephalopathy, {4}, 57, 60}, {NeurologicTerm::PeripheralNeuropathy, {1}, 300, 365},
  };
  const NeurotoxicityEpisode paper = neurotoxicity_episode(eliana_paper_neurotoxicity(), events);
  CHECK(paper.events == 3);  // the last day of the window, 56, counts and day 57 does not
  CHECK(paper.highest == NeurologicGrade{3});
  CHECK(paper.onset == 6);
  CHECK(paper.highest_at == 8);
  CHECK(paper.end == 12);

  const NeurotoxicityEpisode label = neurotoxicity_episode(kymriah_label_neurotoxicity(), events);
  CHECK(label.events == 6);
  CHECK(label.highest == NeurologicGrade{4});
  CHECK(label.onset == 2);
  CHECK(label.highest_at == 57);
  CHECK(label.end == 4);

  const NeurotoxicityEpisode none = neurotoxicity_episode(eliana_paper_neurotoxicity(), {events.data(), 1});
  CHECK(none.events == 0);
  CHECK(none.highest == NeurologicGrade{0});
  CHECK(std::isnan(none.onset));
}

TEST_CASE("neurotoxicity: the order of reported events does not matter, and grade 0 or an event before infusion is none") {
  const std::vector<NeurologicEvent> events = {{NeurologicTerm::Seizure, {2}, 9, 11},
                                               {NeurologicTerm::Tremor, {2}, 5, 9},
                                               {NeurologicTerm::Anxiety, {4}, -3, 1},
                                               {NeurologicTerm::Other, {1}, 20, 21},
                                               {NeurologicTerm::Tremor, {0}, 1, 2}};
  const NeurotoxicityEpisode episode = neurotoxicity_episode(kymriah_label_neurotoxicity(), events);
  CHECK(episode.events == 3);
  CHECK(episode.onset == 5);
  CHECK(episode.highest_at == 5);
  CHECK(episode.end == 11);
}

TEST_CASE("neurotoxicity: ICANS and CTCAE grades cannot be compared") {
  CHECK(Comparable<IcansGrade, IcansGrade>);
  CHECK(Comparable<NeurologicGrade, NeurologicGrade>);
  CHECK(!Comparable<IcansGrade, NeurologicGrade>);
}
