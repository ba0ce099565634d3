/// @file
/// The peers that run as programs of their own, for any population benchmark.
#pragma once

#include "runner/external.h"
#include "runner/scene.h"

namespace carina::bench {

/// How many patients each peer is given in one run; none for a peer that does not take part.
struct PeerPatients {
  std::size_t roadrunner;  ///< for libRoadRunner
  std::size_t mrgsolve;    ///< for mrgsolve
};

/// Adds libRoadRunner and mrgsolve to the scene.
void add_peers(Scene& scene, const Settings& settings, PeerPatients patients,
               std::function<std::vector<double>(std::uint64_t id)> numbers);

}  // namespace carina::bench
