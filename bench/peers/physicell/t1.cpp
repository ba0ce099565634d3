// T1 (bench/scenes/tissue_t1.h) on PhysiCell, through its own XML reader and its own step; built by bench/peers/physicell.sh.
// usage: t1 HALF_EDGE RADIUS STEPS PLACES [exact]
// Steps are of 0.01 min. Leaves x, y, z of every cell as doubles in PLACES, oxygen of every voxel in PLACES.oxygen, and prints one
// line of JSON with seconds. `exact` sets
// the reach that the filter of neighbours goes by anew before each step, as otherwise it is out of date between phenotype steps.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "core/PhysiCell.h"
#include "modules/PhysiCell_standard_modules.h"

#include "settings.h"

using namespace BioFVM;
using namespace PhysiCell;

namespace {

void make_types() {
  initialize_default_cell_definition();
  cell_defaults.phenotype.secretion.sync_to_microenvironment(&microenvironment);
  cell_defaults.functions.volume_update_function = standard_volume_update_function;
  cell_defaults.functions.update_velocity = standard_update_cell_velocity;
  cell_defaults.functions.update_migration_bias = NULL;
  cell_defaults.functions.update_phenotype = NULL;
  cell_defaults.functions.custom_cell_rule = NULL;
  cell_defaults.functions.contact_function = NULL;
  initialize_cell_definitions_from_pugixml();
  build_cell_definitions_maps();
  setup_signal_behavior_dictionaries();
  cell_defaults.functions.update_phenotype = NULL;
}

void place(double radius) {
  std::uint64_t state = 42;
  const auto uniform = [&state] {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  };
  const int n = static_cast<int>(std::ceil(radius / 14));
  for (int k = -n; k <= n; ++k)
    for (int j = -n; j <= n; ++j)
      for (int i = -n; i <= n; ++i) {
        std::vector<double> at = {i * 14.0, j * 14.0, k * 14.0};
        if (at[0] * at[0] + at[1] * at[1] + at[2] * at[2] >= radius * radius) continue;
        for (double& x : at) x += (2 * uniform() - 1) * 2;
        create_cell(cell_defaults)->assign_position(at);
      }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const double half = std::atof(argv[1]), radius = std::atof(argv[2]);
  const long steps = std::atol(argv[3]);
  const bool exact = argc > 5 && std::strcmp(argv[5], "exact") == 0;
  if (!start(std::string(argv[4]) + ".xml", half, 1)) return 1;
  Cell_Container* container = create_cell_container_for_microenvironment(microenvironment, 30);
  make_types();
  place(radius);
  double field = 0, with_mechanics = 0, without = 0;
  long mechanics_steps = 0;
  for (long n = 0; n < steps; ++n) {
    double t = now();
    microenvironment.simulate_diffusion_decay(diffusion_dt);
    field += now() - t;
    if (exact)
      for (double& reach : container->max_cell_interactive_distance_in_voxel)
        reach = 1.25 * (*all_cells)[0]->phenotype.geometry.radius;
    t = now();
    container->update_all_cells(PhysiCell_globals.current_time);
    (n % 10 == 0 ? with_mechanics : without) += now() - t;
    mechanics_steps += n % 10 == 0 ? 1 : 0;
    PhysiCell_globals.current_time += diffusion_dt;
  }
  // what the other steps cost, uptake, is in those with mechanics too
  const double uptake = steps > mechanics_steps ? without / static_cast<double>(steps - mechanics_steps) : 0;
  const double mechanics = with_mechanics - uptake * static_cast<double>(mechanics_steps);
  std::ofstream places(argv[4], std::ios::binary);
  for (const Cell* cell : *all_cells) places.write(reinterpret_cast<const char*>(cell->position.data()), 3 * sizeof(double));
  std::ofstream oxygen(std::string(argv[4]) + ".oxygen", std::ios::binary);
  for (unsigned v = 0; v < microenvironment.number_of_voxels(); ++v)
    oxygen.write(reinterpret_cast<const char*>(microenvironment(v).data()), sizeof(double));
  std::fprintf(
      stderr,
      "{\"cells\": %zu, \"voxels\": %u, \"mechanics_steps\": %ld, \"field\": %.6f, \"mechanics\": %.6f, \"all\": %.6f}\n",
      all_cells->size(), microenvironment.number_of_voxels(), mechanics_steps, field, mechanics,
      field + with_mechanics + without);
}
