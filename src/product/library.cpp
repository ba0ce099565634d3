#include "product/library.h"

#include <algorithm>
#include <filesystem>

#include "base/names.h"
#include "base/problem.h"
#include "product/read.h"

namespace carina::product {
namespace {

namespace fs = std::filesystem;

std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '-' || c == '_' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::vector<std::string> names_of(const Product& product) {
  std::vector<std::string> names = {product.name, product.brand};
  names.insert(names.end(), product.aliases.begin(), product.aliases.end());
  return names;
}

}  // namespace

std::vector<Product> read_products(const std::vector<std::string>& folders) {
  std::vector<Product> list;
  std::vector<Problem> problems;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(folder, error)) {
      if (file.path().extension() != ".toml") continue;
      const std::string stem = file.path().stem().string();
      if (std::any_of(list.begin(), list.end(), [&](const Product& p) { return plain(p.name) == plain(stem); })) continue;
      try {
        list.push_back(read_product(file.path().string()));
      } catch (const InputError& wrong) {
        problems.insert(problems.end(), wrong.problems().begin(), wrong.problems().end());
      }
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  std::sort(list.begin(), list.end(), [](const Product& a, const Product& b) { return a.name < b.name; });
  return list;
}

Product find_product(const std::string& name, const std::vector<std::string>& folders, const std::string& option) {
  if (name.ends_with(".toml")) return read_product(name);
  std::vector<std::string> known;
  for (Product& product : read_products(folders)) {
    for (const std::string& one : names_of(product)) {
      if (plain(one) == plain(name)) return std::move(product);
      known.push_back(one);
    }
  }
  std::string hint = did_you_mean(name, known);
  if (hint.empty()) hint = "carina products lists them; a file is given with its ending .toml";
  throw InputError({{"", 0, 0, option, "\"" + name + "\"", "is no known product", hint}});
}

}  // namespace carina::product
