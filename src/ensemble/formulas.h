/// @file
/// Formulas of parameters and time, evaluated for one individual at a time by the operations of the engines: the same bits
/// everywhere.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "expr/graph.h"

namespace carina::ensemble {

/// Some formulas, made executable. Immutable: any number of threads may evaluate at once.
class Formulas {
 public:
  /// `roots` depend on Parameter leaves and Time only; a Parameter's index is a place in `parameters` of `evaluate`.
  Formulas(const expr::Graph& graph, const std::vector<expr::NodeId>& roots);
  ~Formulas();
  Formulas(Formulas&&) noexcept;             ///< moves
  Formulas& operator=(Formulas&&) noexcept;  ///< moves

  /// Writes the value of each root at `time` into `values`.
  void evaluate(double time, std::span<const double> parameters, std::span<double> values) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace carina::ensemble
