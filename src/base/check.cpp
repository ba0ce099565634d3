#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace carina::impl {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "carina: internal error at %s:%d: %s\n", file, line, condition);
  std::abort();
}

}  // namespace carina::impl
