#include "product/read.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/problem.h"
#include "product/support.h"
#include "product/vocabulary.h"

using namespace carina;
using test::text_of_file;
namespace fs = std::filesystem;

namespace {

template <typename Read>
void check_bad(const std::string& kind, std::size_t least, const Read& read) {
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(CARINA_TEST_CASES) / "bad" / kind)) {
    if (entry.path().extension() != ".toml") continue;
    ++cases;
    CAPTURE(entry.path().filename().string());
    std::string messages = "(it was read without a problem)";
    try {
      read(text_of_file(entry.path().string()), entry.path().filename().string());
    } catch (const InputError& error) {
      messages = error.what();
    }
    CHECK(messages + "\n" == text_of_file(fs::path(entry.path()).replace_extension(".expected").string()));
  }
  CHECK(cases >= least);
}

// Every number must stand in an object that says where it comes from, or inside one.
void check_numbers(const nlohmann::json& json, bool with_origin, int& numbers) {
  if (json.is_number()) {
    ++numbers;
    CHECK(with_origin);
  } else if (json.is_object()) {
    const bool own = json.contains("origin") && !json["origin"]["source"].get<std::string>().empty();
    for (const auto& [key, value] : json.items()) check_numbers(value, with_origin || own, numbers);
  } else if (json.is_array()) {
    for (const auto& value : json) check_numbers(value, with_origin, numbers);
  }
}

// The sources named by all origins below.
void gather_sources(const nlohmann::json& json, std::vector<std::string>& sources) {
  if (json.is_object() && json.contains("origin")) sources.push_back(json["origin"]["source"].get<std::string>());
  for (const auto& value : json) {
    if (value.is_structured()) gather_sources(value, sources);
  }
}

}  // namespace

TEST_CASE("every broken product gives exactly the messages that stand beside it") {
  check_bad("products", 19,
            [](const std::string& text, const std::string& name) { product::read_product_text(text, name); });
}

TEST_CASE("every broken patient gives exactly the messages that stand beside it") {
  check_bad("patients", 11,
            [](const std::string& text, const std::string& name) { product::read_patient_text(text, name); });
}

TEST_CASE("all seven approved products load, each from a file of its generic name") {
  CHECK(test::products().size() == 7);
  for (const product::Product& one : test::products()) {
    std::string stem = one.name;
    std::replace(stem.begin(), stem.end(), ' ', '_');
    CHECK(fs::path(one.file).stem().string() == stem);
    CHECK_FALSE(one.indications.empty());
    CHECK_FALSE(one.doses.empty());
    CHECK_FALSE(one.lymphodepletions.empty());
    CHECK_FALSE(one.windows.empty());
    CHECK_FALSE(one.boxed.empty());
  }
}

TEST_CASE("every number of a product has a source, and every source is used and cited") {
  for (const product::Product& one : test::products()) {
    CAPTURE(one.brand);
    const auto json = nlohmann::json::parse(product::page_json(one));
    int numbers = 0;
    check_numbers(json, false, numbers);
    CHECK(numbers > 30);
    std::vector<std::string> used;
    gather_sources(json, used);
    for (const product::Source& source : one.sources) {
      CAPTURE(source.key);
      CHECK(std::any_of(used.begin(), used.end(),
                        [&](const std::string& text) { return text.find(source.key) != std::string::npos; }));
    }
  }
}

TEST_CASE("an entry from a source that was not seen is marked as recalled") {
  for (const product::Product& one : test::products()) {
    CAPTURE(one.brand);
    std::vector<std::string> unseen;
    for (const product::Source& source : one.sources) {
      if (source.note == "not seen") unseen.push_back(source.key);
    }
    const std::function<void(const nlohmann::json&)> walk = [&](const nlohmann::json& json) {
      if (json.is_object() && json.contains("origin")) {
        const auto& origin = json["origin"];
        const std::string source = origin["source"].get<std::string>();
        if (std::find(unseen.begin(), unseen.end(), source) != unseen.end()) {
          CAPTURE(json.dump());
          CHECK(origin["recalled"].get<bool>());
        }
      }
      for (const auto& value : json) {
        if (value.is_structured()) walk(value);
      }
    };
    walk(nlohmann::json::parse(product::page_json(one)));
  }
}

TEST_CASE("a product is found by brand, generic name and short name, whatever the case") {
  const std::vector<std::string> folders = {std::string(CARINA_SOURCE_TREE) + "/products"};
  for (const char* name : {"Kymriah", "kymriah", "tisagenlecleucel", "tisa-cel", "TISA CEL", "CTL019"}) {
    CHECK(product::find_product(name, folders, "--product").brand == "Kymriah");
  }
  CHECK(product::find_product("axicabtagene_ciloleucel", folders, "--product").brand == "Yescarta");
  CHECK_THROWS_WITH_AS(product::find_product("kymria", folders, "--product"),
                       "--product = \"kymria\": is no known product (did you mean \"Kymriah\"?)", InputError);
}

TEST_CASE("a patient file written out reads back to itself, with one name for every word") {
  for (const auto& entry : fs::directory_iterator(fs::path(CARINA_SOURCE_TREE) / "patients")) {
    CAPTURE(entry.path().string());
    const std::string once = product::resolved_text(product::read_patient(entry.path().string()));
    CHECK(product::resolved_text(product::read_patient_text(once, "again.toml")) == once);
  }
  const product::Patient p = test::patient("age = \"300 month\"\ndisease = \"Transformed FL\"\n[prior]\nhad = \"BTKi\"\n");
  CHECK(product::resolved_text(p).find("age = \"25 year\"") != std::string::npos);
  CHECK(p.disease == "dlbcl_from_fl");
  CHECK(p.had == std::vector<std::string>{"btk_inhibitor"});
}

TEST_CASE("every wider word of the vocabulary is a word, and no spelling means two") {
  for (const auto* terms : {&product::diseases(), &product::treatments()}) {
    std::vector<std::string> seen;
    for (const product::Term& term : *terms) {
      for (const std::string& wider : term.wider) CHECK(product::find_term(*terms, wider) != nullptr);
      std::vector<std::string> own = term.spellings;
      own.push_back(term.name);
      for (const std::string& spelling : own) {
        CAPTURE(spelling);
        CHECK(std::find(seen.begin(), seen.end(), spelling) == seen.end());
        CHECK(product::find_term(*terms, spelling) == &term);
        seen.push_back(spelling);
      }
    }
  }
}

TEST_CASE("a date is a day of the calendar") {
  CHECK(product::parse_date("2024-02-29"));
  CHECK_FALSE(product::parse_date("2023-02-29"));
  CHECK_FALSE(product::parse_date("2023-2-09"));
  CHECK_FALSE(product::parse_date("23-02-2009"));
  CHECK_FALSE(product::parse_date("2023-0a-09"));
  CHECK(product::date_text(*product::parse_date("2018-05-01")) == "2018-05-01");
}
