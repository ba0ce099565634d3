#include "ensemble_b/contenders.h"
#include "runner/ours.h"
#include "runner/peers.h"
#include "runner/scene.h"

namespace carina::bench {
namespace {

/// Parameters and initial values of one patient, for programs that hold the equations alone.
std::vector<double> numbers(std::uint64_t id) {
  const workload_b::Parameters p = workload_b::patient(id);
  const auto values = workload_b::values(p);
  const auto initial = workload_b::initial_state(p);
  std::vector<double> all(values.begin(), values.end());
  all.insert(all.end(), initial.begin(), initial.end());
  return all;
}

/// The work load without contenders.
Scene work_load(const char* name, std::size_t patients,
                [[maybe_unused]] const std::vector<workload_b::Infusion>& infusions) {
  const auto& atol = workload_b::absolute_tolerances;
  Scene scene{name, {atol.begin(), atol.end()}, patients, 1e-2, {}, {}};
#if CARINA_BENCH_CVODE
  scene.reference = [infusions](std::size_t count, std::vector<double>& out) {
    return cvode_b(infusions, 1e-12)->run(count, out).failures == 0;
  };
#else
  scene.reference = [](std::size_t, std::vector<double>&) { return false; };
#endif
  return scene;
}

void add_cvode(Scene& scene, [[maybe_unused]] const std::vector<workload_b::Infusion>& infusions) {
#if CARINA_BENCH_CVODE
  scene.contenders.push_back(cvode_b(infusions, 1e-6));
#else
  scene.contenders.push_back(std::make_unique<Absent>("CVODE BDF rtol=1e-06", "no CVODE was built"));
#endif
}

}  // namespace

Scene ensemble_b(const Settings& settings) {
  Scene scene = work_load("ensemble_b", 10000, workload_b::two_infusions());
  add_ours(scene, task_b(settings.source, false));
  add_cvode(scene, workload_b::two_infusions());
  add_peers(scene, settings, {500, 1000}, numbers);
  return scene;
}

Scene ensemble_weekly(const Settings& settings) {
  Scene scene = work_load("ensemble_weekly", 1000, workload_b::weekly_infusions());
  add_ours(scene, task_b(settings.source, true));
  add_cvode(scene, workload_b::weekly_infusions());
  add_peers(scene, settings, {200, 200}, numbers);
  return scene;
}

Scene jit(const Settings& settings) {
  Scene scene = work_load("jit", 10000, workload_b::two_infusions());
  const auto task = task_b(settings.source, false);
  scene.contenders.push_back(ours(task, ensemble::Engine::Jit));
  scene.contenders.push_back(ours_compiled_ahead(task));
  scene.contenders.push_back(ours(task, ensemble::Engine::VirtualMachine));
  return scene;
}

}  // namespace carina::bench
