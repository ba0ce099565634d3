// Any text is a scenario or an InputError, never a crash.
#include "scenario/read.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/installation.h"
#include "base/problem.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const carina::scenario::ReadOptions options{{(carina::share_folder() / "models").string()}, {}};
  try {
    carina::scenario::read_scenario_text(std::string(bytes, bytes + size), "fuzz.toml", options);
  } catch (const carina::InputError&) {
  }
  return 0;
}
