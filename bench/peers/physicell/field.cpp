// Diffusion and decay alone on PhysiCell's BioFVM: oxygen with 38 mmHg at all faces and one voxel in the middle of the box at 0.
// usage: field VOXELS_AN_EDGE SUBSTRATES STEPS DENSITIES
// Leaves the first substrate of every voxel as doubles in DENSITIES and prints one line of JSON with seconds.
#include <cstdlib>

#include "settings.h"

using namespace BioFVM;

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const int n = std::atoi(argv[1]), substrates = std::atoi(argv[2]);
  const long steps = std::atol(argv[3]);
  if (!start(std::string(argv[4]) + ".xml", 10.0 * n, substrates)) return 1;
  const unsigned middle = microenvironment.voxel_index(n / 2, n / 2, n / 2);
  for (int s = 0; s < substrates; ++s) microenvironment(middle)[static_cast<std::size_t>(s)] = 0;
  microenvironment.simulate_diffusion_decay(0.01);  // the first step sets its factors up
  const double t = now();
  for (long k = 1; k < steps; ++k) microenvironment.simulate_diffusion_decay(0.01);
  const double spent = now() - t;
  std::ofstream densities(argv[4], std::ios::binary);
  for (unsigned v = 0; v < microenvironment.number_of_voxels(); ++v)
    densities.write(reinterpret_cast<const char*>(microenvironment(v).data()), sizeof(double));
  std::fprintf(stderr, "{\"voxels\": %u, \"steps\": %ld, \"field\": %.6f}\n", microenvironment.number_of_voxels(), steps - 1,
               spent);
}
