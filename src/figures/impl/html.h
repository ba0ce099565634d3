/// @file
/// Text in a page.
#pragma once

#include <string>

namespace carina::figures::impl {

/// `text` with &, <, > and quotes written so that HTML and SVG show them.
std::string escaped(const std::string& text);

}  // namespace carina::figures::impl
