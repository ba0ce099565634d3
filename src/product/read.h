/// @file
/// Reads a product file (docs/products.md). Every problem of the file is collected, with its place, and thrown at once: no
/// number gets in without a unit and a source.
#pragma once

#include <string>

#include "product/product.h"

namespace carina::product {

/// Reads the product file at `path`. Throws InputError with every problem, also when the file cannot be opened.
Product read_product(const std::string& path);

/// The same from a text; `file` is what problems call it.
Product read_product_text(const std::string& text, const std::string& file);

}  // namespace carina::product
