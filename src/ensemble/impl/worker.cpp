#include "ensemble/impl/worker.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace carina::ensemble {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t most_switches_in_a_row = 1000;
constexpr std::uint32_t most_rounds_at_one_time = 32;

template <class F>
void for_each_lane(LaneMask mask, F f) {
  for (; mask != 0; mask &= mask - 1) f(static_cast<std::size_t>(std::countr_zero(mask)));
}

constexpr LaneMask bit(std::size_t lane) { return LaneMask{1} << lane; }

// The first place on a 64-byte boundary; the vector is 7 doubles longer than what is kept in it.
double* aligned(std::vector<double>& values) {
  const std::size_t beyond = reinterpret_cast<std::uintptr_t>(values.data()) % 64 / sizeof(double);
  return values.data() + (beyond == 0 ? 0 : 8 - beyond);
}

}  // namespace

Worker::Worker(const Job& job, const StepKernels& run, const Kernel& derive, std::size_t lanes)
    : job_(job),
      run_(run),
      derive_(derive),
      draws_(job.small_numbers.seed, job.kernels.counts, job.kernels.flows),
      block_(job.kernels, lanes),
      lanes_(lanes) {
  CARINA_CHECK(lanes <= 64);
  for (Lane& lane : lanes_) {
    lane.condition.resize(job.kernels.events.size());
    lane.running.resize(job.kernels.input_states.size());
  }
  const Kernels& kernels = job.kernels;
  values_.resize(std::max<std::size_t>(
      {1, kernels.states, kernels.guards.outputs.size(), kernels.watch.outputs.size(), kernels.count_rates.outputs.size()}));
}

void Worker::prepare(std::span<const double> parameters, std::size_t count, Results& results) {
  results_ = &results;
  results.values.assign(count * job_.times.size() * job_.kernels.columns, std::numeric_limits<double>::quiet_NaN());
  results.status.assign(count, Status::Ok);
  results.steps.assign(count, 0);
  results.rejected.assign(count, 0);
  results.hits.assign(count * job_.kernels.watch.outputs.size(), infinity);
  next_ = 0;
  count_ = count;
  derive_all(parameters, count);
  for (std::size_t lane = 0; lane < block_.lanes; ++lane) fill(lane);
}

void Worker::integrate(std::span<const double> parameters, std::size_t count, Results& results,
                       const std::atomic<bool>* cancel) {
  group_ = false;
  prepare(parameters, count, results);
  while (active_ != 0) {
    if (cancel != nullptr && cancel->load(std::memory_order_relaxed)) return;
    step();
  }
}

void Worker::integrate_group(std::span<const double> parameters, std::size_t count, Results& results) {
  CARINA_CHECK(count <= block_.lanes);
  group_ = true;
  prepare(parameters, count, results);
  while ((active_ & 1) != 0) step();
}

// Each lane goes the same fraction of the way to its own next stop as the first lane: where stops do not depend on the
// parameters these are the same steps, and where they do the step is a smooth function of them.
void Worker::share_first_step() {
  const double left = block_.stop[0] - block_.t[0];
  const double h = block_.h[0];
  const double fraction = h >= 0.999999 * left ? 1 : std::min(h / left, 0.5);
  for_each_lane(active_, [&](std::size_t lane) { block_.h[lane] = fraction * (block_.stop[lane] - block_.t[lane]); });
}

LaneMask Worker::share_first_verdict(LaneMask accepted) {
  for (std::size_t lane = 1; lane < block_.lanes; ++lane) {
    block_.h_next[lane] = block_.h_next[0];
    block_.growth[lane] = block_.growth[0];
  }
  return (accepted & 1) != 0 ? active_ : 0;
}

void Worker::derive_all(std::span<const double> parameters, std::size_t count) {
  const std::size_t rows = job_.kernels.derived_rows;
  const std::size_t columns = count == 0 ? 0 : parameters.size() / count;
  const std::size_t batches = (count + derive_lanes - 1) / derive_lanes;
  // one row more than needed at either end keeps every row of a batch on a 64-byte boundary
  derived_.resize(batches * rows * derive_lanes + 8);
  derive_in_.resize(std::max<std::size_t>(1, columns) * derive_lanes + 8);
  double* in = aligned(derive_in_);
  for (std::size_t batch = 0; batch < batches; ++batch) {
    for (std::size_t lane = 0; lane < derive_lanes; ++lane) {
      const std::size_t individual = std::min(batch * derive_lanes + lane, count - 1);
      for (std::size_t p = 0; p < columns; ++p) in[p * derive_lanes + lane] = parameters[individual * columns + p];
    }
    derive_.run({in, nullptr, nullptr, nullptr, aligned(derived_) + batch * rows * derive_lanes});
  }
}

// Puts the next individual that can start into the lane, or leaves the lane idle.
void Worker::fill(std::size_t lane) {
  while (next_ < count_) {
    lanes_[lane].individual = next_++;
    active_ |= bit(lane);
    if (start(lane)) return;
    if ((active_ & bit(lane)) != 0) finish(lane, Status::BadStart);
  }
  active_ &= ~bit(lane);
  block_.stop[lane] = infinity;
  block_.next_out[lane] = infinity;
  block_.h[lane] = 1e-3;
}

bool Worker::start(std::size_t lane) {
  first_stage_known_ = false;
  const Kernels& kernels = job_.kernels;
  const std::size_t lanes = block_.lanes;
  Lane& l = lanes_[lane];
  const double* base = aligned(derived_);
  const double* derived =
      base + l.individual / derive_lanes * kernels.derived_rows * derive_lanes + l.individual % derive_lanes;
  l.output = 0;
  l.switches = l.steps = l.rejected = 0;
  l.restarted = -1;
  std::fill_n(l.first_step, reasons, 0.0);
  for (std::uint32_t row = 0; row < kernels.hoisted; ++row) slot(row, lane) = derived[row * derive_lanes];
  bool finite = true;
  for (std::uint32_t s = 0; s < kernels.states; ++s) {
    const double value = derived[(kernels.starts_at + s) * derive_lanes];
    block_.y[s * lanes + lane] = value;
    finite = finite && std::isfinite(value);
  }
  for (std::uint32_t i = 0; i < kernels.input_states.size(); ++i) slot(kernels.inputs_at + i, lane) = 0;
  std::fill(l.running.begin(), l.running.end(), 0u);
  block_.t[lane] = job_.start;
  block_.growth[lane] = 6;
  for (std::uint32_t m = 0; m < kernels.modes.size(); ++m) {
    const Mode& mode = kernels.modes[m];
    slot(kernels.modes_at + m, lane) = 0;
    if (mode.rule != Mode::Rule::Scheduled) continue;
    const double slope = derived[mode.slope * derive_lanes];
    const double g = derived[mode.at * derive_lanes] + slope * job_.start;
    // at the very moment of the switch the truth is the one that holds afterwards
    const bool now = g < 0 || (g == 0 && (slope == 0 ? mode.or_equal : slope < 0));
    slot(kernels.modes_at + m, lane) = now ? 1 : 0;
  }
  finite = start_counts(lane, derived) && finite;
  if (!finite || !l.timeline.build(kernels, derived, derive_lanes, job_.start, job_.end)) return false;
  settle(lane, false);
  apply_happenings(lane);
  if ((active_ & bit(lane)) == 0) return false;
  record_now(lane);
  set_next_output(lane);
  if (l.output == job_.times.size()) {
    finish(lane, Status::Ok);
    return false;
  }
  open_interval(lane);
  if ((active_ & bit(lane)) == 0) return false;
  set_stop(lane);
  block_.h[lane] = initial_step(lane);
  return true;
}

// A first guess; the error control mends a bad one in a step or two.
double Worker::initial_step(std::size_t lane) {
  const std::size_t n = job_.kernels.states;
  run_lane(job_.kernels.rates, lane, values_.data());
  double size = 0, speed = 0;
  for (std::size_t s = 0; s < n; ++s) {
    const double y = block_.y[s * block_.lanes + lane];
    const double weight = job_.tolerance.atol[s] + job_.tolerance.rtol * std::fabs(y);
    size += (y / weight) * (y / weight);
    speed += (values_[s] / weight) * (values_[s] / weight);
  }
  const double span = job_.end - job_.start;
  const double guess = 0.01 * std::sqrt(size / speed);
  return guess > 1e-9 * span ? std::min(guess, 0.1 * span) : 1e-6 * span;
}

LaneMask Worker::attempt() {
  if (group_) share_first_step();
  const LaneMask accepted = attempt_alone();
  return group_ ? share_first_verdict(accepted) : accepted & active_;
}

LaneMask Worker::attempt_alone() {
  if (job_.method == Method::Rodas5p) return attempt_rodas5p(block_, job_.kernels, run_, job_.tolerance);
  return attempt_tsit5(block_, run_, job_.tolerance, first_stage_known_);
}

void Worker::make_dense() { job_.method == Method::Rodas5p ? make_rodas5p_dense(block_) : make_tsit5_dense(block_); }

// Tsit5: the rates at the end of an accepted step are the first stage of the next.
void Worker::keep_last_stage(LaneMask accepted) {
  first_stage_known_ = job_.method == Method::Tsit5;
  if (!first_stage_known_) return;
  for_each_lane(accepted, [&](std::size_t lane) {
    for (std::size_t s = 0; s < job_.kernels.states; ++s) {
      block_.stage(0)[s * block_.lanes + lane] = block_.stage(6)[s * block_.lanes + lane];
    }
  });
}

void Worker::step() {
  const LaneMask accepted = attempt();
  for_each_lane(active_ & ~accepted, [&](std::size_t lane) {
    Lane& l = lanes_[lane];
    ++l.rejected;
    tell(lane, TraceRow::Kind::Rejected, block_.h[lane]);
    const double h = block_.h_next[lane];
    if (l.steps + l.rejected >= job_.max_steps) {
      finish(lane, Status::TooManySteps);
    } else if (!(h > 1e-14 * std::max(std::fabs(block_.t[lane]), 1e-6 * (job_.end - job_.start)))) {
      run_lane(job_.kernels.rates, lane, values_.data());
      const bool finite =
          std::all_of(values_.begin(), values_.begin() + job_.kernels.states, [](double v) { return std::isfinite(v); });
      finish(lane, finite ? Status::StepTooSmall : Status::NotFinite);
    }
  });
  const LaneMask switched = run_.guards == nullptr
                                ? 0
                                : (group_ ? locate_group_switches(accepted & active_) : locate_switches(accepted & active_));
  const LaneMask living = accepted & active_;
  LaneMask at_stop = 0;
  for_each_lane(living & ~switched,
                [&](std::size_t lane) { at_stop |= block_.t_new[lane] >= block_.stop[lane] ? bit(lane) : 0; });
  record_outputs(living, living & ~at_stop);
  // the dense output is read from y_new as the step left it, so a located end is put there only now
  for_each_lane(switched, [&](std::size_t lane) {
    dense_in_lane(lane, lanes_[lane].located, values_.data());
    for (std::size_t s = 0; s < job_.kernels.states; ++s) block_.y_new[s * block_.lanes + lane] = values_[s];
  });
  for_each_lane(living, [&](std::size_t lane) {
    Lane& l = lanes_[lane];
    ++l.steps;
    if (l.restarted >= 0) l.first_step[l.restarted] = block_.h_next[lane];
    l.restarted = -1;
  });
  const double begun = block_.t[0];
  commit(block_, living);
  if ((living & 1) != 0) tell(0, TraceRow::Kind::Step, block_.t[0] - begun);
  keep_last_stage(living);
  for_each_lane(living, [&](std::size_t lane) {
    if (((at_stop | switched) & bit(lane)) != 0)
      after_step(lane, (at_stop & bit(lane)) != 0, (switched & bit(lane)) != 0);
    else
      lanes_[lane].switches = 0;
  });
  // a lane that ran out of steps or ended is refilled here, after every mask of this step has been used
  for_each_lane(~active_ & (block_.lanes == 64 ? ~LaneMask{0} : bit(block_.lanes) - 1), [&](std::size_t lane) {
    if (next_ < count_)
      fill(lane);
    else
      block_.h[lane] = 1e-3;
  });
}

void Worker::after_step(std::size_t lane, bool at_stop, bool switched) {
  Lane& l = lanes_[lane];
  int reason = switch_located;
  if (l.steps + l.rejected >= job_.max_steps) return finish(lane, Status::TooManySteps);
  const bool moved = close_interval(lane);
  if ((active_ & bit(lane)) == 0) return;
  if (moved && !switched && !settle(lane, true)) return finish(lane, Status::TooManySwitches);
  if (switched) {
    if (++l.switches > most_switches_in_a_row) return finish(lane, Status::TooManySwitches);
    if (!settle(lane, true)) return finish(lane, Status::TooManySwitches);
    tell(lane, TraceRow::Kind::Switch, 0);
  } else {
    l.switches = 0;
  }
  if (at_stop) {
    reason = apply_happenings(lane);
    if ((active_ & bit(lane)) == 0) return;
    record_now(lane);
    set_next_output(lane);
    if (block_.t[lane] >= job_.end) return finish(lane, Status::Ok);
  }
  open_interval(lane);
  if ((active_ & bit(lane)) == 0) return;
  set_stop(lane);
  if (moved) first_stage_known_ = false;
  if (reason >= 0) restart(lane, reason);
}

void Worker::set_stop(std::size_t lane) {
  const Lane& l = lanes_[lane];
  block_.stop[lane] = std::min({l.timeline.next(), l.counts.stop, job_.end});
}

// After a jump the old step size is only a guess. A dose that comes again and again meets much the same transient, so the
// step that was accepted last time is a better one.
void Worker::restart(std::size_t lane, int reason) {
  Lane& l = lanes_[lane];
  const double known = l.first_step[reason];
  if (known > 0) block_.h[lane] = std::min(block_.h[lane], known);
  block_.growth[lane] = 6;
  l.restarted = reason;
  first_stage_known_ = false;
}

// Returns the kind of the last happening, -1 when nothing happened.
int Worker::apply_happenings(std::size_t lane) {
  Lane& l = lanes_[lane];
  const Kernels& kernels = job_.kernels;
  int last = -1;
  while (l.timeline.next() <= block_.t[lane]) {
    const Happening& happening = l.timeline.take();
    last = static_cast<int>(happening.kind);
    switch (happening.kind) {
      case Happening::Kind::Bolus: block_.y[happening.index * block_.lanes + lane] += happening.value; break;
      case Happening::Kind::RateOn:
        ++l.running[happening.index];
        slot(kernels.inputs_at + happening.index, lane) += happening.value;
        break;
      case Happening::Kind::RateOff: {
        double& rate = slot(kernels.inputs_at + happening.index, lane);
        rate -= happening.value;
        // when the last infusion ends nothing of its rounding may go on flowing
        if (--l.running[happening.index] == 0) rate = 0;
        break;
      }
      case Happening::Kind::Switch: slot(kernels.modes_at + happening.index, lane) = happening.value; break;
      case Happening::Kind::Event: apply_event(lane, happening.index); break;
    }
    tell_happening(lane, happening);
  }
  if (last >= 0 && !settle(lane, true)) finish(lane, Status::TooManySwitches);
  return last;
}

void Worker::tell_happening(std::size_t lane, const Happening& happening) {
  switch (happening.kind) {
    case Happening::Kind::Bolus: return tell(lane, TraceRow::Kind::Bolus, 0, happening.index);
    case Happening::Kind::RateOn:
      return tell(lane, TraceRow::Kind::InfusionStart, 0, job_.kernels.input_states[happening.index]);
    case Happening::Kind::RateOff:
      return tell(lane, TraceRow::Kind::InfusionEnd, 0, job_.kernels.input_states[happening.index]);
    case Happening::Kind::Switch: return tell(lane, TraceRow::Kind::Switch, 0);
    case Happening::Kind::Event: return;  // told where it is applied
  }
}

void Worker::tell(std::size_t lane, TraceRow::Kind kind, double step, std::uint32_t index) {
  if (trace_ == nullptr || lane != 0) return;
  TraceRow row{kind, block_.t[lane], step, index, {}};
  for (std::size_t s = 0; s < job_.kernels.model_states; ++s) row.states.push_back(block_.y[s * block_.lanes + lane]);
  trace_->push_back(std::move(row));
}

void Worker::apply_event(std::size_t lane, std::uint32_t event) {
  const EventPrograms& programs = job_.kernels.events[event];
  std::vector<double> values(programs.states.size());
  run_lane(programs.assign, lane, values.data());
  for (std::size_t i = 0; i < values.size(); ++i) block_.y[programs.states[i] * block_.lanes + lane] = values[i];
  tell(lane, TraceRow::Kind::Event, 0, event);
}

// Brings modes and event conditions up to date with the state as it stands. `fire` lets events whose condition turned true
// act. False when they go on triggering each other.
bool Worker::settle(std::size_t lane, bool fire) {
  const Kernels& kernels = job_.kernels;
  if (kernels.modes.empty() && kernels.events.empty() && kernels.watch.outputs.empty()) return true;
  for (std::uint32_t round = 0; round < most_rounds_at_one_time; ++round) {
    settle_counts(lane);
    if (!kernels.guards.outputs.empty()) {
      run_lane(kernels.guards, lane, values_.data());
      for (std::uint32_t m = 0; m < kernels.modes.size(); ++m) {
        const Mode& mode = kernels.modes[m];
        if (mode.rule != Mode::Rule::Comparison) continue;
        const double g = values_[mode.guard];
        slot(kernels.modes_at + m, lane) = g < 0 || (g == 0 && mode.or_equal) ? 1 : 0;
      }
    }
    watch(lane);
    bool fired = false;
    for (std::uint32_t e = 0; e < kernels.events.size(); ++e) fired = set_condition(lane, e, fire) || fired;
    if (!fired) return true;
  }
  return false;
}

// Looked at before the events of the same moment act: a threshold is reached although an event then takes the state below it.
void Worker::watch(std::size_t lane) {
  const std::size_t count = job_.kernels.watch.outputs.size();
  if (count == 0) return;
  run_lane(job_.kernels.watch, lane, values_.data());
  double* hits = results_->hits.data() + lanes_[lane].individual * count;
  for (std::size_t w = 0; w < count; ++w) {
    if (hits[w] == infinity && values_[w] != 0) hits[w] = block_.t[lane];
  }
}

bool Worker::set_condition(std::size_t lane, std::uint32_t event, bool fire) {
  const EventPrograms& programs = job_.kernels.events[event];
  if (!programs.condition) return false;
  double now = 0;
  run_lane(*programs.condition, lane, &now);
  const bool before = lanes_[lane].condition[event];
  lanes_[lane].condition[event] = now != 0;
  if (!fire || before || now == 0) return false;
  apply_event(lane, event);
  return true;
}

bool Worker::crossed(std::size_t lane, const double* guards) const {
  for (std::uint32_t m = 0; m < job_.kernels.modes.size(); ++m) {
    const Mode& mode = job_.kernels.modes[m];
    if (mode.rule == Mode::Rule::Scheduled) continue;
    const double g = guards[mode.guard];
    const bool now = g < 0 || (g == 0 && mode.or_equal);
    const bool on = block_.slots[(job_.kernels.modes_at + m) * block_.lanes + lane] != 0;
    // a count comes to few cells, a wait ends; what else these modes do the worker decides at stops
    if (mode.rule == Mode::Rule::Few ? now && !on : mode.rule == Mode::Rule::Waiting ? now && on : now != on) return true;
  }
  return false;
}

// The lanes in which a mode disagrees with its guard at (y, time).
LaneMask Worker::disagreeing(const double* y, const double* time, LaneMask among) {
  run_.guards->run({y, block_.slots, time, nullptr, block_.guards});
  LaneMask found = 0;
  probe_guards_.resize(job_.kernels.guards.outputs.size());
  for_each_lane(among, [&](std::size_t lane) {
    for (std::size_t g = 0; g < probe_guards_.size(); ++g) probe_guards_[g] = block_.guards[g * block_.lanes + lane];
    if (crossed(lane, probe_guards_.data())) found |= bit(lane);
  });
  return found;
}

// Ends the step of each lane in which a mode's sides crossed just behind the first crossing. The middle of the step is looked
// at too, so that crossings that undo each other within a step are found unless they fit into half of one.
LaneMask Worker::locate_switches(LaneMask accepted) {
  if (accepted == 0) return 0;
  const LaneMask at_end = disagreeing(block_.y_new, block_.t_new, accepted);
  make_dense();
  for (std::size_t lane = 0; lane < block_.lanes; ++lane) block_.out_time[lane] = block_.t[lane] + 0.5 * block_.h[lane];
  dense_at_out_time(block_);
  const LaneMask at_middle = disagreeing(block_.y_out, block_.out_time, accepted);
  for_each_lane(at_end | at_middle, [&](std::size_t lane) { locate(lane, 0, (at_middle & bit(lane)) != 0 ? 0.5 : 1); });
  return at_end | at_middle;
}

// Whether a mode of the lane disagrees with its guard at theta of the present step.
bool Worker::crossed_at(std::size_t lane, double theta) {
  const Kernels& kernels = job_.kernels;
  probe_y_.resize(kernels.states);
  probe_slots_.resize(kernels.slots);
  probe_guards_.resize(kernels.guards.outputs.size());
  for (std::uint32_t row = 0; row < kernels.slots; ++row) probe_slots_[row] = slot(row, lane);
  const double time = block_.t[lane] + theta * block_.h[lane];
  dense_in_lane(lane, theta, probe_y_.data());
  run_on_lane(kernels.guards, {probe_y_.data(), probe_slots_.data(), &time, nullptr, probe_guards_.data()}, 1, 1, scratch_);
  return crossed(lane, probe_guards_.data());
}

// Finds the first crossing between `low` and `high` by bisection on the dense output and ends the step at the far end of the
// last bracket, where the crossing has happened, so that the mode that is set next agrees with the state.
void Worker::locate(std::size_t lane, double low, double high) {
  for (int i = 0; i < 60 && high - low > 1e-14; ++i) {
    const double middle = 0.5 * (low + high);
    (crossed_at(lane, middle) ? high : low) = middle;
  }
  lanes_[lane].located = high;
  block_.t_new[lane] = block_.t[lane] + high * block_.h[lane];
}

// In a group all lanes switch in the step in which the first does; the others cross a little earlier or later.
LaneMask Worker::locate_group_switches(LaneMask accepted) {
  if (accepted == 0) return 0;
  make_dense();
  if (!crossed_at(0, 1)) return 0;
  locate(0, 0, 1);
  const double first = lanes_[0].located;
  for_each_lane(accepted & ~LaneMask{1}, [&](std::size_t lane) { locate_near(lane, first); });
  return accepted;
}

void Worker::locate_near(std::size_t lane, double first) {
  double low = first, high = first;
  for (double reach = 1e-9; reach < 1 && crossed_at(lane, low); reach *= 4) low = first - reach;
  for (double reach = 1e-9; reach < 1 && !crossed_at(lane, high); reach *= 4) high = first + reach;
  locate(lane, low, high);
}

void Worker::dense_in_lane(std::size_t lane, double theta, double* y) const {
  const std::size_t rows = job_.kernels.states * block_.lanes;
  const double rest = 1 - theta;
  for (std::size_t s = 0; s < job_.kernels.states; ++s) {
    const std::size_t at = s * block_.lanes + lane;
    const double bend =
        std::fma(theta, std::fma(theta, block_.dense[2 * rows + at], block_.dense[rows + at]), block_.dense[at]);
    y[s] = std::fma(theta, std::fma(rest, bend, block_.y_new[at]), rest * block_.y[at]);
  }
}

void Worker::record_outputs(LaneMask accepted, LaneMask inclusive) {
  LaneMask due = lanes_with_output(block_, inclusive) & accepted;
  if (due == 0) return;
  make_dense();
  while (due != 0) {
    std::copy_n(block_.next_out, block_.lanes, block_.out_time);
    dense_at_out_time(block_);
    run_.observe->run({block_.y_out, block_.slots, block_.out_time, nullptr, block_.columns});
    for_each_lane(due, [&](std::size_t lane) {
      store(lane);
      set_next_output(lane);
    });
    due = lanes_with_output(block_, inclusive) & accepted;
  }
}

// Outputs that fall on the present time, after everything that happens at it.
void Worker::record_now(std::size_t lane) {
  Lane& l = lanes_[lane];
  while (l.output < job_.times.size() && job_.times[l.output] <= block_.t[lane]) {
    run_on_lane(job_.kernels.observe,
                {block_.y + lane, block_.slots + lane, block_.t + lane, nullptr, block_.columns + lane}, block_.lanes,
                block_.lanes, scratch_);
    store(lane);
  }
}

void Worker::store(std::size_t lane) {
  Lane& l = lanes_[lane];
  const std::size_t columns = job_.kernels.columns;
  double* row = results_->values.data() + (l.individual * job_.times.size() + l.output) * columns;
  for (std::size_t c = 0; c < columns; ++c) row[c] = block_.columns[c * block_.lanes + lane];
  ++l.output;
}

void Worker::set_next_output(std::size_t lane) {
  const Lane& l = lanes_[lane];
  block_.next_out[lane] = l.output < job_.times.size() ? job_.times[l.output] : infinity;
}

void Worker::finish(std::size_t lane, Status status) {
  const Lane& l = lanes_[lane];
  results_->status[l.individual] = status;
  results_->steps[l.individual] = l.steps;
  results_->rejected[l.individual] = l.rejected;
  if (status != Status::Ok) {
    // nothing of it may enter a statistic: those that fail late would count at early times only
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const std::size_t watched = job_.kernels.watch.outputs.size(), values = job_.times.size() * job_.kernels.columns;
    std::fill_n(results_->hits.data() + l.individual * watched, watched, nan);
    std::fill_n(results_->values.data() + l.individual * values, values, nan);
  }
  active_ &= ~bit(lane);
  block_.stop[lane] = infinity;
  block_.next_out[lane] = infinity;
}

void Worker::run_lane(const Program& program, std::size_t lane, double* out) {
  run_on_lane(program, {block_.y + lane, block_.slots + lane, block_.t + lane, nullptr, out}, block_.lanes, 1, scratch_);
}

}  // namespace carina::ensemble
