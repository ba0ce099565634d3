/// @file
/// The words of trial files: what can be measured in a patient, in whom, and what describes a patient. A figure is composed of
/// them: measure, grade, statistic, group, time. docs/trials.md lists them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trial/trial.h"

namespace carina::trial {

/// What a measure gives for one patient.
enum class MeasureKind : std::uint8_t {
  Occurrence,  ///< yes or no
  Event,       ///< a time to an event, or to censoring
  Amount,      ///< a number with a unit
};

/// Something that is seen in one patient.
struct Measure {
  std::string name;                ///< the word
  MeasureKind kind;                ///< what it gives
  std::vector<std::string> units;  ///< of an amount: dimensions that it may have
  bool timed = false;              ///< needs `at`
  bool graded = false;             ///< needs `grade`
  std::string about;               ///< meaning
};

/// Every measure, by subject.
std::span<const Measure> measures();
/// The measure of that name, or null.
const Measure* find_measure(std::string_view name);

/// Something that describes a patient before infusion.
struct Variable {
  std::string name;   ///< the word
  std::string unit;   ///< of its value; empty for yes or no
  std::string about;  ///< meaning
};

/// Every variable of eligibility and population.
std::span<const Variable> variables();
/// The variable of that name, or null.
const Variable* find_variable(std::string_view name);

/// A word with its meaning.
struct Word {
  std::string name;   ///< the word
  std::string about;  ///< meaning
};

/// Groups of patients within a denominator.
std::span<const Word> groups();
/// What visits are for.
std::span<const Word> visit_purposes();
/// Assays, with the unit of their limit.
std::span<const Variable> assays();

/// The names of a table, for messages.
template <class Row>
std::vector<std::string> names_of(std::span<const Row> rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.push_back(row.name);
  return names;
}

/// The words of an enumeration, in its order.
const std::vector<std::string>& statistic_words();
/// The words of Role, in its order.
const std::vector<std::string>& role_words();
/// The words of IntervalKind, in its order; the first is empty.
const std::vector<std::string>& interval_words();

/// Units that a value of this measure and statistic may have; empty: the statistic does not fit the measure.
std::vector<std::string> units_of(const Measure& measure, Statistic statistic);

}  // namespace carina::trial
