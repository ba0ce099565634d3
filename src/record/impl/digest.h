/// @file
/// What of a recording enters a hash, in a form that does not depend on how it was cut into pieces.
#pragma once

#include "base/hash.h"
#include "record/table.h"

namespace carina::record::impl {

/// Adds the values of a column; cut into blocks they hash the same.
void add_values(Hash& hash, const Values& values);
/// Adds what a table is called and how it is made up: coordinates with their values, columns without.
void add_shape(Hash& hash, const Table& table);

}  // namespace carina::record::impl
