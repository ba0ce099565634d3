/// @file
/// Traits: numbers of a cell that its type gives and that rules, draws or births may make its own. The list is that of PhysiCell's
/// behaviours, so that rules written for it mean the same here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace carina::tissue {

/// Traits that every tissue has. Rates 1/min.
enum class Trait : std::uint8_t {
  Exit0,              ///< exit from phase 0 of the cycle, and so on
  Exit1,              ///< of phase 1
  Exit2,              ///< of phase 2
  Exit3,              ///< of phase 3
  Exit4,              ///< of phase 4
  Exit5,              ///< of phase 5
  Apoptosis,          ///< rate of death by apoptosis
  Necrosis,           ///< rate of death by necrosis
  Speed,              ///< um/min, of migration
  Bias,               ///< 0 to 1, of migration
  Persistence,        ///< min, between changes of direction
  Adhesion,           ///< um/min, cell-cell
  Repulsion,          ///< um/min, cell-cell
  Reach,              ///< of the radius: relative maximum adhesion distance
  MembraneAdhesion,   ///< um/min, to a basement membrane
  MembraneRepulsion,  ///< um/min, from it
  Elastic,            ///< 1/min, of an attachment
  Attach,             ///< rate
  Detach,             ///< rate
  MostAttached,       ///< attachments
  AttackDamage,       ///< damage/min that an attack brings
  AttackDuration,     ///< min, mean
  Damage,             ///< rate at which damage comes
  Repair,             ///< rate at which it goes
  EatApoptotic,       ///< rate of phagocytosis of apoptotic cells
  EatNecrotic,        ///< of necrotic ones
  EatOtherDead,       ///< of those dead in another way
  Movable,            ///< 1: moves; 0: stays
};
inline constexpr std::size_t trait_count = 28;  ///< of the traits above

/// Traits towards each substrate.
enum class SubstrateTrait : std::uint8_t {
  Secretion,    ///< 1/min, towards `Target`
  Target,       ///< density
  Uptake,       ///< 1/min
  Release,      ///< density x um3/min, net export
  Sensitivity,  ///< of chemotaxis
};
inline constexpr std::size_t substrate_trait_count = 5;  ///< of the traits above

/// Traits towards each type of cell.
enum class TypeTrait : std::uint8_t {
  Affinity,        ///< adhesive
  Eat,             ///< rate of phagocytosis of live cells
  Attack,          ///< rate at which an attack begins
  Fuse,            ///< rate
  Become,          ///< rate of transformation
  Immunogenicity,  ///< to attackers of that type
  Divide,          ///< probability that a daughter is of that type
};
inline constexpr std::size_t type_trait_count = 7;  ///< of the traits above

/// Which traits a tissue has, and where they stand.
struct TraitLayout {
  std::size_t substrates = 0;  ///< number of substrates
  std::size_t types = 0;       ///< number of types of cells
  std::size_t own = 0;         ///< number of a tissue's own variables of cells

  /// Places of traits.
  static std::size_t at(Trait trait) { return static_cast<std::size_t>(trait); }
  /// Towards substrate s.
  std::size_t at(SubstrateTrait trait, std::size_t s) const {
    return trait_count + s * substrate_trait_count + static_cast<std::size_t>(trait);
  }
  /// Towards type t.
  std::size_t at(TypeTrait trait, std::size_t t) const {
    return trait_count + substrates * substrate_trait_count + t * type_trait_count + static_cast<std::size_t>(trait);
  }
  /// Own variable k.
  std::size_t variable(std::size_t k) const {
    return trait_count + substrates * substrate_trait_count + types * type_trait_count + k;
  }
  /// Number of traits.
  std::size_t size() const { return variable(own); }
};

/// One trait of all cells.
struct TraitColumn {
  std::vector<double> of_type;  ///< by type
  std::vector<double> of_cell;  ///< by place, where each cell has its own
  bool own = false;             ///< each cell has its own
};

/// All traits of all cells.
class Traits {
 public:
  /// Of types that have 0 for each trait; `Reach`, `Affinity` and `Movable` have what a cell has at rest: 1.25, 1 and 1.
  explicit Traits(const TraitLayout& layout);

  /// Places.
  const TraitLayout& layout() const { return layout_; }
  /// The value of a cell of this type at this place.
  double operator()(std::size_t trait, std::uint16_t type, std::size_t place) const {
    const TraitColumn& column = columns_[trait];
    return column.own ? column.of_cell[place] : column.of_type[type];
  }
  /// A type's value.
  double& of_type(std::size_t trait, std::size_t type) { return columns_[trait].of_type[type]; }
  /// A type's value.
  double of_type(std::size_t trait, std::size_t type) const { return columns_[trait].of_type[type]; }
  /// Does each cell have its own?
  bool is_own(std::size_t trait) const { return columns_[trait].own; }
  /// The cells' own values, begun with their types' where there were none.
  std::vector<double>& own(std::size_t trait, const std::vector<std::uint16_t>& type);

  /// A cell was added at the end: of a type, or like the one at place `like`.
  void add(std::uint16_t type);
  /// A daughter was added at the end.
  void add_like(std::size_t like);
  /// What was at place `order[i]` comes to place i; places that are not named are gone.
  void take(const std::vector<std::uint32_t>& order);
  /// The cell at this place takes all traits of another type.
  void become(std::size_t place, std::uint16_t type);

 private:
  TraitLayout layout_;
  std::vector<TraitColumn> columns_;
};

}  // namespace carina::tissue
