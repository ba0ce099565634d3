#include "tissue/fast/diffuse.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "tissue/fast/sweep.h"

namespace carina::tissue::fast {
namespace {

constexpr int planes_a_chunk = 4;
constexpr int rows_a_chunk = 4;

Elimination eliminate(int n, double r, double loss) {
  Elimination line;
  double carry = 0;
  for (int i = 0; i < n; ++i) {
    const double diagonal = n == 1 ? 1 + loss : (i == 0 || i == n - 1 ? 1 + r : 1 + 2 * r) + loss;
    const double inverse = 1 / (diagonal - r * carry);
    carry = r * inverse;
    line.inverse.push_back(inverse);
    line.carry.push_back(carry);
  }
  return line;
}

// The faces of one field: which rows and planes are not solved because they are held.
struct Held {
  Field& field;
  const Boundary& boundary;
  const Grid& g;
  int first_row, last_row, first_plane, last_plane;

  explicit Held(Field& of)
      : field(of),
        boundary(of.what.boundary),
        g(of.grid),
        first_row(boundary.fixed(2) ? 1 : 0),
        last_row(g.n[1] - (boundary.fixed(3) ? 1 : 0)),
        first_plane(boundary.fixed(4) ? 1 : 0),
        last_plane(g.n[2] - (boundary.fixed(5) ? 1 : 0)) {}

  double* row(int j, int k) const { return field.value.data() + g.at(0, j, k); }
  void fill(double* from, std::size_t count, std::size_t side) const { std::fill_n(from, count, boundary.value[side]); }
  // The faces across x and y of plane k.
  void hold(int k) const {
    const auto n = static_cast<std::size_t>(g.n[0]);
    for (int j = 0; j < g.n[1]; ++j) {
      if (boundary.fixed(0)) row(j, k)[0] = boundary.value[0];
      if (boundary.fixed(1)) row(j, k)[n - 1] = boundary.value[1];
    }
    if (boundary.fixed(2)) fill(row(0, k), n, 2);
    if (boundary.fixed(3)) fill(row(g.n[1] - 1, k), n, 3);
  }
  // All faces of row j of plane k.
  void hold(int j, int k) const {
    const auto n = static_cast<std::size_t>(g.n[0]);
    double* u = row(j, k);
    if (boundary.fixed(0)) u[0] = boundary.value[0];
    if (boundary.fixed(1)) u[n - 1] = boundary.value[1];
    if (boundary.fixed(2) && j == 0) fill(u, n, 2);
    if (boundary.fixed(3) && j == g.n[1] - 1) fill(u, n, 3);
    if (boundary.fixed(4) && k == 0) fill(u, n, 4);
    if (boundary.fixed(5) && k == g.n[2] - 1) fill(u, n, 5);
  }
};

void sweep_plane(const Held& held, const std::array<Elimination, 3>& lines, int k) {
  const Grid& g = held.g;
  const auto stride = static_cast<std::size_t>(g.n[0]);
  held.hold(k);
  sweep_along(held.row(held.first_row, k), static_cast<std::size_t>(held.last_row - held.first_row), stride, lines[0]);
  held.hold(k);
  sweep_across(held.row(0, k), stride, stride, lines[1]);
  held.hold(k);
}

void sweep_row(const Held& held, const Elimination& line, const Exchange* exchange, int j) {
  const Grid& g = held.g;
  const auto n = static_cast<std::size_t>(g.n[0]);
  if (held.first_plane == 1) held.hold(j, 0);
  if (held.last_plane < g.n[2]) held.hold(j, g.n[2] - 1);
  if (j >= held.first_row && j < held.last_row) sweep_across(held.row(j, 0), n, g.at(0, 0, 1), line);
  for (int k = 0; k < g.n[2]; ++k) {
    held.hold(j, k);
    const std::size_t at = g.at(0, j, k);
    if (exchange != nullptr && exchange->busy[at / n] != 0)
      apply(held.row(j, k), exchange->a.data() + at, exchange->b.data() + at, n);
  }
}

std::uint64_t chunks_of(int count, int a_chunk) { return static_cast<std::uint64_t>((count + a_chunk - 1) / a_chunk); }

}  // namespace

Lod::Lod(const Grid& grid, const Substrate& what, double dt) {
  const double r = what.diffusion * dt / (grid.h * grid.h);
  for (std::size_t axis = 0; axis < 3; ++axis) lines_[axis] = eliminate(grid.n[axis], r, what.decay * dt / 3);
}

void Lod::step(Field& field, const Exchange* exchange, const ParallelOptions& parallel) const {
  const Held held(field);
  const Grid& g = field.grid;
  // planes that are held are put back before they are read again
  for_each_chunk(chunks_of(g.n[2], planes_a_chunk), parallel, [&](std::uint64_t chunk) {
    const int from = static_cast<int>(chunk) * planes_a_chunk;
    for (int k = std::max(from, held.first_plane); k < std::min(from + planes_a_chunk, held.last_plane); ++k)
      sweep_plane(held, lines_, k);
  });
  for_each_chunk(chunks_of(g.n[1], rows_a_chunk), parallel, [&](std::uint64_t chunk) {
    const int from = static_cast<int>(chunk) * rows_a_chunk;
    for (int j = from; j < std::min(from + rows_a_chunk, g.n[1]); ++j) sweep_row(held, lines_[2], exchange, j);
  });
}

LodFixedPoint::LodFixedPoint(const Grid& grid, const Substrate& what, double dt) : lod_(grid, what, dt), slowest_(1) {
  // each sweep leaves 1/(1 + dt (decay/3 + its slowest eigenvalue)): a sine between two held faces, a quarter of one beside a closed
  // one, a constant between two
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int held = (what.boundary.fixed(2 * axis) ? 1 : 0) + (what.boundary.fixed(2 * axis + 1) ? 1 : 0);
    const double length = std::max(1, grid.n[axis] - 1) * grid.h, wave = held * std::numbers::pi / 2 / length;
    slowest_ /= 1 + dt * (what.decay / 3 + what.diffusion * wave * wave);
  }
}

Balance LodFixedPoint::solve(Field& field, const Exchange* exchange, double tolerance, const ParallelOptions& parallel,
                             int most) {
  const double scale = 2 / (2 - slowest_), spread = slowest_ / (2 - slowest_);
  Balance balance;
  double weight = 1;
  std::vector<double>& u = field.value;
  before_ = u;
  while (balance.iterations < most) {
    now_ = u;
    lod_.step(field, exchange, parallel);
    ++balance.iterations;
    balance.correction = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
      const double next = weight * (scale * (u[i] - now_[i]) + now_[i] - before_[i]) + before_[i];
      balance.correction = std::max(balance.correction, std::fabs(next - now_[i]));
      u[i] = next;
    }
    before_.swap(now_);
    if (balance.correction < tolerance) {
      balance.reached = true;
      break;
    }
    weight = balance.iterations == 1 ? 1 / (1 - spread * spread / 2) : 1 / (1 - spread * spread * weight / 4);
  }
  return balance;
}

namespace {

template <class UseOf>
void compose(const Cells& cells, UseOf use_of, double dt, const Grid& grid, Exchange& exchange) {
  const auto n = static_cast<std::size_t>(grid.n[0]);
  if (exchange.a.size() != grid.size() || exchange.busy.size() != grid.size() / n) {
    exchange.a.assign(grid.size(), 1);
    exchange.b.assign(grid.size(), 0);
    exchange.busy.assign(grid.size() / n, 0);
  }
  for (std::size_t row = 0; row < exchange.busy.size(); ++row) {
    if (exchange.busy[row] == 0) continue;
    std::fill_n(exchange.a.data() + row * n, n, 1.0);
    std::fill_n(exchange.b.data() + row * n, n, 0.0);
    exchange.busy[row] = 0;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Use of = use_of(i);
    const double share = dt * cells.volume[i] / grid.volume();
    const double left = 1 / (1 + share * (of.secretion + of.uptake));
    const std::size_t voxel = grid.voxel(cells.x[i], cells.y[i], cells.z[i]);
    exchange.busy[voxel / n] = 1;
    exchange.a[voxel] *= left;
    exchange.b[voxel] = (exchange.b[voxel] + share * of.secretion * of.target) * left + of.release * dt / grid.volume();
  }
}

}  // namespace

void exchange_of(const Cells& cells, const std::vector<Use>& use, double dt, const Grid& grid, Exchange& exchange) {
  compose(
      cells, [&](std::size_t i) { return use[cells.type[i]]; }, dt, grid, exchange);
}

void exchange_of(const Population& people, std::size_t s, double dt, const Grid& grid, Exchange& exchange) {
  const TraitLayout& layout = people.traits.layout();
  const auto of = [&](SubstrateTrait trait, std::size_t i) {
    return people.traits(layout.at(trait, s), people.cells.type[i], i);
  };
  compose(
      people.cells,
      [&](std::size_t i) {
        return Use{of(SubstrateTrait::Secretion, i), of(SubstrateTrait::Target, i), of(SubstrateTrait::Uptake, i),
                   of(SubstrateTrait::Release, i)};
      },
      dt, grid, exchange);
}

}  // namespace carina::tissue::fast
