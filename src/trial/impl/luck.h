/// @file
/// The draws of a virtual trial, by address.
#pragma once

#include <cstdint>

#include "base/math.h"
#include "base/random.h"

namespace carina::trial::impl {

/// What is drawn. The numbers are part of every result and never change their meaning.
enum class Purpose : std::uint32_t {
  Age = 1,
  Weight = 2,
  Lymphocytes = 3,
  Burden = 4,
  Enrolment = 5,
  Failed = 6,      // survival after failure
  Early = 7,       // death of other causes, first 30 days
  Late = 8,        // and later
  Transplant = 9,  // whether
  TransplantDay = 10,
  TransplantCure = 11,
  Lost = 12,
  AntigenLooked = 13,
  Posterior = 14,  // which draw of a fit a simulated trial takes
  DoseLevel = 15,
  SampleDay = 16,
  Infection = 17,
  SevereInfection = 18,
  FatalInfection = 19,
  FebrileNeutropenia = 20,
  SecondMalignancy = 21,
  Nervous = 22,  // a neurological event of another cause
  NervousDays = 23,
  NervousSevere = 24,
};

struct Luck {
  std::uint64_t seed = 0;
  std::uint64_t individual = 0;

  double uniform(Purpose purpose, std::uint64_t occurrence = 0) const {
    return random::uniform(seed, random::Domain::Trial, address(purpose, occurrence));
  }
  double normal(Purpose purpose) const { return random::normal(seed, random::Domain::Trial, address(purpose)); }
  double exponential(Purpose purpose) const { return -math::log(uniform(purpose)); }

 private:
  random::Address address(Purpose purpose, std::uint64_t occurrence = 0) const {
    return {individual, 0, occurrence, static_cast<std::uint32_t>(purpose), 0};
  }
};

}  // namespace carina::trial::impl
