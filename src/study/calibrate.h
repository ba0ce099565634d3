/// @file
/// A calibration carried out: the published figures of its trials become a fit::Problem whose simulations are virtual trials of the
/// real size, and what comes out becomes a fit file.
#pragma once

#include <memory>
#include <string>

#include "fit/calibrate.h"
#include "fit/problem.h"
#include "study/calibration.h"
#include "trial/fitted.h"

namespace carina::study {

/// A calibration made ready: its problem simulates. Immutable: any number of threads may simulate at once.
class Posed {
 public:
  /// Compiles the trials. Throws InputError when one cannot be simulated. The calibration must outlive it.
  explicit Posed(const Calibration& calibration);
  ~Posed();
  Posed(Posed&&) noexcept;             ///< moves
  Posed& operator=(Posed&&) noexcept;  ///< moves

  /// The problem; lives as long as this does.
  const fit::Problem& problem() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Options of the fit as the calibration's method says.
fit::Options options_of(const Calibration& calibration);

/// The fit file of a summary that has a posterior; `command` made it.
trial::Fitted fitted_of(const Calibration& calibration, const fit::Summary& summary, const std::string& command);

/// What a person wants to know beyond fit::report: sloppy directions, what each group of figures does, what each prior does.
std::string report_more(const fit::Problem& problem, const fit::Summary& summary);

}  // namespace carina::study
