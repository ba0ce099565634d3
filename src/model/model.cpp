#include "model/model.h"

#include <algorithm>

namespace carina::model {
namespace {

template <class Item>
std::optional<std::uint32_t> find(const std::vector<Item>& items, const std::string& name) {
  const auto it = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.name == name; });
  if (it == items.end()) return std::nullopt;
  return static_cast<std::uint32_t>(it - items.begin());
}

}  // namespace

std::string kind_text(Flow::Kind kind) {
  static const char* const names[] = {"switching", "migration", "mutation"};
  return names[static_cast<int>(kind)];
}

std::optional<std::uint32_t> Model::find_parameter(const std::string& wanted) const { return find(parameters, wanted); }
std::optional<std::uint32_t> Model::find_state(const std::string& wanted) const { return find(states, wanted); }

}  // namespace carina::model
