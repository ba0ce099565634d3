#include "ensemble_a/contenders.h"
#include "runner/ours.h"
#include "runner/peers.h"
#include "runner/scene.h"
#include "scenes/stein.h"

#include <algorithm>

namespace carina::bench {

Scene ensemble_a(const Settings& settings) {
  Scene scene{"ensemble_a", {1e-6}, 10000, 1e-2, {}, {}};
  scene.reference = [](std::size_t count, std::vector<double>& out) {
    closed_form_a()->run(count, out);
    return true;
  };
  add_ours(scene, task_a(settings.source, "stein_2019"));
  scene.contenders.push_back(ours(task_a(settings.source, "stein_2019_closed_form"), ensemble::Engine::Jit));
#if CARINA_BENCH_CVODE
  scene.contenders.push_back(cvode_a());
#else
  scene.contenders.push_back(std::make_unique<Absent>("CVODE BDF rtol=1e-06", "no CVODE was built"));
#endif
  scene.contenders.push_back(closed_form_a());
  add_peers(scene, settings, {1000, 10000}, [](std::uint64_t id) {
    const stein::Patient p = stein::patient(id);
    return std::vector<double>{p.rho, p.tmax, p.alpha, p.beta, p.fb, std::min(p.toci, 1e9), p.r0};
  });
  return scene;
}

}  // namespace carina::bench
