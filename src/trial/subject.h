/// @file
/// What a published figure is about, as a reader looks for it: the headings of tables and figures.
#pragma once

#include <string_view>

namespace carina::trial {

/// The subject of a measure (words.h): `response`, `survival`, `relapse`, `CRS`, `neurotoxicity`, `treatment`, `kinetics`,
/// `blood` or `attrition`; `other` for what is none of them.
std::string_view subject_of(std::string_view measure);

}  // namespace carina::trial
