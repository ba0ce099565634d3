/// @file
/// Attrition between enrolment and infusion: what share of enrolled patients a pathway is expected to lose and how, and the
/// inverse: the failure chance and the hazards that give published shares for a cohort. Without a queue.
///
/// The shares are expectations, not counts: for each patient the delays are drawn (the same as `journey` draws), and the
/// competing risks over them are integrated. With S(t) = exp(-sum of cumulative hazards from referral to t) and w the
/// chance that the attempts at a product end so, one patient adds w S(infusion) to the infused, w S(failure) to those
/// without a product, w integral of h(t) S(t) from enrolment on to each drop-out, and S(enrolment) to the enrolled. The
/// integrals are Gauss-Legendre sums on panels of at most 10 days that end where growth changes: relative error below 1e-6.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "therapy/pathway.h"

namespace carina::therapy {

/// Numbers of enrolled patients by how they ended, as published, or their shares. They sum to the enrolled, or to 1.
struct Attrition {
  double infused = 0;                       ///< got cells
  double not_made = 0;                      ///< no product
  std::array<double, drop_outs> dropped{};  ///< left, in the order of DropOut
};

/// All of them together.
double total(const Attrition& attrition);

/// Expected shares among those who are enrolled; all 0 when nobody is.
Attrition expected_attrition(std::span<const Patient> patients, const Pathway& pathway, std::uint64_t seed);

/// Sets `process.failure` and the rates of `hazards` (exponents stay) so that the expected shares for these patients are
/// `published` divided by its total. Each number is scaled by wanted over expected share until all shares agree to 1e-9; a
/// few dozen rounds. False, with the pathway as it was, when that cannot be, e.g. when products out of specification alone
/// are more than the ones not made. Takes about 3 kB a patient.
bool match_attrition(std::span<const Patient> patients, const Attrition& published, std::uint64_t seed, Pathway& pathway);

}  // namespace carina::therapy
