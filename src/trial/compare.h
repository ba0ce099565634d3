/// @file
/// Published figures beside simulated trials of the real size: the prediction interval of each figure over many replicates, and
/// whether the published value lies in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trial/patient_row.h"
#include "trial/trial.h"
#include "trial/virtual_trial.h"

namespace carina::trial {

/// What simulated trials say of one number. Where fewer than half of them have it (a median that is not reached), there is no mean
/// and no interval: those that have it are no picture of all.
struct Prediction {
  double mean = 0;               ///< of the trials in which it exists
  double low = 0;                ///< 5 % quantile: lower end of the 90 % prediction interval
  double high = 0;               ///< 95 % quantile
  std::uint32_t replicates = 0;  ///< trials in which it exists

  /// Whether a value lies in the interval, ends included.
  bool holds(double value) const { return value >= low && value <= high; }
};

/// The prediction of one value a simulated trial; NaN: it does not exist there.
Prediction predict(std::span<const double> values);

/// One figure beside its simulation, in the figure's unit.
struct Comparison {
  const Figure* figure = nullptr;  ///< the published one
  bool cv = false;                 ///< the coefficient of variation (%) that stands beside a geometric mean
  double published = 0;            ///< its value
  Prediction simulated;            ///< of the simulated trials

  /// Published lies in the prediction interval.
  bool inside() const { return simulated.holds(published); }
  /// `orr_3mo`, or `cmax_responders (CV)`.
  std::string name() const;
};

/// Collects figures of replicates.
class Comparer {
 public:
  /// The trial must outlive it. Figures of a later cut of the setup are those of that cut, all others those of the trial's own.
  explicit Comparer(const Trial& trial, std::span<const LaterCut> later = {});

  /// The figures of one replicate, in the order of `compared`, geometric means each followed by their CV.
  std::vector<double> figures(const TrialRows& rows) const;
  /// Compares: one vector of `figures` for each replicate.
  std::vector<Comparison> compare(std::span<const std::vector<double>> replicates) const;
  /// Figures that the simulation does not have.
  std::vector<const Figure*> left_out() const;

 private:
  struct Entry {
    const Figure* figure = nullptr;
    bool cv = false;
    double factor = 1;
    std::string patients;
    std::size_t later = 0;  // 0: the trial's cut; otherwise counted from 1
  };
  const Trial& trial_;
  std::vector<Entry> entries_;
};

}  // namespace carina::trial
