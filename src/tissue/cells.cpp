#include "tissue/cells.h"

#include "base/math.h"

namespace carina::tissue {

double radius_of(double volume) { return volume > 0 ? math::pow(volume * 3 / (4 * std::numbers::pi), 1.0 / 3) : 0; }

std::size_t add_cell(Cells& cells, std::uint16_t type, const Vec3& at, double volume) {
  const std::size_t place = cells.size();
  for_each_column(cells, [](auto& column) { column.emplace_back(); });
  cells.id[place] = cells.born++;
  cells.type[place] = type;
  cells.x[place] = at[0], cells.y[place] = at[1], cells.z[place] = at[2];
  cells.volume[place] = volume;
  cells.radius[place] = radius_of(volume);
  return place;
}

}  // namespace carina::tissue
