/// @file
/// The part of a report on times to events: a curve of survival for each endpoint, and a table.
#pragma once

#include <string>

#include "figures/impl/result.h"

namespace carina::figures::impl {

/// HTML; empty when the recording has no events.
std::string survival_section(const Result& result, const record::Recording& recording);

}  // namespace carina::figures::impl
