/// @file
/// How the integration of one individual ended. One list: name, sentence, advice.
#pragma once

#include <cstdint>
#include <string_view>

namespace carina::ensemble {

// clang-format off
#define CARINA_STATUS_LIST(X)                                                                                            \
  X(Ok,              "finished",                                   "")                                                   \
  X(TooManySteps,    "needed more steps than allowed",             "raise solver.max_steps, or loosen solver.rtol")      \
  X(StepTooSmall,    "the step size fell to rounding level",       "look for a singularity or a discontinuity that is no comparison; --only ID --trace shows where") \
  X(NotFinite,       "a rate or a closed form became infinite or not a number", "look for a division by zero, or exp or log out of range; --only ID --trace shows where") \
  X(TooManySwitches, "conditions switched without end",            "two branches push against each other: smooth the switch or add hysteresis") \
  X(NegativeRate,    "a rate of births, deaths or flows fell below 0",   "declare what adds cells as birth or arrival and what takes them as death; --only ID --trace shows when") \
  X(BadStart,        "an initial value or a dose is not finite, a dose lies before the start, or a cell has no size", "check the parameters and covariates of this individual")
// clang-format on

/// See CARINA_STATUS_LIST for what each means.
enum class Status : std::uint8_t {
#define CARINA_STATUS_ENUMERATOR(name, sentence, advice) name,
  CARINA_STATUS_LIST(CARINA_STATUS_ENUMERATOR)
#undef CARINA_STATUS_ENUMERATOR
};

/// Number of different statuses.
inline constexpr int status_count = 7;

/// The enumerator's name, e.g. `StepTooSmall`.
std::string_view status_name(Status status);
/// What happened, in a sentence.
std::string_view status_sentence(Status status);
/// What the user can do; empty for Ok.
std::string_view status_advice(Status status);

}  // namespace carina::ensemble
