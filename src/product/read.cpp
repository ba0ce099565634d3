#include "product/read.h"

#include <filesystem>

#include "product/impl/reader.h"

namespace carina::product {

Product read_product(const std::string& path) { return read_product_text(file_text(path), path); }

Product read_product_text(const std::string& text, const std::string& file) {
  const toml::table root = parse_toml(text, file);
  Reading reading{file, {}};
  Product product;
  product.file = file;
  impl::Reader reader(reading, root, product);
  reader.read_head();
  reader.read_versions();
  reader.read_traits();
  reader.read_model();
  if (!product.versions.empty()) {
    reader.read_indications();
    reader.read_doses();
    reader.read_handling();
    reader.read_supply();
    reader.finish();
  }
  reading.problems.throw_if_any();
  return product;
}

}  // namespace carina::product
