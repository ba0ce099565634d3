/// @file
/// What the tests of products share: the products and patients of the repository.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "product/library.h"
#include "product/page.h"

namespace carina::test {

inline std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline const std::vector<product::Product>& products() {
  static const std::vector<product::Product> all = product::read_products({std::string(CARINA_SOURCE_TREE) + "/products"});
  return all;
}

inline const product::Product& product_called(const std::string& brand) {
  for (const product::Product& one : products()) {
    if (one.brand == brand) return one;
  }
  throw std::runtime_error("no product " + brand);
}

/// The lines of a patient file, without its first.
inline product::Patient patient(const std::string& lines) {
  return product::read_patient_text("patient = 1\n" + lines, "patient.toml");
}

inline product::Patient example(const std::string& name) {
  return product::read_patient(std::string(CARINA_SOURCE_TREE) + "/patients/" + name + ".toml");
}

inline product::Date day(const std::string& text) { return product::parse_date(text).value(); }

/// The answer of one product's label on a day.
inline product::ProductFinding ask(const std::string& brand, const product::Patient& patient, const std::string& date,
                                   const std::string& region = "US") {
  static std::vector<product::Product> one;
  one = {product_called(brand)};
  return product::eligibility(patient, one, region, day(date)).products.front();
}

/// The rules with this answer, of the indications that were looked at and of what stands in their place.
inline std::vector<std::string> rules_with(const product::ProductFinding& found, product::Answer answer) {
  std::vector<std::string> rules;
  for (const product::Finding& finding : found.others) {
    if (finding.answer == answer) rules.push_back(finding.rule);
  }
  for (const product::IndicationFinding& one : found.indications) {
    for (const product::Finding& finding : one.findings) {
      if (finding.answer == answer) rules.push_back(finding.rule);
    }
  }
  return rules;
}

}  // namespace carina::test
