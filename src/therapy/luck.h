/// @file
/// The luck of one patient on the way through care: every draw has an address (base/random.h, Domain::Pathway) of the seed,
/// the individual number, what is drawn and its occurrence. The same patient has the same luck whatever the rest of a
/// cohort does, and in another arm or under another pathway as far as the same things are drawn.
#pragma once

#include <cstdint>

namespace carina::therapy {

/// What is drawn. The numbers are part of every result and never change their meaning. 1 to 63 belong to the pathway.
enum class Purpose : std::uint32_t {
  Screening = 1,              ///< whether screening fails for a reason that no rule names
  ScreeningDays = 2,          ///< time from referral to the answer
  CollectionWait = 3,         ///< time from the slot to apheresis
  CollectionEfficiency = 4,   ///< occurrence: session
  ProductionWait = 5,         ///< time from acceptance to shipping
  Failure = 6,                ///< whether a batch fails; occurrence: attempt, as for what follows
  CarFraction = 7,            ///< CAR+ share of the batch's T cells
  Expansion = 8,              ///< fold from seeded to harvested cells
  Viability = 9,              ///< viable share at release
  Throughput = 10,            ///< receipt to return
  Subsets = 11,               ///< CD4:CD8 of the batch
  Memory = 12,                ///< memory share of the batch
  BridgingGiven = 13,         ///< whether there is bridging therapy
  BridgingEffect = 14,        ///< how much it takes from the growth rate
  LymphodepletionGiven = 15,  ///< whether there is lymphodepletion
  Rest = 16,                  ///< time from the end of lymphodepletion to infusion
  Death = 17,                 ///< how much hazard is survived, as for what follows
  Progression = 18,           ///< too ill for infusion
  AdverseEvent = 19,          ///< an adverse event that rules infusion out
  Withdrawal = 20,            ///< leaves for another reason
  Shipping = 21,              ///< time from leaving the centre to receipt
};

/// Draws of one patient.
struct Luck {
  std::uint64_t seed = 0;    ///< of the run
  std::uint64_t number = 0;  ///< individual number: replicate x size + number

  /// Uniform in (0, 1).
  double uniform(Purpose purpose, std::uint64_t occurrence = 0) const;
  /// Standard normal.
  double normal(Purpose purpose, std::uint64_t occurrence = 0) const;
  /// Exponential with mean 1: how much cumulative hazard is survived.
  double exponential(Purpose purpose, std::uint64_t occurrence = 0) const;
};

}  // namespace carina::therapy
