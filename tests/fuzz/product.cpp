// Any text is a product, a patient or an InputError, never a crash; and what was read can be told.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/problem.h"
#include "product/page.h"
#include "product/read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(bytes, bytes + size);
  try {
    const carina::product::Product product = carina::product::read_product_text(text, "fuzz.toml");
    carina::product::page_text(product);
    carina::product::page_json(product);
  } catch (const carina::InputError&) {
  }
  try {
    carina::product::resolved_text(carina::product::read_patient_text(text, "fuzz.toml"));
  } catch (const carina::InputError&) {
  }
  return 0;
}
