#include "ensemble_b/reference.h"

#include "ensemble_b/contenders.h"

#include <fmt/format.h>

#include <cmath>

namespace carina::bench {
namespace {

constexpr std::size_t patients = 51;
constexpr int days[] = {1, 6, 7, 14, 28, 90, 180, 365};

const char* const heading =
    "# Work load B (bench/scenes/workload_b.def), two infusions of tocilizumab: reference solution.\n"
    "# Patient 0 has the typical parameters, 1 to 50 those of bench/scenes/patients.h. Time in days; units as the table.\n"
    "# Made by `script/bench --reference FILE`: CVODE {}, BDF, analytic Jacobian, rtol 1e-13, atol 1e-12 of the table's.\n"
    "# The same at rtol 1e-12 differs by at most {:.1g} (|reference| + atol).\n";

}  // namespace

std::string reference_b() {
  const std::size_t stride = 366 * workload_b::states;
  std::vector<double> fine(patients * stride), coarse(patients * stride);
  const auto best = cvode_b_from(0, 1e-13, 1e-12);
  const auto second = cvode_b_from(0, 1e-12, 1e-12);
  if (best->run(patients, fine).failures + second->run(patients, coarse).failures > 0) return {};
  double difference = 0.0;
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const double atol = workload_b::absolute_tolerances[i % workload_b::states];
    difference = std::max(difference, std::abs(fine[i] - coarse[i]) / (std::abs(fine[i]) + atol));
  }
  const std::string version = best->version();
  std::string text = fmt::format(fmt::runtime(heading), version.substr(0, version.find(',')), difference);
  text += "id,day";
  for (const auto& name : workload_b::state_names) text += fmt::format(",{}", name);
  for (std::size_t id = 0; id < patients; ++id)
    for (const int day : days) {
      text += fmt::format("\n{},{}", id, day);
      const double* row = fine.data() + id * stride + static_cast<std::size_t>(day) * workload_b::states;
      for (int i = 0; i < workload_b::states; ++i) text += fmt::format(",{:.14g}", row[i]);
    }
  return text + "\n";
}

}  // namespace carina::bench
