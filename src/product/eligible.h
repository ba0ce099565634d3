/// @file
/// Whether a label fits a patient: every rule with its answer, and what would have to be known where it cannot be decided.
/// Rules of trials are no rules of labels and are not here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "product/label.h"
#include "product/patient.h"

namespace carina::product {

/// Answers, from worse to better.
enum class Answer {
  No,         ///< a rule speaks against it
  CannotSay,  ///< something is not known
  Yes         ///< every rule holds
};

/// `no`, `cannot say`, `yes`.
std::string answer_text(Answer answer);

/// One rule held against a patient.
struct Finding {
  Answer answer = Answer::Yes;       ///< whether the patient is as the rule asks
  std::string rule;                  ///< what the label asks for
  std::string patient;               ///< what is known of the patient about it; may be empty
  std::vector<std::string> missing;  ///< key paths of the patient file that would decide it
  Origin origin;                     ///< of the rule
};

/// One indication held against a patient.
struct IndicationFinding {
  const Indication* indication = nullptr;  ///< which
  Answer answer = Answer::Yes;             ///< the worst of the findings
  std::vector<Finding> findings;           ///< every rule, those that hold too
};

/// One product held against a patient.
struct ProductFinding {
  const Product* product = nullptr;            ///< which
  std::optional<Label> label;                  ///< in force; absent when there was none
  Answer answer = Answer::No;                  ///< the best of the indications
  std::vector<IndicationFinding> indications;  ///< those for the patient's disease, the best first
  std::vector<Finding> others;                 ///< why no indication is there to look at
  std::vector<Finding> before_infusion;        ///< what makes an infusion wait (no), or has to be asked (cannot say)
};

/// What all labels say about a patient.
struct Eligibility {
  std::string region;                    ///< whose labels
  Date date;                             ///< on which day
  Answer answer = Answer::No;            ///< the best of `products`
  bool labelled = false;                 ///< some label in force names the disease
  std::vector<ProductFinding> products;  ///< yes first, then cannot say, then no; the one asked about alone
  std::vector<std::string> elsewhere;    ///< brands of the others whose label fits, when one was asked about
};

/// Holds the labels of `products`, which must outlive the result, against a patient; `only` is the generic name of the one
/// that is asked about, or empty. Throws InputError when no product has a label in `region`.
Eligibility eligibility(const Patient& patient, const std::vector<Product>& products, const std::string& region,
                        const Date& date, const std::string& only = "");

/// One indication alone.
IndicationFinding check_indication(const Label& label, const Indication& indication, const Patient& patient);

/// True when the indication is for the disease, `cannot say` when its family is and the label does not name it.
Finding check_disease(const Indication& indication, const Patient& patient);

/// `a, b and c`.
std::string joined(const std::vector<std::string>& words);

}  // namespace carina::product
