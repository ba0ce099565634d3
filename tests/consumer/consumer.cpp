// Uses a room of the installed library and prints the version.
#include <iostream>

#include "base/hash.h"
#include "base/installation.h"

int main() {
  std::cout << "carina " << carina::version() << " (" << carina::commit() << ")\n";
  return carina::hash_text("").size() == 32 ? 0 : 1;
}
