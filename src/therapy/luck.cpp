#include "therapy/luck.h"

#include "base/math.h"
#include "base/random.h"

namespace carina::therapy {
namespace {
random::Address address(std::uint64_t number, Purpose purpose, std::uint64_t occurrence) {
  return {.individual = number, .occurrence = occurrence, .purpose = static_cast<std::uint32_t>(purpose)};
}
}  // namespace

double Luck::uniform(Purpose purpose, std::uint64_t occurrence) const {
  return random::uniform(seed, random::Domain::Pathway, address(number, purpose, occurrence));
}

double Luck::normal(Purpose purpose, std::uint64_t occurrence) const {
  return random::normal(seed, random::Domain::Pathway, address(number, purpose, occurrence));
}

double Luck::exponential(Purpose purpose, std::uint64_t occurrence) const {
  return -math::log(uniform(purpose, occurrence));
}

}  // namespace carina::therapy
