/// @file
/// The products that are installed, and which of them a name means.
#pragma once

#include <string>
#include <vector>

#include "product/product.h"

namespace carina::product {

/// Every product file in `folders`, read, by generic name; of equal names the one in the earlier folder. Throws InputError
/// with the problems of all that are wrong.
std::vector<Product> read_products(const std::vector<std::string>& folders);

/// The product that `name` means: generic name, brand or alias, whatever the case; or a file (it ends in .toml). Throws
/// InputError, as a problem with `option`, with the nearest name when there is none.
Product find_product(const std::string& name, const std::vector<std::string>& folders, const std::string& option);

}  // namespace carina::product
