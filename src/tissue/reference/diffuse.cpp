#include "tissue/reference/diffuse.h"

namespace carina::tissue::reference {
namespace {

// Solves (1 + share dt decay) u - dt D u'' = u along one line of n values, `stride` apart, without flux at its ends: Thomas.
void sweep(double* u, int n, std::size_t stride, double r, double loss) {
  std::vector<double> upper(static_cast<std::size_t>(n));
  const auto at = [&](int i) -> double& { return u[static_cast<std::size_t>(i) * stride]; };
  const double ends = n == 1 ? 1 + loss : 1 + r + loss;
  double pivot = ends;
  at(0) /= pivot;
  upper[0] = -r / pivot;
  for (int i = 1; i < n; ++i) {
    const double diagonal = i == n - 1 ? ends : 1 + 2 * r + loss;
    pivot = diagonal + r * upper[static_cast<std::size_t>(i) - 1];
    upper[static_cast<std::size_t>(i)] = -r / pivot;
    at(i) = (at(i) + r * at(i - 1)) / pivot;
  }
  for (int i = n - 2; i >= 0; --i) at(i) -= upper[static_cast<std::size_t>(i)] * at(i + 1);
}

}  // namespace

void diffuse_lod(Field& field, double dt) {
  const Grid& g = field.grid;
  const double r = field.what.diffusion * dt / (g.h * g.h);
  const double loss = field.what.decay * dt / 3;
  double* u = field.value.data();
  hold_faces(field);
  for (int k = 0; k < g.n[2]; ++k) {
    for (int j = 0; j < g.n[1]; ++j) sweep(u + g.at(0, j, k), g.n[0], 1, r, loss);
  }
  hold_faces(field);
  for (int k = 0; k < g.n[2]; ++k) {
    for (int i = 0; i < g.n[0]; ++i) sweep(u + g.at(i, 0, k), g.n[1], g.at(0, 1, 0), r, loss);
  }
  hold_faces(field);
  for (int j = 0; j < g.n[1]; ++j) {
    for (int i = 0; i < g.n[0]; ++i) sweep(u + g.at(i, j, 0), g.n[2], g.at(0, 0, 1), r, loss);
  }
  hold_faces(field);
}

void exchange(const Cells& cells, const std::vector<Use>& use, double dt, Field& field) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Use& of = use[cells.type[i]];
    const double share = dt * cells.volume[i] / field.grid.volume();
    double& u = field.value[field.grid.voxel(cells.x[i], cells.y[i], cells.z[i])];
    u = (u + share * of.secretion * of.target) / (1 + share * (of.secretion + of.uptake));
    u += of.release * dt / field.grid.volume();
  }
}

}  // namespace carina::tissue::reference
