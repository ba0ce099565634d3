/// @file
/// What a manual page says, apart from how it looks: made once, drawn as text and as Markdown.
#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace carina::model::impl {

/// One formula with its note.
struct Line {
  std::string left;   ///< `dE/dt`
  std::string right;  ///< `rho*E`
  std::string note;   ///< unit, meaning, initial value
};

/// Rows under headings. Empty columns are left out when it is drawn.
struct Grid {
  std::vector<std::string> headings;           ///< one a column
  std::vector<std::vector<std::string>> rows;  ///< as long as `headings`
};

/// A heading with what stands under it.
struct Part {
  std::string title;               ///< heading; empty for what stands first
  std::vector<std::string> prose;  ///< paragraphs
  std::vector<Line> lines;         ///< formulas
  Grid grid;                       ///< a table
};

/// The parts of the page in their order; those that would be empty are not there.
std::vector<Part> page_parts(const Model& model);

/// `2 states, 8 parameters ...`
std::string size_text(const Model& model);

/// Words of `text` in lines of at most `width` characters, each after `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace carina::model::impl
