#include "tissue/field.h"

namespace carina::tissue {
namespace {

void hold(Field& field, std::size_t side) {
  const Grid& g = field.grid;
  const std::size_t axis = side / 2;
  std::array<int, 3> from = {0, 0, 0}, to = g.n;
  if (side % 2 == 0) {
    to[axis] = 1;
  } else {
    from[axis] = g.n[axis] - 1;
  }
  for (int k = from[2]; k < to[2]; ++k) {
    for (int j = from[1]; j < to[1]; ++j) {
      for (int i = from[0]; i < to[0]; ++i) field.value[g.at(i, j, k)] = field.what.boundary.value[side];
    }
  }
}

}  // namespace

Field field_of(const Grid& grid, const Substrate& what) {
  Field field{grid, what, std::vector<double>(grid.size(), what.initial)};
  hold_faces(field);
  return field;
}

void hold_faces(Field& field) {
  for (std::size_t side = 0; side < 6; ++side) {
    if (field.what.boundary.fixed(side)) hold(field, side);
  }
}

}  // namespace carina::tissue
