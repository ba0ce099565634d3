/// @file
/// What a virtual trial reads of the reference patient's model: the columns that are recorded, the parameters that the trial sets
/// and those that it reads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "ensemble/protocol.h"
#include "expr/graph.h"
#include "model/model.h"

namespace carina::trial::impl {

/// Recorded columns, in this order.
enum class Column : std::uint8_t {
  Transgene,
  TransgeneMarrow,
  Blasts,
  Positive,
  Low,
  Negative,
  Mass,
  BCells,
  Neutrophils,
  Platelets,
  Il6,
  Temperature,
  Leak,
  Oxygen,
  Neuro,
  TociDoses,
  SteroidDays,
  MProtein,
  Tumour,
  CarCells,
  Ferritin,
  BShare,
  SecondPart,
  Again,
};
inline constexpr std::size_t column_count = 24;

/// Parameters of an individual, in this order.
enum class Parameter : std::uint8_t {
  Weight,
  Age,
  Lymphocytes,
  Burden,
  Cells,
  Memory,
  Strength,
  Before,
  LdDays,
  Birth,
  DeathRate,
  Room,
  AtFluid,
  AtBoluses,
  AtPressor,
  AtHigh,
  AtTwo,
  AtDialysis,
  AtIcu,
  AtOxygen,
  AtFlow,
  AtPressure,
  AtVentilator,
  AtNeuro,
  NeuroStep,
  FlowFio2,
  PressureFio2,
  OxygenFio2,
  VentilatorFio2,
  AtBlood,
  AtPet,
  LightChains,
  Failed,
  Early,
  Late,
  TransplantDay,
  TransplantCure,
  Bridged,
  Infect,
  InfectNeutrophils,
  InfectHalf,
  InfectIgg,
  InfectSteroids,
  InfectSevere,
  InfectFatal,
  Febrile,
  Igg0,
  IggHalfLife,
  IggLasting,
  IggLow,
  HlhFerritin,
  Second,
  Nervous,
  NervousFade,
  NervousDays,
  NervousSevere,
  TociRule,
  TociFever,
  SecondCells,
  AgainCells,
  AgainB,
  AgainTumour,
  AgainFrom,
  AgainUntil,
  AgainStrength,
};
inline constexpr std::size_t parameter_count = 65;

/// Where they are in a model.
struct Places {
  std::vector<expr::NodeId> columns;                        // [Column]
  std::array<std::uint32_t, parameter_count> parameters{};  // [Parameter]
  ensemble::Protocol protocol;                              // lymphodepletion and the infusion

  std::uint32_t of(Parameter p) const { return parameters[static_cast<std::size_t>(p)]; }
};

/// Finds them; what is missing becomes a problem each.
Places find_places(const model::Model& model, Problems& problems);

/// One individual's recorded values.
struct Trajectory {
  const double* values = nullptr;  // [time][column]
  const std::vector<double>* times = nullptr;

  double at(std::size_t time, Column column) const { return values[time * column_count + static_cast<std::size_t>(column)]; }
};

}  // namespace carina::trial::impl
