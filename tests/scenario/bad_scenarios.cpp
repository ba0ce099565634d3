#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "base/problem.h"
#include "scenario/support.h"

namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

}  // namespace

TEST_CASE("every broken scenario gives exactly the messages that stand beside it") {
  const std::filesystem::path folder = std::filesystem::path(CARINA_TEST_CASES) / "bad" / "scenarios";
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;
    ++cases;
    std::filesystem::path expected = entry.path();
    expected.replace_extension(".expected");
    std::string messages = "no problem";
    try {
      carina::scenario::read_scenario(entry.path().string(), carina::test::library());
    } catch (const carina::InputError& error) {
      messages = error.what();
    }
    CAPTURE(entry.path().filename().string());
    CHECK(without(messages, folder.string() + "/") + "\n" == text_of(expected));
  }
  CHECK(cases >= 40);
}
