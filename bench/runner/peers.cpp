#include "runner/peers.h"

namespace carina::bench {

void add_peers(Scene& scene, const Settings& settings, PeerPatients patients,
               std::function<std::vector<double>(std::uint64_t id)> numbers) {
  const std::string folder = settings.peers + "/exchange";
  const std::string roadrunner = settings.peers + "/roadrunner", mrgsolve = settings.peers + "/mrgsolve";
  scene.contenders.push_back(
      external({"libRoadRunner CVODE rtol=1e-06",
                "'" + roadrunner + "/bin/python' '" + settings.source + "/bench/peers/run_roadrunner.py'",
                roadrunner + "/carina-peer.txt", scene.name, folder, patients.roadrunner, numbers}));
  scene.contenders.push_back(
      external({"mrgsolve LSODA rtol=1e-06",
                "Rscript --vanilla '" + settings.source + "/bench/peers/run_mrgsolve.R' '" + mrgsolve + "'",
                mrgsolve + "/carina-peer.txt", scene.name, folder, patients.mrgsolve, numbers}));
}

}  // namespace carina::bench
