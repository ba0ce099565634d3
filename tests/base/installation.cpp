#include "base/installation.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

using namespace carina;

TEST_CASE("the version is three numbers and the commit is known or said not to be") {
  int major = -1, minor = -1, patch = -1, length = -1;
  const std::string text(version());
  std::sscanf(text.c_str(), "%d.%d.%d%n", &major, &minor, &patch, &length);
  CHECK(length == static_cast<int>(text.size()));
  CHECK(major >= 0);
  const std::string id(commit());
  CHECK((id == "unknown" || id.find_first_not_of("0123456789abcdef") == std::string::npos));
  CHECK_FALSE(id.empty());
}

TEST_CASE("a program in the build folder finds the models of the source tree") {
  const std::filesystem::path models = share_folder() / "models";
  CHECK(std::filesystem::equivalent(models, std::filesystem::path(CARINA_SOURCE_TREE) / "models"));
}
