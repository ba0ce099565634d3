#include "ensemble/formulas.h"

#include "base/check.h"
#include "ensemble/impl/lower.h"

namespace carina::ensemble {

struct Formulas::Impl {
  Program program;
};

Formulas::Formulas(const expr::Graph& graph, const std::vector<expr::NodeId>& roots)
    : impl_(std::make_unique<Impl>(Impl{lower_formulas(graph, roots)})) {
  for (const expr::NodeId root : roots) {
    CARINA_CHECK((graph[root].depends & (expr::depends_state | expr::depends_mode)) == 0);
  }
}

Formulas::~Formulas() = default;
Formulas::Formulas(Formulas&&) noexcept = default;
Formulas& Formulas::operator=(Formulas&&) noexcept = default;

void Formulas::evaluate(double time, std::span<const double> parameters, std::span<double> values) const {
  CARINA_CHECK(values.size() == impl_->program.outputs.size());
  std::vector<double> scratch;
  run_on_lane(impl_->program, {parameters.data(), nullptr, &time, nullptr, values.data()}, 1, 1, scratch);
}

}  // namespace carina::ensemble
