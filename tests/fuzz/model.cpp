// Any text is a model or an InputError, never a crash.
#include "model/read.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/problem.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    carina::model::read_model_text(std::string(bytes, bytes + size), "fuzz.toml");
  } catch (const carina::InputError&) {
  }
  return 0;
}
