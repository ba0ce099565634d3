/// @file
/// Whether a fit is still of the files that it was made of.
#pragma once

#include <string>
#include <vector>

#include "study/calibration.h"
#include "trial/fitted.h"

namespace carina::study {

/// Inputs of a fit (`models/reference_patient`, `trials/eliana`, `calibrations/b_all`) that are not as they were when it was made, in
/// the fit's order; empty: it is as good as new. A file that is not there any more, or cannot be read, counts.
std::vector<std::string> stale_inputs(const trial::Fitted& fitted, const Folders& folders);

/// A sentence for a person about them, with the command that makes the fit anew; empty when nothing is stale.
std::string stale_sentence(const trial::Fitted& fitted, const std::vector<std::string>& stale);

}  // namespace carina::study
