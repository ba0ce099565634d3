#include "tissue/mechanics.h"

#include <cmath>

namespace carina::tissue {

Pairs pairs_of(const std::vector<Mechanics>& types) {
  Pairs pairs;
  pairs.types = types.size();
  const auto affinity = [](const Mechanics& from, std::size_t to) {
    return from.affinity.empty() ? 1.0 : from.affinity[to];
  };
  for (std::size_t i = 0; i < types.size(); ++i) {
    pairs.reach.push_back(types[i].reach);
    for (std::size_t j = 0; j < types.size(); ++j) {
      pairs.repulsion.push_back(std::sqrt(types[i].repulsion * types[j].repulsion));
      pairs.adhesion.push_back(
          std::sqrt(types[i].adhesion * affinity(types[i], j) * types[j].adhesion * affinity(types[j], i)));
    }
  }
  return pairs;
}

}  // namespace carina::tissue
