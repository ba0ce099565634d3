// T2 (bench/scenes/tissue_t2.h) on PhysiCell: the cancer_immune sample with its own module and settings; changed are the size, the
// seed, and that immune cells are there from the start.
// usage: t2 CHECKOUT HALF_EDGE RADIUS IMMUNE SEED MINUTES COUNTS
// Leaves attached, dead and tumour cells after each half of the time as doubles in COUNTS, then oxygen's least and mean and the
// factor's mean; prints one line of JSON with seconds.
#include <cstdlib>

#include "sample_projects/cancer_immune/custom_modules/cancer_immune_3D.cpp"
#include "settings.h"

namespace {

void count(std::ofstream& out) {
  double attached = 0, dead = 0, tumour = 0;
  for (const Cell* cell : *all_cells) {
    if (cell->type == 1) {
      attached += cell->state.attached_cells.empty() ? 0 : 1;
    } else {
      tumour += 1;
      dead += cell->phenotype.death.dead ? 1 : 0;
    }
  }
  for (const double value : {attached, dead, tumour}) out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 8) return 2;
  const double half = std::atof(argv[2]);
  const std::string xml = std::string(argv[1]) + "/sample_projects/cancer_immune/config/PhysiCell_settings.xml";
  if (std::freopen("/dev/null", "w", stdout) == nullptr || !load_PhysiCell_config_file(xml)) return 1;
  omp_set_num_threads(1);
  for (std::vector<double>* range : {&default_microenvironment_options.X_range, &default_microenvironment_options.Y_range,
                                     &default_microenvironment_options.Z_range})
    *range = {-half, half};
  parameters.doubles("tumor_radius") = std::atof(argv[3]);
  parameters.ints("number_of_immune_cells") = std::atoi(argv[4]);
  parameters.ints("random_seed") = std::atoi(argv[5]);
  parameters.doubles("initial_min_immune_distance_from_tumor") = 10;
  parameters.doubles("thickness_of_immune_seeding_region") = 30;
  setup_microenvironment();
  create_cell_container_for_microenvironment(microenvironment, 30);
  create_cell_types();
  setup_tissue();
  introduce_immune_cells();
  const long steps = std::atol(argv[6]) * 100;
  std::ofstream counts(argv[7], std::ios::binary);
  const double begin = now();
  for (long n = 0; n < steps; ++n) {
    if (n == steps / 2) count(counts);
    microenvironment.simulate_diffusion_decay(diffusion_dt);
    static_cast<Cell_Container*>(microenvironment.agent_container)->update_all_cells(PhysiCell_globals.current_time);
    PhysiCell_globals.current_time += diffusion_dt;
  }
  const double spent = now() - begin;
  count(counts);
  double least = 1e9, oxygen = 0, factor = 0;
  for (unsigned v = 0; v < microenvironment.number_of_voxels(); ++v) {
    least = std::min(least, microenvironment(v)[0]);
    oxygen += microenvironment(v)[0] / microenvironment.number_of_voxels();
    factor += microenvironment(v)[1] / microenvironment.number_of_voxels();
  }
  for (const double value : {least, oxygen, factor}) counts.write(reinterpret_cast<const char*>(&value), sizeof value);
  std::fprintf(stderr, "{\"all\": %.6f, \"minutes\": %ld}\n", spent, steps / 100);
}
