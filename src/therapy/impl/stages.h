/// @file
/// The way of one patient in three stages, between which a centre's queues lie. Each stage plans everything as if nobody dropped
/// out; the drop-out cuts the plan.
#pragma once

#include <array>

#include "therapy/pathway.h"

namespace carina::therapy::impl {

/// A patient on the way.
struct Plan {
  Journey journey;      ///< events planned so far
  BurdenPath burden;    ///< from referral on
  bool closed = false;  ///< screening or acceptance failed, or there is no product: `journey.end` says it
  double ready = 0;     ///< begin of the wait for the coming stage
  std::array<double, 1 + max_attempts> releases{};  ///< days on which attempts end; used by therapy/attrition.h
};

/// How the attempts go.
struct Attempts {
  std::array<Batch, max_attempts> batches;  ///< as they would be
  int last = 0;                             ///< attempts begun, 1 or more
  bool made = false;                        ///< the last one gave the product
};

/// Referral to the queue for a slot.
Plan refer(const Patient& patient, const Pathway& pathway, const Luck& luck);

/// Apheresis, whether it is accepted, and what is planned up to shipping: `ready` is the day of shipping.
Apheresis gather(Plan& plan, double slot, const Patient& patient, const Pathway& pathway, const Luck& luck);

/// The attempts as drawn.
Attempts draw_attempts(const Patient& patient, const Pathway& pathway, const Apheresis& apheresis, const Luck& luck);

/// Manufacture as the attempts go: `ready` is the day on which lymphodepletion may begin, or `journey.ended` that of failure.
void make(Plan& plan, const Attempts& attempts, const Pathway& pathway, const Luck& luck);

/// Lymphodepletion from `day` on, infusion and the plan of follow-up.
void treat(Plan& plan, double day, const Pathway& pathway, const Luck& luck);

/// The first drop-out from referral on.
Exit exit_of(const Plan& plan, const Pathway& pathway, const Luck& luck);

/// Cuts the plan by what comes first: drop-out, the planned end, or the calendar's end `until`.
Journey close(Plan plan, const Exit& exit, double until);

}  // namespace carina::therapy::impl
