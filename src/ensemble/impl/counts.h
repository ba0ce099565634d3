/// @file
/// Chance among few cells: what births, deaths and flows make of the counts of one individual between two moments. Within
/// such an interval the rates are constant, so each cell is the root of a linear birth-death process whose size is known
/// (Kendall 1948, Ann Math Stat 19:1): binomial survivors, negative binomial offspring. Flows take one half of the interval
/// before it and one after, in the opposite order (Strang), so that the error of splitting falls with its square.
///
/// Every draw has the address (individual, name of the count, number of the interval or of the occurrence, purpose).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "ensemble/impl/lower.h"
#include "ensemble/status.h"

namespace carina::ensemble {

/// Whether chance can be drawn with `rates`: NotFinite, NegativeRate or Ok. One that the error of the integration has carried
/// below 0, by no more than `slack`, becomes 0.
Status judge(std::span<double> rates, double slack);
/// That slack, as large as the tolerance: chances of this much within a step of the grid.
inline double rate_slack(double rtol, double grid) { return 10 * rtol / grid; }

/// Fewer than the threshold, to within rounding: a located crossing may come to lie a last digit above it.
inline bool few_cells(double cells, double threshold) { return cells < threshold * (1 + 1e-12); }

/// The points of the grid are `start` + k `grid`.
struct GridStep {
  std::uint64_t number = 0;
  double end = 0;
};
/// The step that `time` lies in or opens. Its end is the output time in `times` where rounding alone parts the two, so that the
/// output sees what the step brought.
GridStep grid_step(double time, double start, double grid, const std::vector<double>& times);

/// Births and deaths per cell and time.
struct Turnover {
  double birth = 0, death = 0;
};
/// Size at the end of `time` of a population of `cells` cells: the first two words of `luck` decide about survivors and
/// offspring.
double born_and_died(const random::Words& luck, double cells, const Turnover& turnover, double time);

/// The flows of a model, and the address of a count's draws: a count added to a model leaves the draws of the others.
std::vector<FlowRow> flow_rows(const model::Model& model);
std::uint64_t address_of(const std::string& name);

/// A count is many again at this many times its threshold: chance would send it back and forth there.
inline constexpr double hysteresis = 2;

/// Draws for the counts of a model. Immutable.
class CountDraws {
 public:
  /// `counts` and `flows` must outlive it.
  CountDraws(std::uint64_t seed, const std::vector<CountRow>& counts, const std::vector<FlowRow>& flows);

  /// Which interval of which individual: step of the grid, and which part of it where something cut it.
  struct Interval {
    std::uint64_t individual = 0, step = 0;
    std::uint32_t part = 0;
  };
  /// What an interval was like: a row of Kernels::count_rates that `judge` has found Ok, its length, and which counts have few cells.
  struct Passage {
    std::span<const double> rates;
    double time = 0;
    std::span<const char> few;
  };
  /// Moves `cells` (one a count) on. Counts with few cells are whole numbers; the others only take up what comes from those.
  void advance(const Interval& interval, const Passage& passage, std::span<double> cells) const;

  /// A whole number whose mean is `cells`: the one below or above. `occurrence` counts such roundings of this count.
  double whole(std::uint64_t individual, std::size_t count, std::uint64_t occurrence, double cells) const;
  /// An exponential number with mean 1: how much intensity the wait number `occurrence` for a first arrival takes.
  double wait(std::uint64_t individual, std::uint64_t occurrence) const;
  /// The count that the arrival at the end of that wait belongs to, in proportion to the arrivals in `rates`.
  std::size_t arrived(std::uint64_t individual, std::uint64_t occurrence, std::span<const double> rates,
                      std::span<const char> few) const;

 private:
  // the numbers are part of every result and never change their meaning
  enum class Purpose : std::uint32_t {
    Whole = 1,
    Wait = 2,
    Arrived = 3,
    BirthsAndDeaths = 4,
    FlowsBefore = 5,
    FlowsAfter = 6
  };
  // what is drawn for
  struct Place {
    Interval interval;
    std::size_t count = 0;
    Purpose purpose = Purpose::Whole;
  };
  random::Words luck(const Place& place, std::size_t number) const;
  double uniform(const Place& place, std::size_t number) const;
  double leaving(std::span<const double> rates, std::size_t from) const;
  void arrive(const Place& place, const Passage& passage, std::span<double> cells) const;
  void mutate(const Place& place, const Passage& passage, std::span<double> cells) const;
  void leave(const Place& place, const Passage& passage, std::span<double> cells) const;
  void flow(const Interval& interval, Purpose half, const Passage& passage, std::span<double> cells) const;

  std::uint64_t seed_;
  const std::vector<CountRow>& counts_;
  const std::vector<FlowRow>& flows_;
};

}  // namespace carina::ensemble
