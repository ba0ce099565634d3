/// @file
/// Integrates one chunk of individuals on one thread: a block of lanes, refilled from the chunk.
#pragma once

#include <atomic>
#include <span>
#include <vector>

#include "ensemble/impl/block.h"
#include "ensemble/impl/counts.h"
#include "ensemble/impl/stepper.h"
#include "ensemble/impl/timeline.h"
#include "ensemble/integrate.h"

namespace carina::ensemble {

/// The numbers of individuals, the addresses of their draws: from `first` on, or those of a list.
struct Numbers {
  std::uint64_t first = 1;
  std::span<const std::uint64_t> list = {};
  std::uint64_t of(std::size_t individual) const { return list.empty() ? first + individual : list[individual]; }
};

/// What every worker of a run shares.
struct Job {
  const Kernels& kernels;
  const std::vector<double>& times;
  double start = 0;
  double end = 0;
  Tolerance tolerance;
  std::uint32_t max_steps = 0;
  Method method = Method::Rodas5p;
  SmallNumbers small_numbers;
  Numbers numbers;
};

class Worker {
 public:
  /// `run` holds kernels for blocks of `lanes` lanes; `derive` is one of the virtual machine.
  Worker(const Job& job, const StepKernels& run, const Kernel& derive, std::size_t lanes);

  /// Lanes of the derive kernel.
  static constexpr std::size_t derive_lanes = vm_lanes;

  /// See Ensemble::integrate.
  void integrate(std::span<const double> parameters, std::size_t count, Results& results, const std::atomic<bool>* cancel);

  /// Integrates a group of at most `lanes` variants of one individual with the steps of the first.
  void integrate_group(std::span<const double> parameters, std::size_t count, Results& results);

  /// From now on the first lane tells what it does.
  void trace_into(std::vector<TraceRow>* rows) { trace_ = rows; }

 private:
  // Why an integration starts anew: one of the kinds of happening, or a located switch.
  static constexpr int reasons = 6;
  static constexpr int switch_located = 5;

  // Few cells of one individual. Between stops nothing is drawn: an interval is opened at one stop and closed at the next.
  struct Counts {
    std::vector<double> one;               // one cell of each count, in its state's unit
    std::vector<double> cells;             // of each count, a whole number where `few`
    std::vector<char> few;                 // as its mode says
    std::vector<double> rates;             // where the interval was opened
    std::vector<std::uint64_t> roundings;  // of each count so far
    CountDraws::Interval interval;         // which one is open
    double opened = 0;                     // since when
    double stop = 0;                       // where the grid closes it; infinity where no few cells live
    std::uint64_t waits = 0;               // for a first arrival so far
    bool alive = false, waiting = false;   // some few cells live; none do, and an arrival would be the first
  };
  struct Lane {
    std::size_t individual = 0;
    std::size_t output = 0;  // next entry of times
    std::uint32_t infusions = 0;
    std::uint32_t switches = 0;  // switches in a row without a whole step between them
    std::uint32_t steps = 0, rejected = 0;
    double located = 0;               // where in its step a switch was found, 0 to 1
    int restarted = -1;               // reason of a restart whose first step is not accepted yet
    double first_step[reasons] = {};  // size that the first step after the last restart for that reason should have had
    Timeline timeline;
    std::vector<bool> condition;         // of each event, as of now
    std::vector<std::uint32_t> running;  // infusions running into each input
    Counts counts;
  };

  void derive_all(std::span<const double> parameters, std::size_t count);
  void fill(std::size_t lane);
  bool start(std::size_t lane);
  void step();
  LaneMask attempt();
  LaneMask attempt_alone();
  void make_dense();
  void keep_last_stage(LaneMask accepted);
  int apply_happenings(std::size_t lane);
  void tell_happening(std::size_t lane, const Happening& happening);
  void apply_event(std::size_t lane, std::uint32_t event);
  bool settle(std::size_t lane, bool fire);
  void watch(std::size_t lane);
  bool set_condition(std::size_t lane, std::uint32_t event, bool fire);
  LaneMask disagreeing(const double* y, const double* time, LaneMask among);
  LaneMask locate_switches(LaneMask accepted);
  void locate(std::size_t lane, double low, double high);
  void prepare(std::span<const double> parameters, std::size_t count, Results& results);
  void share_first_step();
  LaneMask share_first_verdict(LaneMask accepted);
  LaneMask locate_group_switches(LaneMask accepted);
  void locate_near(std::size_t lane, double first);
  bool crossed_at(std::size_t lane, double theta);
  bool crossed(std::size_t lane, const double* guards) const;
  void dense_in_lane(std::size_t lane, double theta, double* y) const;
  void record_outputs(LaneMask accepted, LaneMask inclusive);
  void record_now(std::size_t lane);
  void store(std::size_t lane);
  void set_next_output(std::size_t lane);
  void after_step(std::size_t lane, bool at_stop, bool switched);
  void restart(std::size_t lane, int reason);
  double initial_step(std::size_t lane);
  void finish(std::size_t lane, Status status);
  void tell(std::size_t lane, TraceRow::Kind kind, double step, std::uint32_t index = 0);
  void set_stop(std::size_t lane);
  std::uint64_t number_of(std::size_t lane) const { return job_.numbers.of(lanes_[lane].individual); }

  // worker_counts.cpp
  bool start_counts(std::size_t lane, const double* derived);
  bool close_interval(std::size_t lane);
  void open_interval(std::size_t lane);
  void settle_counts(std::size_t lane);
  void come_to_few(std::size_t lane, std::size_t count, double cells);
  void set_cells(std::size_t lane, std::size_t count, double cells);
  void first_arrival(std::size_t lane);
  double slack() const;

  void run_lane(const Program& program, std::size_t lane, double* out);
  double& slot(std::uint32_t row, std::size_t lane) { return block_.slots[row * block_.lanes + lane]; }

  const Job& job_;
  const StepKernels& run_;
  const Kernel& derive_;
  CountDraws draws_;
  Block block_;
  std::vector<Lane> lanes_;
  std::vector<double> derived_;  // [batch][row][lane of the batch]
  std::vector<double> derive_in_;
  std::vector<double> scratch_, values_, probe_y_, probe_slots_, probe_guards_;
  LaneMask active_ = 0;
  bool first_stage_known_ = false;  // Tsit5: no lane has jumped since the last step
  std::size_t next_ = 0, count_ = 0;
  bool group_ = false;
  Results* results_ = nullptr;
  std::vector<TraceRow>* trace_ = nullptr;
};

}  // namespace carina::ensemble
