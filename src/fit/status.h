/// @file
/// How a calibration ended. One list, from good to bad: name, sentence, advice. A failed calibration is a value, no exception.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace carina::fit {

// clang-format off
#define CARINA_FIT_STATUS_LIST(X)                                                                                        \
  X(Ok,            "calibrated",                                   "")                                                   \
  X(NotNormal,     "a figure is far from normal over trials on its scale", "declare another scale, or read its interval from simulated trials") \
  X(BeyondPrior,   "the data pull a parameter into the tail of its prior", "look at the prior's source; widen it if the source allows") \
  X(BudgetSpent,   "the emulator's error is not yet small beside the sampling error", "raise Options::budget or Options::waves; the intervals carry the error") \
  X(NotMixed,      "the chains have not mixed",                    "raise SamplerOptions::warm_up and iterations; look for two modes") \
  X(MissingFigure, "a figure to calibrate on hardly ever exists in simulated trials, and was left out", "look whether the model can have it at all, or drop it") \
  X(OutOfReach,    "the model does not reach the observed figures", "look at the figures named: free a parameter, widen a prior, or correct a figure") \
  X(NoEmulator,    "too few simulated trials gave figures to fit an emulator", "look at what the simulation returns over the prior") \
  X(Stopped,       "stopped from outside",                         "run it again") \
  X(NotRun,        "calibrate was not called",                     "call carina::fit::calibrate")
// clang-format on

/// See CARINA_FIT_STATUS_LIST for what each means; a later one is worse.
enum class Status : std::uint8_t {
#define CARINA_FIT_STATUS_ENUMERATOR(name, sentence, advice) name,
  CARINA_FIT_STATUS_LIST(CARINA_FIT_STATUS_ENUMERATOR)
#undef CARINA_FIT_STATUS_ENUMERATOR
};

/// The enumerator's name, e.g. `OutOfReach`.
std::string_view status_name(Status status);
/// What happened, in a sentence.
std::string_view status_sentence(Status status);
/// What the user can do; empty for Ok.
std::string_view status_advice(Status status);

/// One thing to know about a calibration.
struct Note {
  Status status = Status::Ok;  ///< what kind of thing
  std::string what;            ///< which figure, parameter or number
};

}  // namespace carina::fit
