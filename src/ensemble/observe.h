/// @file
/// What a trial would have seen of an exact solution: residual error of the assay, and its lower limit of quantification.
/// Every draw has the address (individual, output, visit), so an individual's assay errors are the same in every run of a
/// seed. When the visits are is the caller's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/model.h"

namespace carina::ensemble {

/// One measured value.
struct Measured {
  double value = 0;    ///< as reported: with its residual error; the limit itself when `below`
  bool below = false;  ///< below the limit of quantification
};

/// The assay of one output. Immutable.
class Assay {
 public:
  /// `residual` may be null: no assay error. `lloq` is in the output's unit. `output` names the draws.
  Assay(std::uint64_t seed, const std::string& output, const model::Residual* residual, std::optional<double> lloq);

  /// What visit number `visit` of individual `id` reports when the exact value is `exact`. NaN stays NaN. Residual errors:
  /// exact * exp(log_sd * e), then times (1 + proportional * e), then plus additive * e, with a draw of its own each.
  Measured measure(std::uint64_t id, std::uint64_t visit, double exact) const;

 private:
  std::uint64_t seed_;
  std::uint32_t purpose_;
  double proportional_ = 0, additive_ = 0, log_sd_ = 0;
  std::optional<double> lloq_;
};

}  // namespace carina::ensemble
