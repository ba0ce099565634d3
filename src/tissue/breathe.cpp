#include "tissue/breathe.h"

#include <algorithm>

namespace carina::tissue {

void breathe(Population& people, const Field& oxygen, std::uint16_t type, const Breath& breath) {
  constexpr double certain = 1e99;  // 1/min
  const std::size_t leaving = TraitLayout::at(Trait::Exit0), necrosis = TraitLayout::at(Trait::Necrosis);
  const Cells& cells = people.cells;
  std::vector<double>& leave = people.traits.own(leaving, cells.type);
  std::vector<double>& die = people.traits.own(necrosis, cells.type);
  const double usual = people.traits.of_type(leaving, type);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells.type[i] != type || people.life.fate[i] != Fate::Live) continue;
    const double level = oxygen.value[oxygen.grid.voxel(cells.x[i], cells.y[i], cells.z[i])];
    const double more = std::clamp((level - breath.stops) / (breath.full - breath.stops), 0.0, 1.0);
    leave[i] = usual * more * (breath.times == Breath::nowhere ? 1 : people.traits(breath.times, type, i));
    const double lack = std::clamp((breath.dies - level) / (breath.dies - breath.dies_fast), 0.0, 1.0);
    die[i] = breath.at_once && lack > 1e-16 ? certain : lack * breath.rate;
  }
}

}  // namespace carina::tissue
