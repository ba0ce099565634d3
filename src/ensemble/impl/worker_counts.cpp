// The part of the worker that keeps few cells. Whatever stops a lane (the grid, a dose, an event, a switch) closes the
// interval that was open, so that the counts have moved on to that time before anything happens at it, and opens the next.

#include <algorithm>
#include <cmath>
#include <limits>

#include "ensemble/impl/worker.h"

namespace carina::ensemble {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

// False when one cell of a count is no amount.
bool Worker::start_counts(std::size_t lane, const double* derived) {
  Counts& c = lanes_[lane].counts;
  const auto& counts = job_.kernels.counts;
  c.one.resize(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) c.one[i] = derived[counts[i].cell * derive_lanes];
  c.cells.assign(counts.size(), 0.0);
  c.few.assign(counts.size(), 0);
  c.roundings.assign(counts.size(), 0);
  c.rates.resize(job_.kernels.count_rates.outputs.size());
  c.interval = {number_of(lane), 0, 0};
  c.opened = job_.start;
  c.stop = infinity;
  c.waits = 0;
  c.alive = c.waiting = false;
  return std::all_of(c.one.begin(), c.one.end(), [](double one) { return one > 0 && std::isfinite(one); });
}

double Worker::slack() const { return rate_slack(job_.tolerance.rtol, job_.small_numbers.grid); }

void Worker::set_cells(std::size_t lane, std::size_t count, double cells) {
  Counts& c = lanes_[lane].counts;
  c.cells[count] = cells;
  block_.y[job_.kernels.counts[count].state * block_.lanes + lane] = cells * c.one[count];
}

// Moves few cells on to the present time. True when some may have changed.
bool Worker::close_interval(std::size_t lane) {
  Counts& c = lanes_[lane].counts;
  const double time = block_.t[lane] - c.opened;
  if (!c.alive || !(time > 0)) return false;
  const auto& counts = job_.kernels.counts;
  run_lane(job_.kernels.count_rates, lane, values_.data());
  for (std::size_t r = 0; r < c.rates.size(); ++r) c.rates[r] = 0.5 * (c.rates[r] + values_[r]);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!c.few[i]) c.cells[i] = 0;
  }
  if (const Status status = judge(c.rates, slack()); status != Status::Ok) {
    finish(lane, status);
    return false;
  }
  draws_.advance(c.interval, {c.rates, time, c.few}, c.cells);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (c.few[i])
      set_cells(lane, i, c.cells[i]);
    else
      block_.y[counts[i].state * block_.lanes + lane] += c.cells[i] * c.one[i];
  }
  tell(lane, TraceRow::Kind::Births, 0);
  return true;
}

// Opens the next interval: up to the next point of the grid where few cells live, else until a first arrival.
void Worker::open_interval(std::size_t lane) {
  Counts& c = lanes_[lane].counts;
  const Kernels& kernels = job_.kernels;
  if (kernels.counts.empty()) return;
  c.stop = infinity;
  c.alive = false;
  bool any = false;
  for (std::size_t i = 0; i < c.cells.size(); ++i) {
    any = any || c.few[i];
    c.alive = c.alive || (c.few[i] && c.cells[i] > 0);
  }
  const bool waits = any && !c.alive && kernels.arrivals_state != absent;
  if (waits && !c.waiting) {
    block_.y[kernels.arrivals_state * block_.lanes + lane] = -draws_.wait(number_of(lane), ++c.waits);
  }
  if (kernels.waiting_mode != absent) slot(kernels.modes_at + kernels.waiting_mode, lane) = waits ? 1 : 0;
  if (!waits && kernels.arrivals_state != absent) block_.y[kernels.arrivals_state * block_.lanes + lane] = 0;
  c.waiting = waits;
  if (!any) return;
  run_lane(kernels.count_rates, lane, c.rates.data());
  if (const Status status = judge(c.rates, slack()); status != Status::Ok) return finish(lane, status);
  if (!c.alive) return;
  c.opened = block_.t[lane];
  const GridStep step = grid_step(c.opened, job_.start, job_.small_numbers.grid, job_.times);
  c.interval.part = step.number == c.interval.step ? c.interval.part + 1 : 0;
  c.interval.step = step.number;
  c.stop = step.end;
}

void Worker::come_to_few(std::size_t lane, std::size_t count, double cells) {
  Counts& c = lanes_[lane].counts;
  set_cells(lane, count, draws_.whole(number_of(lane), count, ++c.roundings[count], std::max(0.0, cells)));
}

// Whether each count has few cells or many, after anything that may have changed them.
void Worker::settle_counts(std::size_t lane) {
  Counts& c = lanes_[lane].counts;
  const auto& counts = job_.kernels.counts;
  if (c.waiting && block_.y[job_.kernels.arrivals_state * block_.lanes + lane] > 0) first_arrival(lane);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const CountRow& row = counts[i];
    const double cells = block_.y[row.state * block_.lanes + lane] / c.one[i];
    double& mode = slot(job_.kernels.modes_at + row.mode, lane);
    if (!c.few[i]) {
      if (!few_cells(cells, row.threshold)) continue;
      come_to_few(lane, i, cells);
      c.few[i] = 1;
      tell(lane, TraceRow::Kind::Few, 0, row.state);
    } else if (std::fabs(cells - c.cells[i]) > 1e-6) {
      come_to_few(lane, i, cells);  // a dose or an event changed it
    }
    if (c.few[i] && c.cells[i] >= hysteresis * row.threshold) {
      c.few[i] = 0;
      tell(lane, TraceRow::Kind::Many, 0, row.state);
    }
    mode = c.few[i] ? 1 : 0;
  }
}

void Worker::first_arrival(std::size_t lane) {
  Counts& c = lanes_[lane].counts;
  run_lane(job_.kernels.count_rates, lane, values_.data());
  const std::span<double> rates(values_.data(), c.rates.size());
  judge(rates, slack());  // what is wrong with them the interval that opens next will tell
  const std::size_t i = draws_.arrived(number_of(lane), c.waits, rates, c.few);
  set_cells(lane, i, c.cells[i] + 1);
  c.waiting = false;
  tell(lane, TraceRow::Kind::Arrival, 0, job_.kernels.counts[i].state);
}

}  // namespace carina::ensemble
