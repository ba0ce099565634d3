#include <fmt/format.h>

#include <algorithm>

#include "scenes/tissue_t2.h"
#include "tissue/tissue.h"

namespace carina::bench {

std::vector<Row> tissue_t2(const Settings& settings) {
  constexpr int minutes = 60, peer_minutes = 12;
  const scenes::t2::Size size;
  double best = infinite;
  scenes::t2::Counts counts;
  for (int repeat = 0; repeat < std::max(1, settings.repeats); ++repeat) {
    scenes::t2::Scene scene(size, static_cast<std::uint64_t>(repeat + 1));
    const double t = thread_seconds();
    scene.run(minutes);
    best = std::min(best, thread_seconds() - t);
    counts = scene.counts();
  }
  Row ours = begin_row("tissue_t2", "carina", "s/simulated min", true);
  ours.value = best / minutes;
  // PhysiCell 1.14.2, three seeds: attached 97 to 122, dead 45 to 50, tumour cells 18598 to 18634
  const auto within = [](std::size_t value, double low, double high) {
    return static_cast<double>(value) > low && static_cast<double>(value) < high;
  };
  ours.checked = within(counts.attached, 70, 160) && within(counts.dead, 25, 80) && within(counts.tumour, 18560, 18700);
  ours.remark = fmt::format(
      "attached {}, dead {}, tumour cells {} after an hour; PhysiCell's seeds 97 to 122, 45 to 50, 18598 to 18634",
      counts.attached, counts.dead, counts.tumour);
  Row peer = begin_row("tissue_t2", "PhysiCell", "s/simulated min", false);
  const Told told = physicell(
      settings, "t2",
      fmt::format("'{}' {} {} {} 1 {}", physicell_checkout(settings), size.half, size.radius, size.immune, peer_minutes));
  if (told.there) {
    peer.absent.clear();
    peer.version = told.version;
    peer.value = told.seconds("all") / peer_minutes;
    peer.speedup = peer.value / ours.value;
    peer.checked = told.answers.size() == 9 && told.answers[5] > 18317;
    peer.remark = fmt::format("its first {} minutes", peer_minutes);
  }
  return {ours, peer};
}

}  // namespace carina::bench
