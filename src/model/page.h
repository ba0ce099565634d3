/// @file
/// The manual page of a model: what it describes, its equations, its numbers with units, ranges and sources, what it was
/// checked against, and where units were put aside. Made from the model alone, as text for a terminal, as Markdown for the
/// documentation, as JSON for programs.
#pragma once

#include <cstddef>
#include <string>

#include "model/model.h"

namespace carina::model {

/// The page for a terminal of `width` characters, at least 60; tables may be wider.
std::string page_text(const Model& model, std::size_t width = 100);
/// The page as Markdown, starting with a heading of level 1.
std::string page_markdown(const Model& model);
/// Everything that the page says, as one JSON object.
std::string page_json(const Model& model);

/// `reproduced`, `specified` or `partial`.
std::string status_text(Status status);
/// How a parameter varies, in words: `log-normal, SD 0.38`; empty when it does not.
std::string variability_text(const Parameter& parameter);

}  // namespace carina::model
