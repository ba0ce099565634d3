#include "ensemble/impl/closed_form.h"

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace carina::ensemble {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Times whose columns are held back, lane beside lane, until each individual gets its own in one piece: a whole line of the
// cache for one column, where single values would go to as many lines as there are lanes.
constexpr std::size_t times_at_once = 8;

// As many individuals as `derive` has lanes, in blocks of the lanes that `observe` has.
class Evaluation {
 public:
  Evaluation(const ClosedForm& form, std::span<const double> parameters, std::size_t count, Results& results)
      : form_(form),
        parameters_(parameters),
        count_(count),
        width_(count == 0 ? 0 : parameters.size() / count),
        values_of_one_(form.times.size() * form.kernels.columns),
        results_(results),
        given_(rows(width_, vm_lanes)),
        derived_(rows(form.kernels.derived_rows, vm_lanes)),
        slots_(rows(form.kernels.slots, form.lanes)),
        time_(rows(1, form.lanes)),
        columns_(rows(times_at_once * form.kernels.columns, form.lanes)) {}

  void batch(std::size_t first) {
    for (std::size_t lane = 0; lane < vm_lanes; ++lane) {
      const double* one = parameters_.data() + std::min(first + lane, count_ - 1) * width_;
      for (std::size_t p = 0; p < width_; ++p) given_[p * vm_lanes + lane] = one[p];
    }
    form_.derive.run({given_.get(), nullptr, nullptr, nullptr, derived_.get()});
    for (std::size_t lane = 0; lane < vm_lanes && first + lane < count_; lane += form_.lanes) block(first + lane, lane);
  }

 private:
  using Rows = hwy::AlignedFreeUniquePtr<double[]>;
  static Rows rows(std::size_t count, std::size_t lanes) {
    return hwy::AllocateAligned<double>(std::max<std::size_t>(1, count) * lanes);
  }

  void block(std::size_t first, std::size_t derived_lane) {
    for (std::size_t row = 0; row < form_.kernels.hoisted; ++row) {
      std::copy_n(derived_.get() + row * vm_lanes + derived_lane, form_.lanes, slots_.get() + row * form_.lanes);
    }
    const std::size_t columns = form_.kernels.columns;
    for (std::size_t begin = 0; begin < form_.times.size(); begin += times_at_once) {
      const std::size_t times = std::min(times_at_once, form_.times.size() - begin);
      for (std::size_t t = 0; t < times; ++t) {
        std::fill_n(time_.get(), form_.lanes, form_.times[begin + t]);
        double* out = columns_.get() + t * columns * form_.lanes;
        form_.observe.run({nullptr, slots_.get(), time_.get(), nullptr, out});
      }
      hand_out(first, begin * columns, times * columns);
    }
    for (std::size_t i = first; i < std::min(first + form_.lanes, count_); ++i) judge(i);
  }

  void hand_out(std::size_t first, std::size_t at, std::size_t values) {
    for (std::size_t lane = 0; lane < std::min(form_.lanes, count_ - first); ++lane) {
      double* to = results_.values.data() + (first + lane) * values_of_one_ + at;
      const double* from = columns_.get() + lane;
      for (std::size_t v = 0; v < values; ++v) to[v] = from[v * form_.lanes];
    }
  }

  void judge(std::size_t individual) {
    double* begin = results_.values.data() + individual * values_of_one_;
    double* end = begin + values_of_one_;
    const double* bad = std::find_if_not(begin, end, [](double value) { return std::isfinite(value); });
    if (bad == end) return;
    results_.status[individual] = Status::NotFinite;
    std::fill(begin, end, nan);
  }

  const ClosedForm& form_;
  std::span<const double> parameters_;
  std::size_t count_, width_, values_of_one_;
  Results& results_;
  Rows given_, derived_, slots_, time_, columns_;
};

}  // namespace

void evaluate(const ClosedForm& form, std::span<const double> parameters, std::size_t count, Results& results,
              const std::atomic<bool>* cancel) {
  const std::size_t values = form.times.size() * form.kernels.columns;
  results.values.resize(count * values);
  results.status.assign(count, Status::Ok);
  results.steps.assign(count, 0);
  results.rejected.assign(count, 0);
  Evaluation evaluation(form, parameters, count, results);
  for (std::size_t first = 0; first < count; first += vm_lanes) {
    if (cancel != nullptr && cancel->load(std::memory_order_relaxed)) {
      std::fill(results.values.begin() + static_cast<std::ptrdiff_t>(first * values), results.values.end(), nan);
      return;
    }
    evaluation.batch(first);
  }
}

}  // namespace carina::ensemble
