#include "ensemble/observe.h"

#include <cmath>

#include "base/hash.h"
#include "base/math.h"
#include "base/random.h"

namespace carina::ensemble {

Assay::Assay(std::uint64_t seed, const std::string& output, const model::Residual* residual, std::optional<double> lloq)
    : seed_(seed),
      purpose_(static_cast<std::uint32_t>(std::stoul(hash_text(output).substr(0, 8), nullptr, 16))),
      lloq_(lloq) {
  if (residual == nullptr) return;
  proportional_ = residual->proportional;
  additive_ = residual->additive;
  log_sd_ = residual->log_sd;
}

Measured Assay::measure(std::uint64_t id, std::uint64_t visit, double exact) const {
  if (std::isnan(exact)) return {exact, false};
  const auto draw = [&](std::uint32_t index) {
    return random::normal(seed_, random::Domain::Observation, {id, 0, visit, purpose_, index});
  };
  double value = exact;
  if (log_sd_ > 0) value *= math::exp(log_sd_ * draw(0));
  if (proportional_ > 0) value *= 1 + proportional_ * draw(1);
  if (additive_ > 0) value += additive_ * draw(2);
  if (lloq_ && value < *lloq_) return {*lloq_, true};
  return {value, false};
}

}  // namespace carina::ensemble
