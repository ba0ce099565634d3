#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenes/tissue_t1.h"
#include "tissue/fast/diffuse.h"
#include "tissue/tissue.h"

namespace carina::bench {
namespace {

struct Case {
  int voxels;      // along an edge
  int substrates;  // equal ones
  int steps;
};

std::vector<Row> rows_of(const Case& work, const Settings& settings) {
  const double half = 10.0 * work.voxels;
  const tissue::Box box{{-half, -half, -half}, {half, half, half}, {false, false, false}};
  const tissue::Grid grid = tissue::grid_of(box, 20);
  const tissue::fast::Lod lod(grid, scenes::t1::oxygen(), 0.01);
  std::vector<tissue::Field> fields;
  double best = infinite;
  for (int repeat = 0; repeat < std::max(1, settings.repeats); ++repeat) {
    fields.assign(static_cast<std::size_t>(work.substrates), tissue::field_of(grid, scenes::t1::oxygen()));
    for (tissue::Field& field : fields) {
      field.value[grid.at(work.voxels / 2, work.voxels / 2, work.voxels / 2)] = 0;
      lod.step(field, nullptr, {1});
    }
    const double t = thread_seconds();
    for (int n = 1; n < work.steps; ++n) {
      for (tissue::Field& field : fields) lod.step(field, nullptr, {1});
    }
    best = std::min(best, thread_seconds() - t);
  }
  const double updates = static_cast<double>(grid.size()) * work.substrates * (work.steps - 1);
  const std::string name =
      fmt::format("tissue_field {}^3, {} substrate{}", work.voxels, work.substrates, work.substrates > 1 ? "s" : "");
  const std::string unit = "ns/voxel-substrate-step";
  Row ours = begin_row(name, "carina, double precision", unit, true),
      peer = begin_row(name, "PhysiCell (BioFVM)", unit, false);
  ours.value = best / updates * 1e9;
  const Told told = physicell(settings, "field", fmt::format("{} {} {}", work.voxels, work.substrates, work.steps));
  if (told.there) {
    double most = told.answers.size() == grid.size() ? 0 : infinite;
    for (std::size_t i = 0; i < grid.size() && most < infinite; ++i)
      most = std::max(most, std::fabs(told.answers[i] / fields[0].value[i] - 1));
    ours.checked = peer.checked = most < 1e-9;
    ours.remark = fmt::format("{:.1g} from BioFVM, relative", most);
    peer.absent.clear();
    peer.version = told.version;
    peer.value = told.seconds("field") / updates * 1e9;
    peer.speedup = peer.value / ours.value;
  }
  return {ours, peer};
}

}  // namespace

std::vector<Row> tissue_field(const Settings& settings) {
  std::vector<Row> rows;
  for (const Case& work : {Case{30, 1, 400}, {42, 1, 200}, {50, 1, 100}, {60, 1, 60}, {100, 1, 20}, {100, 4, 10}}) {
    for (Row& row : rows_of(work, settings)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace carina::bench
