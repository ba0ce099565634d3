/// @file
/// Loops over all voxels of a grid that balance a substrate, in vector registers. Grids are flat; a voxel's neighbours are 1, a row
/// and a plane away, and couplings across the end of a row or plane are 0.
#pragma once

#include <cstddef>
#include <vector>

namespace carina::tissue::fast {

/// Equations of one grid: for each voxel (diagonal) u - sum of coupling x u of its neighbours = b.
struct Stencil {
  std::size_t size = 0;         ///< voxels
  std::size_t row = 1;          ///< to the neighbour along y
  std::size_t plane = 1;        ///< to the neighbour along z
  std::size_t pad = 0;          ///< entries before the first voxel, so that every neighbour can be read
  std::vector<float> diagonal;  ///< by voxel
  std::vector<float> x;         ///< coupling to the next voxel along x, padded
  std::vector<float> y;         ///< along y
  std::vector<float> z;         ///< along z
  std::vector<float> inverse;   ///< damped, over the diagonal; 0 where a voxel is held
};

/// A stretch of voxels.
struct Stretch {
  std::size_t from;  ///< first
  std::size_t to;    ///< past the last
};

/// out = u + inverse (b - A u): a sweep of damped Jacobi. u and out are padded.
void smooth(const Stencil& a, const float* b, const float* u, float* out, Stretch part);
/// out = b - A u. u is padded, out is not.
void residual(const Stencil& a, const float* b, const float* u, float* out, Stretch part);
/// out = inverse b: the first sweep, from nothing. out is padded.
void first_sweep(const Stencil& a, const float* b, float* out, Stretch part);

/// The finest grid in double precision; diagonal by voxel. q = A p, returns p . q over the stretch. p is padded.
double multiply(const Stencil& a, const double* diagonal, const double* p, double* q, Stretch part);
/// A step of conjugate gradients: u += alpha p, r -= alpha q, and r to single precision. Returns the largest |alpha p|. p is padded.
struct Walk {
  double alpha;     ///< length
  const double* p;  ///< direction, padded
  const double* q;  ///< A p
  double* u;        ///< solution
  double* r;        ///< residual
  float* single;    ///< residual
};
/// Takes the step over a stretch.
double walk(const Walk& step, Stretch part, std::size_t pad);
/// r . z over a stretch; z is padded.
double dot(const double* r, const float* z, Stretch part, std::size_t pad);
/// p = z + beta p; both are padded.
void turn(const float* z, double beta, double* p, Stretch part, std::size_t pad);

}  // namespace carina::tissue::fast
