// How the benchmark programs on PhysiCell begin: their settings as XML, read by PhysiCell's own reader.
#pragma once

#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>

#include "core/PhysiCell.h"
#include "modules/PhysiCell_standard_modules.h"

// Processor time of the process, s.
inline double now() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// T1's settings, with so many equal substrates.
inline std::string settings(double half, int substrates) {
  const std::string l = std::to_string(half);
  std::string xml = "<PhysiCell_settings version=\"devel-version\"><domain>";
  for (const char* axis : {"x", "y", "z"})
    xml += std::string("<") + axis + "_min>-" + l + "</" + axis + "_min><" + axis + "_max>" + l + "</" + axis + "_max>";
  xml +=
      "<dx>20</dx><dy>20</dy><dz>20</dz><use_2D>false</use_2D></domain>"
      "<overall><max_time units=\"min\">30</max_time><time_units>min</time_units><space_units>micron</space_units>"
      "<dt_diffusion units=\"min\">0.01</dt_diffusion><dt_mechanics units=\"min\">0.1</dt_mechanics>"
      "<dt_phenotype units=\"min\">6</dt_phenotype></overall><parallel><omp_num_threads>1</omp_num_threads></parallel>"
      "<save><folder>.</folder><full_data><interval>60</interval><enable>false</enable></full_data>"
      "<SVG><interval>60</interval><enable>false</enable></SVG><legacy_data><enable>false</enable></legacy_data></save>"
      "<options><virtual_wall_at_domain_edge>true</virtual_wall_at_domain_edge>"
      "<disable_automated_spring_adhesions>true</disable_automated_spring_adhesions><random_seed>0</random_seed></options>"
      "<microenvironment_setup>";
  for (int n = 0; n < substrates; ++n) {
    const std::string id = std::to_string(n);
    xml += "<variable name=\"oxygen" + (n > 0 ? id : std::string()) + "\" units=\"mmHg\" ID=\"" + id +
           "\"><physical_parameter_set><diffusion_coefficient>100000</diffusion_coefficient><decay_rate>0.1</decay_rate>"
           "</physical_parameter_set><initial_condition>38</initial_condition>"
           "<Dirichlet_boundary_condition enabled=\"True\">38</Dirichlet_boundary_condition><Dirichlet_options>";
    for (const char* face : {"xmin", "xmax", "ymin", "ymax", "zmin", "zmax"})
      xml += std::string("<boundary_value ID=\"") + face + "\" enabled=\"True\">38</boundary_value>";
    xml += "</Dirichlet_options></variable>";
  }
  xml +=
      "<options><calculate_gradients>false</calculate_gradients>"
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

// One thread, the microenvironment made. PhysiCell prints a great deal: standard output is put aside.
inline bool start(const std::string& file, double half, int substrates) {
  std::ofstream(file) << settings(half, substrates);
  if (std::freopen("/dev/null", "w", stdout) == nullptr || !PhysiCell::load_PhysiCell_config_file(file)) return false;
  omp_set_num_threads(1);
  BioFVM::initialize_microenvironment();
  return true;
}
