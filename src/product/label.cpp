#include "product/label.h"

#include <algorithm>

namespace carina::product {
namespace {

// Versions are in order of time within a region, so that an index tells earlier from later there.
bool in_force(const Product& product, const Entry& entry, const Version& version) {
  const Version& since = product.versions[entry.since];
  if (since.region != version.region || since.from > version.from) return false;
  return !entry.until || product.versions[*entry.until].from > version.from;
}

template <typename Kind>
std::vector<const Kind*> those_in_force(const Product& product, const std::vector<Kind>& all, const Version& version) {
  std::vector<const Kind*> list;
  for (const Kind& one : all) {
    if (in_force(product, one.entry, version)) list.push_back(&one);
  }
  return list;
}

}  // namespace

Label label_of(const Product& product, const Version& version) {
  Label label;
  label.product = &product;
  label.version = &version;
  label.indications = those_in_force(product, product.indications, version);
  label.doses = those_in_force(product, product.doses, version);
  label.lymphodepletions = those_in_force(product, product.lymphodepletions, version);
  label.windows = those_in_force(product, product.windows, version);
  label.delays = those_in_force(product, product.delays, version);
  label.monitorings = those_in_force(product, product.monitorings, version);
  label.boxed = those_in_force(product, product.boxed, version);
  return label;
}

std::optional<Label> label_on(const Product& product, const std::string& region, const Date& date) {
  const Version* last = nullptr;
  for (const Version& version : product.versions) {
    if (version.region == region && version.from <= date) last = &version;
  }
  if (last == nullptr) return std::nullopt;
  return label_of(product, *last);
}

bool still_holds(const Label& label, const Rule& rule) {
  return !rule.until || label.product->versions[*rule.until].from > label.version->from;
}

bool is_for(const Entry& entry, const std::string& name) {
  return entry.indications.empty() ||
         std::find(entry.indications.begin(), entry.indications.end(), name) != entry.indications.end();
}

const Version* first_version(const Product& product, const std::string& region) {
  for (const Version& version : product.versions) {
    if (version.region == region) return &version;
  }
  return nullptr;
}

std::vector<std::string> regions_of(const std::vector<Product>& products) {
  std::vector<std::string> regions;
  for (const Product& product : products) {
    for (const Version& version : product.versions) {
      if (std::find(regions.begin(), regions.end(), version.region) == regions.end()) regions.push_back(version.region);
    }
  }
  return regions;
}

}  // namespace carina::product
