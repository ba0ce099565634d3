/// @file
/// carina's own engines as contenders, through the library's public face.
#pragma once

#include "ensemble/integrate.h"
#include "runner/contender.h"
#include "runner/scene.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carina::bench {

/// A model with what a benchmark asks of it.
struct Task {
  model::Model model;                 ///< as read from models/
  ensemble::Protocol protocol;        ///< doses, in nodes of the model's graph
  std::vector<expr::NodeId> columns;  ///< what is recorded every day
  std::vector<double> atol;           ///< absolute tolerance of each state at rtol 1e-6
  std::vector<std::size_t> varied;    ///< parameters that differ between patients
  /// Writes the parameters of patient `id` into a row that holds the model's own values.
  std::function<void(std::uint64_t id, double* row)> patient;
};

/// The engine at rtol 1e-6, absolute tolerances as the task says.
std::unique_ptr<Contender> ours(std::shared_ptr<const Task> task, ensemble::Engine engine);

/// The engine at the loosest tolerance that is as accurate as CVODE at rtol 1e-6.
std::unique_ptr<Contender> ours_at_equal_accuracy(std::shared_ptr<const Task> task, ensemble::Engine engine);

/// The programs of the machine-code engine, written out as C++ and compiled ahead by g++ -O3 -march=native.
std::unique_ptr<Contender> ours_compiled_ahead(std::shared_ptr<const Task> task);

/// The plain reference engine at rtol 1e-6.
std::unique_ptr<Contender> ours_reference(std::shared_ptr<const Task> task);

/// Adds the rows of carina to a scene: JIT, JIT at CVODE's accuracy, virtual machine, reference.
void add_ours(Scene& scene, const std::shared_ptr<const Task>& task);

}  // namespace carina::bench
