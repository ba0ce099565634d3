/// @file
/// Two recordings of the same individuals under two settings, set beside each other individual by individual: with common
/// random numbers the spread of the differences is far smaller than that of the values.
///
/// Both functions throw InputError with all reasons when the recordings cannot be paired: not finished, another seed or size,
/// a parameter that both have drawn with other values, an endpoint with another unit or follow-up.
#pragma once

#include <string>

#include "record/recording.h"

namespace carina::figures {

/// For people: a row for each endpoint and analysis that both have, and for each event.
std::string pair_text(const record::Recording& a, const record::Recording& b);

/// The same as JSON.
std::string pair_json(const record::Recording& a, const record::Recording& b);

}  // namespace carina::figures
