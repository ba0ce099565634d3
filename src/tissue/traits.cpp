#include "tissue/traits.h"

#include "base/check.h"

namespace carina::tissue {

Traits::Traits(const TraitLayout& layout) : layout_(layout), columns_(layout.size()) {
  for (TraitColumn& column : columns_) column.of_type.assign(layout.types, 0);
  columns_[TraitLayout::at(Trait::Reach)].of_type.assign(layout.types, 1.25);
  columns_[TraitLayout::at(Trait::Movable)].of_type.assign(layout.types, 1);
  for (std::size_t t = 0; t < layout.types; ++t) {
    columns_[layout.at(TypeTrait::Affinity, t)].of_type.assign(layout.types, 1);
    columns_[layout.at(TypeTrait::Immunogenicity, t)].of_type.assign(layout.types, 1);
  }
}

std::vector<double>& Traits::own(std::size_t trait, const std::vector<std::uint16_t>& type) {
  TraitColumn& column = columns_[trait];
  if (!column.own) {
    column.own = true;
    for (const std::uint16_t t : type) column.of_cell.push_back(column.of_type[t]);
  }
  return column.of_cell;
}

void Traits::add(std::uint16_t type) {
  for (TraitColumn& column : columns_) {
    if (column.own) column.of_cell.push_back(column.of_type[type]);
  }
}

void Traits::add_like(std::size_t like) {
  for (TraitColumn& column : columns_) {
    if (column.own) column.of_cell.push_back(column.of_cell[like]);
  }
}

void Traits::take(const std::vector<std::uint32_t>& order) {
  for (TraitColumn& column : columns_) {
    if (!column.own) continue;
    const std::vector<double> from = column.of_cell;
    column.of_cell.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) column.of_cell[i] = from[order[i]];
  }
}

void Traits::become(std::size_t place, std::uint16_t type) {
  CARINA_CHECK(type < layout_.types);
  for (TraitColumn& column : columns_) {
    if (column.own) column.of_cell[place] = column.of_type[type];
  }
}

}  // namespace carina::tissue
