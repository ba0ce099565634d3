/// @file
/// Text in a page.
#pragma once

#include <string>

namespace carina::figures::impl {

/// `text` with &, <, > and quotes written so that HTML and SVG show them.
std::string escaped(const std::string& text);

/// A cell of a table; `head` is its column's name, shown where a phone shows rows as cards.
std::string cell(const std::string& head, const std::string& text, bool numeric = true);

}  // namespace carina::figures::impl
