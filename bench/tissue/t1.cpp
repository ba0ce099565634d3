#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenes/tissue_t1.h"
#include "tissue/fast/crowd.h"
#include "tissue/fast/diffuse.h"
#include "tissue/tissue.h"

namespace carina::bench {
namespace {

namespace t1 = scenes::t1;
using tissue::fast::Precision;

constexpr double dt = 0.1, dt_field = 0.01;

struct Case {
  const char* name;
  t1::Size size;
  int minutes;
};

struct Seconds {
  double mechanics = 0, field = 0;
};

// One run from the start; `field`: with oxygen in steps of 0.01 min.
Seconds run(const Case& work, Precision precision, bool field, tissue::Cells& cells) {
  cells = t1::cells(work.size);
  const tissue::Box box = t1::box(work.size);
  tissue::fast::Crowd crowd(t1::pairs(), box, {precision, 0.75});
  tissue::Field oxygen = tissue::field_of(tissue::grid_of(box, 20), t1::oxygen());
  const tissue::fast::Lod lod(oxygen.grid, oxygen.what, dt_field);
  tissue::Exchange exchange;
  Seconds spent;
  for (int n = 0; n < work.minutes * 10; ++n) {
    double t = thread_seconds();
    if (field) tissue::fast::exchange_of(cells, {{0, 0, t1::uptake, 0}}, dt_field, oxygen.grid, exchange);
    for (int k = 0; k < (field ? 10 : 0); ++k) lod.step(oxygen, &exchange, {1});
    spent.field += thread_seconds() - t;
    t = thread_seconds();
    crowd.push_and_move(cells, {tissue::adams_bashforth(dt), false, n % 60 == 0, {1}});
    spent.mechanics += thread_seconds() - t;
  }
  return spent;
}

double apart(const tissue::Cells& cells, const std::vector<double>& places) {
  if (places.size() != 3 * cells.size()) return infinite;
  double most = 0;
  for (std::size_t i = 0; i < cells.size(); ++i)
    most = std::max(most,
                    std::hypot(cells.x[i] - places[3 * i], cells.y[i] - places[3 * i + 1], cells.z[i] - places[3 * i + 2]));
  return most;
}

Row row_of(const Case& work, const char* what, const std::string& contender, bool ours) {
  return begin_row(fmt::format("tissue_t1 {} {}", what, work.name), contender, "ns/cell-step", ours);
}

std::vector<Row> rows_of(const Case& work, const Settings& settings) {
  std::vector<Row> rows;
  tissue::Cells cells;
  Told exact, peer;
  const bool against = work.size.half < t1::huge.half;  // a million cells take PhysiCell hours
  if (against) {
    const auto call = [&](const char* after) {
      return physicell(settings, "t1", fmt::format("{} {} {}", work.size.half, work.size.radius, work.minutes * 100), after);
    };
    exact = call("exact");
    peer = call("");
  }
  std::vector<double> whole, mechanics;
  for (const Precision precision : {Precision::Single, Precision::Double}) {
    const bool single = precision == Precision::Single;
    Seconds best{infinite, infinite};
    for (int n = 0; n < std::max(1, settings.repeats); ++n) {
      const Seconds spent = run(work, precision, false, cells);
      best.mechanics = std::min(best.mechanics, spent.mechanics);
    }
    for (int n = 0; n < (against ? std::max(1, settings.repeats) : 0); ++n) {
      const Seconds both = run(work, precision, true, cells);
      best.field = std::min(best.field, both.field + both.mechanics);
    }
    const double steps = work.minutes * 10.0 * static_cast<double>(cells.size());
    const double error = exact.there ? apart(cells, exact.answers) : std::numeric_limits<double>::quiet_NaN();
    for (const bool all : {false, true}) {
      if (all && !against) continue;
      Row row = row_of(work, all ? "all" : "mechanics",
                       single ? "carina, single precision pairs" : "carina, double precision", true);
      row.value = (all ? best.field : best.mechanics) / steps * 1e9;
      row.checked = exact.there && error < (single ? 1e-4 : 1e-6);
      if (exact.there)
        row.remark = fmt::format("{} cells, {:.2g} um from PhysiCell with an exact filter", cells.size(), error);
      if (single) (all ? whole : mechanics).push_back(row.value);
      rows.push_back(row);
    }
  }
  if (!against) return rows;
  for (const bool all : {false, true}) {
    Row row = row_of(work, all ? "all" : "mechanics", "PhysiCell", false);
    if (peer.there) {
      row.absent.clear();
      row.version = peer.version;
      const double steps = peer.seconds("mechanics_steps") * peer.seconds("cells");
      row.value = peer.seconds(all ? "all" : "mechanics") / steps * 1e9;
      row.speedup = row.value / (all ? whole : mechanics).front();
      const double error = apart(cells, peer.answers);
      row.checked = error < 5;
      row.remark = fmt::format("as shipped, {:.2g} um from ours: its filter misses neighbours", error);
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::vector<Row> tissue_t1(const Settings& settings) {
  std::vector<Row> rows;
  for (const Case& work :
       {Case{"10k", t1::small, 12}, {"50k", t1::middle, 6}, {"200k", t1::large, 2}, {"1M", t1::huge, 2}}) {
    for (Row& row : rows_of(work, settings)) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace carina::bench
