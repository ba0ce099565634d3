/// @file
/// Conditions and rules held against a patient.
#pragma once

#include "product/eligible.h"

namespace carina::product::impl {

/// A rule that must hold.
Finding check_rule(const Rule& rule, const Patient& patient);

/// A rule that must not hold.
Finding check_exclusion(const Rule& rule, const Patient& patient);

}  // namespace carina::product::impl
