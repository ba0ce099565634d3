#include "tissue/fast/steady.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "tissue/fast/balance.h"

namespace carina::tissue::fast {
namespace {

constexpr std::size_t stretch = 16384;  // voxels of a chunk; sums are taken stretch by stretch, in order
constexpr float damping = 0.8F;         // of Jacobi
constexpr int coarsest_sweeps = 12;
constexpr double aggregate = 0.5;  // cells of twice the edge are twice as far apart as their joint faces say

// One grid of the cycle.
struct Level {
  std::array<int, 3> n{};
  Stencil a;
  std::vector<std::uint8_t> held;    // by voxel
  std::vector<double> anchor, loss;  // by voxel: coupling to held voxels, and loss
  std::vector<float> b, r;           // by voxel
  std::vector<float> u, v;           // padded

  std::size_t at(int i, int j, int k) const {
    return (static_cast<std::size_t>(k) * static_cast<std::size_t>(n[1]) + static_cast<std::size_t>(j)) *
               static_cast<std::size_t>(n[0]) +
           static_cast<std::size_t>(i);
  }

  explicit Level(const std::array<int, 3>& size) : n(size) {
    a.size = at(0, 0, n[2]);
    a.row = at(0, 1, 0);
    a.plane = at(0, 0, 1);
    a.pad = a.plane + 8;
    const std::size_t padded = a.size + 2 * a.pad;
    for (std::vector<float>* column : {&a.x, &a.y, &a.z, &u, &v}) column->assign(padded, 0);
    for (std::vector<float>* column : {&a.diagonal, &a.inverse, &b, &r}) column->assign(a.size, 0);
    held.assign(a.size, 0);
    anchor.assign(a.size, 0);
    loss.assign(a.size, 0);
  }

  // The diagonal of each voxel: what leaves it.
  double diagonal(std::size_t i) const {
    if (held[i] != 0) return 1;
    const std::size_t p = a.pad + i;
    const double couplings = static_cast<double>(a.x[p]) + static_cast<double>(a.x[p - 1]) + static_cast<double>(a.y[p]) +
                             static_cast<double>(a.y[p - a.row]) + static_cast<double>(a.z[p]) +
                             static_cast<double>(a.z[p - a.plane]);
    return couplings + anchor[i] + loss[i];
  }
  void set_diagonal() {
    for (std::size_t i = 0; i < a.size; ++i) {
      const double d = diagonal(i);
      a.diagonal[i] = static_cast<float>(d);
      a.inverse[i] = held[i] != 0 || d <= 0 ? 0 : damping / static_cast<float>(d);
    }
  }
};

template <class Work>
void for_each_stretch(std::size_t size, const ParallelOptions& parallel, Work work) {
  const std::size_t count = (size + stretch - 1) / stretch;
  if (count <= 1) {
    if (size > 0) work(Stretch{0, size}, std::size_t{0});
    return;
  }
  for_each_chunk(count, parallel, [&](std::uint64_t c) {
    work(Stretch{c * stretch, std::min(size, (c + 1) * stretch)}, c);
  });
}

// The finest grid: couplings of 1 between free voxels.
Level finest(const Grid& grid, const Boundary& boundary) {
  Level level(grid.n);
  for (int k = 0; k < grid.n[2]; ++k) {
    for (int j = 0; j < grid.n[1]; ++j) {
      for (int i = 0; i < grid.n[0]; ++i) {
        const std::array<int, 3> place = {i, j, k};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          if ((place[axis] == 0 && boundary.fixed(2 * axis)) ||
              (place[axis] == grid.n[axis] - 1 && boundary.fixed(2 * axis + 1)))
            level.held[level.at(i, j, k)] = 1;
        }
      }
    }
  }
  const auto couple = [&](std::vector<float>& to_next, std::size_t i, std::size_t next) {
    if (level.held[i] == 0 && level.held[next] == 0) to_next[level.a.pad + i] = 1;
    if (level.held[i] == 0 && level.held[next] != 0) level.anchor[i] += 1;
    if (level.held[i] != 0 && level.held[next] == 0) level.anchor[next] += 1;
  };
  for (int k = 0; k < grid.n[2]; ++k) {
    for (int j = 0; j < grid.n[1]; ++j) {
      for (int i = 0; i < grid.n[0]; ++i) {
        const std::size_t here = level.at(i, j, k);
        if (i + 1 < grid.n[0]) couple(level.a.x, here, level.at(i + 1, j, k));
        if (j + 1 < grid.n[1]) couple(level.a.y, here, level.at(i, j + 1, k));
        if (k + 1 < grid.n[2]) couple(level.a.z, here, level.at(i, j, k + 1));
      }
    }
  }
  return level;
}

// Calls `work(fine, coarse)` for each fine voxel.
template <class Work>
void for_each_child(const Level& fine, const Level& coarse, Work work) {
  for (int k = 0; k < fine.n[2]; ++k) {
    for (int j = 0; j < fine.n[1]; ++j) {
      for (int i = 0; i < fine.n[0]; ++i)
        work(fine.at(i, j, k), coarse.at(i / 2, j / 2, k / 2), std::array<int, 3>{i, j, k});
    }
  }
}

Level coarser(const Level& fine) {
  Level coarse({(fine.n[0] + 1) / 2, (fine.n[1] + 1) / 2, (fine.n[2] + 1) / 2});
  std::fill(coarse.held.begin(), coarse.held.end(), std::uint8_t{1});
  for_each_child(fine, coarse, [&](std::size_t i, std::size_t c, const std::array<int, 3>& place) {
    if (fine.held[i] == 0) coarse.held[c] = 0;
    coarse.anchor[c] += aggregate * fine.anchor[i];
    const auto add = [&](const std::vector<float>& from, std::vector<float>& to, std::size_t axis) {
      if (place[axis] % 2 == 1) to[coarse.a.pad + c] += static_cast<float>(aggregate) * from[fine.a.pad + i];
    };
    add(fine.a.x, coarse.a.x, 0);
    add(fine.a.y, coarse.a.y, 1);
    add(fine.a.z, coarse.a.z, 2);
  });
  return coarse;
}

void restrict_loss(const Level& fine, Level& coarse) {
  std::fill(coarse.loss.begin(), coarse.loss.end(), 0);
  for_each_child(fine, coarse, [&](std::size_t i, std::size_t c, const std::array<int, 3>&) {
    if (fine.held[i] == 0) coarse.loss[c] += fine.loss[i];
  });
}

// Rows of eight children to one row of parents, plane of parents by plane.
void restrict_residual(const Level& fine, Level& coarse, int plane) {
  const auto nx = static_cast<std::size_t>(fine.n[0]);
  for (int j = 0; j < coarse.n[1]; ++j) {
    float* to = coarse.b.data() + coarse.at(0, j, plane);
    std::fill_n(to, coarse.n[0], 0.0F);
    for (int kk = 2 * plane; kk < std::min(fine.n[2], 2 * plane + 2); ++kk) {
      for (int jj = 2 * j; jj < std::min(fine.n[1], 2 * j + 2); ++jj) {
        const float* from = fine.r.data() + fine.at(0, jj, kk);
        for (std::size_t i = 0; i < nx / 2; ++i) to[i] += from[2 * i] + from[2 * i + 1];
        if (nx % 2 == 1) to[nx / 2] += from[nx - 1];
      }
    }
  }
}

// Adds each parent's correction to its free children.
void prolong(const Level& coarse, Level& fine, int plane) {
  const auto nx = static_cast<std::size_t>(fine.n[0]);
  for (int j = 0; j < fine.n[1]; ++j) {
    const float* from = coarse.u.data() + coarse.a.pad + coarse.at(0, j / 2, plane / 2);
    const std::size_t first = fine.at(0, j, plane);
    float* to = fine.u.data() + fine.a.pad + first;
    const std::uint8_t* held = fine.held.data() + first;
    for (std::size_t i = 0; i < nx; ++i) to[i] += held[i] != 0 ? 0.0F : from[i / 2];
  }
}

// One chunk a plane where planes are large.
template <class Work>
void for_each_plane(const Level& level, const ParallelOptions& parallel, Work work) {
  if (level.a.size <= stretch) {
    for (int k = 0; k < level.n[2]; ++k) work(k);
    return;
  }
  for_each_chunk(static_cast<std::uint64_t>(level.n[2]), parallel, [&](std::uint64_t k) { work(static_cast<int>(k)); });
}

// One V-cycle from nothing; the answer is in u of the level.
void cycle(std::vector<Level>& levels, std::size_t at, const ParallelOptions& parallel) {
  Level& level = levels[at];
  const auto sweep = [&] {
    for_each_stretch(level.a.size, parallel, [&](Stretch part, std::size_t) {
      smooth(level.a, level.b.data(), level.u.data(), level.v.data(), part);
    });
    level.u.swap(level.v);
  };
  for_each_stretch(level.a.size, parallel,
                   [&](Stretch part, std::size_t) { first_sweep(level.a, level.b.data(), level.u.data(), part); });
  if (at + 1 == levels.size()) {
    for (int n = 0; n < coarsest_sweeps; ++n) sweep();
    return;
  }
  for_each_stretch(level.a.size, parallel, [&](Stretch part, std::size_t) {
    residual(level.a, level.b.data(), level.u.data(), level.r.data(), part);
  });
  for_each_plane(levels[at + 1], parallel, [&](int k) { restrict_residual(level, levels[at + 1], k); });
  cycle(levels, at + 1, parallel);
  for_each_plane(level, parallel, [&](int k) { prolong(levels[at + 1], level, k); });
  sweep();
}

}  // namespace

void sources_of(const Cells& cells, const std::vector<Use>& use, const Grid& grid, Sources& sources) {
  sources.gain.assign(grid.size(), 0);
  sources.loss.assign(grid.size(), 0);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Use& of = use[cells.type[i]];
    const double share = cells.volume[i] / grid.volume();
    const std::size_t voxel = grid.voxel(cells.x[i], cells.y[i], cells.z[i]);
    sources.gain[voxel] += share * of.secretion * of.target + of.release / grid.volume();
    sources.loss[voxel] += share * (of.secretion + of.uptake);
  }
}

struct Steady::Inside {
  double exchange = 0;  // D / h^2, 1/min
  double decay = 0;     // 1/min
  std::vector<Level> levels;
  std::vector<double> diagonal, q, r;  // by voxel
  std::vector<double> p;               // padded
  std::vector<double> parts;           // sums or maxima, by stretch

  template <class Work>
  double sum(const ParallelOptions& parallel, Work work) {
    parts.assign((levels[0].a.size + stretch - 1) / stretch, 0);
    for_each_stretch(levels[0].a.size, parallel, [&](Stretch part, std::size_t c) { parts[c] = work(part); });
    double total = 0;
    for (const double part : parts) total += part;
    return total;
  }
  void prepare(Field& field, const Sources& sources);
  // The residual through the cycle, which leaves z in u of the finest level; then r . z.
  double precondition(const ParallelOptions& parallel) {
    cycle(levels, 0, parallel);
    return sum(parallel, [&](Stretch part) { return dot(r.data(), levels[0].u.data(), part, levels[0].a.pad); });
  }
};

// Equations over D / h^2, and the residual of the field as it is.
void Steady::Inside::prepare(Field& field, const Sources& sources) {
  Level& fine = levels[0];
  hold_faces(field);
  for (std::size_t i = 0; i < fine.a.size; ++i) {
    fine.loss[i] = fine.held[i] != 0 ? 0 : (decay + sources.loss[i]) / exchange;
    diagonal[i] = fine.diagonal(i);
    p[fine.a.pad + i] = fine.held[i] != 0 ? 0 : field.value[i];
  }
  fine.set_diagonal();
  for (std::size_t level = 1; level < levels.size(); ++level) {
    restrict_loss(levels[level - 1], levels[level]);
    levels[level].set_diagonal();
  }
  multiply(fine.a, diagonal.data(), p.data(), q.data(), {0, fine.a.size});
  const std::array<std::size_t, 3> steps = {1, fine.a.row, fine.a.plane};
  for (std::size_t i = 0; i < fine.a.size; ++i) {
    r[i] = fine.held[i] != 0 ? 0 : sources.gain[i] / exchange - q[i];
    if (fine.held[i] == 0 && fine.anchor[i] > 0) {
      for (const std::size_t step : steps) {  // a free voxel beside a held one is never at the end of the grid on that side
        if (i >= step && fine.held[i - step] != 0) r[i] += field.value[i - step];
        if (i + step < fine.a.size && fine.held[i + step] != 0) r[i] += field.value[i + step];
      }
    }
    fine.b[i] = static_cast<float>(r[i]);
  }
}

Steady::Steady(const Grid& grid, const Substrate& what) : inside_(std::make_unique<Inside>()) {
  CARINA_CHECK(what.diffusion > 0);
  Inside& in = *inside_;
  in.exchange = what.diffusion / (grid.h * grid.h);
  in.decay = what.decay;
  in.levels.push_back(finest(grid, what.boundary));
  while (*std::max_element(in.levels.back().n.begin(), in.levels.back().n.end()) > 4) {
    Level next = coarser(in.levels.back());
    in.levels.push_back(std::move(next));
  }
  const Level& fine = in.levels[0];
  for (std::vector<double>* column : {&in.diagonal, &in.q, &in.r}) column->assign(fine.a.size, 0);
  in.p.assign(fine.a.size + 2 * fine.a.pad, 0);
}
Steady::~Steady() = default;
Steady::Steady(Steady&&) noexcept = default;
Steady& Steady::operator=(Steady&&) noexcept = default;

Balance Steady::solve(Field& field, const Sources& sources, double tolerance, const ParallelOptions& parallel, int most) {
  Inside& in = *inside_;
  Level& fine = in.levels[0];
  CARINA_CHECK(field.value.size() == fine.a.size && sources.gain.size() == fine.a.size &&
               sources.loss.size() == fine.a.size);
  in.prepare(field, sources);
  double rz = in.precondition(parallel);
  for (std::size_t i = 0; i < fine.a.size; ++i) in.p[fine.a.pad + i] = static_cast<double>(fine.u[fine.a.pad + i]);
  Balance balance;
  while (balance.iterations < most) {
    const double pq =
        in.sum(parallel, [&](Stretch part) { return multiply(fine.a, in.diagonal.data(), in.p.data(), in.q.data(), part); });
    if (!(pq > 0)) {  // nothing is left to correct
      balance.reached = pq == 0;
      break;
    }
    const Walk step{rz / pq, in.p.data(), in.q.data(), field.value.data(), in.r.data(), fine.b.data()};
    in.sum(parallel, [&](Stretch part) { return walk(step, part, fine.a.pad); });
    balance.correction = *std::max_element(in.parts.begin(), in.parts.end());
    ++balance.iterations;
    if (balance.correction < tolerance) {
      balance.reached = true;
      break;
    }
    const double next = in.precondition(parallel), beta = next / rz;
    rz = next;
    for_each_stretch(fine.a.size, parallel,
                     [&](Stretch part, std::size_t) { turn(fine.u.data(), beta, in.p.data(), part, fine.a.pad); });
  }
  return balance;
}

}  // namespace carina::tissue::fast
