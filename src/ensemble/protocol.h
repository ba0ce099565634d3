/// @file
/// What is given when: doses into states of a model. Amounts and times are formulas of the model's graph over parameters
/// and covariates (a dose per kg is `1e6 'cell/kg' * weight`), in the state's unit and the model's time unit.
#pragma once

#include <vector>

#include "model/model.h"

namespace carina::ensemble {

/// One line of dosing. A formula that is no_node is absent: at = 0, bolus, given once, no lag.
struct Dose {
  std::uint32_t state = 0;                ///< index of the state that it goes into
  expr::NodeId amount = expr::no_node;    ///< amount of one dose, in the state's unit
  expr::NodeId at = expr::no_node;        ///< time of the first dose
  expr::NodeId duration = expr::no_node;  ///< infusion time; 0 or absent is a bolus
  expr::NodeId every = expr::no_node;     ///< interval between doses
  expr::NodeId count = expr::no_node;     ///< number of doses (rounded down)
  expr::NodeId lag = expr::no_node;       ///< delay between giving and arriving
};

/// Every dose of a run. Simultaneous ones add up.
struct Protocol {
  std::vector<Dose> doses;  ///< in any order
};

}  // namespace carina::ensemble
