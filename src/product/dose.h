/// @file
/// The dose that a label allows for an indication and a patient, with the lymphodepletion before it and the infusion window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "product/eligible.h"

namespace carina::product {

/// What is asked.
struct DoseQuestion {
  std::string indication;     ///< name of an indication or of a disease; empty: the patient's disease, or the only one
  Patient patient;            ///< weight, age, marrow blasts, and whatever else is known
  std::string region = "US";  ///< whose label
  Date date;                  ///< on which day
};

/// What the label says.
struct DoseAnswer {
  const Product* product = nullptr;        ///< which
  std::optional<Label> label;              ///< in force; absent when there was none
  const Indication* indication = nullptr;  ///< null when there is none
  bool allowed = false;                    ///< the label gives a dose, and no rule that could be decided speaks against it
  std::vector<Finding> against;            ///< why it does not
  const Dose* rule = nullptr;              ///< the dose rule; null when there is none
  double low = 0;                          ///< cell
  double high = 0;                         ///< cell; the same as `low` for a target
  bool capped = false;                     ///< the cap is less than the weight would give
  std::vector<const Lymphodepletion*> lymphodepletions;  ///< the usual one first
  bool may_omit = false;                                 ///< the white cells are low enough to leave lymphodepletion out
  std::vector<const Window*> windows;                    ///< when to infuse
};

/// What `product`, which must outlive the answer, is given at. Throws InputError when the indication is not known, or when the
/// label's rule needs a weight or a marrow burden that is missing; problems name the options of `carina dose`.
DoseAnswer labelled_dose(const Product& product, const DoseQuestion& question);

}  // namespace carina::product
