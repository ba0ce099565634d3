/// @file
/// The label of a product that is in force in a region on a day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "product/product.h"

namespace carina::product {

/// What a label says. Points into the product, which must outlive it.
struct Label {
  const Product* product = nullptr;                      ///< whose
  const Version* version = nullptr;                      ///< which
  std::vector<const Indication*> indications;            ///< who may have it
  std::vector<const Dose*> doses;                        ///< how much
  std::vector<const Lymphodepletion*> lymphodepletions;  ///< after what
  std::vector<const Window*> windows;                    ///< when
  std::vector<const Delay*> delays;                      ///< what makes it wait
  std::vector<const Monitoring*> monitorings;            ///< what follows
  std::vector<const BoxedWarning*> boxed;                ///< warnings
};

/// The label in force; nothing before the first version of that region.
std::optional<Label> label_on(const Product& product, const std::string& region, const Date& date);

/// The label of one version.
Label label_of(const Product& product, const Version& version);

/// True when a version of the label counts: it is the rule's own before it is dropped.
bool still_holds(const Label& label, const Rule& rule);

/// True when `entry` belongs to the indication called `name`.
bool is_for(const Entry& entry, const std::string& name);

/// The first version in `region`; null when there is none.
const Version* first_version(const Product& product, const std::string& region);

/// Every region that some product has a label of.
std::vector<std::string> regions_of(const std::vector<Product>& products);

}  // namespace carina::product
