/// @file
/// Who is enrolled: the joint distribution of what a virtual patient of a trial is like at enrolment. Weight follows age, burden
/// follows weight; the rest is independent. Every draw has an address (individual, purpose), Domain::Trial.
#pragma once

#include <cstdint>

#include "therapy/spread.h"

namespace carina::trial {

/// An age between two ends: logit-normal on the way from the one to the other.
struct AgeLaw {
  double low = 0;                    ///< year, below the youngest
  double high = 100;                 ///< year, above the oldest
  therapy::LogitNormal way{0.5, 1};  ///< where between them
};

/// How burden is known.
enum class BurdenKind : std::uint8_t {
  Blasts,  ///< share of the nucleated cells of the marrow
  Cells,   ///< cells of a body of 70 kg
};

/// The distribution.
struct People {
  AgeLaw age;                                   ///< age
  double weight_sd = 0.2;                       ///< SD of the logarithm of weight at an age
  double adult_weight = 70;                     ///< kg, median from 18 years on
  therapy::Lognormal lymphocytes{0, 500, 0.8};  ///< cell/uL
  BurdenKind burden_kind = BurdenKind::Blasts;  ///< which of the next two holds
  therapy::LogitNormal blasts{0.74, 1.57};      ///< share of blasts in marrow
  therapy::Lognormal cells{0, 1e11, 1};         ///< cells at 70 kg
  double marrow_cells = 1e12;                   ///< nucleated marrow cells at 70 kg; recalled
};

/// One person.
struct Person {
  double age = 0;          ///< year
  double weight = 0;       ///< kg
  double lymphocytes = 0;  ///< cell/uL
  double burden = 0;       ///< cells of the whole body
};

/// Median weight at an age in kg: 8.5 kg + 2.6 kg a year up to 18 years, then the adult's. Recalled growth chart, rounded.
double median_weight(double age, double adult);

/// Draws a person.
Person draw_person(const People& people, std::uint64_t seed, std::uint64_t individual);

}  // namespace carina::trial
