// T1 (bench/scenes/tissue_t1.h) on PhysiCell, through its own XML reader and its own step; built by bench/peers/physicell.sh.
// usage: t1 HALF_EDGE RADIUS STEPS PLACES [exact]
// Steps are of 0.01 min. Leaves x, y, z of every cell as doubles in PLACES, oxygen of every voxel in PLACES.oxygen, and prints one
// line of JSON with seconds. `exact` sets
// the reach that the filter of neighbours goes by anew before each step, as otherwise it is out of date between phenotype steps.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "core/PhysiCell.h"
#include "modules/PhysiCell_standard_modules.h"

using namespace BioFVM;
using namespace PhysiCell;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string settings(double half) {
  const std::string l = std::to_string(half);
  std::string xml = "<PhysiCell_settings version=\"devel-version\"><domain>";
  for (const char* axis : {"x", "y", "z"})
    xml += std::string("<") + axis + "_min>-" + l + "</" + axis + "_min><" + axis + "_max>" + l + "</" + axis + "_max>";
  xml += "<dx>20</dx><dy>20</dy><dz>20</dz><use_2D>false</use_2D></domain>"
         "<overall><max_time units=\"min\">30</max_time><time_units>min</time_units><space_units>micron</space_units>"
         "<dt_diffusion units=\"min\">0.01</dt_diffusion><dt_mechanics units=\"min\">0.1</dt_mechanics>"
         "<dt_phenotype units=\"min\">6</dt_phenotype></overall><parallel><omp_num_threads>1</omp_num_threads></parallel>"
         "<save><folder>.</folder><full_data><interval>60</interval><enable>false</enable></full_data>"
         "<SVG><interval>60</interval><enable>false</enable></SVG><legacy_data><enable>false</enable></legacy_data></save>"
         "<options><virtual_wall_at_domain_edge>true</virtual_wall_at_domain_edge>"
         "<disable_automated_spring_adhesions>true</disable_automated_spring_adhesions><random_seed>0</random_seed></options>"
         "<microenvironment_setup><variable name=\"oxygen\" units=\"mmHg\" ID=\"0\"><physical_parameter_set>"
         "<diffusion_coefficient>100000</diffusion_coefficient><decay_rate>0.1</decay_rate></physical_parameter_set>"
         "<initial_condition>38</initial_condition><Dirichlet_boundary_condition enabled=\"True\">38</Dirichlet_boundary_condition>"
         "<Dirichlet_options>";
  for (const char* face : {"xmin", "xmax", "ymin", "ymax", "zmin", "zmax"})
    xml += std::string("<boundary_value ID=\"") + face + "\" enabled=\"True\">38</boundary_value>";
  xml += "</Dirichlet_options></variable><options><calculate_gradients>false</calculate_gradients>"
         "<track_internalized_substrates_in_each_agent>false</track_internalized_substrates_in_each_agent></options>"
         "</microenvironment_setup><cell_definitions><cell_definition name=\"default\" ID=\"0\"><phenotype>"
         "<cycle code=\"5\" name=\"live\"><phase_transition_rates><rate start_index=\"0\" end_index=\"0\" "
         "fixed_duration=\"false\">0</rate></phase_transition_rates></cycle><death>"
         "<model code=\"100\" name=\"apoptosis\"><death_rate>0</death_rate></model>"
         "<model code=\"101\" name=\"necrosis\"><death_rate>0</death_rate></model></death>"
         "<motility><speed>0</speed><persistence_time>1</persistence_time><migration_bias>0</migration_bias>"
         "<options><enabled>false</enabled><use_2D>false</use_2D></options></motility>"
         "<secretion><substrate name=\"oxygen\"><secretion_rate>0</secretion_rate><secretion_target>38</secretion_target>"
         "<uptake_rate>10</uptake_rate><net_export_rate>0</net_export_rate></substrate></secretion>"
         "</phenotype></cell_definition></cell_definitions><user_parameters></user_parameters></PhysiCell_settings>";
  return xml;
}

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
  const std::string xml = std::string(argv[4]) + ".xml";
  std::ofstream(xml) << settings(half);
  std::FILE* aside = std::freopen("/dev/null", "w", stdout);  // PhysiCell prints a great deal
  if (aside == nullptr || !load_PhysiCell_config_file(xml)) return 1;
  omp_set_num_threads(1);
  initialize_microenvironment();
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
      for (double& reach : container->max_cell_interactive_distance_in_voxel) reach = 1.25 * (*all_cells)[0]->phenotype.geometry.radius;
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
  std::fprintf(stderr, "{\"cells\": %zu, \"voxels\": %u, \"mechanics_steps\": %ld, \"field\": %.6f, \"mechanics\": %.6f, \"all\": %.6f}\n",
               all_cells->size(), microenvironment.number_of_voxels(), mechanics_steps, field, mechanics, field + with_mechanics + without);
}
